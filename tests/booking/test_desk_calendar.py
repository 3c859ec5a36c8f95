"""The counsellor's calendar on the page and in a calendar program, and what is booked from it."""

import re
import uuid
from datetime import UTC, date, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar as ICalendar
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions
from guidance.booking.models import Absence, Appointment, CalendarFeed
from guidance.booking.week import Calendar
from opinovi.models import AccessEvent, Letter
from tests.factories import (
    AbsenceFactory,
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    CalendarFeedFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
WEEK, DAY = "/en/desk/calendar/", "/en/desk/calendar/day/"
BOOK, WALK_IN = "/en/desk/appointments/add/", "/en/desk/appointments/walk-in/"
FEED = "/en/desk/calendar/feed/"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service(counsellor):
    organisation = counsellor.affiliations.get().organisation
    return GuidanceServiceFactory(organisation=organisation, channels=[ChannelFactory()])


@pytest.fixture
def booked(counsellor, service):
    def book(starts_at, **kwargs):
        given = {"guidance_service": service, "counsellor": counsellor} | kwargs
        return AppointmentFactory(starts_at=starts_at, **given)

    return book


def client(service, **changes):
    """What the form of a booking takes: Aino by phone tomorrow at 10."""
    return {
        "on": "2026-11-24",
        "at": "10:00",
        "guidance_service": service.pk,
        "channel": ChannelFactory().pk,
        "name": "Aino Esimerkki",
        "email": "aino@example.fi",
        "phone": "040 123 4567",
        "spoken_language": "fi",
        "language": "sv",
        "letters": "all",
        "nonce": uuid.uuid4(),
    } | changes


def test_calendar_week_shows_own_meetings_by_initials(browser, counsellor, booked):
    meeting = booked(local(TUESDAY, 10), name="Aino Esimerkki")
    booked(local(TUESDAY, 13), name="Cecilia Cancelled", cancelled_at=local(MONDAY, 7), cancelled_by="person")
    AppointmentFactory(guidance_service=meeting.guidance_service, name="Olli Outsider")

    response = browser.get(WEEK)

    assertContains(response, "Week 48")
    assert re.findall(r"<strong>([A-Z]\. [A-Z]\.)</strong>", response.content.decode()) == ["A. E."]
    assertNotContains(response, "Aino")
    event = AccessEvent.objects.about(meeting).get()
    assert (event.user, event.page) == (counsellor, "booking:desk:calendar_week")


def test_calendar_day_shows_what_is_needed_to_meet(browser, booked):
    booked(local(TUESDAY, 10), name="Aino Maria Esimerkki", confirmed_at=None)

    response = browser.get(DAY, {"on": "2026-11-24"})

    assertContains(response, "<h1>Tuesday 24 November</h1>", html=True)
    assertContains(response, "Aino E.")
    assertContains(response, "request")


def test_calendar_links_free_hours_to_booking_and_blocking(browser, counsellor, service, booked):
    AvailabilityFactory(
        counsellor=counsellor, service=service, on=TUESDAY, starts_at=time(10, 30), ends_at=time(12)
    )
    booked(local(TUESDAY, 9))

    free = {hour.hour: hour.at for hour in Calendar(counsellor, TUESDAY, 1).days[0].hours}
    response = browser.get(DAY, {"on": "2026-11-24"})

    assert (free[8], free[9], free[10], free[11]) == ("08:00", "09:45", "10:30", "11:00")
    assertContains(response, "/en/desk/appointments/add/?on=2026-11-24&amp;at=10:30")
    assertContains(response, "/en/desk/absences/add/?on=2026-11-24&amp;at=10:30")
    assertContains(response, '<p>Offered: <span class="nowrap">10:30–12:00</span></p>', html=True)


def test_calendar_offers_nothing_that_is_over_or_in_an_absence(counsellor):
    AbsenceFactory(
        counsellor=counsellor, starts_at=local(MONDAY, 12), ends_at=local(MONDAY, 14), note="Dentist"
    )

    hours = Calendar(counsellor, MONDAY, 1).days[0].hours

    assert {hour.hour for hour in hours if not hour.free_from} == {12, 13}
    assert hours[0].at == "08:15"


@pytest.mark.parametrize(
    ("sunday", "missing", "hours"),
    [(date(2027, 3, 28), [3], ["02.30", "04.30"]), (date(2026, 10, 25), [], ["03.30", "03.30"])],
)
def test_calendar_is_right_on_the_sundays_when_the_clock_changes(
    counsellor, service, booked, sunday, missing, hours
):
    """An hour apart by time itself: one is missing on the wall in spring, one comes twice in autumn."""
    with time_machine.travel(local(date(2026, 10, 1), 8), tick=False):
        first = (local(sunday, 2, 30) if missing else local(sunday, 3, 30)).astimezone(UTC)
        booked(first)
        booked(first + timedelta(hours=1))
        AvailabilityFactory(counsellor=counsellor, service=service, on=sunday)

        day = Calendar(counsellor, sunday, 1).days[0]

        assert [hour.hour for hour in day.hours if not hour.exists] == missing
        assert walls(day) == hours
        assert [(since, until) for since, until in day.offered] == [(local(sunday, 9), local(sunday, 12))]


def walls(day):
    """When the meetings of a day begin, as the wall shows it."""
    meetings = [row for hour in day.hours for row in hour.meetings]
    return [f"{timezone.localtime(row.starts_at):%H.%M}" for row in meetings]


def test_b10_in_a_long_absence_every_day_is_closed(browser, counsellor, service):
    AvailabilityFactory(counsellor=counsellor, service=service, on=None, weekday=3)
    AbsenceFactory(counsellor=counsellor, starts_at=local(MONDAY, 12), ends_at=local(date(2026, 11, 27), 0))

    days = Calendar(counsellor, MONDAY, 7).days
    shown = browser.get(f"/en/guidance/{service.slug}/times/?channel=phone&week=2026-11-23")

    assert [day.is_away_all_day for day in days] == [False, True, True, True, False, False, False]
    assertNotContains(shown, "Wednesday 25 November")


@pytest.mark.parametrize("count", [1, 4])
def test_calendar_week_costs_the_same_whatever_stands_in_it(
    browser, counsellor, service, booked, count, django_assert_num_queries
):
    for number in range(count):
        booked(local(TUESDAY, 9 + number))
        AbsenceFactory(counsellor=counsellor, starts_at=local(date(2026, 11, 26), number))
        AvailabilityFactory(counsellor=counsellor, service=service, on=TUESDAY)
    browser.get(WEEK)

    with django_assert_num_queries(11):
        browser.get(WEEK)


@pytest.mark.parametrize("on", ["x", "0019-01-01", "9999-12-31", ""])
def test_calendar_takes_any_day_for_an_answer(browser, counsellor, on):
    assert browser.get(WEEK, {"on": on}).status_code == 200
    assert browser.get(DAY, {"on": on}).status_code == 200


def test_appointment_add_books_for_a_client_at_any_time_once_warned(browser, counsellor, service):
    form = client(service)

    warned = browser.post(BOOK, form)
    nothing_yet = Appointment.objects.count()
    done = browser.post(BOOK, form | {"has_seen_warnings": "on"})
    again = browser.post(BOOK, form | {"has_seen_warnings": "on"})

    assertContains(warned, "not among the offered ones")
    assertContains(warned, 'value="Aino Esimerkki"')
    assert nothing_yet == 0
    appointment = Appointment.objects.get()
    assert (appointment.booker, appointment.booked_by, appointment.counsellor) == (
        "counsellor",
        counsellor,
        counsellor,
    )
    for response in (done, again):
        assertRedirects(response, f"/en/desk/appointments/{appointment.pk}/", fetch_redirect_response=False)
    letter = Letter.objects.get(kind="appointment_booked")
    assert (letter.language, letter.recipient) == ("sv", "aino@example.fi")


@pytest.mark.parametrize("booking", ["counsellor", "invited"])
def test_appointment_add_books_services_that_nobody_books_alone_without_limits(browser, service, booking):
    service.booking, service.most_open, service.needs_confirmation = booking, 1, True
    service.save()
    browser.post(BOOK, client(service, has_seen_warnings="on"))

    browser.post(BOOK, client(service, on="2026-11-25", has_seen_warnings="on"))

    assert Appointment.objects.filter(confirmed_at__isnull=False).count() == 2


def test_appointment_add_asks_before_the_person_is_in_two_places(browser, counsellor, service):
    AvailabilityFactory(counsellor=counsellor, service=service, on=TUESDAY)
    other = AppointmentFactory(name="Aino Esimerkki", email="aino@example.fi", starts_at=local(TUESDAY, 9))
    form = client(service, at="09:00")

    asked = browser.post(BOOK, form)
    browser.post(BOOK, form | {"has_seen_warnings": "on"})

    assertContains(asked, f"The person has another meeting at that time, with {other.counsellor.name}.")
    assert Appointment.objects.filter(counsellor=counsellor).count() == 1


def test_appointment_add_is_refused_when_the_time_is_taken(browser, service, booked):
    booked(local(TUESDAY, 10, 15), name="Rauha Rivaali")

    response = browser.post(BOOK, client(service, has_seen_warnings="on"))

    assertContains(response, "You have something else then.")
    assertContains(response, "Rauha Rivaali")
    assertContains(response, 'value="Aino Esimerkki"')
    assert Appointment.objects.count() == 1


def test_appointment_add_says_what_is_in_the_way_before_it_asks_about_anything_else(browser, service, booked):
    booked(local(TUESDAY, 10, 15))

    response = browser.post(BOOK, client(service))

    assertContains(response, "You have something else then.")
    assertNotContains(response, "Are you sure?")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"at": "07:00", "on": "2026-11-23"}, "This time has passed already."),
        ({"on": "9999-11-23"}, "Check the year."),
        ({"phone": ""}, "Write the number that you call."),
        ({"name": ""}, "This field is required."),
        ({"guidance_service": ""}, "This field is required."),
        ({"channel": "0"}, "Select a valid choice."),
    ],
)
def test_appointment_add_says_what_is_wrong(browser, service, changes, error):
    response = browser.post(BOOK, client(service, **changes))

    assertContains(response, error)
    assert Appointment.objects.count() == 0


