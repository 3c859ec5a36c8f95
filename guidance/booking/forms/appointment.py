"""What a person tells when booking."""

import uuid
from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.phone import clean_number
from guidance.booking.models import Appointment
from guidance.catalogue.models import GuidanceLanguage
from opinovi.forms import Details, PortalFormMixin

LETTER_HOURS = (time(9), time(17))  # until somebody says others
ONLY_AT_HOURS = _("only to the e-mail address above and only at certain hours, no text messages")


class AppointmentForm(PortalFormMixin, forms.ModelForm):
    """The details of a new appointment; the instance knows its service, its channel and its nonce.

    Three fields are always there. The others open at need, and stand open once something is written in them.
    """

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)
    accepts_overlap = forms.BooleanField(label=_("I know that I have another meeting then"), required=False)

    is_public = True
    is_tagless = True
    was_refused = False  # the booking was, though the form had no faults

    class Meta:
        model = Appointment
        fields = [
            "name",
            "email",
            "phone",
            "visit_address",
            "wish",
            "spoken_language",
            "needs_interpreter",
            "special_needs",
            "booker",
            "booker_name",
            "letters",
            "letters_from",
            "letters_until",
        ]
        labels = {
            "name": _("Your name"),
            "visit_address": _("Where shall we come?"),
            "wish": _("What would you like to talk about?"),
            "needs_interpreter": _("I need an interpreter"),
            "special_needs": _("Is there something that makes the meeting easier for you?"),
            "booker": _("For whom do you book?"),
            "booker_name": _("Your own name"),
            "letters": _("Which letters may we send?"),
            "letters_from": _("If only at certain hours, not before"),
            "letters_until": _("If only at certain hours, not after"),
        }
        help_texts = {
            "email": _("We send the confirmation and a private link to your booking here."),
            "visit_address": _("Street, door and municipality."),
            "special_needs": _("Such as the interpreter's language, step-free access or sign language."),
            "wish": _("A few words help the counsellor. You can also leave this empty."),
            "booker": _(
                "When you book for somebody else, write their name above. Letters go to the e-mail address "
                "above: write theirs, or your own if you are to get the letters."
            ),
            "letters": _(
                "Letters go to the e-mail address above and nowhere else. If you give a mobile number alone, "
                "you may be reminded by text message. Without letters, the page you see next is the only way "
                "back to the booking."
            ),
        }
        error_messages = {
            "name": {"required": _("Write your name, so that the counsellor knows who comes.")},
            "phone": {"required": _("Write the number that the counsellor calls.")},
            "visit_address": {"required": _("Write the address where the counsellor comes.")},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "visit_address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "wish": forms.Textarea(attrs={"rows": 4}),
            "booker": forms.RadioSelect,
            "letters": forms.RadioSelect,
            "letters_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "letters_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(
        self,
        *args: Any,
        languages: list[str],
        language: str,
        typed: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """`languages` can be spoken at the chosen time; `language` is the one asked for, or empty.

        `typed` is what was written so far, for a form that is shown again before it is sent.
        """
        super().__init__(*args, **kwargs)
        self.initial["nonce"] = self.instance.nonce
        self.initial["letters_from"], self.initial["letters_until"] = LETTER_HOURS
        self.fields["booker"].choices = [
            (value, label) for value, label in Appointment.Booker.choices if value != "counsellor"
        ]
        self.fields["letters"].choices = [
            (value, ONLY_AT_HOURS if value == Appointment.Letters.QUIET else label)
            for value, label in Appointment.Letters.choices
        ]
        self.fields["booker"].required = self.fields["letters"].required = False  # as the model has it then
        self._suit_channel()
        self._offer_languages(languages, language)
        if not self.instance.guidance_service.has_interpreter:
            del self.fields["needs_interpreter"]
            self.fields["special_needs"].help_text = _("Such as step-free access or sign language.")
        if "accepts_overlap" not in self.data:
            self._asks_overlap = self.fields.pop("accepts_overlap")
        self.plain = dict(self.initial)
        self.initial.update(typed or {})

    @property
    def layout(self) -> tuple[Any, ...]:  # type: ignore[override]  # it depends on what must be told
        told = ("wish", "spoken_language", "needs_interpreter", "special_needs")
        always = ("nonce", "accepts_overlap", "name", "email", "phone", "visit_address")
        return (
            *(name for name in always if name in self.fields),
            Details(_("Tell the counsellor more"), *(name for name in told if name in self.fields)),
            Details(_("Book for somebody else"), "booker", "booker_name"),
            Details(_("Choose which letters you get"), "letters", "letters_from", "letters_until"),
        )

    def _suit_channel(self) -> None:
        channel = self.instance.channel
        self.fields["phone"].required = channel.needs_phone
        if channel.needs_phone:
            self.fields["phone"].help_text = _("The counsellor calls this number.")
        else:
            self.fields["email"].help_text = _(
                "We send the confirmation and a private link here. Or give a phone number instead."
            )
        if channel.needs_address:
            self.fields["visit_address"].required = True
        else:
            del self.fields["visit_address"]

    def ask_about_overlap(self) -> None:
        """Say that the person has another meeting then, and let them say that they know."""
        self.was_refused = True
        self.fields["accepts_overlap"] = self._asks_overlap
        self.add_error(
            "accepts_overlap",
            _("You have booked another meeting at the same time. Choose another time, or tick the box."),
        )

    def refuse_another(self) -> None:
        """Say that the person may have no more open bookings of the service."""
        self.was_refused = True
        text = _("You have as many open bookings of this guidance as one person may have at a time.")
        what = _("Cancel one of them by the link in its letter, or call us.")
        self.add_error(None, f"{text} {what}")

    def refuse_invitation(self) -> None:
        """Say that the invitation was used, or has run out, meanwhile."""
        self.was_refused = True
        text = _("This invitation has been used, or it has run out.")
        what = _("The letter about the booking leads to it. For another time, ask the counsellor.")
        self.add_error(None, f"{text} {what}")

    def clean(self) -> dict[str, Any]:
        """What must be told besides: a way to reach the person, a name of who books, hours for letters."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("email") == "" and told.get("phone") == "":  # neither was written, not even wrongly
            self.add_error("email", _("Give an e-mail address or a phone number."))
        if told.get("booker") in {"", Appointment.Booker.SELF}:
            told["booker_name"] = ""
        elif not told.get("booker_name"):
            self.add_error("booker_name", _("Write your own name too, so that the counsellor knows it."))
        if told.get("letters") != Appointment.Letters.QUIET:
            told["letters_from"] = told["letters_until"] = None
            return told
        first, last = told.get("letters_from"), told.get("letters_until")
        if not self._are_hours(first, last):
            self.add_error(
                "letters_from", _("Write two full hours, the later one last, such as 9.00 and 17.00.")
            )
        if told.get("email") == "" and "email" not in self.errors:
            self.add_error("email", _("Write the address to which letters may come, or choose no letters."))
        return told

    @staticmethod
    def _are_hours(first: time | None, last: time | None) -> bool:
        if first is None or last is None:
            return False
        return first < last and first.minute == last.minute == 0

    def clean_phone(self) -> str:
        return clean_number(self.cleaned_data["phone"])

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
