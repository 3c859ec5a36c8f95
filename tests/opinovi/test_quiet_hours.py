from datetime import UTC, date, datetime

import pytest

from opinovi.quiet_hours import within
from tests.factories import local

DAY, NEXT = date(2026, 11, 23), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(DAY, 8, 59), local(DAY, 9)),
        (local(DAY, 9), local(DAY, 9)),
        (local(DAY, 16, 59), local(DAY, 16, 59)),
        (local(DAY, 17), local(NEXT, 9)),
        (local(DAY, 23, 30), local(NEXT, 9)),
        (local(NEXT, 0), local(NEXT, 9)),
    ],
)
def test_within_waits_for_the_next_hour_that_is_allowed(moment, expected):
    assert within(moment, 9, 17) == expected


@pytest.mark.parametrize(
    ("evening", "utc"),
    [
        (local(date(2026, 3, 28), 20), datetime(2026, 3, 29, 6, tzinfo=UTC)),  # the night has 23 hours
        (local(date(2026, 3, 29), 20), datetime(2026, 3, 30, 6, tzinfo=UTC)),
        (local(date(2026, 10, 23), 20), datetime(2026, 10, 24, 6, tzinfo=UTC)),
        (local(date(2026, 10, 24), 20), datetime(2026, 10, 25, 7, tzinfo=UTC)),  # the night has 25 hours
    ],
)
def test_within_is_nine_by_the_clock_on_both_sides_of_a_change(evening, utc):
    assert within(evening, 9, 17) == utc


def test_within_takes_an_hour_that_spring_jumps_over_when_it_has_jumped():
    assert within(local(date(2026, 3, 29), 1), 3, 17) == local(date(2026, 3, 29), 4)


def test_within_takes_the_first_of_two_hours_in_autumn():
    assert within(local(date(2026, 10, 25), 1), 3, 17) == datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_within_may_last_until_the_end_of_the_day():
    assert within(local(DAY, 23, 59), 9, 24) == local(DAY, 23, 59)
