"""Text messages, with a real gateway on this machine."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from opinovi import actions, sms
from opinovi.mail import letter_of
from opinovi.models import Letter
from opinovi.phone import mobile_number

pytestmark = pytest.mark.django_db


@dataclass
class Gateway:
    """What has come, and what to answer: one status a message, the last one for all that follow."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [202])
    seconds: float = 0.0
    messages: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)


@contextmanager
def running_gateway():
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(gateway.seconds)
            status = gateway.statuses.pop(0) if len(gateway.statuses) > 1 else gateway.statuses[0]
            gateway.headers.append(dict(self.headers))
            if 200 <= status < 300:
                gateway.messages.append(json.loads(body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}/messages?v=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def gateway(settings):
    with running_gateway() as running:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = running.url, "a secret", "Opinovi"
        settings.SMS_TIMEOUT = 2
        yield running


@pytest.fixture
def message():
    def make(key="one", recipient="+358401234567", **changes):
        facts = {"kind": "tried", "language": "fi", "text": "Ohjausaika ti 24.11. klo 10."}
        return Letter.objects.create(
            key=key, medium=Letter.Medium.SMS, recipient=recipient, **facts | changes
        )

    return make


def outcome(letter):
    letter.refresh_from_db()
    return letter.state, letter.attempts, letter.error


def test_message_is_given_to_the_gateway(gateway, message):
    letter = message()

    actions.send_due_letters()

    (taken,) = gateway.messages
    reference = taken.pop("reference")
    assert taken == {"to": "+358401234567", "from": "Opinovi", "text": "Ohjausaika ti 24.11. klo 10."}
    assert letter_of(reference) == letter.pk
    (headers,) = gateway.headers
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer a secret", reference)
    assert outcome(letter) == (Letter.State.SENT, 1, "")
    assert letter.text == ""


@pytest.mark.parametrize("status", [400, 404, 422])
def test_message_that_is_refused_is_not_tried_again(gateway, message, status):
    gateway.statuses = [status]
    letter = message()

    actions.send_due_letters()

    assert outcome(letter) == (Letter.State.FAILED, 1, f"The message was refused ({status}).")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_message_that_is_put_off_goes_later_with_the_same_reference(gateway, message, status):
    gateway.statuses = [status, 200]
    letter = message()

    actions.send_due_letters()

    assert outcome(letter) == (Letter.State.QUEUED, 1, f"The gateway did not take the message ({status}).")
    Letter.objects.update(due_at=letter.created_at)
    actions.send_due_letters()
    assert outcome(letter) == (Letter.State.SENT, 2, "")
    first, second = gateway.headers
    assert first["Idempotency-Key"] == second["Idempotency-Key"]


def test_message_waits_for_a_gateway_that_hangs(gateway, message, settings):
    settings.SMS_TIMEOUT = 0.2
    gateway.seconds = 0.6
    letter = message()

    actions.send_due_letters()

    reason = "The gateway did not take the message (TimeoutError)."
    assert outcome(letter) == (Letter.State.QUEUED, 1, reason)


@pytest.mark.parametrize("status", [302, 401, 403])
def test_messages_keep_their_attempts_while_the_gateway_does_not_let_us_in(gateway, message, status):
    gateway.statuses = [status]
    first, second = message("first"), message("second")

    actions.send_due_letters()

    reason = f"The gateway does not let us in ({status})."
    assert outcome(first) == (Letter.State.QUEUED, 1, reason)
    assert outcome(second) == (Letter.State.QUEUED, 0, "")


def test_gateway_that_is_down_does_not_stop_the_mail(message, settings):
    settings.SMS_URL, settings.SMS_TOKEN = "http://127.0.0.1:1/", "a secret"
    text = message("text")
    email = message("email", recipient="aino@example.fi")
    Letter.objects.filter(pk=email.pk).update(medium=Letter.Medium.EMAIL)

    actions.send_due_letters()

    reason = "The gateway did not answer (ConnectionRefusedError)."
    assert outcome(text) == (Letter.State.QUEUED, 1, reason)
    assert outcome(email) == (Letter.State.SENT, 1, "")


def test_portal_without_a_gateway_says_so(message):
    letter = message()

    actions.send_due_letters()

    reason = "The portal has no gateway for text messages."
    assert outcome(letter) == (Letter.State.FAILED, 1, reason)
    assert not sms.is_available()


def test_demo_keeps_messages_as_files(message, settings, tmp_path):
    settings.SMS_FOLDER = tmp_path / "text-messages"
    letter = message()

    actions.send_due_letters()

    assert outcome(letter) == (Letter.State.SENT, 1, "")
    file = settings.SMS_FOLDER / f"{letter.pk}.txt"
    assert file.read_text() == "+358401234567\n\nOhjausaika ti 24.11. klo 10.\n"


@pytest.mark.parametrize(
    ("text", "length"), [("ÄÖÅäöå klo 10", 13), ("5 €", 4), ("10–11", None), ("Šiška", None), ("", 0)]
)
def test_septets_are_counted_as_networks_do(text, length):
    assert sms.septets(text) == length


def test_text_in_short_is_one_line_of_plain_marks():
    assert sms.in_short(" Klo\u00a010–11\n‘Kirjasto’…\n") == "Klo 10-11 'Kirjasto'..."


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("040 123 4567", "+358401234567"),
        ("+358 (0)40-123 4567", "+358401234567"),
        ("00358 40 1234567", "+358401234567"),
        ("+46 70 123 45 67", "+46701234567"),
        ("03 123 4567", ""),  # a landline
        ("12345", ""),
        ("soita äidille", ""),
        ("", ""),
    ],
)
def test_mobile_number_is_read_as_people_write_it(written, number):
    assert mobile_number(written) == number
