from datetime import timedelta

import pytest
from django.utils import timezone

from guidance.catalogue.models import GuidanceService, TrainingOption
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
