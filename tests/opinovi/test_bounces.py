"""Letters that come back, as Postfix and others report them."""

import io
import mailbox
import sys
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from opinovi.mail import message_id
from opinovi.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return Letter.objects.create(
        key="one",
        kind="tried",
        recipient="aino@example.fi",
        language="fi",
        subject="Aikasi on varattu",
        state=Letter.State.SENT,
        sent_at=timezone.now(),
        attempts=1,
    )


def report(original, *, action="failed", status="5.1.1", returned="text/rfc822-headers"):
    """A delivery status notification about the letter with the Message-ID."""
    email = MIMEMultipart("report", report_type="delivery-status")
    email["From"], email["To"] = "MAILER-DAEMON@mail.example.fi", "opinovi@example.fi"
    email["Subject"] = "Undelivered Mail Returned to Sender"
    email.attach(MIMEText("This is the mail system. Sorry: <aino@example.fi>"))
    status_part = Message()
    status_part["Content-Type"] = "message/delivery-status"
    server, recipient = Message(), Message()
    server["Reporting-MTA"] = "dns; mail.example.fi"
    recipient["Final-Recipient"] = "rfc822; aino@example.fi"
    recipient["Action"], recipient["Status"] = action, status
    status_part.set_payload([server, recipient])
    email.attach(status_part)
    head = f"Message-ID: {original}\nSubject: Aikasi on varattu\n"
    if returned == "text/rfc822-headers":
        email.attach(MIMEText(head, "rfc822-headers"))
    elif returned == "message/rfc822":
        whole = Message()
        whole["Content-Type"] = "message/rfc822"
        inner = Message()
        inner["Message-ID"] = original
        inner.set_payload("Hei!")
        whole.set_payload([inner])
        email.attach(whole)
    else:
        email["In-Reply-To"] = original
    return email.as_bytes()


def pipe(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    output = io.StringIO()
    call_command("read_bounces", stdout=output)
    return output.getvalue()


def outcome(letter):
    letter.refresh_from_db()
    return letter.state, letter.sent_at, letter.error


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822", "nothing"])
def test_read_bounces_finds_the_letter_that_came_back(letter, monkeypatch, returned):
    said = pipe(monkeypatch, report(message_id(letter), returned=returned))

    assert said == "Letters that came back: 1.\n"
    assert outcome(letter) == (Letter.State.FAILED, None, "It came back (5.1.1).")


def test_read_bounces_keeps_no_address_in_the_reason(letter, monkeypatch):
    pipe(monkeypatch, report(message_id(letter), status="5.1.1 aino@example.fi unknown"))

    assert outcome(letter)[2] == "It came back (5.1.1)."


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_read_bounces_leaves_a_letter_that_is_only_late(letter, monkeypatch, action):
    said = pipe(monkeypatch, report(message_id(letter), action=action, status="4.4.1"))

    assert said == "Letters that came back: 0.\n"
    assert outcome(letter)[0] == Letter.State.SENT


def test_read_bounces_believes_no_message_id_that_somebody_made_up(letter, monkeypatch):
    said = pipe(monkeypatch, report(f"<{letter.pk}.{'A' * 43}@127.0.0.1>"))

    assert said == "Letters that came back: 0.\n"
    assert outcome(letter)[0] == Letter.State.SENT


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"Subject: Hei\n\nTulen huomenna."])
def test_read_bounces_passes_over_what_is_no_report(letter, monkeypatch, content):
    assert pipe(monkeypatch, content) == "Letters that came back: 0.\n"


def test_read_bounces_twice_counts_once(letter, monkeypatch):
    pipe(monkeypatch, report(message_id(letter)))

    assert pipe(monkeypatch, report(message_id(letter))) == "Letters that came back: 0.\n"


def test_read_bounces_marks_reports_in_a_maildir_and_leaves_what_people_write(letter, tmp_path):
    box = mailbox.Maildir(tmp_path / "box", create=True)
    box.add(report(message_id(letter)))
    answer = EmailMessage()
    answer["Subject"] = "Kiitos"
    answer.set_content("Nähdään!")
    box.add(answer)

    outputs = [io.StringIO(), io.StringIO()]
    for output in outputs:
        call_command("read_bounces", "--maildir", str(tmp_path / "box"), stdout=output)

    assert [output.getvalue()[-3:-2] for output in outputs] == ["1", "0"]
    assert outcome(letter)[0] == Letter.State.FAILED
    flags = sorted((email["Subject"], email.get_flags()) for email in mailbox.Maildir(tmp_path / "box"))
    assert flags == [("Kiitos", ""), ("Undelivered Mail Returned to Sender", "S")]


def test_read_bounces_says_when_a_folder_is_no_maildir(tmp_path):
    with pytest.raises(CommandError, match="is no Maildir"):
        call_command("read_bounces", "--maildir", str(tmp_path))