def test_appointment_walk_in_is_seen_at_once_and_nobody_is_told(browser, counsellor, service):
    ChannelFactory(on_site=True)
    form = client(service, minutes_ago="30", email="", phone="040 123 4567")

    response = browser.post(WALK_IN, form)

    appointment = Appointment.objects.get()
    assertRedirects(response, f"/en/desk/appointments/{appointment.pk}/")
    assert appointment.starts_at == local(MONDAY, 7, 30)
    assert (appointment.attendance, appointment.letters) == ("seen", "none")
    assert Letter.objects.count() == 0


def test_appointment_walk_in_needs_no_way_to_reach_the_person(browser, service):
    on_site = ChannelFactory(code="here", needs_phone=False)
    service.channels.add(on_site)

    browser.post(WALK_IN, client(service, minutes_ago="0", email="", phone="", channel=on_site.pk))

    assert Appointment.objects.get().name == "Aino Esimerkki"


def test_appointment_walk_in_is_refused_on_top_of_a_meeting(browser, service, booked):
    booked(local(MONDAY, 7, 45))

    response = browser.post(WALK_IN, client(service, minutes_ago="0"))

    assertContains(response, "You have something else then.")
    assert Appointment.objects.count() == 1


def test_absence_add_begins_with_the_hour_of_the_calendar(browser, counsellor):
    response = browser.get("/en/desk/absences/add/?on=2026-11-24&at=10:15")

    for value in ("2026-11-24", "10:15"):
        assertContains(response, f'value="{value}"')


