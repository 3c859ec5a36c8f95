"""Counts of guidance, and nothing else: no row about a person leaves this module.

Figures are counted over whole months and the organisations that the reader answers for. Where a count could
tell of a person, by municipality or target group, one to four are told as "fewer than 5". Where the hidden
counts could be worked out from a total, the smallest of the others is left out too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.booking.models import Appointment
from guidance.casework.models import GuidanceSession
from guidance.catalogue.models import Channel, GuidanceService, GuidanceTopic
from network.models import Area, Organisation
from opinovi.rows import rows_of
from projects.models import TargetGroup

SMALLEST_TOLD = 5

Groups = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Scope:
    """What is counted: sessions and booked times of organisations, from a first to a last day."""

    organisations: QuerySet[Organisation]
    first: date
    last: date

    @property
    def sessions(self) -> Q:
        return Q(organisation__in=self.organisations.values("pk"), held_on__range=(self.first, self.last))

    @property
    def appointments(self) -> Q:
        """By the local day on which they start."""
        begins, ends = (
            timezone.make_aware(datetime.combine(day, time()))
            for day in (self.first, self.last + timedelta(days=1))
        )
        return Q(organisation__in=self.organisations.values("pk"), starts_at__gte=begins, starts_at__lt=ends)

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        number = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [add_months(self.first, count) for count in range(number)]


def add_months(first: date, number: int) -> date:
    """The first day of the month that comes so many months after."""
    months = first.year * 12 + first.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class Row:
    """One line of a table; a count of None is too small, or too telling, to be told."""

    label: str
    counts: tuple[int | None, ...]
    thing: Model | None = None  # what the label is the name of, for texts that fall back to another language
    is_small: bool = False  # whether the hidden count is from one to four

    @property
    def told(self) -> list[str]:
        """The counts in words."""
        return [self._told(count) for count in self.counts]

    def _told(self, count: int | None) -> str:
        if count is not None:
            return str(count)
        return _("fewer than %(number)s") % {"number": SMALLEST_TOLD} if self.is_small else _("left out")


@dataclass(frozen=True)
class Table:
    """Counts under one heading."""

    key: str
    title: str
    what: str  # what a row is: a month, a channel
    headings: tuple[str, ...]
    rows: list[Row]
    note: str = ""

    @property
    def largest(self) -> int:
        return max((row.counts[0] or 0 for row in self.rows), default=0)


@dataclass(frozen=True)
class Figures:
    """All that a page of figures tells."""

    sessions: int
    hours: int
    clients: int
    nameless: int
    booked: int
    tables: list[Table]


def count(scope: Scope) -> Figures:
    """Count everything in six queries, whatever the scope."""
    sessions = GuidanceSession.objects.filter(scope.sessions).order_by()
    by_session = list(
        sessions.values("guidance_service", "channel", "municipality", month=TruncMonth("held_on")).annotate(
            number=Count("pk"), minutes=Sum("minutes"), named=Count("client")
        )
    )
    appointments = Appointment.objects.filter(scope.appointments).order_by()
    by_appointment = list(
        appointments.values("guidance_service", "channel", month=TruncMonth("starts_at")).annotate(
            booked=Count("pk", filter=Q(cancelled_at=None)),
            cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
            missed=Count("pk", filter=Q(cancelled_at=None, attendance=Appointment.Attendance.NO_SHOW)),
        )
    )
    number = _total(by_session, "number")
    channels, services, areas = _things(by_session, by_appointment)
    return Figures(
        sessions=number,
        hours=round(_total(by_session, "minutes") / 60),
        clients=sessions.aggregate(number=Count("client", distinct=True))["number"],
        nameless=number - _total(by_session, "named"),
        booked=_total(by_appointment, "booked"),
        tables=[
            _by_month(scope, by_session, by_appointment),
            _by_thing("channel", _("By channel"), channels, by_session, by_appointment),
            _by_thing("guidance_service", _("By service"), services, by_session, by_appointment),
            _by_topic(scope),
            _by_target_group(scope),
            _by_municipality(areas, by_session),
        ],
    )


def _things(sessions: Groups, appointments: Groups) -> list[list[Any]]:
    """The channels, the services and the municipalities that the groups name, in one query."""
    named: tuple[tuple[type[Model], str, Groups], ...] = (
        (Channel, "channel", [*sessions, *appointments]),
        (GuidanceService, "guidance_service", [*sessions, *appointments]),
        (Area, "municipality", sessions),
    )
    return rows_of(
        [
            model._default_manager.filter(pk__in={group[name] for group in groups} - {None})
            for model, name, groups in named
        ]
    )


def _total(groups: Groups, name: str) -> int:
    return sum(group[name] for group in groups)


def _tally(groups: Groups, by: str, name: str) -> Counter[Any]:
    tally: Counter[Any] = Counter()
    for group in groups:
        key = group[by]
        tally[key.date() if isinstance(key, datetime) else key] += group[name]
    return tally


def _by_month(scope: Scope, sessions: Groups, appointments: Groups) -> Table:
    tallies = [
        _tally(sessions, "month", "number"),
        *(_tally(appointments, "month", name) for name in ("booked", "cancelled", "missed")),
    ]
    headings = (_("Sessions"), _("Booked times"), _("Cancelled times"), _("Did not come"))
    rows = [
        Row(date_format(month, "YEAR_MONTH_FORMAT"), tuple(tally[month] for tally in tallies))
        for month in scope.months
    ]
    return Table("month", _("By month"), _("Month"), headings, rows)


def _by_thing(name: str, title: str, things: list[Any], sessions: Groups, appointments: Groups) -> Table:
    """A row for each channel, or each service."""
    held, booked = _tally(sessions, name, "number"), _tally(appointments, name, "booked")
    rows = [Row(str(thing), (held[thing.pk], booked[thing.pk]), thing) for thing in things]
    rows.sort(key=_most_first)
    model: Any = GuidanceSession._meta.get_field(name).related_model
    what = capfirst(str(model._meta.verbose_name))
    return Table(name, title, what, (_("Sessions"), _("Booked times")), rows)


def _by_topic(scope: Scope) -> Table:
    topics = GuidanceTopic.objects.annotate(number=_sessions_in(scope)).filter(number__gt=0)
    rows = [Row(str(topic), (topic.number,), topic) for topic in topics]
    note = _("A session may be about several topics.")
    return Table("topic", _("By topic"), _("Topic"), (_("Sessions"),), sorted(rows, key=_most_first), note)


def _by_target_group(scope: Scope) -> Table:
    groups = TargetGroup.objects.annotate(number=_sessions_in(scope)).filter(number__gt=0)
    rows = [Row(str(group), (group.number,), group) for group in groups]
    note = _("A person may belong to several groups, and the group is not always known.")
    return Table(
        "target_group", _("By target group"), _("Target group"), (_("Sessions"),), hide_small(rows), note
    )


def _sessions_in(scope: Scope) -> Count:
    return Count(
        "sessions",
        filter=Q(
            sessions__organisation__in=scope.organisations.values("pk"),
            sessions__held_on__range=(scope.first, scope.last),
        ),
    )


def _by_municipality(areas: list[Area], sessions: Groups) -> Table:
    held = _tally(sessions, "municipality", "number")
    rows = [Row(str(area), (held[area.pk],), area) for area in areas]
    if held[None]:
        rows.append(Row(_("not known"), (held[None],)))
    note = _("The home municipality of the person who was guided.")
    return Table(
        "municipality", _("By municipality"), _("Municipality"), (_("Sessions"),), hide_small(rows), note
    )


def _most_first(row: Row) -> tuple[int, str]:
    return (-(row.counts[0] or 0), row.label)


def hide_small(rows: list[Row]) -> list[Row]:
    """Rows of one count each, most first, with the small counts hidden, by name, at the end.

    One hidden count is the total less the others, and two that are hidden together as two are one each: so
    the smallest of the others is left out too until the hidden ones are several and make at least five.
    """
    told = sorted((row for row in rows if (row.counts[0] or 0) >= SMALLEST_TOLD), key=_most_first)
    small = [row for row in rows if (row.counts[0] or 0) < SMALLEST_TOLD]
    hidden = sum(row.counts[0] or 0 for row in small)
    left_out: list[Row] = []
    while small and told and (len(small) + len(left_out) < 2 or hidden < SMALLEST_TOLD):
        left_out.append(told.pop())
        hidden += left_out[-1].counts[0] or 0
    concealed = [Row(row.label, (None,), row.thing, is_small=True) for row in small]
    concealed += [Row(row.label, (None,), row.thing) for row in left_out]
    return told + sorted(concealed, key=lambda row: row.label)
