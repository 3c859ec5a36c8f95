"""Where the bus stops, as calendars to follow; organisations and service points as feeds and spreadsheets."""

import csv
import io
from datetime import date, timedelta

import feedparser
import pytest
from django.utils import timezone
from icalendar import Calendar

from network.models import RouteStop, ServicePoint
from opinovi import ics
from tests.factories import (
    AreaFactory,
    OrganisationFactory,
    RouteStopFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

STOPS = "/en/service-points/stops.ics"


def calendar(browser, address):
    """A calendar in which a strict reader finds nothing wrong, and none of whose time zones is missing."""
    response = browser.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert max(map(len, response.content.splitlines())) <= 75
    found = Calendar.from_ical(response.content)
    assert found.errors == []
    assert found.get_missing_tzids() == set()
    assert [event.errors for event in found.events if event.errors] == []
    assert len({event["UID"] for event in found.events}) == len(found.events)
    return found


def names(found):
    return [str(event["SUMMARY"]) for event in found.events]


def table(browser, address):
    content = browser.get(address).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))


def test_stop_calendar_tells_when_and_where(browser, settings):
    settings.ADDRESS = "https://opinovi.example.fi"
    day = timezone.localdate() + timedelta(days=3)
    stop = RouteStopFactory(
        service_point__name_fi="Ohjausbussi",
        service_point__slug="bussi",
        municipality__name_fi="Nokia",
        place="Tori; pohjoinen, kulma",
        street_address="Torikatu 1",
        starts_at=local(day, 10),
        ends_at=local(day, 14),
    )

    response = browser.get(STOPS)
    event = calendar(browser, STOPS).events[0]

    assert f"DTSTART;TZID=Europe/Helsinki:{day:%Y%m%d}T100000\r\n".encode() in response.content
    assert event["UID"] == f"stop-{stop.pk}@opinovi.example.fi"
    assert event["SUMMARY"] == "Ohjausbussi: Tori; pohjoinen, kulma, Nokia"
    assert event["LOCATION"] == "Tori; pohjoinen, kulma, Torikatu 1, Nokia"
    assert event["URL"] == "https://opinovi.example.fi/en/service-points/bussi/"
    assert (event["STATUS"], event.end - event.start) == ("CONFIRMED", timedelta(hours=4))
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == stop.changed_at.replace(microsecond=0)


