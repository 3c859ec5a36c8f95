"""What a counsellor tells of the times they offer."""

from datetime import time
from typing import Any

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Availability
from guidance.booking.wall_clock import minutes_between
from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceService
from network.models import RouteStop, ServicePoint
from network.models.service_point import ServicePointQuerySet
from opinovi.choices import read_together
from opinovi.forms import GivenFieldsMixin, PortalFormMixin
from opinovi.templatetags.portal import span

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
Clock = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
Many = forms.CheckboxSelectMultiple


def _when(*or_else: str) -> Fieldset:
    """The fields of when it is: weekly, or what else can be chosen."""
    weekly, hours = Row("weekday", "every_weeks"), Row("starts_at", "ends_at")
    return Fieldset(_("When"), weekly, "is_on_holidays", *or_else, hours)


class AvailabilityForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    """A time that the instance's counsellor offers."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=GuidanceLanguage, required=False, widget=Many
    )

    given = ("stop",)  # where no bus comes, the form does not ask for it
    layout = (
        _when("on", "stop"),
        Fieldset(_("What for"), "services", "channels", "service_point", "video_link", "languages"),
        Fieldset(_("How long does this go on?"), Row("valid_from", "valid_to")),
    )

    class Meta:
        model = Availability
        fields = [
            "weekday",
            "every_weeks",
            "is_on_holidays",
            "on",
            "stop",
            "starts_at",
            "ends_at",
            "services",
            "channels",
            "service_point",
            "video_link",
            "languages",
            "valid_from",
            "valid_to",
        ]
        labels = {
            "weekday": _("Day of the week"),
            "every_weeks": _("Every how many weeks?"),
            "on": _("Or only on one day"),
            "stop": _("Or at a stop of the bus"),
            "services": _("Guidance services"),
            "channels": _("How you meet people then"),
        }
        help_texts = {
            "weekday": "",
            "every_weeks": _("1: every week. 2: every other week, counted from the week of the first day."),
            "is_on_holidays": _("Otherwise a weekly time rests on public holidays."),
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
        self.fields["every_weeks"].required = False
        for name in ("starts_at", "ends_at"):
            self.fields[name].required = False  # at a stop it has the stop's hours
        near = Q(organisation__in=organisations) | Q(guidance_services__in=own)
        self.fields["services"].queryset = services
        self.fields["channels"].queryset = Channel.objects.filter(pk__in=own.values("channels"))
        near_by = ServicePoint.objects.filter(pk__in=points.filter(near).values("pk"))
        self.fields["service_point"].queryset = near_by.by_name()
        self._offer_stops(near_by)
        codes = {code for service in services for code in service.languages}
        self.fields["languages"].choices = [pair for pair in GuidanceLanguage.choices if pair[0] in codes]
        self.fields["languages"].help_text = Availability._meta.get_field("languages").help_text
        if len(services) == 1:
            self.initial.setdefault("services", [services[0].pk])
        read_together(self, "services", "channels", "service_point")

    def _offer_stops(self, points: ServicePointQuerySet) -> None:
        """The stops to come of the bus, where there is one, and the stop that was chosen."""
        coming = RouteStop.objects.live().coming().filter(service_point__in=points.values("pk"))
        stops = RouteStop.objects.filter(Q(pk__in=coming.values("pk")) | Q(pk=self.instance.stop_id))
        field = self.fields["stop"]
        field.queryset = stops.for_listing().order_by("starts_at", "pk")
        rows = [(stop.pk, _stop_in_words(stop)) for stop in field.queryset]
        field.choices = [("", field.empty_label), *rows]
        if not rows:
            del self.fields["stop"]
            self.layout = (_when("on"), *self.layout[1:])

    def clean_every_weeks(self) -> int:
        return self.cleaned_data["every_weeks"] or 1

    def clean(self) -> dict[str, Any]:
        """Refuse what could never become a time somebody can book."""
        super().clean()
        data = self.cleaned_data
        self._take_the_hours(data)
        channels, services = data.get("channels") or [], data.get("services") or []
        if any(channel.needs_place for channel in channels) and not data.get("service_point"):
            self.add_error("service_point", _("Choose the service point where people come to meet you."))
        for service in services:
            if channels and not set(service.channels.all()) & set(channels):
                text = _("%(service)s is not given in any of these ways.")
                self.add_error("channels", forms.ValidationError(text, params={"service": service}))
        self._refuse_too_short(data, services)
        return data

    def _take_the_hours(self, data: dict[str, Any]) -> None:
        """A time at a stop is the stop's; every other one needs its own."""
        if stop := data.get("stop"):
            starts, ends = timezone.localtime(stop.starts_at), timezone.localtime(stop.ends_at)
            data |= {"starts_at": starts.time(), "ends_at": ends.time(), "service_point": stop.service_point}
            return
        for name in ("starts_at", "ends_at"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])

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


def _stop_in_words(stop: RouteStop) -> str:
    return f"{span(stop.starts_at, stop.ends_at)}, {stop.place}, {stop.municipality}"
