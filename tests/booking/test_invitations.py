"""An invitation opens the whole booking of a service that not everybody may book."""

from datetime import date, timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions
from guidance.booking.invitations import invite
from guidance.booking.models import Appointment
from opinovi.models import Letter
from tests.booking.test_holding import nonce_in
from tests.booking.test_public import details, slots_on
from tests.factories import AffiliationFactory, AvailabilityFactory, GuidanceServiceFactory, local

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
TIMES = "/en/guidance/career/times/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(local(MONDAY, 8), tick=False) as clock:
        yield clock


@pytest.fixture
def service():
    return GuidanceServiceFactory(
        slug="career", name_en="Career guidance", duration_minutes=60, lead_hours=0, booking="invited"
    )


@pytest.fixture
def own(service):
    """A counsellor of the service, on Monday from 9 to 12."""
    user = AffiliationFactory(organisation=service.organisation, user__name="Outi Ohjaaja").user
    AvailabilityFactory(service=service, counsellor=user, on=MONDAY)
    return user


@pytest.fixture
def invitation(service, own):
    """To meet this counsellor, though another is free too."""
    colleague = AffiliationFactory(organisation=service.organisation).user
    AvailabilityFactory(service=service, counsellor=colleague, on=MONDAY + timedelta(days=1))
    return invite(service, by=own, counsellor=own, language="en", email="aino@example.fi")


def opening(invitation):
    return f"/en/invited/{invitation.key}/"


def nine(invitation):
    return f"{TIMES}2026-11-23T09:00/?channel=phone&invitation={invitation.key}"


def test_invite_writes_a_letter_with_the_link(invitation):
    letter = Letter.objects.get()

    assert (letter.kind, letter.recipient) == ("booking_invitation", "aino@example.fi")
    assert opening(invitation) in letter.text
    assert "Outi Ohjaaja" in letter.text
    assert invitation.key not in {invitation.key_hash, str(invitation.nonce)}


def test_invitation_open_leads_through_the_whole_booking(browser, own, invitation):
    start = f"/en/guidance/career/book/?invitation={invitation.key}"

    opened = browser.get(opening(invitation))
    times = browser.get(start, follow=True)
    pressed = browser.post(times.redirect_chain[-1][0], {"start": "2026-11-23T09:00"}, follow=True)
    booked = browser.post(pressed.redirect_chain[-1][0], details(nonce=nonce_in(pressed)))

    assertContains(opened, f'href="{start}"')
    assert opened["Cache-Control"] == "private, no-store"
    assert slots_on(times) == ["2026-11-23T09:00", "2026-11-23T10:00", "2026-11-23T11:00"]
    assert times["Referrer-Policy"] == "no-referrer"
    appointment = Appointment.objects.get()
    assertRedirects(booked, f"/en/bookings/{appointment.key}/")
    assert (appointment.counsellor, appointment.invitation) == (own, invitation)


def test_invited_person_is_offered_no_way_that_is_closed_to_them(browser, invitation):
    for page in ("book/", "times/?channel=phone&"):
        mark = "" if page.endswith("&") else "?"
        shown = browser.get(f"/en/guidance/career/{page}{mark}invitation={invitation.key}", follow=True)

        assertNotContains(shown, "No time that suits you?")


def test_invitation_is_good_for_one_booking(browser, invitation):
    told = details()
    first = browser.post(nine(invitation), told)
    resent = browser.post(nine(invitation), told)
    second = browser.post(nine(invitation).replace("09:00", "10:00"), details(name="Other"))

    assert resent["Location"] == first["Location"]
    assertContains(second, "This invitation has been used, or it has run out.")
    assert Appointment.objects.count() == 1
    assertRedirects(browser.get(nine(invitation)), opening(invitation))
    assertContains(browser.get(opening(invitation)), "A time was booked with it.")


@pytest.mark.parametrize("by", ["person", "counsellor"])
def test_c10_after_a_cancellation_book_again_leads_to_a_bookable_page(browser, invitation, by):
    browser.post(nine(invitation), details())
    appointment = actions.cancel(Appointment.objects.get(), by=by)

    detail = browser.get(f"/en/bookings/{appointment.key}/")
    times = browser.get(f"/en/guidance/career/book/?invitation={invitation.key}", follow=True)
    again = browser.post(nine(invitation), details())

    assertContains(detail, f'href="{opening(invitation)}"')
    assert slots_on(times)[0] == "2026-11-23T09:00"
    assert again.status_code == 302
    letter = Letter.objects.get(kind="appointment_cancelled")
    assert f"/en/bookings/{appointment.key}/" in letter.text
    assert "/en/guidance/career/book/" not in letter.text


def test_invitation_runs_out(browser, invitation, clock):
    clock.move_to(local(MONDAY + timedelta(days=30), 9))

    opened = browser.get(opening(invitation))

    assertContains(opened, "It has run out. Ask the counsellor for a new one.")
    assertRedirects(browser.get(nine(invitation)), opening(invitation))


def test_f2_invitation_that_nobody_made_explains_itself(browser, service, own):
    opened = browser.get("/en/invited/" + "x" * 43 + "/")
    times = browser.get(f"{TIMES}?channel=phone&invitation={'x' * 43}")

    assertContains(opened, "This invitation opens no times", status_code=404)
    assertContains(times, "You book a time with a link that a counsellor has sent you.")


def test_invitation_opens_no_other_service(browser, invitation):
    other = GuidanceServiceFactory(slug="other", booking="invited", lead_hours=0)
    AvailabilityFactory(service=other, on=MONDAY)

    response = browser.post(nine(invitation).replace("career", "other"), details())

    assertContains(response, "You book a time with a link")
    assert Appointment.objects.count() == 0


def test_f1_looking_at_an_invitation_uses_nothing(browser, invitation):
    browser.get(opening(invitation))
    browser.get(nine(invitation))

    invitation.refresh_from_db()
    assert invitation.appointment is None
    assertNotContains(browser.get(opening(invitation)), "run out")
