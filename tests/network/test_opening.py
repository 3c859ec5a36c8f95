"""When a service point is open, said on any day of the year."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.utils.translation import override

from network.models import OpeningException, OpeningHours, ServicePoint
from network.opening import Hours, Moment, holiday_name, moment, opening_days, with_opening
from tests.factories import ServicePointFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


@pytest.fixture
def point() -> ServicePoint:
    """Open on Mondays and Fridays from nine to four, and on Saturdays."""
    point = ServicePointFactory()
    for weekday in (1, 5, 6):
        OpeningHours.objects.create(
            service_point=point, weekday=weekday, opens_at=time(9), closes_at=time(16)
        )
    return point


def at(text: str) -> time_machine.travel:
    """Be there at a moment of local winter time."""
    return time_machine.travel(datetime.fromisoformat(f"2026-{text}+02:00"), tick=False)


def loaded(point: ServicePoint) -> ServicePoint:
    return with_opening(ServicePoint.objects.filter(pk=point.pk)).get()


@pytest.mark.parametrize(
    ("now", "open_until", "opens_at", "opens_today"),
    [
        ("11-23T08:59", None, datetime(2026, 11, 23, 7, tzinfo=UTC), True),
        ("11-23T09:00", time(16), None, False),
        ("11-23T16:00", None, datetime(2026, 11, 27, 7, tzinfo=UTC), False),
        ("12-25T10:00", None, datetime(2026, 12, 28, 7, tzinfo=UTC), False),  # a Friday, but Christmas Day
    ],
)
def test_moment(point, now, open_until, opens_at, opens_today):
    with at(now):
        assert moment(loaded(point)) == Moment(open_until, opens_at, opens_today)


def test_moment_is_not_known_without_hours():
    assert moment(loaded(ServicePointFactory())) is None


def test_an_exception_goes_before_the_week_and_the_holiday(point):
    OpeningException.objects.create(service_point=point, on=MONDAY, reason="Muutto")
    christmas = date(2026, 12, 25)
    OpeningException.objects.create(service_point=point, on=christmas, opens_at=time(10), closes_at=time(12))

    with at("11-22T12:00"):
        (moved,) = opening_days(loaded(point), MONDAY, 1)
    with at("12-24T12:00"):
        (feast,) = opening_days(loaded(point), christmas, 1)

    assert (moved.hours, moved.note) == ([], "Muutto")
    assert feast.hours == [Hours(time(10), time(12))]


def test_hours_hold_between_their_days(point):
    OpeningHours.objects.create(
        service_point=point, weekday=2, opens_at=time(9), closes_at=time(12), valid_from=date(2026, 12, 1)
    )

    with at("11-22T12:00"):
        days = opening_days(loaded(point), date(2026, 11, 24), 8)

    assert [bool(day.hours) for day in days] == [False, False, False, True, True, False, True, True]


@pytest.mark.parametrize(
    ("language", "name"),
    [("fi", "Itsenäisyyspäivä"), ("sv", "Självständighetsdagen"), ("en", "Independence Day")],
)
def test_holidays_are_named_in_the_readers_language(language, name):
    with override(language):
        assert holiday_name(date(2026, 12, 6)) == name
