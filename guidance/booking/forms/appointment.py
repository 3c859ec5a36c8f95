"""What a person tells when booking."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment
from guidance.catalogue.models import GuidanceLanguage
from opinovi.forms import PortalFormMixin

NUMBER = re.compile(r"\+?[\d\s()/-]+")
FEWEST_DIGITS = 5


class AppointmentForm(PortalFormMixin, forms.ModelForm):
    """The details of a new appointment; the instance knows its service, its channel and its nonce."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)

    layout: tuple[str, ...] = (
        "nonce",
        "name",
        "email",
        "phone",
        "spoken_language",
        "needs_interpreter",
        "special_needs",
        "wish",
    )
    is_public = True
    is_tagless = True

    class Meta:
        model = Appointment
        fields = [
            "name",
            "email",
            "phone",
            "spoken_language",
            "needs_interpreter",
            "special_needs",
            "wish",
        ]
        labels = {
            "name": _("Your name"),
            "wish": _("What would you like to talk about?"),
            "needs_interpreter": _("I need an interpreter"),
            "special_needs": _("Is there something that makes the meeting easier for you?"),
        }
        help_texts = {
            "email": _("We send the confirmation and a private link to your booking here."),
            "special_needs": _("Such as the interpreter's language, step-free access or sign language."),
            "wish": _("A few words help the counsellor. You can also leave this empty."),
        }
        error_messages = {
            "name": {"required": _("Write your name, so that the counsellor knows who comes.")},
            "phone": {"required": _("Write the number that the counsellor calls.")},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "wish": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, languages: list[str], language: str, **kwargs: Any) -> None:
        """`languages` can be spoken at the chosen time; `language` is the one asked for, or empty."""
        super().__init__(*args, **kwargs)
        channel, service = self.instance.channel, self.instance.guidance_service
        self.initial["nonce"] = self.instance.nonce
        self.fields["phone"].required = channel.needs_phone
        if channel.needs_phone:
            self.fields["phone"].help_text = _("The counsellor calls this number.")
        else:
            self.fields["email"].help_text = _(
                "We send the confirmation and a private link here. Or give a phone number instead."
            )
        self._offer_languages(languages, language)
        if not service.has_interpreter:
            del self.fields["needs_interpreter"]
            self.layout = tuple(name for name in self.layout if name != "needs_interpreter")
            self.fields["special_needs"].help_text = _("Such as step-free access or sign language.")

    def clean_phone(self) -> str:
        """A number that can be called: some digits, and nothing that is not part of a number."""
        phone = " ".join(self.cleaned_data["phone"].split())
        digits = sum(letter.isdigit() for letter in phone)
        if phone and not (NUMBER.fullmatch(phone) and digits >= FEWEST_DIGITS):
            raise forms.ValidationError(
                _("Check the number: write it like 040 123 4567 or +358 40 123 4567.")
            )
        return phone

    def clean_nonce(self) -> uuid.UUID:
        """The nonce of the form that was shown: sent twice, it leads to one booking."""
        self.instance.nonce = self.cleaned_data["nonce"] or self.instance.nonce
        return self.instance.nonce

    def _offer_languages(self, languages: list[str], language: str) -> None:
        codes = languages or [GuidanceLanguage.FINNISH]
        wanted = [language, (get_language() or "fi")[:2], *codes]
        field = self.fields["spoken_language"]
        field.choices = [(code, GuidanceLanguage(code).label) for code in codes]
        self.initial["spoken_language"] = next(code for code in wanted if code in codes)
        if len(codes) == 1:
            field.widget = forms.HiddenInput()
