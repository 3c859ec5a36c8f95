"""Forms of group sessions: the search of the public list, and the one by which coordinators keep them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guidance.booking.models import GroupSession
from guidance.booking.models.group_session import GroupSessionQuerySet, goes_on_between
from guidance.booking.models.signing_up import USUAL_OFFER
from guidance.catalogue.forms.checked import CheckedForm
from guidance.catalogue.models import GuidanceLanguage, GuidanceService
from network.access import counsellors_of
from network.distance import nearest_first
from network.forms.place import PlaceField
from network.forms.search import SearchForm, choice_of
from network.forms.service_points import Moment
from network.models import Area, Organisation, ServicePoint
from opinovi.choices import read_together
from opinovi.forms import PortalFormMixin
from opinovi.models import User
from opinovi.templatetags.portal import span

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class GroupSessionSearchForm(SearchForm[GroupSessionQuerySet]):
    """Events by words, place, time, kind, language and cost; those that are over are never among them."""

    WHEN = [
        ("", _("Any time from now on")),
        ("week", _("This week")),
        ("next_week", _("Next week")),
        ("month", _("This month")),
        ("next_month", _("Next month")),
    ]
    ORDERS = [
        ("", _("Best first")),
        ("start", _("What starts first")),
        ("distance", _("Nearest first")),
    ]

    facets = {
        "when": lambda when: goes_on_between(*_days_of(when, timezone.localdate())),
        "is_online": lambda _on: ~Q(online_link=""),
        "is_free": lambda _on: Q(fee=0),
        "kind": lambda kind: Q(kind=kind),
        "language": lambda language: Q(languages__contains=[language]),
        "organisation": lambda organisation: Q(organisation=organisation),
        "service": lambda service: Q(service=service),
        "series": lambda one: Q(series=one.series) if one.series else Q(pk=one.pk),
    }

    place = PlaceField()
    when = forms.ChoiceField(label=_("When"), choices=WHEN, required=False)
    first_day = forms.DateField(label=_("From the day"), widget=Day, required=False)
    last_day = forms.DateField(label=_("Until the day"), widget=Day, required=False)
    is_online = forms.BooleanField(label=_("You can take part online"), required=False)
    is_free = forms.BooleanField(label=_("Free of charge"), required=False)
    kind = choice_of(GroupSession.Kind.choices, _("Kind"))
    language = choice_of(GuidanceLanguage.choices, _("Language"))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.published(), to_field_name="slug", required=False, widget=forms.HiddenInput
    )
    service: "forms.ModelChoiceField[GuidanceService]" = forms.ModelChoiceField(
        GuidanceService.objects.published(), to_field_name="slug", required=False, widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)
    series: "forms.ModelChoiceField[GroupSession]" = forms.ModelChoiceField(
        GroupSession.objects.published(), to_field_name="slug", required=False, widget=forms.HiddenInput
    )

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day cannot be before the first."))

    def within(self, queryset: GroupSessionQuerySet, area: Area) -> GroupSessionQuerySet:
        return queryset.within(area)

    def in_order(self, queryset: GroupSessionQuerySet, sort: str) -> GroupSessionQuerySet:
        """By time, or by how far away they are held; those held only online come last."""
        if self.is_by_distance:
            return nearest_first(queryset, "municipality", self.cleaned_data["place"], then="starts_at")
        return queryset.order_by("starts_at", "pk")

    def matching(self, queryset: GroupSessionQuerySet, *facets: str) -> GroupSessionQuerySet:
        days = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        return super().matching(queryset.coming().between(*days), *facets)

    def _chosen(self) -> Iterator[tuple[str, str, str]]:
        """As in every list; a day is said as people write it."""
        for name, value, label in super()._chosen():
            day = self.cleaned_data[name]
            if isinstance(day, date):
                yield name, day.isoformat(), f"{self.fields[name].label} {span(day, day)}"
            else:
                yield name, value, label


def _days_of(when: str, today: date) -> tuple[date, date]:
    """The first and the last day of this week, the next, this month or the next; weeks begin on Mondays."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    after = (following + timedelta(days=31)).replace(day=1)
    return {
        "week": (monday, monday + timedelta(days=6)),
        "next_week": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "month": (first, following - timedelta(days=1)),
        "next_month": (following, after - timedelta(days=1)),
    }[when]


