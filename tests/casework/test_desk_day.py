from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from guidance.booking.models import Appointment
from guidance.casework.day import State, day_of
from opinovi.models import AccessEvent
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    ClientFactory,
    GuidanceServiceFactory,
    GuidanceSessionFactory,
    local,
)

pytestmark = pytest.mark.django_db
DAY = "/en/desk/"
TODAY = timezone.localdate()
NOON = local(TODAY, 12)


@pytest.fixture(autouse=True)
def _noon():
    """Whenever the tests run, an hour ago and in an hour is today."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def service(counsellor):
    return GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)


@pytest.fixture
def booked(counsellor, service):
    """Make an appointment with the counsellor, so many minutes from a moment."""

    def book(minutes, moment=None, **kwargs):
        starts_at = (moment or timezone.now()) + timedelta(minutes=minutes)
        kwargs = {"guidance_service": service, "counsellor": counsellor} | kwargs
        return AppointmentFactory(starts_at=starts_at, **kwargs)

    return book


def cancelled():
    return {"cancelled_at": timezone.now(), "cancelled_by": "person"}


def test_day_tells_where_each_meeting_stands(counsellor, booked):
    done, over = booked(-240, NOON), booked(-120, NOON)
    booked(-300, NOON, attendance="excused")
    booked(-180, NOON, attendance="no_show")
    booked(-60, NOON, **cancelled())
    booked(-10, NOON)
    booked(60, NOON)
    booked(120, NOON)
    GuidanceSessionFactory(appointment=done, organisation=done.organisation)

    day = day_of(counsellor, now=NOON)

    assert [meeting.state for meeting in day.today] == [
        State.EXCUSED,
        State.DONE,
        State.MISSED,
        State.UNLOGGED,
        State.CANCELLED,
        State.NOW,
        State.NEXT,
        State.LATER,
    ]
    assert over == day.today[3].appointment


@pytest.mark.parametrize(
    ("minutes", "at_hand"),
    [([-120, -10, 60], 1), ([-120, -60, 60], 1), ([60, 120], 0), ([-24 * 60], 0)],
    ids=["the one that is on", "the last that is over", "the next", "what was left yesterday"],
)
def test_day_has_the_likely_meeting_at_hand(counsellor, booked, minutes, at_hand):
    appointments = [booked(number, NOON) for number in minutes]

    day = day_of(counsellor, now=NOON)

    assert day.at_hand().appointment == appointments[at_hand]


def test_day_ends_at_the_local_midnight(counsellor, booked):
    late = booked(0, local(TODAY, 23, 10))
    early = booked(0, local(TODAY + timedelta(days=1), 0, 15))

    day = day_of(counsellor, now=NOON)

    assert [meeting.appointment for meeting in day.today] == [late]
    assert [(on, [row.appointment for row in rows]) for on, rows in day.coming] == [
        (TODAY + timedelta(days=1), [early])
    ]


def test_day_keeps_earlier_meetings_until_they_are_logged(counsellor, booked):
    older, old = booked(-3000, NOON), booked(-1500, NOON)
    logged = booked(-1700, NOON)
    booked(-1900, NOON, attendance="no_show")
    booked(-2100, NOON, **cancelled())
    GuidanceSessionFactory(appointment=logged, organisation=logged.organisation)

    day = day_of(counsellor, now=NOON)

    assert [meeting.appointment for meeting in day.overdue] == [old, older]


def test_my_day_offers_to_log_what_is_on(browser, booked):
    appointment = booked(-5, needs_interpreter=True, special_needs="Tulen pyörätuolilla.")

    response = browser.get(DAY)

    assertContains(response, appointment.name)
    assertContains(response, "An interpreter is needed")
    assertContains(response, "Tulen pyörätuolilla.")
    assertContains(response, reverse("casework:desk:appointment_log", args=[appointment.pk]))
    assertContains(response, "button--next", count=1)


def test_my_day_says_when_nobody_has_booked(browser, counsellor):
    response = browser.get(DAY)

    assertContains(response, "No appointments today.")
    assertContains(response, f"{TODAY.day} {TODAY:%B}")
    assertNotContains(response, "button--next")


def test_my_day_leaves_out_what_others_have(browser, booked, service):
    colleagues = AppointmentFactory(guidance_service=service, starts_at=timezone.now())
    strangers = AppointmentFactory(starts_at=timezone.now())

    response = browser.get(DAY)

    assertNotContains(response, colleagues.name)
    assertNotContains(response, strangers.name)


def test_my_day_does_not_put_another_counsellors_meeting_at_hand(browser, counsellor):
    other = AppointmentFactory(starts_at=timezone.now())

    response = browser.get(DAY, {"appointment": other.pk})

    assertNotContains(response, other.name)


def test_my_day_points_to_the_client_who_may_have_booked(browser, booked):
    appointment = booked(-5)
    client = ClientFactory(organisation=appointment.organisation, email=appointment.email.upper())
    ClientFactory(email=appointment.email)

    response = browser.get(DAY)

    assertContains(response, reverse("casework:desk:client_detail", args=[client.pk]), count=1)


def test_my_day_is_recorded_once_a_day_for_each_person(browser, counsellor, booked):
    appointment = booked(-5)

    browser.get(DAY)
    browser.get(DAY)

    events = AccessEvent.objects.about(appointment)
    assert [(event.user, event.page) for event in events] == [(counsellor, "casework:desk:my_day")]


@pytest.mark.parametrize("count", [1, 4])
def test_my_day_costs_the_same_for_any_number_of_meetings(
    browser, booked, count, django_assert_max_num_queries
):
    for number in range(count):
        booked(-1500 - 60 * number)
        booked(-20 + 60 * number)
        booked(3000 + 60 * number)
    browser.get(DAY)

    with django_assert_max_num_queries(12):
        browser.get(DAY)


def test_colleague_day_shows_the_organisations_others(browser, booked, service):
    booked(-5, name="Oma Asiakas")
    theirs = AppointmentFactory(guidance_service=service, starts_at=timezone.now() - timedelta(minutes=5))
    strangers = AppointmentFactory(starts_at=timezone.now())

    response = browser.get("/en/desk/colleagues/")

    assertContains(response, theirs.counsellor.name)
    assertContains(response, theirs.name)
    assertNotContains(response, strangers.name)
    assertNotContains(response, "Oma Asiakas")


@pytest.mark.parametrize("attendance", ["no_show", "excused"])
def test_appointment_mark_takes_it_off_the_list_and_can_be_taken_back(
    browser, counsellor, booked, attendance
):
    appointment = booked(-1500)
    mark = reverse("casework:desk:appointment_mark", args=[appointment.pk])

    browser.post(mark, {"attendance": attendance})
    appointment.refresh_from_db()
    marked, overdue = appointment.attendance, day_of(counsellor).overdue
    browser.post(mark, {"attendance": ""})

    assert (marked, overdue) == (attendance, [])
    assert [meeting.appointment for meeting in day_of(counsellor).overdue] == [appointment]


def test_appointment_mark_names_the_person_and_stays_with_them(browser, booked):
    with time_machine.travel(NOON, tick=False):
        marked, later = booked(-120, NOON, name="Aino Esimerkki"), booked(-60, NOON)
        response = browser.post(
            reverse("casework:desk:appointment_mark", args=[marked.pk]),
            {"attendance": "no_show"},
            follow=True,
        )

    assertContains(response, "Noted: Aino E. did not come.")
    assert response.context["meeting"].appointment == marked != later


def test_c11_nobody_is_absent_until_somebody_has_marked_it(browser, counsellor, booked):
    appointment = booked(-1500)

    shown = browser.get("/en/desk/")

    assert appointment.attendance == Appointment.Attendance.UNKNOWN
    assertContains(shown, "not logged yet")
    assertNotContains(shown, "tag--bad")


def test_my_day_shows_requests_that_wait_for_an_answer(browser, counsellor, booked):
    asked = booked(60 * 24 * 3, NOON, confirmed_at=None)
    booked(60, NOON)

    day = day_of(counsellor, now=NOON)

    assert [(meeting.appointment, meeting.state) for meeting in day.requests] == [(asked, State.REQUESTED)]


@pytest.mark.parametrize("of", ["another organisation", "the future"])
def test_appointment_mark_is_404_when_it_cannot_be(browser, counsellor, booked, of):
    appointment = booked(600) if of == "the future" else AppointmentFactory(starts_at=timezone.now())

    response = browser.post(
        reverse("casework:desk:appointment_mark", args=[appointment.pk]), {"attendance": "no_show"}
    )

    assert response.status_code == 404
    appointment.refresh_from_db()
    assert appointment.attendance == Appointment.Attendance.UNKNOWN


def test_keys_tells_of_each_key(browser, counsellor):
    response = browser.get("/en/desk/keys/")

    for key in "n/gd?":
        assertContains(response, f"<kbd>{key}</kbd>")


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
@pytest.mark.parametrize("page", ["", "colleagues/", "keys/", "sessions/", "sessions/add/", "clients/"])
def test_desk_is_closed_to_those_who_do_not_counsel(browser, role, page):
    browser.force_login(AffiliationFactory(role=role).user)

    assert browser.get(DAY + page).status_code == 403
