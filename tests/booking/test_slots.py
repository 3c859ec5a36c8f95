"""Free times: what is offered, less what is taken, right by the clock on the wall."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guidance.booking import holds
from guidance.booking.diaries import _overlaps, merged
from guidance.booking.models import Appointment, Hold
from guidance.booking.slots import Timetable, Way
from guidance.booking.wall_clock import LOCAL, grid
from guidance.catalogue.models import GuidanceService
from network.models import RouteStop, ServicePoint
from tests.factories import (
    AbsenceFactory,
    AffiliationFactory,
    AppointmentFactory,
    AreaFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)  # Monday at 8:00 in Finland
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the Sundays on which the clock moves
JUMPS = {SPRING, date(2027, 3, 28), date(2028, 3, 26)}  # on which it jumps over an hour


@pytest.fixture
def service():
    return GuidanceServiceFactory(duration_minutes=60, lead_hours=0, horizon_days=60)


@pytest.fixture
def monday():
    """It is Monday 23 November 2026, 8:00 in Finland."""
    with time_machine.travel(NOW, tick=False):
        yield MONDAY


def phone(**wishes):
    return Way(ChannelFactory().pk, **wishes)


def clock(slots):
    """The times as the clock on the wall shows them."""
    return [f"{slot.starts_at.astimezone(LOCAL):%-d.%-m. %-H:%M}" for slot in slots]


def free(service, first, last=None, way=None, **options):
    return Timetable([service], **options).free(service, way or phone(), first, last or first)


def test_times_start_on_a_grid_and_end_in_time(monday):
    service = GuidanceServiceFactory(duration_minutes=45, lead_hours=0)
    AvailabilityFactory(service=service, on=monday, starts_at=time(13), ends_at=time(16))

    slots = free(service, monday)

    assert clock(slots) == ["23.11. 13:00", "23.11. 13:45", "23.11. 14:30", "23.11. 15:15"]
    assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(minutes=45)}


def test_b7_last_start_fits_wholly(monday):
    service = GuidanceServiceFactory(duration_minutes=50, lead_hours=0)
    AvailabilityFactory(service=service, on=monday, starts_at=time(15), ends_at=time(16, 30))

    assert clock(free(service, monday)) == ["23.11. 15:00"]


def test_offer_shorter_than_a_meeting_gives_no_time(service, monday):
    AvailabilityFactory(service=service, on=monday, starts_at=time(15), ends_at=time(15, 59))

    assert free(service, monday) == []


def test_weekly_offer_comes_round_every_week(service, monday):
    AvailabilityFactory(service=service, on=None, weekday=3, starts_at=time(10), ends_at=time(11))

    slots = free(service, monday, monday + timedelta(days=20))

    assert clock(slots) == ["25.11. 10:00", "2.12. 10:00", "9.12. 10:00"]


def test_first_and_last_day_of_an_offer_are_inside(service, monday):
    AvailabilityFactory(
        service=service,
        on=None,
        weekday=1,
        starts_at=time(10),
        ends_at=time(11),
        valid_from=monday + timedelta(days=7),
        valid_to=monday + timedelta(days=14),
    )

    slots = free(service, monday, monday + timedelta(days=30))

    assert clock(slots) == ["30.11. 10:00", "7.12. 10:00"]


@pytest.mark.parametrize(
    ("today", "sundays"),
    [
        (date(2026, 3, 20), [date(2026, 3, 22), SPRING, date(2026, 4, 12)]),
        (date(2026, 10, 16), [date(2026, 10, 18), AUTUMN, date(2026, 11, 1)]),
        (date(2027, 3, 20), [date(2027, 3, 21), date(2027, 4, 4)]),  # Easter lies between
        (date(2027, 10, 20), [date(2027, 10, 24), date(2027, 10, 31), date(2027, 11, 7)]),
    ],
)
def test_b1_nine_stays_nine_through_a_change_of_the_clock(service, today, sundays):
    AvailabilityFactory(service=service, on=None, weekday=7, starts_at=time(9), ends_at=time(11))

    with time_machine.travel(local(today, 8), tick=False):
        timetable = Timetable([service])
        found = [clock(timetable.free(service, phone(), day, day)) for day in sundays]

    assert found == [[f"{day.day}.{day.month}. 9:00", f"{day.day}.{day.month}. 10:00"] for day in sundays]


def test_b1_utc_shifts_by_an_hour_over_a_change_of_the_clock(service):
    AvailabilityFactory(service=service, on=None, weekday=1, starts_at=time(9), ends_at=time(10))

    with time_machine.travel(local(date(2026, 10, 16), 8), tick=False):
        slots = free(service, date(2026, 10, 19), date(2026, 10, 26))

    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == ["06:00", "07:00"]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (time(2, 30), time(4, 30), ["2:30", "4:00"]),
        (time(3), time(5), ["4:00", "4:30"]),
        (time(3, 30), time(5), ["4:00", "4:30"]),
        (time(1), time(3, 30), ["1:00", "1:30", "2:00", "2:30"]),
        (time(3), time(4), []),
    ],
)
def test_b2_hour_the_clock_jumps_over_has_no_times(starts, ends, expected):
    service = GuidanceServiceFactory(duration_minutes=30, lead_hours=0)
    AvailabilityFactory(service=service, on=SPRING, starts_at=starts, ends_at=ends)

    with time_machine.travel(local(date(2026, 3, 20), 8), tick=False):
        slots = free(service, SPRING)

    assert clock(slots) == [f"29.3. {wall}" for wall in expected]


def test_b2_hour_the_clock_shows_twice_is_offered_once():
    service = GuidanceServiceFactory(duration_minutes=30, lead_hours=0)
    AvailabilityFactory(service=service, on=AUTUMN, starts_at=time(2, 30), ends_at=time(4, 30))

    with time_machine.travel(local(date(2026, 10, 20), 8), tick=False):
        slots = free(service, AUTUMN)

    assert clock(slots) == [f"25.10. {wall}" for wall in ("2:30", "3:00", "3:30", "4:00")]
    assert len({slot.starts_at for slot in slots}) == 4


def test_b5_offer_may_last_until_midnight_and_begin_at_it(service, monday):
    tuesday = monday + timedelta(days=1)
    AvailabilityFactory(service=service, on=monday, starts_at=time(22, 30), ends_at=time(0))
    AvailabilityFactory(service=service, on=tuesday, starts_at=time(0), ends_at=time(1))

    assert clock(free(service, monday)) == ["23.11. 22:30"]
    assert clock(free(service, tuesday)) == ["24.11. 0:00"]
    assert [slot.day for slot in free(service, monday, tuesday)] == [monday, tuesday]


def test_taken_time_is_not_offered(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(12))
    AppointmentFactory(
        guidance_service=service, counsellor=availability.counsellor, starts_at=local(monday, 10)
    )

    assert clock(free(service, monday)) == ["23.11. 9:00", "23.11. 11:00"]


def test_time_of_a_cancelled_meeting_is_offered_again(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(10))
    AppointmentFactory(
        guidance_service=service,
        counsellor=availability.counsellor,
        starts_at=local(monday, 9),
        cancelled_at=timezone.now(),
        cancelled_by=Appointment.Canceller.COUNSELLOR,
    )

    assert clock(free(service, monday)) == ["23.11. 9:00"]


def test_meeting_for_another_service_takes_the_counsellors_time_too(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(11))
    other = GuidanceServiceFactory(organisation=service.organisation, duration_minutes=30)
    AppointmentFactory(
        guidance_service=other, counsellor=availability.counsellor, starts_at=local(monday, 9, 45)
    )

    assert clock(free(service, monday)) == []


def test_appointment_that_is_moved_is_not_in_its_own_way(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(10))
    mine = AppointmentFactory(
        guidance_service=service, counsellor=availability.counsellor, starts_at=local(monday, 9)
    )

    assert clock(free(service, monday, ignoring=mine)) == ["23.11. 9:00"]


def test_absence_takes_out_only_its_own_time(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(14))
    AbsenceFactory(
        counsellor=availability.counsellor, starts_at=local(monday, 10, 30), ends_at=local(monday, 11, 15)
    )

    assert clock(free(service, monday)) == ["23.11. 9:00", "23.11. 12:00", "23.11. 13:00"]


def test_absence_inside_a_meeting_leaves_the_rest_of_the_day(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(12))
    AppointmentFactory(
        guidance_service=service, counsellor=availability.counsellor, starts_at=local(monday, 9)
    )
    AbsenceFactory(
        counsellor=availability.counsellor, starts_at=local(monday, 9, 15), ends_at=local(monday, 9, 30)
    )

    assert clock(free(service, monday)) == ["23.11. 10:00", "23.11. 11:00"]


def test_absence_of_many_days_takes_every_day_in_it(service, monday):
    availability = AvailabilityFactory(
        service=service, on=None, weekday=3, starts_at=time(9), ends_at=time(10)
    )
    AbsenceFactory(
        counsellor=availability.counsellor,
        starts_at=local(date(2026, 11, 25), 0),
        ends_at=local(date(2026, 12, 9), 9),
    )

    assert clock(free(service, monday, date(2026, 12, 10))) == ["9.12. 9:00"]


def test_b19_two_free_counsellors_give_one_line(service, monday):
    first, second = AvailabilityFactory.create_batch(
        2, service=service, on=monday, starts_at=time(9), ends_at=time(10)
    )

    slots = free(service, monday)

    assert clock(slots) == ["23.11. 9:00"]
    assert {opening.counsellor_id for opening in slots[0].openings} == {
        first.counsellor_id,
        second.counsellor_id,
    }


def test_one_counsellor_with_two_offers_at_a_time_is_one(service, monday):
    first = AvailabilityFactory(service=service, on=monday, languages=["sv"])
    AvailabilityFactory(
        service=service, counsellor=first.counsellor, on=None, weekday=1, starts_at=time(9), ends_at=time(12)
    )

    slots = free(service, monday)

    assert clock(slots) == ["23.11. 9:00", "23.11. 10:00", "23.11. 11:00"]
    assert [len(slot.openings) for slot in slots] == [1, 1, 1]
    assert slots[0].languages_of(service) == ["fi", "sv", "en"]


def test_weekly_offer_rests_on_public_holidays_and_a_dated_one_does_not(service):
    AvailabilityFactory(service=service, on=None, weekday=7, starts_at=time(9), ends_at=time(10))
    AvailabilityFactory(service=service, on=date(2026, 12, 6), starts_at=time(14), ends_at=time(15))

    with time_machine.travel(NOW, tick=False):
        slots = free(service, date(2026, 11, 29), date(2026, 12, 13))

    assert clock(slots) == ["29.11. 9:00", "6.12. 14:00", "13.12. 9:00"]


def test_midsummer_and_christmas_eve_are_holidays(service):
    for weekday in (4, 5):
        AvailabilityFactory(service=service, on=None, weekday=weekday, starts_at=time(9), ends_at=time(10))

    with time_machine.travel(local(date(2026, 6, 15), 8), tick=False):
        summer = free(service, date(2026, 6, 18), date(2026, 6, 19))
    with time_machine.travel(local(date(2026, 12, 20), 8), tick=False):
        winter = free(service, date(2026, 12, 24), date(2026, 12, 31))

    assert clock(summer) == ["18.6. 9:00"]
    assert clock(winter) == ["31.12. 9:00"]


def test_lead_time_is_counted_from_now(monday):
    service = GuidanceServiceFactory(duration_minutes=60, lead_hours=3)
    AvailabilityFactory(service=service, on=monday, starts_at=time(8), ends_at=time(13))

    assert clock(free(service, monday)) == ["23.11. 11:00", "23.11. 12:00"]


def test_time_that_has_begun_is_not_offered(service):
    AvailabilityFactory(service=service, on=MONDAY, starts_at=time(8), ends_at=time(10))

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert clock(free(service, MONDAY)) == ["23.11. 9:00"]


def test_last_day_of_the_horizon_is_inside(monday):
    service = GuidanceServiceFactory(duration_minutes=60, lead_hours=0, horizon_days=7)
    AvailabilityFactory(service=service, on=None, weekday=1, starts_at=time(21), ends_at=time(0))
    AvailabilityFactory(service=service, on=None, weekday=2, starts_at=time(9), ends_at=time(10))

    slots = free(service, monday + timedelta(days=2), monday + timedelta(days=40))

    assert clock(slots) == ["30.11. 21:00", "30.11. 22:00", "30.11. 23:00"]


def test_b4_local_day_counts_where_utc_has_another(service, monday):
    AvailabilityFactory(service=service, on=monday, starts_at=time(0), ends_at=time(1))
    AvailabilityFactory(
        service=service, on=monday + timedelta(days=1), starts_at=time(0, 30), ends_at=time(1, 30)
    )

    slots = free(service, monday + timedelta(days=1))

    assert clock(slots) == ["24.11. 0:30"]
    assert slots[0].starts_at.date() == monday  # in UTC it is still Monday


def test_channel_is_obeyed(service, monday):
    video = ChannelFactory(video=True)
    service.channels.add(video)
    AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(10))
    AvailabilityFactory(service=service, on=monday, starts_at=time(14), ends_at=time(15), channels=[video])

    assert clock(free(service, monday)) == ["23.11. 9:00"]
    assert clock(free(service, monday, way=Way(video.pk))) == ["23.11. 14:00"]


def test_channel_the_service_does_not_use_gives_no_time(service, monday):
    video = ChannelFactory(video=True)
    AvailabilityFactory(service=service, on=monday, channels=[video])

    assert free(service, monday, way=Way(video.pk)) == []


def test_place_is_obeyed_and_any_place_gives_a_line_for_each(monday):
    on_site = ChannelFactory(on_site=True)
    service = GuidanceServiceFactory(duration_minutes=60, lead_hours=0, channels=[on_site])
    here, there = ServicePointFactory.create_batch(2)
    for place in (here, there):
        AvailabilityFactory(
            service=service,
            on=monday,
            starts_at=time(9),
            ends_at=time(10),
            channels=[on_site],
            service_point=place,
        )

    at_one = free(service, monday, way=Way(on_site.pk, there.pk))
    anywhere = free(service, monday, way=Way(on_site.pk))

    assert [slot.service_point_id for slot in at_one] == [there.pk]
    assert [slot.service_point_id for slot in anywhere] == [here.pk, there.pk]


def test_place_that_is_hidden_or_closed_gives_no_time(monday):
    on_site = ChannelFactory(on_site=True)
    service = GuidanceServiceFactory(lead_hours=0, channels=[on_site])
    for place in (
        ServicePointFactory(published_at=None),
        ServicePointFactory(closed_on=monday),
        None,
    ):
        AvailabilityFactory(service=service, on=monday, channels=[on_site], service_point=place)

    assert free(service, monday, way=Way(on_site.pk)) == []


def test_mobile_place_offers_times_only_where_it_stops(monday):
    on_site = ChannelFactory(on_site=True)
    service = GuidanceServiceFactory(duration_minutes=60, lead_hours=0, channels=[on_site])
    bus = ServicePointFactory(kind=ServicePoint.Kind.MOBILE, municipality=None)
    stop = RouteStop.objects.create(
        service_point=bus,
        municipality=AreaFactory(),
        place="Tori",
        starts_at=local(monday, 10),
        ends_at=local(monday, 12, 30),
    )
    RouteStop.objects.create(
        service_point=bus,
        municipality=AreaFactory(),
        place="Satama",
        starts_at=local(monday, 13),
        ends_at=local(monday, 15),
        cancelled_at=timezone.now(),
    )
    AvailabilityFactory(
        service=service,
        on=None,
        weekday=1,
        starts_at=time(9),
        ends_at=time(16),
        channels=[on_site],
        service_point=bus,
    )

    slots = free(service, monday, monday + timedelta(days=7), way=Way(on_site.pk))

    assert clock(slots) == ["23.11. 10:00", "23.11. 11:00"]
    assert {slot.stop for slot in slots} == {stop}


def test_language_is_obeyed(service, monday):
    AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(10), languages=["fi"])
    AvailabilityFactory(
        service=service, on=monday, starts_at=time(10), ends_at=time(11), languages=["sv", "en"]
    )
    AvailabilityFactory(service=service, on=monday, starts_at=time(11), ends_at=time(12))

    swedish = free(service, monday, way=phone(language="sv"))

    assert clock(swedish) == ["23.11. 10:00", "23.11. 11:00"]
    assert swedish[0].languages_of(service) == ["sv", "en"]


def test_counsellor_who_left_or_works_elsewhere_offers_nothing(service, monday):
    left = AffiliationFactory(organisation=service.organisation, until=monday - timedelta(days=1))
    elsewhere = AffiliationFactory()
    coordinator = AffiliationFactory(organisation=service.organisation, role="coordinator")
    locked = AffiliationFactory(organisation=service.organisation, user__is_active=False)
    for affiliation in (left, elsewhere, coordinator, locked):
        AvailabilityFactory(service=service, on=monday, counsellor=affiliation.user)

    assert free(service, monday) == []


def test_times_end_with_the_counsellors_last_day_at_work(service, monday):
    leaving = AffiliationFactory(organisation=service.organisation, until=monday + timedelta(days=7))
    AvailabilityFactory(
        service=service, counsellor=leaving.user, on=None, weekday=1, starts_at=time(9), ends_at=time(10)
    )

    assert clock(free(service, monday, monday + timedelta(days=30))) == ["23.11. 9:00", "30.11. 9:00"]


def test_counsellor_with_two_roles_is_offered_once(service, monday):
    affiliation = AffiliationFactory(organisation=service.organisation)
    AffiliationFactory(user=affiliation.user, organisation=service.organisation, role="coordinator")
    AffiliationFactory(user=affiliation.user)
    AvailabilityFactory(
        service=service, counsellor=affiliation.user, on=monday, starts_at=time(9), ends_at=time(10)
    )

    slots = free(service, monday)

    assert [len(slot.openings) for slot in slots] == [1]


def test_first_free_time_is_found_beyond_full_weeks(service, monday):
    availability = AvailabilityFactory(
        service=service, on=None, weekday=1, starts_at=time(9), ends_at=time(10)
    )
    AbsenceFactory(
        counsellor=availability.counsellor, starts_at=local(monday, 0), ends_at=local(date(2026, 12, 28), 12)
    )

    slot = Timetable([service]).first_free(service, phone())

    assert clock([slot]) == ["4.1. 9:00"]


def test_nothing_free_is_none(service, monday):
    assert Timetable([service]).first_free(service, phone()) is None


def test_nearest_times_come_in_order(service, monday):
    availability = AvailabilityFactory(
        service=service,
        on=None,
        weekday=1,
        starts_at=time(9),
        ends_at=time(12),
        valid_to=monday + timedelta(days=7),
    )
    AppointmentFactory(
        guidance_service=service, counsellor=availability.counsellor, starts_at=local(monday, 10)
    )

    near = Timetable([service]).nearest(service, phone(), local(monday, 10), count=3)

    assert clock(near) == ["23.11. 9:00", "23.11. 11:00", "30.11. 9:00"]


def test_exact_time_is_found_or_not(service, monday):
    AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(10))
    timetable = Timetable([service])

    assert clock([timetable.at(service, phone(), local(monday, 9))]) == ["23.11. 9:00"]
    assert timetable.at(service, phone(), local(monday, 9, 30)) is None


@pytest.mark.parametrize("count", [1, 4])
def test_free_times_cost_the_same_for_any_number_of_rows(service, monday, count, django_assert_num_queries):
    for availability in AvailabilityFactory.create_batch(count, service=service, on=monday):
        AppointmentFactory(
            guidance_service=service, counsellor=availability.counsellor, starts_at=local(monday, 10)
        )
        AbsenceFactory(counsellor=availability.counsellor, starts_at=local(monday, 11))
    way = phone()

    with django_assert_num_queries(3):
        slots = free(service, monday, way=way)

    assert [len(slot.openings) for slot in slots] == [count]


def test_many_counsellors_are_looked_at_only_where_the_first_few_are_busy(
    service, monday, django_assert_num_queries
):
    everybody = AvailabilityFactory.create_batch(9, service=service, on=monday)
    for availability in everybody[:8]:  # free at nine, busy at ten
        AppointmentFactory(
            guidance_service=service, counsellor=availability.counsellor, starts_at=local(monday, 10)
        )
    AppointmentFactory(
        guidance_service=service, counsellor=everybody[8].counsellor, starts_at=local(monday, 11)
    )
    way = phone()

    with django_assert_num_queries(3):
        slot = Timetable([service]).first_free(service, way)
    with django_assert_num_queries(3):  # the channels are known by now
        slots = free(service, monday, way=way)

    assert clock([slot]) == ["23.11. 9:00"]
    assert {number: [o.counsellor_id for o in slot.openings] for number, slot in enumerate(slots)} == {
        0: [one.counsellor_id for one in everybody],
        1: [everybody[8].counsellor_id],
        2: [one.counsellor_id for one in everybody[:8]],
    }


def test_whoever_has_the_fewest_meetings_that_week_comes_first(service, monday):
    often, once, never = (
        one.counsellor for one in AvailabilityFactory.create_batch(3, service=service, on=monday)
    )
    tuesday = monday + timedelta(days=1)
    for counsellor, day, hour in [(often, tuesday, 9), (often, tuesday, 10), (once, tuesday, 9)]:
        AppointmentFactory(guidance_service=service, counsellor=counsellor, starts_at=local(day, hour))
    for week in (-7, 7):  # other weeks do not count
        AppointmentFactory(
            guidance_service=service, counsellor=never, starts_at=local(tuesday + timedelta(days=week), 9)
        )

    slot = Timetable([service]).at(service, phone(), local(monday, 9))

    assert list(slot.counsellors("")) == [never.pk, once.pk, often.pk]


@pytest.mark.parametrize("count", [1, 4])
def test_first_free_times_of_many_services_cost_the_same(monday, count, django_assert_num_queries):
    services = GuidanceServiceFactory.create_batch(count)
    AvailabilityFactory(service=services[0], on=monday + timedelta(days=20))
    way = phone()

    with django_assert_num_queries(3):
        timetable = Timetable(services)
        found = [timetable.first_free(service, way) for service in services]

    assert [slot is not None for slot in found] == [True] + [False] * (count - 1)


minutes = st.integers(0, 24 * 60)
intervals = st.lists(
    st.tuples(minutes, minutes).map(sorted).filter(lambda pair: pair[0] < pair[1]).map(tuple), max_size=12
)


@given(taken=intervals, wanted=intervals)
def test_overlap_is_found_as_if_every_interval_were_looked_at(taken, wanted):
    joined = merged(taken)

    assert all(end < start for (_, end), (start, _) in pairwise(joined))
    for start, end in wanted:
        assert _overlaps(joined, start, end) == any(a < end and start < b for a, b in taken)


@given(
    day=st.one_of(
        st.dates(date(2026, 1, 1), date(2028, 12, 31)),
        st.sampled_from([SPRING, AUTUMN, date(2027, 3, 28), date(2027, 10, 31)]),
    ),
    start=st.integers(0, 287).map(lambda five: five * 5),
    total=st.integers(5, 24 * 60),
    length=st.integers(5, 480),
)
def test_grid_holds_only_real_times_that_fit(day, start, total, length):
    total = min(total, 24 * 60 - start)

    moments = grid(day, time(start // 60, start % 60), total, length, length)

    walls = [moment.astimezone(LOCAL).replace(tzinfo=None) for moment in moments]
    begin = datetime.combine(day, time(start // 60, start % 60))
    assert walls == sorted(set(walls))
    assert list(moments) == sorted(moments)
    for wall, moment in zip(walls, moments, strict=True):
        ends = (moment + timedelta(minutes=length)).astimezone(LOCAL).replace(tzinfo=None)
        assert begin <= wall
        assert (wall - begin) % timedelta(minutes=length) == timedelta()
        assert ends <= begin + timedelta(minutes=total) or day in {
            SPRING,
            date(2027, 3, 28),
            date(2028, 3, 26),
        }


# What a service and an offer say


def test_b14_pauses_of_both_meetings_are_kept_in_lists_and_bookings(monday):
    """B14: the pause after one meeting and the one before the next both lie between them."""
    first = GuidanceServiceFactory(duration_minutes=60, pause_after_minutes=15, lead_hours=0)
    second = GuidanceServiceFactory(
        duration_minutes=30,
        pause_before_minutes=10,
        grid_minutes=5,
        lead_hours=0,
        organisation=first.organisation,
    )
    offer = AvailabilityFactory(service=first, on=monday, starts_at=time(9), ends_at=time(12))
    offer.services.add(second)
    taken = AppointmentFactory(
        guidance_service=first, counsellor=offer.counsellor, starts_at=local(monday, 10)
    )
    taken.set_time(taken.starts_at)
    taken.save()

    slots = free(second, monday)

    times = clock(slots)  # it has no pause after it, and the first has none before
    assert (times[0], times[times.index("23.11. 9:30") + 1]) == ("23.11. 9:00", "23.11. 11:25")
    early = AppointmentFactory.build(
        guidance_service=second,
        organisation=second.organisation,
        counsellor=offer.counsellor,
        channel=ChannelFactory(),
    )
    early.set_time(local(monday, 11, 20))
    with pytest.raises(IntegrityError, match="appointment_one_at_a_time"), transaction.atomic():
        early.save()


def test_pauses_lie_between_times_when_no_grid_is_given(monday):
    service = GuidanceServiceFactory(
        duration_minutes=45, pause_before_minutes=5, pause_after_minutes=10, lead_hours=0
    )
    AvailabilityFactory(service=service, on=monday, starts_at=time(9), ends_at=time(12))

    assert clock(free(service, monday)) == ["23.11. 9:00", "23.11. 10:00", "23.11. 11:00"]


def test_offer_of_every_third_week_is_counted_from_its_first_week(service, monday):
    AvailabilityFactory(
        service=service,
        on=None,
        weekday=1,
        every_weeks=3,
        valid_from=monday - timedelta(days=7) + timedelta(days=3),  # the Thursday of the week before
        starts_at=time(10),
        ends_at=time(11),
    )

    slots = free(service, monday, monday + timedelta(days=45))

    assert clock(slots) == ["7.12. 10:00", "28.12. 10:00"]


def test_skipped_day_has_no_times(service, monday):
    AvailabilityFactory(
        service=service,
        on=None,
        weekday=1,
        starts_at=time(10),
        ends_at=time(11),
        skipped=[monday + timedelta(days=7)],
    )

    slots = free(service, monday, monday + timedelta(days=14))

    assert clock(slots) == ["23.11. 10:00", "7.12. 10:00"]


def test_offer_that_keeps_holidays_comes_round_on_them(service, monday):
    AvailabilityFactory(
        service=service, on=None, weekday=5, starts_at=time(10), ends_at=time(11), is_on_holidays=True
    )

    slots = free(service, date(2026, 12, 25), date(2026, 12, 25))

    assert clock(slots) == ["25.12. 10:00"]


def test_team_service_offers_only_its_team(service, monday):
    inside, _outside = AvailabilityFactory.create_batch(
        2, service=service, on=monday, starts_at=time(10), ends_at=time(11)
    )
    GuidanceService.objects.update(meeting="team")
    service.team.add(inside.counsellor)

    slots = free(GuidanceService.objects.get(), monday)

    assert [opening.counsellor_id for slot in slots for opening in slot.openings] == [inside.counsellor_id]


def test_way_with_a_counsellor_has_only_that_counsellors_times(service, monday):
    _earlier, other = (
        AvailabilityFactory(service=service, on=monday, starts_at=time(hour), ends_at=time(hour + 1))
        for hour in (10, 13)
    )

    slots = free(service, monday, way=phone(counsellor_id=other.counsellor_id))

    assert clock(slots) == ["23.11. 13:00"]


def test_offer_at_a_stop_moves_with_the_stop(service, monday):
    bus = ServicePointFactory(kind=ServicePoint.Kind.MOBILE)
    stop = RouteStop.objects.create(
        service_point=bus,
        municipality=AreaFactory(),
        place="Tori",
        starts_at=local(monday, 10),
        ends_at=local(monday, 12),
    )
    on_site = ChannelFactory(code="on-site", needs_place=True)
    service.channels.add(on_site)
    AvailabilityFactory(
        service=service, channels=[on_site], on=None, stop=stop, starts_at=time(0), ends_at=time(0)
    )
    way = Way(on_site.pk)

    assert clock(free(service, monday, way=way)) == ["23.11. 10:00", "23.11. 11:00"]

    RouteStop.objects.update(starts_at=local(monday, 13), ends_at=local(monday, 14))
    assert clock(free(service, monday, way=way)) == ["23.11. 13:00"]

    RouteStop.objects.update(cancelled_at=timezone.now())
    assert free(service, monday, way=way) == []


# Times that are held


def held(service, availability, starts_at, **words):
    slot = next(slot for slot in free(service, starts_at.date()) if slot.starts_at == starts_at)
    return holds.hold(service, phone(), slot, nonce=words.get("nonce") or uuid.uuid4())


def test_a13_held_time_is_offered_to_its_holder_alone(service, monday):
    """A13: whoever holds a time goes back and still sees it; nobody else does until the clock lets it go."""
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(10), ends_at=time(11))
    kept = held(service, availability, local(monday, 10))

    assert clock(free(service, monday, holding=kept.nonce)) == ["23.11. 10:00"]
    assert free(service, monday) == []
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert clock(free(service, monday)) == ["23.11. 10:00"]


def test_hold_is_extended_once(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(10), ends_at=time(11))
    kept = held(service, availability, local(monday, 10))

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert holds.extend(kept.nonce) is True
        assert holds.extend(kept.nonce) is False

    kept.refresh_from_db()
    assert kept.expires_at == NOW + timedelta(minutes=20)


def test_hold_that_ran_out_cannot_be_extended(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(10), ends_at=time(11))
    kept = held(service, availability, local(monday, 10))

    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert holds.extend(kept.nonce) is False


def test_second_time_held_lets_the_first_go(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(10), ends_at=time(12))
    kept = held(service, availability, local(monday, 10))

    assert held(service, availability, local(monday, 11), nonce=kept.nonce)

    assert clock(free(service, monday)) == ["23.11. 10:00"]
    assert Hold.objects.count() == 1


def test_hold_that_ran_out_makes_way_for_another(service, monday):
    availability = AvailabilityFactory(service=service, on=monday, starts_at=time(10), ends_at=time(11))
    held(service, availability, local(monday, 10))

    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert held(service, availability, local(monday, 10))

    assert Hold.objects.count() == 1


def test_database_refuses_a_booking_on_somebody_elses_hold(service):
    day = timezone.localdate() + timedelta(days=2)
    availability = AvailabilityFactory(service=service, on=day, starts_at=time(10), ends_at=time(11))
    kept = held(service, availability, local(day, 10))
    rival = AppointmentFactory.build(
        guidance_service=service,
        organisation=service.organisation,
        counsellor=availability.counsellor,
        channel=ChannelFactory(),
        starts_at=local(day, 10),
    )

    with pytest.raises(IntegrityError, match="held for somebody else"), transaction.atomic():
        rival.save()

    rival.nonce = kept.nonce
    rival.save()
    assert Appointment.objects.get().nonce == kept.nonce


def test_database_refuses_a_hold_on_an_appointment(service):
    day = timezone.localdate() + timedelta(days=2)
    availability = AvailabilityFactory(service=service, on=day, starts_at=time(10), ends_at=time(11))
    slot = next(iter(free(service, day)))
    AppointmentFactory(guidance_service=service, counsellor=availability.counsellor, starts_at=local(day, 10))

    assert holds.hold(service, phone(), slot, nonce=uuid.uuid4()) is None
