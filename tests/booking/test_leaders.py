"""Who leads a group session: it stands in their calendar, and nobody can book them meanwhile."""

from datetime import date, time, timedelta

import pytest
import time_machine
from icalendar import Calendar as ICalendar
from pytest_django.asserts import assertContains, assertNotContains

from guidance.booking import series
from guidance.booking.models import Absence, Appointment, GroupSession
from guidance.booking.week import Calendar
from tests.booking.test_desk import ADD_ABSENCE, away
from tests.booking.test_desk_calendar import BOOK, DAY, FEED, WEEK, client
from tests.booking.test_group_sessions import OFFICE, filled
from tests.booking.test_public import slots_on
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    CalendarFeedFactory,
    ChannelFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def organisation(counsellor):
    return counsellor.affiliations.get().organisation


@pytest.fixture
def service(organisation):
    return GuidanceServiceFactory(organisation=organisation, channels=[ChannelFactory()], duration_minutes=60)


@pytest.fixture
def held(organisation):
    """An event on Thursday from 10 to 11.30, at the organisation of the counsellor who is signed in."""

    def hold(*leaders, **kwargs):
        given = {"organisation": organisation, "starts_at": local(THURSDAY, 10)} | kwargs
        session = GroupSessionFactory(**given)
        session.leaders.set(leaders)
        return session

    return hold


def coordinator_of(organisation):
    return AffiliationFactory(organisation=organisation, role="coordinator").user


# The calendar


def test_calendar_shows_what_one_leads_and_what_nobody_leads(browser, counsellor, organisation, held):
    colleague = AffiliationFactory(organisation=organisation).user
    led = held(counsellor, colleague, name_en="CV evening", slug="cv", has_registration=True)
    unled = held(name_en="Open doors", slug="doors")
    held(colleague, name_en="The colleague's")
    held(counsellor, name_en="Cancelled", cancelled_at=local(MONDAY, 7))
    GroupSessionFactory(starts_at=local(THURSDAY, 10), name_en="Elsewhere")

    calendar = Calendar(counsellor, THURSDAY, 1)
    pages = [browser.get(WEEK), browser.get(DAY, {"on": "2026-11-26"})]

    assert [(row, row.is_led) for row in calendar.sessions] == [(led, True), (unled, False)]
    for page in pages:
        assertContains(page, 'href="/en/desk/events/cv/participants/"')
        assertContains(page, 'href="/en/events/doors/"')
        assertContains(page, "nobody is named as its leader", 1)
        for name in ("The colleague", "Cancelled", "Elsewhere"):
            assertNotContains(page, name)


def test_calendar_offers_no_time_while_one_leads(counsellor, held):
    held(counsellor)
    held(starts_at=local(THURSDAY, 14))

    free = {hour.hour: hour.at for hour in Calendar(counsellor, THURSDAY, 1).days[0].hours}

    assert (free[9], free[10], free[11], free[14]) == ("09:00", "", "11:30", "14:00")


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_week_costs_the_same_for_any_number_of_sessions(
    browser, counsellor, held, count, django_assert_num_queries
):
    for _number in range(count):
        held(counsellor)
        held()
    browser.get(WEEK)

    with django_assert_num_queries(10):
        browser.get(WEEK)


def test_my_day_shows_what_one_leads_today(browser, counsellor, held):
    held(counsellor, starts_at=local(MONDAY, 17), name_en="CV evening")
    held(counsellor, name_en="On another day")

    page = browser.get("/en/desk/")

    assertContains(page, "CV evening")
    assertNotContains(page, "On another day")


def test_feed_has_the_public_events_one_leads(browser, counsellor, held):
    held(counsellor, name_en="CV evening")
    held(counsellor, name_en="Draft", published_at=None)
    held(name_en="Of nobody")
    feed = CalendarFeedFactory(counsellor=counsellor)

    file = browser.get(f"/en/calendars/{feed.key}/opinovi.ics").content.decode()

    events = ICalendar.from_ical(file).events
    assert [(str(event["SUMMARY"]), event.start) for event in events] == [("CV evening", local(THURSDAY, 10))]
    assertContains(browser.get(FEED), "It also shows the events you lead.")


# Times


def test_leader_cannot_be_booked_while_the_event_goes_on(browser, counsellor, service, held):
    AvailabilityFactory(
        service=service, counsellor=counsellor, on=THURSDAY, starts_at=time(9), ends_at=time(13)
    )
    times = f"/en/guidance/{service.slug}/times/?channel=phone&week=2026-11-23"
    before = slots_on(browser.get(times))
    session = held(counsellor)

    during = slots_on(browser.get(times))
    session.cancelled_at = local(MONDAY, 8)
    session.save()

    assert before == [f"2026-11-26T{hour:02}:00" for hour in (9, 10, 11, 12)]
    assert during == ["2026-11-26T09:00", "2026-11-26T12:00"]
    assert slots_on(browser.get(times)) == before


def test_appointment_add_warns_of_an_event_that_one_leads(browser, counsellor, service, held):
    held(counsellor, name_en="CV evening")
    form = client(service, on="2026-11-26", at="10:30")

    warned = browser.post(BOOK, form)
    browser.post(BOOK, form | {"has_seen_warnings": "on"})

    assertContains(warned, "The counsellor leads an event then: CV evening.")
    assert Appointment.objects.count() == 1


