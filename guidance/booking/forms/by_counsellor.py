"""Bookings that a counsellor makes: for a client at some time, or of somebody who came by."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.availability import Clock, Day
from guidance.booking.forms.desk import moment_to_come
from guidance.booking.models import Appointment
from guidance.booking.models.availability import validate_year
from guidance.catalogue.models import Channel, GuidanceService
from network.models import ServicePoint
from opinovi.forms import PortalFormMixin

MEETING = ("guidance_service", Row("channel", "service_point"), "visit_address")
PERSON = ("name", Row("email", "phone"), "spoken_language", "needs_interpreter", "special_needs", "wish")
MINUTES_AGO = (0, 10, 20, 30, 45, 60)
LETTERS = [Appointment.Letters.ALL, Appointment.Letters.NONE]


class ByCounsellorForm(PortalFormMixin, forms.ModelForm):
    """What both kinds ask; the instance knows its counsellor. `starts_at` (UTC) is there when it is valid."""

    is_tagless = True
    starts_at: datetime

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)
    has_seen_warnings = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Appointment
        fields = [
            "guidance_service",
            "channel",
            "service_point",
            "visit_address",
            "name",
            "email",
            "phone",
            "spoken_language",
            "needs_interpreter",
            "special_needs",
            "wish",
            "language",
            "letters",
        ]
        labels = {"language": _("Language of the letters"), "channel": _("How you meet")}
        help_texts = {"visit_address": _("For a home visit.")}
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "wish": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("booking:desk:calendar_week")
        self.initial.update(nonce=self.instance.nonce, language=(get_language() or "fi")[:2])
        organisations = self.instance.counsellor.affiliations.current().counsellors().values("organisation")
        own = GuidanceService.objects.filter(organisation__in=organisations)
        services = own.exclude(booking=GuidanceService.Booking.NONE).by_name()
        near = Q(organisation__in=organisations) | Q(guidance_services__in=own)
        self.fields["guidance_service"].queryset = services
        self.fields["channel"].queryset = Channel.objects.filter(guidance_services__in=own).distinct()
        self.fields["service_point"].queryset = ServicePoint.objects.open().filter(near).distinct().by_name()
        if "letters" in self.fields:
            self.fields["letters"].choices = [(choice.value, choice.label) for choice in LETTERS]
        for name in ("guidance_service", "channel"):
            self._choose_the_only(name)

    def _choose_the_only(self, name: str) -> None:
        rows = list(self.fields[name].queryset[:2])
        if len(rows) == 1:
            self.initial.setdefault(name, rows[0].pk)
            self.fields[name].empty_label = None

    def clean_nonce(self) -> uuid.UUID:
        """The nonce of the form that was shown: sent twice, it leads to one booking."""
        self.instance.nonce = self.cleaned_data["nonce"] or self.instance.nonce
        return self.instance.nonce

    def clean(self) -> dict[str, Any]:
        """Ask for what the channel needs, and drop what it does not."""
        super().clean()
        data = self.cleaned_data
        channel, service = data.get("channel"), data.get("guidance_service")
        if not channel or not service:
            return data
        if channel not in service.channels.all():
            self.add_error("channel", _("The service is not given in this way."))
        self._need(channel.needs_place, "service_point", _("Choose the service point where you meet."))
        self._need(channel.needs_address, "visit_address", _("Write the address you visit."))
        if channel.needs_phone and not data.get("phone"):
            self.add_error("phone", _("Write the number that you call."))
        return data

    def _need(self, is_needed: bool, name: str, error: Any) -> None:
        if not is_needed:
            self.cleaned_data[name] = None if name == "service_point" else ""
        elif not self.cleaned_data.get(name):
            self.add_error(name, error)

    def warn(self) -> None:
        """Ask to be sent once more, now that the warnings are shown."""
        self.data = {**self.data.dict(), "has_seen_warnings": "on"}  # type: ignore[attr-defined]  # a QueryDict


class BookForClientForm(ByCounsellorForm):
    """A meeting to come, at any time the counsellor likes."""

    submit = _("Book the meeting")

    on = forms.DateField(label=_("Day"), widget=Day, validators=[validate_year])
    at = forms.TimeField(label=_("Time of day"), widget=Clock)

    layout = (
        Fieldset(_("When and how"), Row("on", "at"), *MEETING),
        Fieldset(_("Who comes?"), *PERSON),
        Fieldset(_("Letters"), Row("letters", "language")),
        "nonce",
        "has_seen_warnings",
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        on, at = self.cleaned_data.get("on"), self.cleaned_data.get("at")
        if on and at:
            self.starts_at = moment_to_come(self, on, at)
        return self.cleaned_data


class WalkInForm(ByCounsellorForm):
    """Somebody who came without a booking, now or a little while ago; nobody gets a letter."""

    submit = _("Add the meeting")

    minutes_ago = forms.TypedChoiceField(
        label=_("When did it begin?"),
        coerce=int,
        initial=0,
        widget=forms.RadioSelect,
    )

    layout = (
        Fieldset(_("When and how"), "minutes_ago", *MEETING),
        Fieldset(_("Who came?"), *PERSON),
        "nonce",
        "has_seen_warnings",
    )

    class Meta(ByCounsellorForm.Meta):
        fields = [name for name in ByCounsellorForm.Meta.fields if name not in {"language", "letters"}]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ago = _("%(number)s minutes ago")
        self.fields["minutes_ago"].choices = [
            (number, ago % {"number": number} if number else _("now")) for number in MINUTES_AGO
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        now = timezone.now().replace(second=0, microsecond=0)
        self.starts_at = now - timedelta(minutes=self.cleaned_data.get("minutes_ago") or 0)
        self.instance.language = (get_language() or "fi")[:2]
        return self.cleaned_data
