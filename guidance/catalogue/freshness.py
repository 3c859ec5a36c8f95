"""How long what is known of a record is believed after somebody has checked it.

The figures are those of the French service schema data·inclusion: whole trust for six months, none after
two years, and evenly less in between.
"""

from calendar import monthrange
from datetime import date

from django.db.models import Q
from django.utils import timezone

FRESH_MONTHS = 6
WORTHLESS_MONTHS = 24


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month; its last day where that month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_stale(checked_on: date | None) -> bool:
    """Whether a record was checked more than six months ago (local), or nobody knows when."""
    return checked_on is None or checked_on < months_before(timezone.localdate(), FRESH_MONTHS)


def stale() -> Q:
    """The same as a condition on rows that have `checked_on`."""
    return Q(checked_on__isnull=True) | Q(checked_on__lt=months_before(timezone.localdate(), FRESH_MONTHS))


def freshness(checked_on: date | None, today: date) -> float:
    """1 for six months after the check, then evenly less until 0 two years after it; 0 when unknown."""
    if checked_on is None:
        return 0.0
    fresh_since = months_before(today, FRESH_MONTHS)
    worthless_since = months_before(today, WORTHLESS_MONTHS)
    return max(0.0, min(1.0, (checked_on - worthless_since).days / (fresh_since - worthless_since).days))
