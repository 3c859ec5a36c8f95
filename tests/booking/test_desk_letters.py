"""What a counsellor sees and does when a letter about a meeting did not reach the person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions
from guidance.booking.models import Appointment
from opinovi.models import Letter
from tests.factories import AffiliationFactory, AppointmentFactory, GuidanceServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

WARNING = "The person has not heard from us"


@pytest.fixture
def appointment(counsellor):
    """A meeting tomorrow with the counsellor who is signed in."""
    service = GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)
    return AppointmentFactory(guidance_service=service, counsellor=counsellor, email="aino@exmaple.fi")


def write(appointment, **changes):
    facts = {
        "key": f"one-{Letter.objects.count()}",
        "kind": "appointment_booked",
        "recipient": appointment.email,
        "language": "fi",
        "subject": "Aikasi on varattu",
        "state": Letter.State.FAILED,
        "error": "The recipient was refused (550 5.1.1).",
    }
    return Letter.objects.create(about=appointment, **facts | changes)


def page(appointment, name=""):
    return f"/en/desk/appointments/{appointment.pk}/{name}"


def test_appointment_detail_says_what_did_not_arrive_and_what_to_do(browser, appointment):
    write(appointment)

    response = browser.get(page(appointment))

    assertContains(response, WARNING)
    assertContains(response, "A letter to aino@exmaple.fi did not arrive:")
    assertContains(response, '<q lang="fi">Aikasi on varattu</q>', html=True)
    assertContains(response, "Call +358 40 000 0000")
    assertContains(response, f'href="{page(appointment, "address/")}"')


def test_appointment_detail_says_that_a_text_message_did_not_arrive(browser, appointment):
    write(appointment, medium=Letter.Medium.SMS, recipient="+358400000000", subject="")

    assertContains(browser.get(page(appointment)), "A text message to +358400000000 did not arrive.")


@pytest.mark.parametrize("state", [Letter.State.QUEUED, Letter.State.CANCELLED])
def test_appointment_detail_is_quiet_about_letters_that_did_not_fail(browser, appointment, state):
    write(appointment, state=state)

    assertNotContains(browser.get(page(appointment)), WARNING)


def test_my_day_marks_whom_a_letter_did_not_reach(browser, appointment):
    write(appointment)

    response = browser.get("/en/desk/")

    assertContains(response, "letter did not arrive", count=1)


def test_with_failures_looks_at_meetings_to_come(appointment):
    write(appointment)
    fine = AppointmentFactory()
    over = AppointmentFactory(starts_at=timezone.now() - timedelta(days=1))
    write(over)

    rows = Appointment.objects.with_failures().values_list("pk", "is_unreached")

    assert dict(rows) == {appointment.pk: True, fine.pk: False, over.pk: False}


def test_appointment_address_writes_anew_to_the_corrected_address(browser, appointment):
    failed = write(appointment)
    waiting = write(appointment, kind="appointment_reminder", state=Letter.State.QUEUED)

    response = browser.post(page(appointment, "address/"), {"email": "aino@example.fi"})

    assertRedirects(response, page(appointment))
    appointment.refresh_from_db()
    assert (appointment.email, appointment.sequence) == ("aino@example.fi", 1)
    letters = dict(Letter.objects.values_list("pk", "state"))
    assert (letters.pop(failed.pk), letters.pop(waiting.pk)) == ("cancelled", "cancelled")
    new = Letter.objects.filter(pk__in=letters)
    assert set(new.values_list("kind", "recipient", "state")) <= {
        ("appointment_booked", "aino@example.fi", "queued"),
        ("appointment_reminder", "aino@example.fi", "queued"),  # unless their moments have passed
        ("appointment_reminder_soon", "aino@example.fi", "queued"),
    }
    assert "SEQUENCE:1" in new.get(kind="appointment_booked").calendar
    assertNotContains(browser.get(page(appointment)), WARNING)


def test_appointment_address_sent_twice_writes_once(browser, appointment):
    write(appointment)

    for _ in range(2):
        browser.post(page(appointment, "address/"), {"email": "aino@example.fi"})

    assert Letter.objects.filter(kind="appointment_booked", state="queued").count() == 1


def test_appointment_address_tells_of_a_cancellation_that_did_not_arrive(browser, appointment):
    cancelled = actions.cancel(appointment, by=Appointment.Canceller.COUNSELLOR)
    Letter.objects.update(state=Letter.State.FAILED)

    browser.post(page(cancelled, "address/"), {"email": "aino@example.fi"})

    (new,) = Letter.objects.queued()
    assert (new.kind, new.recipient) == ("appointment_cancelled", "aino@example.fi")


def test_appointment_address_keeps_what_is_no_address(browser, appointment):
    write(appointment)

    response = browser.post(page(appointment, "address/"), {"email": "aino@"})

    assertContains(response, "Enter a valid email address")
    assertContains(response, 'value="aino@"')
    assert Letter.objects.failed().count() == 1


def test_appointment_address_has_nothing_to_send_when_the_meeting_is_over(browser, counsellor):
    service = GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)
    over = AppointmentFactory(guidance_service=service, starts_at=timezone.now() - timedelta(days=1))

    response = browser.post(page(over, "address/"), {"email": "aino@example.fi"})

    assertRedirects(response, page(over))
    assert Letter.objects.count() == 0


def test_e11_appointment_address_is_closed_to_other_organisations(browser, appointment):
    write(appointment)
    browser.force_login(AffiliationFactory().user)
    assert browser.post(page(appointment, "address/"), {"email": "mine@example.fi"}).status_code == 404
    browser.force_login(UserFactory())
    assert browser.post(page(appointment, "address/"), {"email": "mine@example.fi"}).status_code == 403

    appointment.refresh_from_db()
    assert appointment.email == "aino@exmaple.fi"
