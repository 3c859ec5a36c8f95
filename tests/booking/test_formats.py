"""Group sessions as calendars to follow, a feed, and data for search engines."""

from datetime import date, timedelta

import feedparser
import pytest
from django.utils import timezone

from guidance.booking.exports.jsonld import event_data
from guidance.booking.models import GroupSession
from tests.factories import AreaFactory, ServicePointFactory, local
from tests.factories.booking import GroupSessionFactory
from tests.network.test_formats import calendar

pytestmark = pytest.mark.django_db

EVENTS = "/en/events.ics"


def test_group_session_calendar_tells_when_where_and_what(browser):
    point = ServicePointFactory(latitude="61.49911", longitude="23.78712", street_address="Hämeenkatu 1")
    session = GroupSessionFactory(
        name_fi="Rahoitus opiskeluun",
        summary_fi="Mistä rahat?",
        registration_note_fi="Ilmoittaudu ennakkoon.",
        kind=GroupSession.Kind.INFORMATION,
        place_fi="Kirjasto",
        municipality__name_fi="Tampere",
        service_point=point,
        phone="+358 40 000 0000",
        email="ohjaaja@example.fi",
    )

    event = calendar(browser, EVENTS).events[0]
    content = browser.get(EVENTS).content.decode()

    assert (event["SUMMARY"], event["LOCATION"]) == (
        "Rahoitus opiskeluun",
        "Kirjasto, Hämeenkatu 1, Tampere",
    )
    assert event["DESCRIPTION"] == "Mistä rahat?\nIlmoittaudu ennakkoon."
    assert event["GEO"].to_ical() == "61.49911;23.78712"
    assert event["CATEGORIES"].to_ical() == b"information event"
    assert event.start == session.starts_at
    assert "example.fi" not in content.replace("@127.0.0.1", "")
    assert "+358" not in content


def test_cancelled_group_session_stays_in_the_calendar(browser):
    session = GroupSessionFactory(published_at=timezone.now() - timedelta(days=2))
    GroupSession.objects.update(changed_at=timezone.now() - timedelta(days=1))
    before = calendar(browser, EVENTS).events[0]

    GroupSession.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())
    after = calendar(browser, EVENTS).events[0]

    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_area_calendar_has_what_is_held_there_and_online(browser):
    region = AreaFactory(kind="region", slug="pirkanmaa", name_fi="Pirkanmaa")
    GroupSessionFactory(name_fi="Täällä", municipality=AreaFactory(parent=region))
    GroupSessionFactory(name_fi="Verkossa", municipality=None, online_link="https://www.example.fi/etana")
    GroupSessionFactory(name_fi="Muualla")
    GroupSessionFactory(name_fi="Luonnos", municipality__parent=region, published_at=None)
    GroupSessionFactory(name_fi="Luonnoksen", organisation__published_at=None, municipality__parent=region)

    found = calendar(browser, "/en/areas/pirkanmaa/events.ics")

    assert {str(event["SUMMARY"]): str(event["LOCATION"]).split(", ")[0] for event in found.events} == {
        "Täällä": "Kirjasto",
        "Verkossa": "Online",
    }
    assert found["X-WR-CALNAME"] == "Events: Pirkanmaa"


def test_calendar_speaks_the_language_of_its_address(browser):
    GroupSessionFactory(name_fi="Ilta", name_sv="Kväll", municipality__name_sv="Åbo", place_sv="Bibliotek")

    event = calendar(browser, "/sv/events.ics").events[0]

    assert (event["SUMMARY"], event["LOCATION"]) == ("Kväll", "Bibliotek, Åbo")


def test_group_session_feed_tells_what_is_new_and_what_is_cancelled(browser):
    GroupSessionFactory(name_fi="Peruttu", cancelled_at=timezone.now())
    GroupSessionFactory(name_fi="Uusi")
    GroupSessionFactory(name_fi="Luonnos", published_at=None)
    GroupSessionFactory(name_fi="Mennyt", starts_at=timezone.now() - timedelta(days=2))

    found = feedparser.parse(browser.get("/en/events.atom").content)

    assert not found.bozo
    assert [entry.title for entry in found.entries] == ["Uusi", "Cancelled: Peruttu"]


def test_event_formats_ask_once(browser, django_assert_num_queries):
    GroupSessionFactory.create_batch(3, service_point=ServicePointFactory())

    for address in (EVENTS, "/en/events.atom"):
        with django_assert_num_queries(1):
            browser.get(address)


# For search engines


def test_event_data_tells_time_with_its_offset_place_and_price():
    session = GroupSessionFactory(
        name_fi="Ilta",
        municipality__name_fi="Nokia",
        street_address="Torikatu 1",
        starts_at=local(date(2027, 1, 11), 17),
        organisation__name_fi="Opisto",
        organisation__slug="opisto",
    )

    data = event_data(session, "https://opinovi.example.fi/en/x/")

    assert data | {"organizer": data["organizer"]["name"]} == {
        "@type": "EducationEvent",
        "name": "Ilta",
        "url": "https://opinovi.example.fi/en/x/",
        "startDate": "2027-01-11T17:00:00+02:00",
        "endDate": "2027-01-11T18:30:00+02:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": [
            {
                "@type": "Place",
                "name": "Kirjasto",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "Torikatu 1",
                    "addressLocality": "Nokia",
                    "addressCountry": "FI",
                },
            }
        ],
        "organizer": "Opisto",
        "inLanguage": ["fi"],
        "isAccessibleForFree": True,
        "offers": {
            "@type": "Offer",
            "category": "Free",
            "price": "0.00",
            "priceCurrency": "EUR",
            "url": "https://opinovi.example.fi/en/x/",
        },
    }


def test_event_data_of_a_cancelled_online_event_whose_fee_nobody_told():
    session = GroupSessionFactory(
        municipality=None,
        online_link="https://www.example.fi/huone",
        fee=None,
        cancelled_at=timezone.now(),
        starts_at=local(date(2027, 7, 1), 17),
    )

    data = event_data(session, "https://opinovi.example.fi/en/x/")

    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert data["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert data["location"] == [{"@type": "VirtualLocation", "url": "https://opinovi.example.fi/en/x/"}]
    assert data["startDate"].endswith("+03:00")
    assert not {"offers", "isAccessibleForFree"} & set(data)


def test_event_data_of_an_event_one_can_join_either_way():
    session = GroupSessionFactory(online_link="https://www.example.fi/huone", capacity=20)

    data = event_data(session, "https://opinovi.example.fi/en/x/")

    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]
    assert data["maximumAttendeeCapacity"] == 20
