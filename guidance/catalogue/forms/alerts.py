"""To whom, how often and in which language a followed search is told."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Alert
from opinovi.forms import PortalFormMixin


class AlertForm(PortalFormMixin, forms.Form):
    """A stranger's wish to follow a search."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "We write first to ask whether you really want this. Without your answer nothing else comes."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    rhythm = forms.ChoiceField(
        label=_("How often may we write?"),
        choices=Alert.Rhythm.choices,
        initial=Alert.Rhythm.WEEKLY,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language of the letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    is_public = True
    submit = _("Follow this search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = (get_language() or settings.LANGUAGE_CODE)[:2]


class RhythmForm(PortalFormMixin, forms.ModelForm):
    """How often an alert may write."""

    is_public = True
    submit = _("Save")

    class Meta:
        model = Alert
        fields = ["rhythm"]
        widgets = {"rhythm": forms.RadioSelect}
        labels = {"rhythm": _("How often may we write?")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rhythm"].choices = Alert.Rhythm.choices
