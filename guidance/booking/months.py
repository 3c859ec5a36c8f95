"""A month as a table of weeks, with how many free times each day has."""

from calendar import Calendar
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from guidance.booking.wall_clock import DAY

MONTHS_A_YEAR = 12


class MonthDay(NamedTuple):
    """A day of the table; one of another month is left empty."""

    on: date
    times: int
    is_of_month: bool


def weeks_of(month: date, counts: Mapping[date, int]) -> list[list[MonthDay]]:
    """The weeks, Monday to Sunday, of the month in which a day lies."""
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return [[MonthDay(day, counts.get(day, 0), day.month == month.month) for day in week] for week in weeks]


def first_of(month: date) -> date:
    return month.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    years, months = divmod(month.month, MONTHS_A_YEAR)
    return date(month.year + years, months + 1, 1)


def last_of(month: date) -> date:
    return month_after(month) - DAY
