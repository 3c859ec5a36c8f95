"""What people are written about their registration, in three languages, and what their calendar is told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from guidance.booking import registrations
from guidance.booking.models import GroupSession, Registration
from guidance.booking.registration_calendar import calendar_file
from opinovi.models import Letter
from tests.booking.registering import MONDAY, PERSON, new, wait
from tests.factories import GroupSessionFactory, local

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(local(MONDAY, 8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def session():
    return GroupSessionFactory(
        name_fi="Salainen aihe",
        name_sv="Hemligt ämne",
        name_en="A secret topic",
        has_registration=True,
        capacity=1,
        starts_at=local(MONDAY + timedelta(days=10), 17),
        place_fi="Kirjasto",
        municipality__name_fi="Nokia",
        kind="group",
    )


def letter(kind):
    return Letter.objects.get(kind=kind)


def event(calendar):
    return calendar.events[0]


def everything_that_can_be_told(session, clock, language):
    """Each kind of letter once; returns what was told to whom."""
    known = {"language": language, "name": "Aino Salainen"}
    first = registrations.register(new(session, **known))
    for _person in range(3):
        registrations.register(new(session, **known), waits=True)
    registrations.register(new(session, email=first.email, **known), waits=True)
    registrations.cancel(first, by=PERSON)
    clock.shift(timedelta(hours=25))
    registrations.settle_all()
    registrations.accept(session.registrations.get(state="offered"))
    registrations.tell_of_move(session)
    registrations.cancel_session(session)
    return Letter.objects.all()


SUBJECTS = {
    "registration_made": ("You are signed up", "Olet ilmoittautunut", "Du är anmäld"),
    "registration_known": ("Your registration", "Ilmoittautumisesi", "Din anmälan"),
    "registration_waits": ("You are on the waiting list", "Olet jonossa", "Du står i kö"),
    "registration_offered": (
        "A place is free for you: please answer",
        "Sinulle on vapaa paikka: vastaathan",
        "Det finns en ledig plats för dig: svara gärna",
    ),
    "registration_offer_over": (
        "The place that was kept for you",
        "Sinulle pidetty paikka",
        "Platsen som hölls för dig",
    ),
    "registration_cancelled": (
        "Your registration is cancelled",
        "Ilmoittautumisesi on peruttu",
        "Din anmälan är avbokad",
    ),
    "registration_moved": (
        "An event you signed up for has changed",
        "Tapahtuma, johon ilmoittauduit, on muuttunut",
        "Ett evenemang du anmält dig till har ändrats",
    ),
    "registration_reminder": ("The event is near", "Tapahtuma on pian", "Evenemanget är snart här"),
    "registration_session_cancelled": (
        "The event is cancelled",
        "Tapahtuma on peruttu",
        "Evenemanget är inställt",
    ),
}


@pytest.mark.parametrize(("number", "language"), list(enumerate(["en", "fi", "sv"])))
def test_every_letter_is_in_the_persons_language_and_tells_nothing_in_its_subject(
    session, clock, settings, number, language
):
    settings.KEEP_SENT_LETTERS = True

    sent = everything_that_can_be_told(session, clock, language)

    assert {row.kind: row.subject for row in sent} == {
        kind: subjects[number] for kind, subjects in SUBJECTS.items()
    }
    for row in sent:
        assert row.text
        assert row.html
        assert "Salainen" not in row.subject + row.calendar


def test_a_place_comes_with_a_calendar_part_that_tells_neither_person_nor_topic(session):
    registration = registrations.register(new(session, name="Aino Salainen"))

    calendar = Calendar.from_ical(letter("registration_made").calendar)

    assert calendar["METHOD"] == "REQUEST"
    assert str(event(calendar)["SUMMARY"]) == "Group guidance"
    assert str(event(calendar)["LOCATION"]) == "Kirjasto, Nokia"
    assert event(calendar)["UID"] == f"registration-{registration.pk}@127.0.0.1"
    assert event(calendar).start.astimezone(UTC) == datetime(2026, 12, 3, 15, tzinfo=UTC)


def test_e13_the_calendar_follows_a_move_and_a_cancellation(session):
    """E13: the same event, a higher number each time, and in the end it is taken away."""
    registration = registrations.register(new(session))
    GroupSession.objects.update(starts_at=local(MONDAY + timedelta(days=9), 17))
    registrations.tell_of_move(session)
    registrations.cancel_session(session)

    kinds = ("registration_made", "registration_moved", "registration_session_cancelled")
    parts = [Calendar.from_ical(text) for text in _calendars(registration, kinds)]

    assert [part["METHOD"] for part in parts] == ["CANCEL"]
    current = Calendar.from_ical(calendar_file(Registration.objects.for_listing().get()))
    assert event(current)["UID"] == event(parts[0])["UID"]
    assert event(current)["SEQUENCE"] == event(parts[0])["SEQUENCE"] == 2
    assert event(current)["STATUS"] == "CANCELLED"


def test_who_only_waited_has_nothing_in_the_calendar(session):
    registrations.register(new(session))
    waiting = registrations.register(new(session), waits=True)
    registrations.cancel(waiting, by=PERSON)

    assert letter("registration_cancelled").calendar == ""
    assert "You left the waiting list" in letter("registration_cancelled").text


def test_e4_no_reminder_when_its_moment_has_passed(clock, session):
    """E4, E2."""
    clock.move_to(session.starts_at - timedelta(hours=3))

    registrations.register(new(session))

    assert list(Letter.objects.values_list("kind", flat=True)) == ["registration_made"]


def test_e10_nobody_is_forgotten_who_has_no_address(session):
    """E10: somebody without an e-mail address gets no letter, and the others get theirs."""
    registrations.register(new(session))
    GroupSession.objects.update(capacity=None)
    wait(session, email="", phone="040 123 4567"), wait(session, email="b@example.fi")

    registrations.settle_all()

    assert letter("registration_offered").recipient == "b@example.fi"
    assert not Registration.objects.waiting().exists()


def _calendars(registration, kinds):
    """The calendar parts that have not been taken back, as each newer letter does with those that wait."""
    rows = Letter.objects.about(registration).filter(kind__in=kinds).exclude(calendar="").order_by("pk")
    return rows.values_list("calendar", flat=True)
