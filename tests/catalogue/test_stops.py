"""Where the bus stops next, for somebody who says where they are."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from network.models import Area, Postcode, RouteStop
from network.near import Ring, nearest
from tests.factories import AreaFactory, GuidanceServiceFactory, RouteStopFactory

PAGE = "/en/stops/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return AreaFactory(kind=Area.Kind.REGION, name_fi="Pirkanmaa")


@pytest.fixture
def nokia(region):
    return AreaFactory(parent=region, name_fi="Nokia", slug="nokia")


@pytest.fixture
def lempaala(region, nokia):
    """Another municipality of the same sub-region."""
    municipality = AreaFactory(parent=region, name_fi="Lempäälä")
    subregion = AreaFactory(kind=Area.Kind.SUBREGION, parent=region, name_fi="Tampereen seutu")
    subregion.parts.set([nokia, municipality])
    return municipality


def stop(municipality, days, **values):
    return RouteStopFactory(
        municipality=municipality, starts_at=timezone.now() + timedelta(days=days), **values
    )


def near(place):
    return nearest(place, RouteStop.objects.all())


def test_the_next_stop_in_the_place_itself_comes_first(nokia, lempaala):
    stop(lempaala, 1)
    later, sooner = stop(nokia, 9), stop(nokia, 4)

    found = near(nokia)

    assert (found.ring, found.stops) == (Ring.HERE, [sooner, later])


def test_then_the_same_subregion_then_the_region_then_anywhere(region, nokia, lempaala):
    anywhere = stop(AreaFactory(), 1)
    assert (near(nokia).ring, near(nokia).area, near(nokia).stops) == (Ring.FARTHER, None, [anywhere])

    in_region = stop(AreaFactory(parent=region), 2)
    assert (near(nokia).ring, near(nokia).area, near(nokia).stops) == (Ring.REGION, region, [in_region])

    in_subregion = stop(lempaala, 3)
    assert (near(nokia).ring, str(near(nokia).area), near(nokia).stops) == (
        Ring.SUBREGION,
        "Tampereen seutu",
        [in_subregion],
    )


def test_a_cancelled_stop_is_told_but_is_not_the_next_one(nokia, lempaala):
    cancelled = stop(nokia, 1, cancelled_at=timezone.now())
    live = stop(lempaala, 2)

    found = near(nokia)

    assert (found.ring, found.stops, found.cancelled) == (Ring.SUBREGION, [live], [cancelled])


def test_what_is_over_is_not_near(nokia):
    stop(nokia, -3)

    assert near(nokia) is None


def test_a_region_is_a_place_too(region, nokia):
    here = stop(nokia, 2)

    assert (near(region).ring, near(region).stops) == (Ring.HERE, [here])


def test_a_postcode_is_answered_with_the_stop_of_its_municipality(browser, nokia):
    Postcode.objects.create(code="37100", name_fi="Nokia", municipality=nokia)
    stop(nokia, 2, place="Harjuniityn tori")

    response = browser.get(PAGE, {"place": "37100"})

    assertContains(response, "The next stop: Nokia")
    assertContains(response, "Harjuniityn tori")


def test_a_place_without_a_stop_is_told_where_the_nearest_are(browser, nokia, lempaala):
    stop(lempaala, 2, place="Kirjasto")

    response = browser.get(PAGE, {"place": "Nokia"})

    assertContains(response, "Nokia: no stop is coming")
    assertContains(response, "The next stops in the same area, Tampereen seutu:")


def test_a_place_nobody_knows_is_answered_kindly(browser):
    assertContains(browser.get(PAGE, {"place": "Atlantis"}), "We know no place called “Atlantis”")


def test_without_a_place_nothing_is_wrong_and_all_stops_are_there(browser, nokia):
    stop(nokia, 2, place="Harjuniityn tori")

    response = browser.get(PAGE)

    assertContains(response, "Harjuniityn tori")
    assertNotContains(response, "error-summary")


def test_no_tour_at_all_leads_to_other_ways(browser, nokia):
    response = browser.get(PAGE, {"place": "nokia"})

    assertContains(response, "No stop is planned just now")
    assertContains(response, 'href="/en/book/"')


def test_one_can_book_a_time_on_the_bus(browser, nokia):
    service = GuidanceServiceFactory(name_en="Guidance on the bus", slug="bus")
    service.service_points.add(stop(nokia, 2).service_point)
    GuidanceServiceFactory(name_en="Guidance in town")

    response = browser.get(PAGE)

    assertContains(response, "Guidance on the bus")
    assertNotContains(response, "Guidance in town")


def test_stops_of_a_draft_are_not_told(browser, nokia):
    stop(nokia, 2, place="Salainen tori", service_point__published_at=None)

    assertNotContains(browser.get(PAGE, {"place": "nokia"}), "Salainen tori")


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_stops(
    browser, nokia, lempaala, count, django_assert_num_queries
):
    for number in range(count):
        stop(nokia, number + 1)
        stop(lempaala, number + 1)

    with django_assert_num_queries(9):
        browser.get(PAGE, {"place": "nokia"})


def test_the_service_points_lead_to_the_question(browser, nokia):
    stop(nokia, 2)

    assertContains(browser.get("/en/service-points/"), 'action="/en/stops/"')
