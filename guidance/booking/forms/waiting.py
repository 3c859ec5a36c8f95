"""What a person tells who waits for a time, or wants to be called."""

import uuid
from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.phone import clean_number
from guidance.booking.menu import Choice, Menu
from guidance.booking.models import CallBackRequest, WaitingEntry
from guidance.booking.models.waiting_entry import default_last_on
from guidance.booking.slots import Slot
from guidance.catalogue.models import GuidanceLanguage
from opinovi.forms import PortalFormMixin

MOST_FREE = 5  # times that are shown to somebody who need not wait
Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class _OnceMixin(PortalFormMixin):
    """A public form with a nonce: sent twice, it makes one row."""

    is_public = True

    def clean_nonce(self) -> uuid.UUID:
        self.instance.nonce = self.cleaned_data["nonce"] or self.instance.nonce  # type: ignore[attr-defined]
        return self.instance.nonce  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return clean_number(self.cleaned_data["phone"])  # type: ignore[attr-defined]

    def offer_languages(self, codes: list[str]) -> None:
        """Let the person choose between the service's languages; their own comes first."""
        codes = codes or [GuidanceLanguage.FINNISH]
        wanted = [(get_language() or "fi")[:2], *codes]
        field = self.fields["spoken_language"]
        field.choices = [(code, GuidanceLanguage(code).label) for code in codes]
        self.initial["spoken_language"] = next(code for code in wanted if code in codes)  # type: ignore[attr-defined]
        if len(codes) == 1:
            field.widget = forms.HiddenInput()


class WaitingEntryForm(_OnceMixin, forms.ModelForm):
    """Join the line for the instance's service; the menu knows how and where one can meet."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)
    way = forms.ChoiceField(label=_("How would you like to meet?"), required=False, widget=forms.RadioSelect)
    waits_anyway = forms.BooleanField(label=_("I would rather wait for another time"), required=False)

    submit = _("Join the waiting list")

    class Meta:
        model = WaitingEntry
        fields = ["first_on", "last_on", "name", "email", "phone", "spoken_language", "wish"]
        labels = {
            "first_on": _("A time suits me from"),
            "last_on": _("A time suits me until"),
            "name": _("Your name"),
            "wish": _("What would you like to talk about?"),
        }
        help_texts = {
            "email": _("We write here when a time comes free. It is kept for you until you answer."),
            "wish": _("A few words help the counsellor. You can also leave this empty."),
        }
        error_messages = {
            "name": {"required": _("Write your name, so that the counsellor knows who comes.")},
            "email": {"required": _("Write your e-mail address, so that we can offer you a time.")},
        }
        widgets = {
            "first_on": Day,
            "last_on": Day,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "wish": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, menu: Menu, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.menu = menu
        self.initial["nonce"] = self.instance.nonce
        self.initial["first_on"] = self.instance.first_on or timezone.localdate()
        self.initial["last_on"] = self.instance.last_on or default_last_on()
        self.offer_languages(menu.service.languages)
        self.ways = {choice.query: choice for choice in menu.choices}
        named = [(query, capfirst(choice.name)) for query, choice in self.ways.items()]
        self.fields["way"].choices = [("", _("In any way, wherever a time comes free")), *named]
        if "waits_anyway" not in self.data:
            self._asks_to_wait = self.fields.pop("waits_anyway")

    @property
    def layout(self) -> tuple[Any, ...]:  # type: ignore[override]  # one box is there at need
        first = [name for name in ("nonce", "waits_anyway", "way") if name in self.fields]
        return (*first, Row("first_on", "last_on"), "name", "email", "phone", "spoken_language", "wish")

    def free(self) -> list[tuple[Slot, Choice]]:
        """The times that suit what was told and are free already, the soonest first."""
        choice = self.ways.get(self.cleaned_data["way"], self.menu.soonest)
        spoken = choice.in_language(self.instance.spoken_language)
        return self.menu.free(spoken, self.instance.first_on, self.instance.last_on)

    @property
    def would_rather_wait(self) -> bool:
        """Whether the person knows of free times and would rather wait for another."""
        return bool(self.cleaned_data.get("waits_anyway"))

    def ask_to_wait(self) -> None:
        """Say that one need not wait, and let the person wait all the same."""
        self.fields["waits_anyway"] = self._asks_to_wait
        self.add_error("waits_anyway", _("A time is free already. Choose it above, or tick the box."))

    def clean_first_on(self) -> Any:
        """A day that can still come; one that has passed counts as today."""
        return max(self.cleaned_data["first_on"], timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """Put what was chosen into the entry, and say at the field what cannot come."""
        super().clean()
        last_on = self.cleaned_data.get("last_on")
        if last_on and last_on < timezone.localdate():
            self.add_error("last_on", _("Choose a day that is still to come."))
        choice = self.ways.get(self.cleaned_data.get("way", ""))
        self.instance.channel = choice.channel if choice else None
        self.instance.service_point = choice.service_point if choice else None
        if choice and choice.channel and choice.channel.needs_phone and not self.cleaned_data.get("phone"):
            self.add_error("phone", _("Write the number that the counsellor calls."))
        return self.cleaned_data

    def validate_constraints(self) -> None:
        """Who waits already is nobody's business: `waiting.join` answers a second time like the first."""


class ClientWaitingForm(WaitingEntryForm):
    """The same form for a counsellor who puts a client into the line."""

    is_public = False
    submit = _("Add to the waiting list")

    class Meta(WaitingEntryForm.Meta):
        labels = {
            "first_on": _("A time suits from"),
            "last_on": _("A time suits until"),
            "name": _("Client's name"),
            "wish": _("What the client would like to talk about"),
        }
        help_texts = {
            "email": _("The client gets a letter here when a time comes free. It is kept until they answer."),
        }
        error_messages = {
            "name": {"required": _("Write the client's name.")},
            "email": {"required": _("Write the client's e-mail address, so that a time can be offered.")},
        }
        widgets = WaitingEntryForm.Meta.widgets | {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "type": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].label = _("How would the client like to meet?")


class CallBackForm(_OnceMixin, forms.ModelForm):
    """Ask a counsellor of the instance's service to call."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)
    times = forms.MultipleChoiceField(
        label=_("When can we call?"),
        choices=CallBackRequest.Time,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none if any time on a working day will do."),
    )

    layout = ("nonce", "name", "phone", "times", "spoken_language", "wish")
    submit = _("Ask for a call")

    class Meta:
        model = CallBackRequest
        fields = ["name", "phone", "times", "spoken_language", "wish"]
        labels = {"name": _("Your name"), "wish": _("What would you like to talk about?")}
        help_texts = {"wish": _("A few words help the counsellor. You can also leave this empty.")}
        error_messages = {
            "name": {"required": _("Write your name, so that the counsellor knows whom to ask for.")},
            "phone": {"required": _("Write the number that the counsellor calls.")},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "wish": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["nonce"] = self.instance.nonce
        self.offer_languages(self.instance.guidance_service.languages)