def test_cancelled_stop_stays_and_is_newer_than_before(browser):
    stop = RouteStopFactory()
    RouteStop.objects.update(changed_at=timezone.now() - timedelta(days=1))
    before = calendar(browser, STOPS).events[0]

    stop.cancelled_at = timezone.now()
    stop.save(update_fields=["cancelled_at"])
    after = calendar(browser, STOPS).events[0]

    assert after["UID"] == before["UID"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_calendar_stays_the_same_file_until_something_changes(browser):
    stop = RouteStopFactory()
    first = browser.get(STOPS)

    again = browser.get(STOPS, headers={"If-None-Match": first["ETag"]})
    stop.place = "Kirjasto"
    stop.save()
    changed = browser.get(STOPS, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, changed.status_code) == (304, 200)
    assert browser.head(STOPS)["Content-Type"] == changed["Content-Type"]


def test_stop_calendar_is_narrowed_as_the_list_is(browser):
    nokia = AreaFactory(name_fi="Nokia", slug="nokia")
    RouteStopFactory(municipality=nokia, place="Tori")
    RouteStopFactory(municipality=nokia, place="Kirjasto")
    RouteStopFactory(place="Tori")

    found = calendar(browser, f"{STOPS}?q=tori&place=nokia")

    assert [event["LOCATION"] for event in found.events] == ["Tori, Nokia"]
    assert found["X-WR-CALNAME"] == "Stops of the bus: “tori”, Nokia"


def test_area_stop_calendar_has_the_stops_in_the_area(browser):
    region = AreaFactory(kind="region", name_fi="Pirkanmaa", slug="pirkanmaa")
    inside = RouteStopFactory(municipality=AreaFactory(parent=region))
    RouteStopFactory()

    found = calendar(browser, "/en/areas/pirkanmaa/stops.ics")

    assert [event["UID"].split("@")[0] for event in found.events] == [f"stop-{inside.pk}"]
    assert found["X-WR-CALNAME"] == "Stops of the bus: Pirkanmaa"
    assert browser.get("/en/areas/olematon/stops.ics").status_code == 404


def test_service_point_calendar_has_its_own_stops(browser):
    bus = ServicePointFactory(kind=ServicePoint.Kind.MOBILE, name_fi="Bussi", slug="bussi")
    RouteStopFactory(service_point=bus)
    RouteStopFactory()
    ServicePointFactory(slug="kiintea")
    ServicePointFactory(kind=ServicePoint.Kind.MOBILE, slug="luonnos", published_at=None)

    assert len(calendar(browser, "/en/service-points/bussi/stops.ics").events) == 1
    assert browser.get("/en/service-points/kiintea/stops.ics").status_code == 404
    assert browser.get("/en/service-points/luonnos/stops.ics").status_code == 404


def test_calendar_keeps_what_is_just_over_and_nothing_of_drafts(browser):
    now = timezone.now()
    for days, place in ((-ics.DAYS_KEPT - 1, "Ammoin"), (-2, "Äsken"), (9, "Myöhemmin"), (1, "Kohta")):
        at = now + timedelta(days=days)
        RouteStopFactory(place=place, municipality__name_fi="X", service_point__name_fi="B", starts_at=at)
    RouteStopFactory(place="Luonnos", service_point__published_at=None)

    assert names(calendar(browser, STOPS)) == ["B: Kohta, X", "B: Myöhemmin, X", "B: Äsken, X"]


def test_full_calendar_leaves_out_what_is_over_first(browser, monkeypatch):
    monkeypatch.setattr(ics, "MOST_EVENTS", 1)
    RouteStopFactory(starts_at=timezone.now() - timedelta(days=2))
    coming = RouteStopFactory()

    found = calendar(browser, STOPS)

    assert [event["UID"].split("@")[0] for event in found.events] == [f"stop-{coming.pk}"]


def test_clock_of_calendars_moves_with_that_of_finland(browser):
    for month in (1, 7):
        RouteStopFactory(starts_at=local(date(timezone.localdate().year + 1, month, 15), 12))

    found = calendar(browser, STOPS)

    assert sorted(event.start.utcoffset() for event in found.events) == [
        timedelta(hours=2),
        timedelta(hours=3),
    ]


def test_calendar_asks_once_however_many_stops_there_are(browser, django_assert_num_queries):
    RouteStopFactory.create_batch(4)

    with django_assert_num_queries(1):
        browser.get(STOPS)


def test_service_point_feed_tells_of_stops_and_cancellations(browser):
    RouteStopFactory(place="Tori", municipality__name_fi="Nokia", cancelled_at=timezone.now())

    found = feedparser.parse(browser.get("/en/service-points/feed.atom").content)

    assert not found.bozo
    assert found.feed.title == "Stops of the bus – Opinovi"
    title = found.entries[0].title
    assert (title.startswith("Cancelled: "), title.endswith(": Nokia, Tori")) == (True, True)


def test_service_point_sheet_has_the_rows_of_the_list(browser):
    ServicePointFactory(name_fi="Avoin", municipality__name_fi="Nokia", is_step_free=True)
    ServicePointFactory(name_fi="Suljettu", closed_on=timezone.localdate())
    ServicePointFactory(name_fi="Bussi", kind=ServicePoint.Kind.MOBILE)
    ServicePointFactory(name_fi="Luonnos", published_at=None)

    rows = table(browser, "/en/service-points/list.csv")

    assert [(row["Name"], row["Municipality"], row["Step-free entrance"]) for row in rows] == [
        ("Avoin", "Nokia", "yes")
    ]
    assert rows[0]["Accessible toilet"] == "no"


def test_organisations_are_told_in_a_feed_and_a_sheet(browser):
    OrganisationFactory(
        name_fi="Opisto", business_id="0109862-8", home_municipality=AreaFactory(name_fi="Nokia")
    )
    OrganisationFactory(name_fi="Luonnos", published_at=None)

    found = feedparser.parse(browser.get("/en/organisations/feed.atom?q=opisto").content)
    rows = table(browser, "/en/organisations/list.csv")

    assert not found.bozo
    assert [entry.title for entry in found.entries] == ["Opisto"]
    assert [(row["Name"], row["Business ID"], row["Home municipality"]) for row in rows] == [
        ("Opisto", "0109862-8", "Nokia")
    ]


def test_pages_lead_to_the_calendars(browser, settings):
    settings.ADDRESS = "https://opinovi.example.fi"
    bus = ServicePointFactory(kind=ServicePoint.Kind.MOBILE, slug="bussi")
    RouteStopFactory(service_point=bus, municipality=AreaFactory(slug="nokia", name_fi="Nokia"))

    pages = {
        "/en/areas/nokia/": ["/en/areas/nokia/stops.ics", "/en/areas/nokia/events.ics"],
        "/en/service-points/bussi/": ["/en/service-points/bussi/stops.ics"],
        "/en/service-points/?place=nokia": ["/en/service-points/stops.ics?place=nokia"],
    }

    for page, calendars in pages.items():
        html = browser.get(page).content.decode()
        for path in calendars:
            assert f'href="webcal://opinovi.example.fi{path}"' in html
            assert f"<code>https://opinovi.example.fi{path}</code>" in html
