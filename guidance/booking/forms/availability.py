"""What a counsellor tells of the times they offer, and of those when they are away."""

from datetime import date, datetime, time
from typing import Any

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Absence, Availability
from guidance.booking.models.availability import validate_year
from guidance.booking.wall_clock import DAY, minutes_between, moment
from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceService
from network.models import ServicePoint
from opinovi.forms import PortalFormMixin

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
Clock = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
Many = forms.CheckboxSelectMultiple


class AvailabilityForm(PortalFormMixin, forms.ModelForm):
    """A time that the instance's counsellor offers."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=GuidanceLanguage, required=False, widget=Many
    )

    layout = (
        Fieldset(_("When"), "weekday", "on", Row("starts_at", "ends_at")),
        Fieldset(_("What for"), "services", "channels", "service_point", "languages"),
        Fieldset(_("How long does this go on?"), Row("valid_from", "valid_to")),
    )

    class Meta:
        model = Availability
        fields = [
            "weekday",
            "on",
            "starts_at",
            "ends_at",
            "services",
            "channels",
            "service_point",
            "languages",
            "valid_from",
            "valid_to",
        ]
        labels = {
            "weekday": _("Every week on"),
            "on": _("Or only on one day"),
            "services": _("Guidance services"),
            "channels": _("How you meet people then"),
        }
        help_texts = {
            "weekday": _("A weekly time rests on public holidays."),
            "on": "",
            "valid_from": _("Empty: from now on."),
            "valid_to": _("Empty: until further notice."),
        }
        widgets = {
            "on": Day,
            "starts_at": Clock,
            "ends_at": Clock,
            "services": Many,
            "channels": Many,
            "valid_from": Day,
            "valid_to": Day,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("booking:desk:availability_list")
        organisations = self.instance.counsellor.affiliations.current().counsellors().values("organisation")
        own = GuidanceService.objects.filter(organisation__in=organisations)
        services = own.exclude(booking=GuidanceService.Booking.NONE).by_name()
        points = ServicePoint.objects.published().open()
        near = Q(organisation__in=organisations) | Q(guidance_services__in=own)
        self.fields["services"].queryset = services
        self.fields["channels"].queryset = Channel.objects.filter(guidance_services__in=own).distinct()
        self.fields["service_point"].queryset = points.filter(near).distinct().by_name()
        codes = {code for service in services for code in service.languages}
        self.fields["languages"].choices = [pair for pair in GuidanceLanguage.choices if pair[0] in codes]
        self.fields["languages"].help_text = Availability._meta.get_field("languages").help_text
        if len(services) == 1:
            self.initial.setdefault("services", [services[0].pk])

    def clean(self) -> dict[str, Any]:
        """Refuse what could never become a time somebody can book."""
        super().clean()
        data = self.cleaned_data
        channels, services = data.get("channels") or [], data.get("services") or []
        if any(channel.needs_place for channel in channels) and not data.get("service_point"):
            self.add_error("service_point", _("Choose the service point where people come to meet you."))
        for service in services:
            if channels and not set(service.channels.all()) & set(channels):
                text = _("%(service)s is not given in any of these ways.")
                self.add_error("channels", forms.ValidationError(text, params={"service": service}))
        self._refuse_too_short(data, services)
        return data

    def _refuse_too_short(self, data: dict[str, Any], services: list[GuidanceService]) -> None:
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts is None or ends is None or (ends <= starts and ends != time(0)):
            return  # the constraint has a word for that
        length = minutes_between(starts, ends)
        for service in services:
            if service.duration_minutes > length:
                text = _("A meeting of %(service)s lasts %(minutes)s minutes: this time is too short.")
                params = {"service": service, "minutes": service.duration_minutes}
                self.add_error("ends_at", forms.ValidationError(text, params=params))


class AbsenceForm(PortalFormMixin, forms.ModelForm):
    """When the instance's counsellor is away: whole days, or from a time and until a time."""

    first_on = forms.DateField(label=_("First day"), widget=Day, validators=[validate_year])
    from_clock = forms.TimeField(label=_("From"), widget=Clock, required=False)
    last_on = forms.DateField(label=_("Last day"), widget=Day, validators=[validate_year])
    to_clock = forms.TimeField(label=_("Until"), widget=Clock, required=False)
    has_seen_clashes = forms.BooleanField(required=False, widget=forms.HiddenInput)

    layout = (
        Fieldset(_("When are you away?"), Row("first_on", "from_clock"), Row("last_on", "to_clock"), "note"),
        "has_seen_clashes",
    )

    class Meta:
        model = Absence
        fields = ["note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("booking:desk:availability_list")
        for name in ("from_clock", "to_clock"):
            self.fields[name].help_text = _("Empty: the whole day.")
        if self.instance.pk:
            self.initial.update(
                first_on=self.instance.first_on,
                from_clock=_clock(self.instance.starts_at),
                last_on=self.instance.last_on,
                to_clock=_clock(self.instance.ends_at),
            )

    def clean(self) -> dict[str, Any]:
        """Turn days and times on the wall into moments."""
        super().clean()
        data = self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if first and last:
            self.instance.starts_at = moment(first, data.get("from_clock") or time(0))
            self.instance.ends_at = _end(last, data.get("to_clock"))
            if self.instance.ends_at <= self.instance.starts_at:
                self.add_error("last_on", _("An absence must end after it starts."))
        return data

    def warn(self) -> None:
        """Ask to be sent once more, now that the clashes are shown."""
        self.data = {**self.data.dict(), "has_seen_clashes": "on"}  # type: ignore[attr-defined]  # a QueryDict
        self.submit = _("Save, the meetings stay")


def _clock(at: datetime) -> time | None:
    """The time on the wall; None at midnight, where a whole day begins or ends."""
    return timezone.localtime(at).time() if timezone.localtime(at).time() != time(0) else None


def _end(last: date, clock: time | None) -> datetime:
    return moment(last, clock) if clock else moment(last + DAY, time(0))
