"""iCalendar (RFC 5545): what the calendars of all apps have in common, and those that anyone can follow."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Component, Event, Timezone, vCalAddress

Rows = TypeVar("Rows", bound=QuerySet[Any])

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST_EVENTS = 500  # a calendar program reads the whole file each time
DAYS_KEPT = 60  # how long what is over stays, so that it does not vanish from under somebody's eyes
_ASK_AGAIN = timedelta(hours=6)
_SEQUENCE_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)

# As the clock moves in Finland since 1996, in rules, so that no calendar program runs out of years.
_HELSINKI = f"""BEGIN:VTIMEZONE
TZID:{settings.TIME_ZONE}
BEGIN:DAYLIGHT
DTSTART:19960331T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:EEST
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:EET
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
"""


class Happening(NamedTuple):
    """Something public that has a time; `key` names it for good. Of people it tells nothing."""

    key: str
    name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    url: str
    text: str
    kind: str
    changed_at: datetime
    is_cancelled: bool
    point: tuple[float, float] | None = None  # latitude and longitude (WGS 84)


def kept(rows: Rows) -> Rows:
    """What a calendar that people follow holds of rows with a time: all that is to come, soonest first.

    Then comes what ended in the last DAYS_KEPT days. Beyond MOST_EVENTS, rows are left out from the end.
    """
    now = timezone.now()
    recent = rows.filter(ends_at__gt=now - timedelta(days=DAYS_KEPT))
    is_over = ExpressionWrapper(Q(ends_at__lte=now), output_field=BooleanField())
    return recent.order_by(is_over, "starts_at", "pk")[:MOST_EVENTS]


@cache
def helsinki() -> Component:
    return Timezone.from_ical(_HELSINKI)


def empty_calendar(product: str) -> Calendar:
    """A calendar with nothing in it but how the clock moves."""
    calendar = Calendar()
    calendar.add("PRODID", f"-//Opinovi//{product}//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add_component(helsinki())
    return calendar


def public_calendar(name: str, happenings: Iterable[Happening], *, page: str) -> HttpResponse:
    """A calendar that programs ask for again and again; `page` is the whole address of what it shows.

    It has no METHOD, for it is not sent to anybody: DTSTAMP then tells the last change, so that the file is
    the same one until something changes.
    """
    calendar = empty_calendar("Calendar")
    calendar.add("NAME", name)  # RFC 7986, and what programs understood before it
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", settings.TIME_ZONE)
    calendar.add("URL", page)
    calendar.add("REFRESH-INTERVAL", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT6H")
    for happening in happenings:
        calendar.add_component(event_of(happening))
    return HttpResponse(calendar.to_ical(), content_type=CONTENT_TYPE)


def event_of(happening: Happening) -> Event:
    """What calendar programs are told of something public."""
    event = Event()
    event.add("UID", f"{happening.key}@{urlsplit(settings.ADDRESS).hostname}")
    event.add("SEQUENCE", sequence(happening.changed_at))
    event.add("DTSTAMP", happening.changed_at)
    event.add("LAST-MODIFIED", happening.changed_at)
    add_time(event, happening.starts_at, happening.ends_at)
    event.add("STATUS", "CANCELLED" if happening.is_cancelled else "CONFIRMED")
    event.add("SUMMARY", happening.name)
    event.add("URL", happening.url)
    event.add("CATEGORIES", [happening.kind])
    if happening.place:
        event.add("LOCATION", happening.place)
    if happening.text:
        event.add("DESCRIPTION", happening.text)
    if happening.point:
        event.add("GEO", happening.point)
    return event


def add_time(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    """Say when an event is, by the clock on the wall.

    Where that would be a time which comes twice, it is said in UTC: some programs take the first of the two
    for it, others the second, and there is no way to tell them (RFC 5545, 3.3.5).
    """
    walls = [timezone.localtime(moment) for moment in (starts_at, ends_at)]
    if any(_comes_twice(wall) for wall in walls):
        walls = [wall.astimezone(UTC) for wall in walls]
    event.add("DTSTART", walls[0])
    event.add("DTEND", walls[1])


def _comes_twice(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def add_sender(event: Event) -> None:
    """Say who sends it, as every calendar with a METHOD must (RFC 5546, 3.2)."""
    event["ORGANIZER"] = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")


def add_guest(event: Event, email: str) -> None:
    """Say who comes: their program asks for no answer."""
    guest = vCalAddress(f"mailto:{email}")
    guest.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event["ATTENDEE"] = guest


def sequence(changed_at: datetime) -> int:
    """A number that grows with each change (seconds since 2026); programs take the greater for the newer."""
    return max(0, int((changed_at - _SEQUENCE_BEGINS).total_seconds()))
