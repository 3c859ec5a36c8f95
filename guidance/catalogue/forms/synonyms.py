"""The form of words that mean the same."""

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from network.models import Synonyms
from opinovi.forms import PortalFormMixin


class SynonymsForm(PortalFormMixin, forms.ModelForm):
    """Each word or phrase on its own line; empty lines and the rest of the space around are left out."""

    layout = (Fieldset(_("Words that mean the same"), "words"),)

    class Meta:
        model = Synonyms
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 8})}

    def clean_words(self) -> str:
        return "\n".join(Synonyms(words=self.cleaned_data["words"]).members)
