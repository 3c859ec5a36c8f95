"""Whose an appointment was is forgotten after a while; the figures and the sessions stay."""

from datetime import date, timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from guidance.booking import letters
from guidance.booking.models import Appointment
from guidance.booking.retention import erase_old_appointments
from guidance.casework.models import GuidanceSession
from guidance.reporting.figures import Scope, count
from network.models import Organisation
from opinovi.models import Letter
from tests.factories import (
    AppointmentFactory,
    ClientFactory,
    FundingFactory,
    GuidanceServiceFactory,
    GuidanceSessionFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
TOLD = {
    "name": "Aino Salainen",
    "email": "aino@example.fi",
    "phone": "+358 40 111 1111",
    "visit_address": "Kotikatu 1",
    "video_link": "https://video.example.fi/aino",
    "wish": "My secret wish",
    "special_needs": "Sign language",
    "booker": "close",
    "booker_name": "Maija Läheinen",
}
EMPTY = ("", "", "", "", "", "", "", "", False)


@pytest.fixture
def clock():
    with time_machine.travel(local(MONDAY, 8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(counsellor):
    return GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)


@pytest.fixture
def met(clock, service, counsellor):
    """A meeting about a way to finance studies, logged for a client."""
    appointment = AppointmentFactory(
        guidance_service=service,
        counsellor=counsellor,
        starts_at=local(MONDAY, 10),
        funding=FundingFactory(),
        needs_interpreter=True,
        **TOLD,
    )
    letters.tell(appointment, "appointment_booked")
    GuidanceSessionFactory(
        organisation=service.organisation,
        counsellor=counsellor,
        appointment=appointment,
        client=ClientFactory(organisation=service.organisation, name="Aino Salainen"),
    )
    return appointment


def personal():
    names = ("name", "email", "phone", "visit_address", "video_link", "wish", "special_needs", "booker_name")
    return Appointment.objects.values_list(*names, "needs_interpreter").get()


def test_i1_an_appointment_is_kept_for_its_days_after_the_meeting_and_then_emptied(clock, met, settings):
    """I1: counted from the meeting."""
    settings.APPOINTMENT_DAYS = 100
    clock.move_to(met.ends_at + timedelta(days=100))
    assert (erase_old_appointments(), personal()[0]) == (0, "Aino Salainen")

    clock.shift(timedelta(minutes=1))

    assert (erase_old_appointments(), erase_old_appointments()) == (1, 0)
    assert personal() == EMPTY
    erased = Appointment.objects.get()
    assert erased.subject is None
    assert (erased.starts_at, erased.counsellor, erased.channel) == (
        met.starts_at,
        met.counsellor,
        met.channel,
    )
    assert not Letter.objects.exists()
    assert not Appointment.objects.opened_by(met.key).exists()


def test_i2_figures_and_logged_sessions_are_the_same_before_and_after(clock, met):
    """I2."""
    AppointmentFactory(
        guidance_service=met.guidance_service, starts_at=local(MONDAY, 12), attendance="no_show"
    )
    scope = Scope(Organisation.objects.all(), date(2026, 11, 1), date(2026, 11, 30))
    before = count(scope), GuidanceSession.objects.values().get()
    clock.move_to(met.ends_at + timedelta(days=400))

    assert erase_old_appointments() == 2

    assert (count(scope), GuidanceSession.objects.values().get()) == before


def test_a_cancelled_appointment_is_emptied_too_with_its_reason(clock, service):
    AppointmentFactory(
        guidance_service=service,
        starts_at=local(MONDAY, 10),
        cancelled_at=local(MONDAY, 9),
        cancelled_by="person",
        cancel_reason="I am ill",
    )
    clock.shift(timedelta(days=400))

    erase_old_appointments()

    erased = Appointment.objects.get()
    assert (erased.name, erased.cancel_reason, erased.cancelled_by) == ("", "", "person")


def test_pages_of_the_desk_say_that_the_name_is_erased(clock, browser, met):
    clock.shift(timedelta(days=400))
    erase_old_appointments()
    session = GuidanceSession.objects.get()
    browser.force_login(met.counsellor)

    meeting = browser.get(f"/en/desk/appointments/{met.pk}/")
    day = browser.get("/en/desk/calendar/day/?on=2026-11-23")
    change = browser.get(f"/en/desk/sessions/{session.pk}/edit/")

    assertContains(meeting, "<h1>(name erased)</h1>", html=True)
    for page in (meeting, day, change):
        assert page.status_code == 200
        assertNotContains(page, "secret wish")
    assert session.client.name == "Aino Salainen"
