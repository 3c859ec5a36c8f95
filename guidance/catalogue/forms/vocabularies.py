"""The form of a word in one of the word lists."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.vocabularies import Word, WordList
from opinovi.forms import PortalFormMixin

NAMES = ("name_fi", "name_sv", "name_en")


class WordForm(PortalFormMixin, forms.ModelForm):
    """A word in three languages; `word_form` fits it to a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_fi"].required = True
        rest = [name for name in self.fields if name not in NAMES]
        self.layout = (Fieldset(_("Name"), *NAMES), *rest)


def word_form(words: WordList, word: Word, data: Any = None) -> forms.ModelForm:
    form_class = forms.modelform_factory(words.model, form=WordForm, fields=[*NAMES, *words.extra_fields])
    return form_class(data, instance=word)