class GroupSessionForm(CheckedForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=GuidanceLanguage.choices, widget=forms.CheckboxSelectMultiple
    )
    with_later = forms.BooleanField(required=False)
    skips = forms.BooleanField(
        label=_("Leave out those that clash"),
        help_text=_("They stay as they are. Otherwise nothing is saved when one clashes."),
        required=False,
    )
    is_told = forms.BooleanField(widget=forms.HiddenInput, required=False)

    layout: tuple[Any, ...] = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en", "kind", "organisation", "service", "leaders"),
        Fieldset(_("When"), "starts_at", "ends_at"),
        Fieldset(
            _("Where"),
            "service_point",
            "place_fi",
            "place_sv",
            "place_en",
            "street_address",
            "municipality",
            "online_link",
        ),
        Fieldset(_("In one sentence"), "summary_fi", "summary_sv", "summary_en"),
        Fieldset(_("What happens there"), "description_fi", "description_sv", "description_en"),
        Fieldset(_("Who it is for"), "audience_fi", "audience_sv", "audience_en", "languages"),
        Fieldset(
            _("Signing up"),
            "has_registration",
            "registration_link",
            "registration_note_fi",
            "registration_note_sv",
            "registration_note_en",
            "fee",
        ),
        Fieldset(_("Places"), "capacity", "online_capacity", "minimum"),
        Fieldset(
            _("When people sign up here"),
            "registration_opens_at",
            "registration_closes_at",
            "cancel_hours",
            "has_waiting_list",
            "offer_hours",
        ),
        Fieldset(_("Contact"), "phone", "email"),
    )
    of_an_old_one = Fieldset(_("Checked"), "is_checked_today")
    of_a_series = Fieldset(_("The other meetings of the series"), "with_later", "skips")
    has_save_bar = True

    class Meta:
        model = GroupSession
        exclude = [
            "name", "summary", "description", "audience", "place", "registration_note", "slug",
            "cancelled_at", "published_at", "checked_on",
        ]  # fmt: skip
        widgets = {
            "leaders": forms.CheckboxSelectMultiple,
            "starts_at": Moment,
            "ends_at": Moment,
            "registration_opens_at": Moment,
            "registration_closes_at": Moment,
        }

    def __init__(self, *args: Any, user: User, later_count: int = 0, **kwargs: Any) -> None:
        """`later_count` is how many meetings of the same series come after this one."""
        super().__init__(*args, **kwargs)
        self.layout = (*self.layout, "is_told")
        if self.instance.pk:
            self.layout = (*self.layout, self.of_an_old_one)
        else:  # who writes an event knows today that it is right
            del self.fields["is_checked_today"]
        for name in ("offer_hours", "cancel_hours"):
            self.fields[name].required = False
        if later_count:
            self.layout = (*self.layout, self.of_a_series)
            self.fields["with_later"].label = ngettext(
                "Change the later meeting of the series too",
                "Change the %(number)s later meetings of the series too",
                later_count,
            ) % {"number": later_count}
        else:
            del self.fields["with_later"], self.fields["skips"]
        own = Organisation.objects.current().editable_by(user)
        self.fields["organisation"].queryset = own.by_name()
        self.fields["leaders"].queryset = counsellors_of(own).by_name()
        self.fields["service"].queryset = GuidanceService.objects.editable_by(user).by_name()
        self.fields["service_point"].queryset = ServicePoint.objects.published().open().by_name()
        self.fields["municipality"].queryset = Area.objects.municipalities().by_name()
        self.fields["municipality"].help_text = _("Empty: that of the service point, or only online.")
        self.fields["online_link"].help_text = _("Everybody sees it on the event's page.")
        read_together(self, "organisation", "service", "service_point", "municipality")

    def clean_offer_hours(self) -> int:
        hours = self.cleaned_data["offer_hours"]
        return USUAL_OFFER if hours is None else hours

    def clean_cancel_hours(self) -> int:
        return self.cleaned_data["cancel_hours"] or 0

    def clean(self) -> dict[str, Any]:
        """Whoever leads it is a counsellor of the organisation that holds it; a new one is still to come."""
        super().clean()
        starts_at = self.cleaned_data.get("starts_at")
        if not self.instance.pk and starts_at and starts_at < timezone.now():
            self.add_error("starts_at", _("This moment has passed. Check the day and the year."))
        organisation, leaders = self.cleaned_data.get("organisation"), self.cleaned_data.get("leaders")
        if organisation and leaders:
            at_home = set(counsellors_of(Organisation.objects.filter(pk=organisation.pk)))
            if strangers := [user.name for user in leaders if user not in at_home]:
                text = _("Not a counsellor of this organisation: %(names)s.")
                self.add_error("leaders", text % {"names": ", ".join(strangers)})
        return self.cleaned_data

    def ask_first(self) -> None:
        """Let the same form, sent once more, be a yes to telling people."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["is_told"] = "on"
        self.data = data


class RepeatForm(PortalFormMixin, forms.Form):
    """How often, and how many times more, a session is held."""

    every = forms.IntegerField(label=_("Every how many weeks"), min_value=1, max_value=26, initial=1)
    times = forms.IntegerField(label=_("How many further meetings"), min_value=1, max_value=52, initial=5)
    skips = forms.BooleanField(
        label=_("Leave out those that clash"),
        help_text=_("Whatever is at that place and time already stays. Otherwise nothing is added."),
        required=False,
    )
    submit = _("Add the meetings")
