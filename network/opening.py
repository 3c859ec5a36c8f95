"""When service points are open: weekly hours, exceptional days and public holidays, as local wall time.

Public holidays are those of Finland as the `holidays` package lists them, Midsummer Eve and Christmas Eve.
A service point is closed on them unless an exceptional day says otherwise.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

import holidays
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from network.models import OpeningException, OpeningHours, ServicePoint

Points = TypeVar("Points", bound=QuerySet[ServicePoint])
DAYS_AHEAD = 14  # how far one looks for the next time a service point opens
_HOLIDAY_LANGUAGES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


class Hours(NamedTuple):
    opens_at: time
    closes_at: time


class OpeningDay(NamedTuple):
    """A day's hours; without any the service point is closed. The note was typed in by its keeper."""

    on: date
    hours: list[Hours]
    holiday: str
    note: str
    is_exception: bool
    is_today: bool


class Moment(NamedTuple):
    """How it is just now: open until a time, or closed and open again at a moment, if that is known."""

    open_until: time | None = None
    opens_at: datetime | None = None
    opens_today: bool = False


def holiday_name(day: date) -> str:
    """The public holiday on a day in the reader's language; empty on any other day."""
    return _holidays(day.year, (get_language() or "fi")[:2]).get(day, "")


def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday."""
    return day in _holidays(day.year, "fi")


@lru_cache(maxsize=16)
def _holidays(year: int, language: str) -> dict[date, str]:
    return dict(holidays.country_holidays("FI", years=year, language=_HOLIDAY_LANGUAGES[language]))


def with_opening(points: Points) -> Points:
    """Load what `opening_days` and `moment` ask, for many service points at once."""
    today = timezone.localdate()
    near = OpeningException.objects.filter(
        on__gte=today - timedelta(days=7), on__lte=today + timedelta(days=DAYS_AHEAD)
    )
    return points.prefetch_related(
        "opening_hours", Prefetch("opening_exceptions", near, to_attr="near_exceptions")
    )


def opening_days(point: ServicePoint, first: date, count: int) -> list[OpeningDay]:
    """The hours of so many days from the first on. The service point is loaded by `with_opening`."""
    weekly = list(point.opening_hours.all())
    exceptions = {exception.on: exception for exception in point.near_exceptions}  # type: ignore[attr-defined]  # loaded
    days = (first + timedelta(days=number) for number in range(count))
    return [_opening_day(day, weekly, exceptions.get(day)) for day in days]


def _opening_day(day: date, weekly: Iterable[OpeningHours], exception: OpeningException | None) -> OpeningDay:
    is_today = day == timezone.localdate()
    holiday = holiday_name(day)
    if exception:
        opens_at, closes_at = exception.opens_at, exception.closes_at
        hours = [] if opens_at is None or closes_at is None else [Hours(opens_at, closes_at)]
        return OpeningDay(day, hours, holiday, exception.reason, is_exception=True, is_today=is_today)
    hours = [Hours(row.opens_at, row.closes_at) for row in weekly if not holiday and _is_valid(row, day)]
    return OpeningDay(day, hours, holiday, "", is_exception=False, is_today=is_today)


def _is_valid(row: OpeningHours, day: date) -> bool:
    return (
        row.weekday == day.isoweekday()
        and (row.valid_from is None or row.valid_from <= day)
        and (row.valid_to is None or day <= row.valid_to)
    )


def moment(point: ServicePoint) -> Moment | None:
    """How it is now; None where nobody has told the hours. The service point is loaded by `with_opening`."""
    if not point.opening_hours.all() and not point.near_exceptions:  # type: ignore[attr-defined]  # loaded
        return None
    now = timezone.localtime()
    for day in opening_days(point, now.date(), DAYS_AHEAD):
        for hours in day.hours:
            opens_at = timezone.make_aware(datetime.combine(day.on, hours.opens_at))
            if now < opens_at:
                return Moment(opens_at=opens_at, opens_today=day.is_today)
            if now < timezone.make_aware(datetime.combine(day.on, hours.closes_at)):
                return Moment(open_until=hours.closes_at)
    return Moment()
