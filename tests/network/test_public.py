"""The public lists of organisations and service points."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from network.models import Area, OpeningHours
from tests.factories import (
    AreaFactory,
    OrganisationFactory,
    RouteStopFactory,
    SectorFactory,
    ServicePointFactory,
)

pytestmark = pytest.mark.django_db

ORGANISATIONS, POINTS = "/en/organisations/", "/en/service-points/"


@pytest.fixture
def nokia() -> Area:
    region = AreaFactory(kind=Area.Kind.REGION, name_fi="Pirkanmaa", slug="pirkanmaa")
    return AreaFactory(name_fi="Nokia", slug="nokia", parent=region)


@pytest.mark.parametrize("address", [ORGANISATIONS, POINTS])
def test_a_list_costs_the_same_for_any_number_of_rows(browser, nokia, address):
    def fill(count: int) -> int:
        for _number in range(count):
            organisation = OrganisationFactory(home_municipality=nokia, parent=OrganisationFactory())
            point = ServicePointFactory(organisation=organisation, municipality=nokia)
            OpeningHours.objects.create(service_point=point, weekday=1, opens_at=time(9), closes_at=time(16))
            RouteStopFactory(municipality=nokia)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    assert fill(1) == fill(3) <= 12


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ahjo", "Äänilä"]),
        ("q=ahj", ["Ahjo"]),
        ("place=nokia", ["Äänilä"]),
        ("place=Pirkanmaa", ["Äänilä"]),
        ("sector=company", ["Ahjo"]),
        ("q=ahj&place=nokia", []),
    ],
)
def test_organisation_list_narrows_by_name_place_and_sector(browser, nokia, query, names):
    OrganisationFactory(name_fi="Äänilä", home_municipality=nokia)
    OrganisationFactory(name_fi="Ahjo", sector=SectorFactory(code="company", name_fi="Yritykset"))
    OrganisationFactory(name_fi="Luonnos", published_at=None)

    response = browser.get(f"{ORGANISATIONS}?{query}")

    assert [organisation.name_fi for organisation in response.context["page"]] == names


def test_service_point_list_is_ordered_by_municipality(browser):
    for place in ("Ähtäri", "Ylöjärvi", "Akaa"):
        ServicePointFactory(municipality__name_fi=place)

    response = browser.get(POINTS)

    assert [str(point.municipality) for point, *_rest in response.context["points"]] == [
        "Akaa",
        "Ylöjärvi",
        "Ähtäri",
    ]


def test_service_point_list_tells_of_a_cancelled_stop_but_not_of_a_past_one(browser):
    RouteStopFactory(place="Peruttu tori", cancelled_at=timezone.now())
    RouteStopFactory(place="Mennyt tori", starts_at=timezone.now() - timedelta(days=3))

    response = browser.get(POINTS)

    assertContains(response, "Peruttu tori")
    assertContains(response, "Cancelled")
    assertNotContains(response, "Mennyt tori")


def test_service_point_list_narrows_points_and_stops_to_a_place(browser, nokia):
    ServicePointFactory(name_fi="Nokian piste", municipality=nokia)
    ServicePointFactory(name_fi="Muu piste")
    RouteStopFactory(place="Nokian tori", municipality=nokia)
    RouteStopFactory(place="Muu tori")

    response = browser.get(POINTS, {"place": "nokia"})

    assertContains(response, "<h1>1 service point – Nokia</h1>", html=True)
    assertContains(response, "Nokian tori")
    assertNotContains(response, "Muu piste")
    assertNotContains(response, "Muu tori")


def test_service_point_list_has_the_best_first_where_there_are_words(browser):
    for name, town, tells in [("Piste", "Akaa", "Ohjaamo"), ("Ohjaamo", "Ylöjärvi", ""), ("Muu", "Eura", "")]:
        ServicePointFactory(name_fi=name, municipality__name_fi=town, description_fi=tells)

    response = browser.get("/fi/palvelupisteet/", {"q": "ohjaamo"})

    assert [point.name for point, *_rest in response.context["points"]] == ["Ohjaamo", "Piste"]
    assertContains(response, "<span>Ylöjärvi</span>", html=True)
    assertNotContains(response, "<h2>Ylöjärvi</h2>", html=True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Nokialla", ["Asema", "Kirjasto"]),
        ("torilla", ["Keskustori"]),
        ("kirjastossa nokialla", ["Kirjasto"]),
        ("nok", ["Asema", "Kirjasto"]),
        ("lentokenttä", []),
        ("!", []),
    ],
)
def test_service_point_list_finds_stops_by_inflected_words_soonest_first(browser, nokia, words, found):
    now = timezone.now()
    RouteStopFactory(place="Kirjasto", municipality=nokia, starts_at=now + timedelta(days=3))
    RouteStopFactory(place="Asema", municipality=nokia, starts_at=now + timedelta(days=1))
    RouteStopFactory(place="Keskustori", starts_at=now + timedelta(days=2))

    response = browser.get(POINTS, {"q": words})

    assert [stop.place for stop in response.context["stops"]] == found


def test_service_point_list_sets_apart_what_has_closed(browser):
    ServicePointFactory(name_fi="Entinen piste", closed_on=timezone.localdate())

    response = browser.get(POINTS)

    assertContains(response, "No service points")
    assertContains(response, "Closed for good")
    assertContains(response, "Entinen piste")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{ORGANISATIONS}?q=kokeiluopisto", "1 organisation – “kokeiluopisto”"),
        (f"{ORGANISATIONS}?q=zzzz", "No organisations: “zzzz”"),
        (f"{POINTS}?place=Nokia", "1 service point – Nokia"),
        (f"{POINTS}?place=Nokia&q=zzzz", "No service points: “zzzz”, Nokia"),
    ],
)
def test_heading_and_title_say_how_many_of_what_and_where(browser, nokia, address, said):
    college = OrganisationFactory(name_fi="Kokeiluopisto", home_municipality=nokia)
    ServicePointFactory(organisation=college, municipality=nokia)

    response = browser.get(address)

    assertContains(response, f"<h1>{said}</h1>", html=True)
    assertContains(response, f"<title>{said} – Opinovi</title>", html=True)
