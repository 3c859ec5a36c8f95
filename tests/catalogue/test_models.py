from datetime import timedelta

import pytest
from django.utils import timezone

from guidance.catalogue.actions import take_up_next_rounds
from guidance.catalogue.models import ApplicationRound, GuidanceService, TrainingOption
from network.models import Area
from tests.factories import AreaFactory, GuidanceServiceFactory, TrainingOptionFactory

pytestmark = pytest.mark.django_db


def applications(first: int | None, last: int | None, **fields) -> TrainingOption:
    """A training that takes applications between days counted from today."""
    today = timezone.localdate()
    days = [None if number is None else today + timedelta(days=number) for number in (first, last)]
    return TrainingOptionFactory(
        is_rolling=False, applications_from=days[0], applications_to=days[1], **fields
    )


@pytest.fixture
def region() -> Area:
    return AreaFactory(kind=Area.Kind.REGION, name_fi="Pirkanmaa")


@pytest.mark.parametrize(
    ("first", "last", "is_open"), [(0, 0, True), (-1, 1, True), (1, 2, False), (-2, -1, False)]
)
def test_training_is_open_on_its_first_and_its_last_day(first, last, is_open):
    training = applications(first, last)

    assert training.is_open is is_open
    assert TrainingOption.objects.open().exists() is is_open


@pytest.mark.parametrize(("last", "days_left", "closes_soon"), [(0, 0, True), (7, 7, True), (8, 8, False)])
def test_training_says_when_it_closes(last, days_left, closes_soon):
    training = applications(-1, last)

    assert (training.days_left, training.closes_soon) == (days_left, closes_soon)


def test_training_comes_in_the_order_in_which_to_act():
    closed = applications(-9, -1)
    later = applications(5, 9)
    silent = applications(None, None)
    rolling = TrainingOptionFactory()
    next_week = applications(-9, 7)
    tomorrow = applications(-9, 1)

    assert list(TrainingOption.objects.soonest_first()) == [
        tomorrow,
        next_week,
        rolling,
        silent,
        later,
        closed,
    ]


def test_training_within_a_region_is_in_its_municipalities_or_at_a_distance(region):
    here = TrainingOptionFactory()
    here.municipalities.add(AreaFactory(parent=region), AreaFactory(parent=region))
    anywhere = TrainingOptionFactory(mode=TrainingOption.Mode.DISTANCE)
    TrainingOptionFactory().municipalities.add(AreaFactory())

    assert set(TrainingOption.objects.within(region)) == {here, anywhere}
    assert TrainingOption.objects.within(region).count() == 2


def test_guidance_serving_a_municipality_may_name_it_its_region_or_nothing(region):
    nokia = AreaFactory(parent=region)
    own, regional, national, elsewhere = GuidanceServiceFactory.create_batch(4)
    own.areas.add(nokia)
    regional.areas.add(region)
    elsewhere.areas.add(AreaFactory())

    assert set(GuidanceService.objects.serving(nokia)) == {own, regional, national}


def test_applicants_per_place_needs_both_numbers():
    assert TrainingOptionFactory(seats=20, applicants=205).applicants_per_place == 10.2
    assert TrainingOptionFactory(seats=20).applicants_per_place is None


# Rounds


def round_of(training: TrainingOption, first: int, last: int | None, **fields) -> ApplicationRound:
    today = timezone.localdate()
    closes_on = None if last is None else today + timedelta(days=last)
    return training.rounds.create(opens_on=today + timedelta(days=first), closes_on=closes_on, **fields)


@pytest.mark.parametrize(
    ("first", "last", "is_open"),
    [(0, 0, True), (-1, 1, True), (-1, None, True), (1, 2, False), (-2, -1, False), (1, None, False)],
)
def test_training_is_open_while_any_of_its_rounds_is(first, last, is_open):
    training = applications(-9, -5)
    round_of(training, first, last)

    assert training.is_open is is_open
    assert TrainingOption.objects.open().exists() is is_open


def test_training_is_open_until_the_places_are_taken_when_its_round_has_no_last_day():
    training = applications(-1, None)

    assert (training.is_open, training.is_closed, training.days_left) == (True, False, None)
    assert TrainingOption.objects.open().get() == training


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        ((-1, 5), [(-2, 1)], (-1, 5)),  # its own, while it is open
        ((-9, -1), [(3, 9), (-2, 6), (-2, 2)], (-2, 2)),  # of the open ones, what closes soonest
        ((20, 30), [(-2, 6)], (-2, 6)),  # what is open comes before what is to come
        ((-9, -1), [(10, 20), (3, 9)], (3, 9)),  # the next to open
        ((8, 12), [(3, 9)], (3, 9)),
        ((-9, -1), [(-30, -20)], (-9, -1)),  # all over
    ],
)
def test_the_round_that_counts_is_open_or_the_next_to_open(own, others, expected):
    training = applications(*own)
    for days in others:
        round_of(training, *days)

    today = timezone.localdate()
    current = training.current_round
    assert ((current.opens_on - today).days, (current.closes_on - today).days) == expected


def test_training_whose_own_round_is_over_comes_where_its_next_round_puts_it():
    closed = applications(-9, -1)
    opens_again = applications(-9, -2)
    round_of(opens_again, 3, 6)
    opens_later = applications(4, 9)
    is_open_again = applications(-9, -3)
    round_of(is_open_again, -1, 4)
    open_now = applications(-9, 5)

    assert list(TrainingOption.objects.soonest_first()) == [
        is_open_again,
        open_now,
        opens_again,
        opens_later,
        closed,
    ]


def test_the_next_round_takes_the_place_of_one_that_has_ended():
    over = applications(-9, -1)
    round_of(over, 30, 40)
    following = round_of(over, 3, 9, name="Joint application")
    dateless = applications(None, None)
    first = round_of(dateless, -1, None)
    still_open = applications(-1, 0)
    waiting = round_of(still_open, 3, 9)
    rolling = TrainingOptionFactory()
    unused = round_of(rolling, 3, 9)

    assert [take_up_next_rounds(), take_up_next_rounds()] == [2, 0]

    for training in (over, dateless, still_open):
        training.refresh_from_db()
    assert over.current_round == (following.opens_on, following.closes_on, "Joint application")
    assert (dateless.applications_from, dateless.applications_to) == (first.opens_on, None)
    assert still_open.applications_to == timezone.localdate()
    assert over.rounds.count() == 1
    assert set(ApplicationRound.objects.exclude(training=over)) == {waiting, unused}


@pytest.mark.parametrize(
    ("mode", "times", "ways"),
    [
        ("self_paced", ["free"], ["online at your own pace"]),
        ("self_paced", ["free", "evening"], ["online at your own pace", "evenings"]),
        ("distance", ["free"], ["at a distance", "at your own times"]),
    ],
)
def test_own_pace_of_a_training_is_told_once(mode, times, ways):
    assert TrainingOption(mode=mode, teaching_times=times).ways_of_study == ways
