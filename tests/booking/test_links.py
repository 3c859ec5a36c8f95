"""New links for who has lost theirs: the same answer to everybody, a letter only to who has booked."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import links
from opinovi.models import Letter
from tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db

PAGE = "/en/bookings/links/"


def ask(browser, email, page=PAGE):
    """Ask for links; the job that the asking has left is done at once."""
    response = browser.post(page, {"email": email})
    for job in ProcrastinateJob.objects.filter(task_name="booking.send_links", status="todo"):
        links.send_links(job.args["mark"], language=job.args["language"])
    return response


def test_link_that_opens_nothing_offers_a_new_one(browser):
    response = browser.get("/en/bookings/no-such-key/")

    assertContains(response, f'action="{PAGE}"', status_code=404)
    assertContains(response, "Get a new link by e-mail", status_code=404)


def test_f2_expired_link_is_refused_at_every_address_and_offers_a_new_one(browser):
    past = timezone.now() - timedelta(days=40)
    old = AppointmentFactory(starts_at=past)

    for path in ("", "move/", "cancel/", "opinovi.ics"):
        response = browser.get(f"/en/bookings/{old.key}/{path}")
        assertContains(response, "This link opens no booking", status_code=404)
        assertNotContains(response, old.email, status_code=404)
    for path in ("move/", "cancel/"):
        assert browser.post(f"/en/bookings/{old.key}/{path}").status_code == 404


def test_appointment_links_sends_a_letter_with_every_meeting_to_come(browser):
    first = AppointmentFactory(email="aino@example.fi")
    second = AppointmentFactory(email="Aino@Example.fi")
    AppointmentFactory(email="aino@example.fi", cancelled_at=timezone.now(), cancelled_by="person")
    AppointmentFactory(email="aino@example.fi", starts_at=timezone.now() - timedelta(days=2))
    other = AppointmentFactory(email="vaino@example.fi")

    ask(browser, " AINO@example.fi")

    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient.lower()) == ("appointment_links", "aino@example.fi")
    keys = [row.key for row in (first, second, other) if row.key in letter.text]
    assert keys == [first.key, second.key]


def test_f8_appointment_links_answers_the_same_whether_the_address_is_known(browser):
    AppointmentFactory(email="aino@example.fi")
    browser.post(PAGE, {"email": "warm@example.fi"})

    answers = []
    for email in ("aino@example.fi", "nobody@example.fi"):
        with CaptureQueriesContext(connection) as queries:
            response = browser.post(PAGE, {"email": email})
        answers.append((response.status_code, response.url, response.content, len(queries)))

    assert answers[0] == answers[1]
    assert Letter.objects.count() == 0  # nothing is looked up in the request
    assertContains(browser.get(answers[0][1]), "Look into your e-mail in a few minutes")


def test_appointment_links_writes_nothing_to_an_unknown_address(browser):
    AppointmentFactory(email="aino@example.fi")

    response = ask(browser, "nobody@example.fi")

    assertRedirects(response, f"{PAGE}?said=asked")
    assert Letter.objects.count() == 0


def test_appointment_links_leaves_no_address_in_the_queue(browser):
    browser.post(PAGE, {"email": "aino@example.fi"})

    job = ProcrastinateJob.objects.filter(task_name="booking.send_links").latest("pk")
    assert job.args == {"mark": links.mark_of("aino@example.fi"), "language": "en"}
    assert "aino" not in job.args["mark"]


def test_appointment_links_are_sent_once_an_hour_at_most(browser):
    AppointmentFactory(email="aino@example.fi", starts_at=timezone.now() + timedelta(days=3))
    with time_machine.travel(timezone.now().replace(minute=50), tick=False) as clock:
        counts = []
        for minutes in (0, 1, 20, 40):  # also over the full hour
            clock.shift(timedelta(minutes=minutes))
            ask(browser, "aino@example.fi")
            counts.append(Letter.objects.count())

    assert counts == [1, 1, 1, 2]


def test_appointment_links_says_what_is_no_address(browser):
    response = browser.post(PAGE, {"email": "aino"})

    assertContains(response, "Enter a valid email address")
    assertContains(response, 'value="aino"')


@pytest.mark.parametrize(
    ("page", "subject"),
    [
        ("/fi/varaukset/linkit/", "Linkit ohjausaikoihisi"),
        ("/sv/bokningar/lankar/", "Länkar till dina vägledningstider"),
        (PAGE, "Links to your guidance appointments"),
    ],
)
def test_appointment_links_speak_the_language_of_the_page(browser, page, subject):
    AppointmentFactory(email="aino@example.fi")

    ask(browser, "aino@example.fi", page)

    assert Letter.objects.get().subject == subject