def test_b11_absence_warns_of_an_event_that_one_leads(browser, counsellor, held):
    """B11: the event stays and says so; nothing is saved before one has seen it."""
    held(counsellor, name_en="CV evening")
    held(counsellor, name_en="After it", starts_at=local(THURSDAY + timedelta(days=7), 10))
    held(name_en="Of nobody")

    warned = browser.post(ADD_ABSENCE, away())
    nothing_yet = Absence.objects.count()
    browser.post(ADD_ABSENCE, away(has_seen_clashes="on"))

    assertContains(warned, "You lead 1 event in this absence")
    assertContains(warned, "CV evening")
    for name in ("After it", "Of nobody", "meeting lies in this absence"):
        assertNotContains(warned, name)
    assert (nothing_yet, Absence.objects.count()) == (0, 1)


# The office


def test_group_session_edit_names_its_leaders(browser, counsellor, organisation, held):
    session = held(slug="evening", name_fi="Ilta")
    AppointmentFactory(counsellor=counsellor, starts_at=local(THURSDAY, 11))
    browser.force_login(coordinator_of(organisation))
    form = filled(organisation, starts_at="2026-11-26T10:00", ends_at="2026-11-26T11:30")

    asked = browser.post(f"{OFFICE}evening/", form | {"leaders": [counsellor.pk]})
    before = list(session.leaders.all())
    browser.post(f"{OFFICE}evening/", form | {"leaders": [counsellor.pk], "is_told": "on"})

    assertContains(asked, f"At that time there are meetings with {counsellor.name}.")
    assertContains(asked, 'name="is_told" value="on"')
    assert before == []
    assert list(session.leaders.all()) == [counsellor]


def test_group_session_edit_asks_no_more_about_leaders_when_something_else_changes(
    browser, counsellor, organisation, held
):
    session = held(counsellor, slug="evening", name_fi="Ilta", ends_at=local(THURSDAY, 11, 30))
    AppointmentFactory(counsellor=counsellor, starts_at=local(THURSDAY, 11))
    browser.force_login(coordinator_of(organisation))
    form = filled(organisation, starts_at="2026-11-26T10:00", ends_at="2026-11-26T11:30")

    saved = browser.post(f"{OFFICE}evening/", form | {"leaders": [counsellor.pk], "name_fi": "Aamu"})

    assert saved.status_code == 302
    session.refresh_from_db()
    assert session.name_fi == "Aamu"


def test_group_session_add_takes_leaders(browser, counsellor, organisation):
    browser.force_login(coordinator_of(organisation))

    browser.post(f"{OFFICE}add/", filled(organisation) | {"leaders": [counsellor.pk]})

    assert list(GroupSession.objects.get().leaders.all()) == [counsellor]


def test_group_session_add_asks_about_busy_leaders(browser, counsellor, organisation):
    AppointmentFactory(counsellor=counsellor, starts_at=local(THURSDAY, 11))
    browser.force_login(coordinator_of(organisation))
    form = filled(organisation, starts_at="2026-11-26T10:00", ends_at="2026-11-26T11:30")

    asked = browser.post(f"{OFFICE}add/", form | {"leaders": [counsellor.pk]})

    assertContains(asked, f"At that time there are meetings with {counsellor.name}.")
    assert not GroupSession.objects.exists()


def test_group_session_edit_takes_counsellors_of_its_organisation_alone(browser, organisation, held):
    session = held(slug="evening")
    elsewhere = AffiliationFactory(user__name="Elli Elsewhere")
    coordinator = coordinator_of(organisation)
    AffiliationFactory(organisation=elsewhere.organisation, role="coordinator", user=coordinator)
    browser.force_login(coordinator)

    response = browser.post(f"{OFFICE}evening/", filled(organisation) | {"leaders": [elsewhere.user.pk]})

    assertContains(response, "Not a counsellor of this organisation: Elli Elsewhere.")
    assert session.leaders.count() == 0


def test_group_session_copy_and_repeat_keep_the_leaders(browser, counsellor, organisation, held):
    session = held(counsellor, slug="evening")
    browser.force_login(coordinator_of(organisation))

    copied = browser.get(f"{OFFICE}evening/copy/").context["form"]
    repeated = series.repeat(session, every=1, times=2, skips=False).written

    assert list(copied.initial["leaders"]) == [counsellor]
    assert [list(meeting.leaders.all()) for meeting in repeated] == [[counsellor], [counsellor]]


def test_group_session_edit_changes_the_leaders_of_later_meetings(browser, counsellor, organisation, held):
    session = held(counsellor, slug="evening")
    series.repeat(session, every=1, times=1, skips=False)
    substitute = AffiliationFactory(organisation=organisation).user
    browser.force_login(coordinator_of(organisation))
    starts_at, ends_at = "2026-11-26T10:00", "2026-11-26T11:30"
    form = filled(organisation, starts_at=starts_at, ends_at=ends_at, municipality=session.municipality_id)

    browser.post(f"{OFFICE}evening/", form | {"leaders": [substitute.pk], "with_later": "on"})

    assert [list(row.leaders.all()) for row in GroupSession.objects.all()] == [[substitute], [substitute]]