def test_feed_is_made_renewed_and_stopped(browser, counsellor):
    browser.post(f"{FEED}renew/")
    first = CalendarFeed.objects.get()
    shown = browser.get(FEED)
    browser.post(f"{FEED}renew/")
    second = CalendarFeed.objects.get()

    assertContains(shown, f"/en/calendars/{first.key}/opinovi.ics")
    assert shown["Cache-Control"] == "private, no-store"
    assert browser.get(f"/en/calendars/{first.key}/opinovi.ics").status_code == 404
    assert browser.get(f"/en/calendars/{second.key}/opinovi.ics").status_code == 200
    browser.post(f"{FEED}stop/")
    assert browser.get(f"/en/calendars/{second.key}/opinovi.ics").status_code == 404


def test_e14_the_feed_tells_neither_names_nor_topics(browser, counsellor, booked):
    feed = CalendarFeedFactory(counsellor=counsellor)
    empty = ICalendar.from_ical(read(browser, feed))
    meeting = booked(local(TUESDAY, 10), name="Aino Esimerkki", wish="Debts")
    cancelled = booked(local(TUESDAY, 12))
    actions.cancel(cancelled, by=Appointment.Canceller.PERSON)

    text = read(browser, feed)

    calendar = ICalendar.from_ical(text)
    assert [part.name for part in empty.walk()][:2] == ["VCALENDAR", "VTIMEZONE"]
    assert empty.events == []
    assert [(str(event["SUMMARY"]), str(event["UID"])) for event in calendar.events] == [
        ("A. E.", f"appointment-{meeting.pk}@127.0.0.1")
    ]
    assert calendar.events[0]["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert calendar.events[0].start == local(TUESDAY, 10)
    for word in ("Aino", "Debts", "X-WR-CALNAME", "DESCRIPTION"):
        assert word not in text


def test_feed_ends_with_the_role_and_with_the_account(browser, counsellor, booked):
    feed = CalendarFeedFactory(counsellor=counsellor)
    booked(local(TUESDAY, 10))
    counsellor.affiliations.update(until=date(2026, 11, 22))

    without_role = read(browser, feed)
    counsellor.is_active = False
    counsellor.save()

    assert "VEVENT" not in without_role
    assert browser.get(address(feed)).status_code == 404


def read(browser, feed):
    return browser.get(address(feed)).content.decode()


def address(feed):
    return f"/en/calendars/{feed.key}/opinovi.ics"


def test_absences_of_others_do_not_stand_in_the_calendar(counsellor):
    AbsenceFactory(counsellor=AffiliationFactory().user)

    assert Absence.objects.count() == 1
    assert Calendar(counsellor, TUESDAY, 1).days[0].away == []
