"""What three calendar programs make of the portal's calendars, on both sides of a change of the clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.utils import timezone

from guidance.booking import actions, ics, registration_calendar, registrations, series
from guidance.booking.models import Appointment, GroupSession, Registration
from guidance.booking.slots import Timetable, Way
from opinovi.fields import last_change
from opinovi.ics import sequence
from opinovi.mail import email_of
from opinovi.models import Letter
from tests.booking.registering import PERSON, new
from tests.calendar_readers import Meeting, Reader, by_icalendar, by_vobject, ical_js
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AreaFactory,
    AvailabilityFactory,
    CalendarFeedFactory,
    ChannelFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    RouteStopFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)  # Sundays on which the clock is changed
AWKWARD = "Tori; pohjoinen, kulma \\ ”ääni” " + "ä" * 40 + " 🚌" * 10
HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def _before_both_changes() -> Iterator[None]:
    with time_machine.travel(local(date(2026, 10, 1), 8), tick=False):
        yield


@pytest.fixture(scope="module")
def readers() -> Iterator[dict[str, Reader]]:
    with ical_js() as by_ical_js:
        yield {"icalendar": by_icalendar, "vobject": by_vobject, "ical.js": by_ical_js}


@pytest.fixture
def assert_read(readers):
    """Every program reads the same meetings in a file."""

    def check(text, meetings):
        assert {name: read(text) for name, read in readers.items()} == dict.fromkeys(readers, meetings)

    return check


def around(sunday: date) -> list[tuple[datetime, datetime]]:
    """When meetings begin and end: the day before a change of the clock, around it, and the days after it.

    In autumn the second begins at three, the third ends at half past three where the fourth begins.
    """
    change = change_on(sunday)
    at_night = [(-120, -60), (-60, -30), (-30, 30), (30, 60), (60, 120)]  # minutes
    days = [local(sunday - timedelta(days=1), 10), local(sunday, 10), local(sunday + timedelta(days=1), 10)]
    by_day = [(starts_at, starts_at + timedelta(hours=1)) for starts_at in days]
    return sorted(
        [(change + timedelta(minutes=begin), change + timedelta(minutes=end)) for begin, end in at_night]
        + by_day
    )


def change_on(sunday: date) -> datetime:
    return datetime(sunday.year, sunday.month, sunday.day, 1, tzinfo=UTC)  # Directive 2000/84/EC


def wall(starts_at, ends_at):
    """How a file says when a meeting begins: by the clock, in UTC where the clock shows a time twice."""
    for moment in map(timezone.localtime, (starts_at, ends_at)):
        if moment.date() == AUTUMN and moment.hour == 3:
            return None
    return f"{timezone.localtime(starts_at):%Y-%m-%dT%H:%M:%S}"


def meeting(uid, starts_at, ends_at, **told):
    known = {"method": None, "sequence": 0, "status": "CONFIRMED", "location": None, "description": None}
    times = {"wall": wall(starts_at, ends_at), "starts_at": starts_at, "ends_at": ends_at}
    return Meeting(**{**known, "uid": f"{uid}@{HOST}", **times, **told})


def of_appointment(appointment, **told):
    words = {"method": "REQUEST", "summary": "Guidance appointment", "location": "By phone"}
    times = appointment.starts_at, appointment.ends_at
    known = {"sequence": appointment.sequence, **words}
    return meeting(f"appointment-{appointment.pk}", *times, **{**known, **told})


def of_registration(registration, **told):
    session = registration.session
    words = {"method": "REQUEST", "summary": "Group guidance", "location": "Kirjasto, Nokia"}
    known = {"sequence": registration.sequence, **words}
    return meeting(f"registration-{registration.pk}", session.starts_at, session.ends_at, **{**known, **told})


def newest_calendar(about) -> str:
    """The calendar part of the newest letter, as a mail server gets it."""
    letter = Letter.objects.about(about).exclude(calendar="").latest("pk")
    message = message_from_bytes(email_of(letter).message().as_bytes(linesep="\r\n"))
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    text = part.get_payload(decode=True).decode()
    assert f"METHOD:{part.get_param('method')}\r\n" in text
    return text


@pytest.mark.parametrize("sunday", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_appointments_have_their_time_around_a_change_of_the_clock(assert_read, sunday):
    service, channel = GuidanceServiceFactory(), ChannelFactory()
    given = {"guidance_service": service, "channel": channel}
    counsellor = AffiliationFactory(organisation=service.organisation).user

    whole_night = (change_on(sunday) - timedelta(hours=3), change_on(sunday) + timedelta(hours=3))
    for starts_at, ends_at in [*around(sunday), whole_night]:
        booked = AppointmentFactory(**given, counsellor=counsellor, starts_at=starts_at, ends_at=ends_at)
        assert_read(ics.calendar_file(booked), [of_appointment(booked, method="PUBLISH")])
        assert_read(ics.calendar_part(booked), [of_appointment(booked)])
        booked.delete()


def test_every_letter_of_an_appointment_changes_the_same_meeting(assert_read):
    """Booked by the portal itself at 3 on the night on which that hour comes twice."""
    service, channel = GuidanceServiceFactory(), ChannelFactory()
    counsellor = AffiliationFactory(organisation=service.organisation).user
    three = local(AUTUMN, 3).astimezone(UTC)  # the first of the two
    nine = local(AUTUMN + timedelta(days=1), 9)
    for day, hour in ((AUTUMN, 3), (nine.date(), 9)):
        AvailabilityFactory(
            service=service, counsellor=counsellor, on=day, starts_at=time(hour), ends_at=time(hour + 2)
        )
    person = {"name": "Aino Esimerkki", "email": "aino@example.fi", "language": "en"}
    asked = Appointment(guidance_service=service, channel=channel, **person)

    def free(starts_at, **kwargs):
        return Timetable([service], **kwargs).at(service, Way(channel.pk), starts_at)

    booked = actions.book(asked, slot=free(three))
    assert_read(newest_calendar(booked), [of_appointment(booked)])
    moved = actions.move(booked, slot=free(nine, ignoring=booked))
    assert_read(newest_calendar(booked), [of_appointment(moved)])
    cancelled = actions.cancel(moved, by=Appointment.Canceller.PERSON)
    taken_out = of_appointment(cancelled, method="CANCEL", status="CANCELLED")
    assert_read(newest_calendar(booked), [taken_out])
    assert_read(ics.calendar_file(cancelled), [taken_out])
    standing = actions.reinstate(cancelled)
    assert_read(newest_calendar(booked), [of_appointment(standing)])

    assert [row.sequence for row in (booked, moved, cancelled, standing)] == [0, 1, 2, 3]
    assert [row.starts_at for row in (booked, standing)] == [three, nine]


def test_requests_are_in_no_calendar_before_they_are_confirmed(assert_read):
    asked = AppointmentFactory(confirmed_at=None, starts_at=local(date(2026, 10, 5), 10))
    assert_read(ics.calendar_file(asked), [of_appointment(asked, method="PUBLISH", status="TENTATIVE")])

    actions.cancel(asked, by=Appointment.Canceller.COUNSELLOR)

    assert [row.calendar for row in Letter.objects.about(asked)] == [""]


def test_every_letter_of_a_registration_changes_the_same_meeting(assert_read):
    session = GroupSessionFactory(
        has_registration=True,
        starts_at=local(AUTUMN, 9),
        municipality__name_fi="Nokia",
        kind="group",
    )
    made = registrations.register(new(session))
    assert_read(newest_calendar(made), [of_registration(made)])
    assert_read(registration_calendar.calendar_file(made), [of_registration(made, method="PUBLISH")])

    session.starts_at, session.ends_at = local(SPRING, 2, 30), local(SPRING, 4, 30)
    session.save()
    registrations.tell_of_move(session)
    moved = Registration.objects.get()
    assert_read(newest_calendar(made), [of_registration(moved)])
    cancelled = registrations.cancel(moved, by=PERSON)
    taken_out = of_registration(cancelled, method="CANCEL", status="CANCELLED")
    assert_read(newest_calendar(made), [taken_out])
    assert_read(registration_calendar.calendar_file(cancelled), [taken_out])

    assert [row.sequence for row in (made, moved, cancelled)] == [0, 1, 2]


@pytest.mark.parametrize("sunday", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_series_of_events_keeps_its_hour_across_a_change_of_the_clock(browser, assert_read, sunday):
    first = GroupSessionFactory(
        name_fi=AWKWARD,
        place_fi="Sali 1, 2; kellari",
        municipality__name_fi="Nokia",
        summary_fi="Ensin tämä; sitten, tuo.\nJa \\ lopuksi",
        registration_note_fi="Ilmoittaudu",
        online_link="https://www.example.fi/huone?a=1;b=2,3",
        starts_at=local(sunday - timedelta(days=10), 17),
    )
    series.repeat(first, every=1, times=2, skips=False)
    GroupSession.objects.filter(starts_at__date=sunday + timedelta(days=4)).update(
        cancelled_at=timezone.now()
    )

    text = browser.get("/en/events.ics").content.decode()

    meetings = list(GroupSession.objects.order_by("starts_at"))
    assert [f"{timezone.localtime(row.starts_at):%H.%M}" for row in meetings] == ["17.00"] * 3
    assert len({row.starts_at.hour for row in meetings}) == 2
    assert_read(
        text,
        [
            meeting(
                f"event-{row.pk}",
                row.starts_at,
                row.ends_at,
                sequence=sequence(last_change(row)),
                status="CANCELLED" if row.is_cancelled else "CONFIRMED",
                summary=AWKWARD,
                location="Sali 1, 2; kellari, Nokia",
                description="Ensin tämä; sitten, tuo.\nJa \\ lopuksi\nIlmoittaudu\n"
                "https://www.example.fi/huone?a=1;b=2,3",
            )
            for row in meetings
        ],
    )


def test_stops_of_the_bus_have_their_time_around_both_changes_of_the_clock(browser, assert_read):
    bus = ServicePointFactory(kind="mobile", name_fi="Bussi; iso, sininen", slug="bussi")
    nokia = AreaFactory(name_fi="Nokia", slug="nokia")
    stops = [
        RouteStopFactory(
            service_point=bus,
            municipality=nokia,
            place=AWKWARD,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for sunday in (AUTUMN, SPRING)
        for starts_at, ends_at in around(sunday)
    ]

    for address in ("service-points", "service-points/bussi", "areas/nokia"):
        assert_read(
            browser.get(f"/en/{address}/stops.ics").content.decode(),
            [
                meeting(
                    f"stop-{stop.pk}",
                    stop.starts_at,
                    stop.ends_at,
                    sequence=sequence(last_change(stop)),
                    summary=f"Bussi; iso, sininen: {AWKWARD}, Nokia",
                    location=f"{AWKWARD}, Nokia",
                )
                for stop in stops
            ],
        )


def test_counsellors_calendar_has_its_times_around_both_changes_of_the_clock(browser, assert_read):
    feed = CalendarFeedFactory()
    organisation = feed.counsellor.affiliations.get().organisation
    service = GuidanceServiceFactory(organisation=organisation)
    booked = [
        AppointmentFactory(
            guidance_service=service,
            counsellor=feed.counsellor,
            name="Aino Esimerkki",
            starts_at=starts_at,
            ends_at=ends_at,
            confirmed_at=None if number else timezone.now(),
        )
        for number, (starts_at, ends_at) in enumerate([*around(AUTUMN), *around(SPRING)])
    ]

    text = browser.get(f"/en/calendars/{feed.key}/opinovi.ics").content.decode()

    assert_read(
        text,
        [
            of_appointment(
                row,
                method=None,
                summary="A. E.",
                location="By phone",
                status="TENTATIVE" if row.is_requested else "CONFIRMED",
            )
            for row in booked
        ],
    )
