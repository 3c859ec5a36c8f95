"""A counsellor's calendar: some days, hour by hour as the clock on the wall shows them.

On the Sundays on which the clock changes one hour is missing, and another comes twice: what happens the
second time stands in the same hour, after the first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.utils import timezone

from guidance.booking.models import Absence, Appointment, Availability, GroupSession
from guidance.booking.offers import Rhythm
from guidance.booking.wall_clock import DAY, LOCAL, moment, written
from network.opening import holiday_name
from opinovi.models import User

FIRST_HOUR, LAST_HOUR = 8, 16  # that are always shown
QUARTER = timedelta(minutes=15)
WORKDAYS = 5

Span = tuple[datetime, datetime]
Row = TypeVar("Row", Appointment, GroupSession)


@dataclass(frozen=True)
class Hour:
    """An hour of a day: what begins in it, and when it is free, as links write it.

    `exists` is false for the hour over which the clock jumps.
    """

    hour: int
    exists: bool
    meetings: list[Appointment]
    sessions: list[GroupSession]
    is_offered: bool
    is_away: bool
    free_from: str

    @property
    def on(self) -> str:
        """The day, as forms write it."""
        return self.free_from[:10]

    @property
    def at(self) -> str:
        """The time of day, as forms write it."""
        return self.free_from[11:]

    @property
    def free_clock(self) -> time:
        return time.fromisoformat(self.at)


@dataclass(frozen=True)
class CalendarDay:
    """A day: what is offered and when one is away (moments, UTC, cut to the day), and its hours."""

    on: date
    is_today: bool
    holiday: str
    offered: list[Span]
    away: list[Span]
    hours: list[Hour]

    @property
    def is_away_all_day(self) -> bool:
        return (moment(self.on, time()), moment(self.on + DAY, time())) in self.away


class Calendar:
    """The days of a counsellor from a first one on; four queries, whatever stands in them.

    Beside the own meetings there are the group sessions that the counsellor leads (`is_led`), and those of
    the organisation that nobody leads.
    """

    def __init__(self, user: User, first: date, number: int) -> None:
        self.first, self.last = first, first + (number - 1) * DAY
        self._now = timezone.now()
        since, until = moment(first, time()), moment(self.last + DAY, time())
        own = Appointment.objects.visible_to(user).filter(counsellor=user).live()
        within = own.filter(starts_at__gte=since - DAY, starts_at__lt=until, ends_at__gt=since)
        self.appointments = list(within.for_listing().order_by("starts_at", "pk"))
        sessions = GroupSession.objects.live().for_calendar_of(user)
        going_on = sessions.filter(starts_at__lt=until, ends_at__gt=since)
        self.sessions = list(going_on.order_by("starts_at", "pk"))
        absences = Absence.objects.filter(counsellor=user, starts_at__lt=until, ends_at__gt=since)
        self._away = [(absence.starts_at, absence.ends_at) for absence in absences]
        self._offered = [
            span
            for availability in Availability.objects.filter(counsellor=user).select_related("stop")
            for span in offered_spans(availability, first, self.last)
        ]
        self._hours = self._hours_shown()
        self.days = [self._day(first + passed * DAY) for passed in range(number)]

    def leave_out_empty_weekend(self) -> None:
        """Show the days from Monday to Friday alone when nothing stands in the others."""
        weekend = self.days[WORKDAYS:]
        taken = {_local(row.starts_at).date() for row in self.appointments}
        taken |= {_local(row.starts_at).date() for row in self.sessions if row.is_led}
        if not any(day.on in taken or day.offered or day.is_today for day in weekend):
            self.days = self.days[:WORKDAYS]

    def _hours_shown(self) -> range:
        """From the first to the last hour in which something begins or is offered."""
        spans = [*self._offered, *((row.starts_at, row.ends_at) for row in self.appointments)]
        spans += [(row.starts_at, row.ends_at) for row in self.sessions]
        hours = [
            hour
            for starts_at, ends_at in spans
            for hour in (_local(starts_at).hour, _local(ends_at - timedelta.resolution).hour)
        ]
        return range(min([FIRST_HOUR, *hours]), max([LAST_HOUR, *hours]) + 1)

    def _day(self, on: date) -> CalendarDay:
        offered, away = _on_day(self._offered, on), _on_day(self._away, on)
        return CalendarDay(
            on=on,
            is_today=on == _local(self._now).date(),
            holiday=holiday_name(on),
            offered=offered,
            away=away,
            hours=[self._hour(on, hour, offered, away) for hour in self._hours],
        )

    def _hour(self, on: date, hour: int, offered: list[Span], away: list[Span]) -> Hour:
        since, until = _reached(on, hour), _reached(on, hour + 1)
        free = self._free_from(since, until, offered, away)
        return Hour(
            hour=hour,
            exists=_local(since).hour == hour,
            meetings=_beginning(self.appointments, on, hour),
            sessions=_beginning(self.sessions, on, hour),
            is_offered=_overlaps(offered, since, until),
            is_away=_overlaps(away, since, until),
            free_from=written(free) if free else "",
        )

    def _free_from(
        self, since: datetime, until: datetime, offered: list[Span], away: list[Span]
    ) -> datetime | None:
        """The first quarter of the hour that is to come and free, an offered one before all others."""
        busy = [(row.busy.lower, row.busy.upper) for row in self.appointments]
        busy += [(row.starts_at, row.ends_at) for row in self.sessions if row.is_led]
        quarters = [since + number * QUARTER for number in range((until - since) // QUARTER)]
        free = [
            at
            for at in quarters
            if at > self._now
            and not _overlaps(busy, at, at + QUARTER)
            and not _overlaps(away, at, at + QUARTER)
        ]
        return next((at for at in free if _overlaps(offered, at, at + QUARTER)), next(iter(free), None))


def offered_spans(availability: Availability, first: date, last: date) -> Iterator[Span]:
    """When a counsellor offers a time on the days from the first to the last, both inside."""
    if availability.stop is not None:
        stop = availability.stop
        if not stop.cancelled_at and first <= _local(stop.starts_at).date() <= last:
            yield stop.starts_at, stop.ends_at
        return
    for day in offered_days(availability, first, last):
        ends_on = day if availability.ends_at != time() else day + DAY
        yield moment(day, availability.starts_at), moment(ends_on, availability.ends_at)


def offered_days(
    availability: Availability, first: date, last: date, *, skipped: Sequence[date] | None = None
) -> Iterator[date]:
    """The days on which a time that is not at a stop comes round; `skipped` are its own, unless given."""
    if availability.weekday is None:
        if availability.on and first <= availability.on <= last:
            yield availability.on
        return
    rhythm = Rhythm(
        availability.weekday,
        availability.every_weeks,
        availability.valid_from,
        frozenset(availability.skipped if skipped is None else skipped),
        availability.is_on_holidays,
    )
    yield from rhythm.days(
        max(first, availability.valid_from or first), min(last, availability.valid_to or last)
    )


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def _local(at: datetime) -> datetime:
    return at.astimezone(LOCAL)


def _beginning(rows: Iterable[Row], on: date, hour: int) -> list[Row]:
    """Those that begin in an hour of a day, as the wall shows it."""
    return [row for row in rows if (_local(row.starts_at).date(), _local(row.starts_at).hour) == (on, hour)]


def _reached(on: date, hour: int) -> datetime:
    """The moment (UTC) at which the clock reaches a full hour for the first time."""
    wall = datetime.combine(on, time()) + timedelta(hours=hour)
    return wall.replace(tzinfo=LOCAL, fold=0).astimezone(UTC)


def _on_day(spans: list[Span], on: date) -> list[Span]:
    """The parts of the spans that lie on a day, in order; those that touch are one."""
    midnight, next_midnight = moment(on, time()), moment(on + DAY, time())
    parts = ((max(since, midnight), min(until, next_midnight)) for since, until in spans)
    joined: list[Span] = []
    for since, until in sorted(part for part in parts if part[0] < part[1]):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined


def _overlaps(spans: Sequence[Span], since: datetime, until: datetime) -> bool:
    return any(starts_at < until and ends_at > since for starts_at, ends_at in spans)
