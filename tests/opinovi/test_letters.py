import socket
import threading
import time
from contextlib import closing
from datetime import date, timedelta

import psycopg
import pytest
import time_machine
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from opinovi import actions
from opinovi.mail import MailCarrier
from opinovi.models import Letter
from opinovi.models.letter import PAUSES, TOO_LATE
from tests.factories import UserFactory, local
from tests.mail_server import DROP, TAKEN, running_mail_server

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def _empty_queue(db):
    """Django does not empty the queue's tables after a test."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def post(settings, tmp_path):
    """Post a letter from templates that exist for these tests alone."""
    folder = tmp_path / "tests" / "letters"
    folder.mkdir(parents=True)
    (folder / "tried.subject.txt").write_text(
        "{% load i18n %}{% get_current_language as code %}Letter in {{ code }}\n"
        "{% if name %}for {{ name }}{% endif %}\n"
    )
    (folder / "tried.txt").write_text("Dear {{ name }},\n{{ portal_url }}/en/x/\n")
    (folder / "tried.html").write_text("<p>Dear {{ name }}, <a href='{{ portal_url }}/en/x/'>x</a></p>")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]

    def post_one(key="one", **changes):
        facts = {
            "kind": "tried",
            "recipient": "aino@example.fi",
            "language": "en",
            "template": "tests/letters/tried",
            "context": {"name": "Aino & Co"},
        }
        actions.post_letter(key=key, **facts | changes)
        return Letter.objects.get(key=key)

    return post_one


@pytest.fixture
def server(settings):
    with running_mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        settings.KEEP_SENT_LETTERS = False
        yield running


def make_due(letter):
    Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now())


def run_worker():
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


# Posting


@pytest.mark.django_db
def test_letter_is_written_in_the_recipients_language_with_whole_links(post, settings):
    letter = post(language="sv")

    assert letter.subject == "Letter in sv"
    assert letter.text == f"Dear Aino & Co,\n{settings.ADDRESS}/en/x/\n"
    assert letter.html == f"<p>Dear Aino &amp; Co, <a href='{settings.ADDRESS}/en/x/'>x</a></p>"
    assert letter.state == Letter.State.QUEUED


@pytest.mark.django_db
def test_letter_subject_cannot_name_the_person(post):
    letter = post()

    assert letter.subject == "Letter in en"


@pytest.mark.django_db
def test_letter_with_the_same_key_is_written_once(post):
    first = post(context={"name": "Aino"})

    second = post(context={"name": "Väinö"})

    assert second == first
    assert Letter.objects.get().text.startswith("Dear Aino")
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_job_says_nothing_about_the_person(post):
    letter = post()

    assert ProcrastinateJob.objects.get().args == {"letter": letter.pk}


@pytest.mark.django_db(transaction=True)
def test_letter_and_its_job_appear_with_what_caused_them(post):
    with transaction.atomic():
        UserFactory()
        post()

        assert counted_elsewhere() == [0, 0, 0]

    assert counted_elsewhere() == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_letter_and_its_job_vanish_with_what_caused_them(post):
    with transaction.atomic():
        UserFactory()
        post()
        transaction.set_rollback(True)

    assert counted_elsewhere() == [0, 0, 0]


def counted_elsewhere():
    """Users, letters and jobs as another connection sees them."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory")
    parameters.pop("context")
    with psycopg.connect(**parameters) as other:
        tables = ["opinovi_user", "opinovi_letter", "procrastinate_jobs"]
        return [other.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


@pytest.mark.django_db(transaction=True)
def test_two_who_post_the_same_letter_at_once_write_one(post):
    together = threading.Barrier(2)

    def post_together():
        together.wait()
        post()
        connections.close_all()

    run_at_once(post_together, post_together)

    assert counted_elsewhere() == [0, 1, 1]


def run_at_once(*acts):
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


# Sending


@pytest.mark.django_db(transaction=True)
def test_worker_sends_what_was_posted(post, server):
    letter = post()

    run_worker()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (Letter.State.SENT, 1, "")
    assert server.recipients == [["aino@example.fi"]]
    assert ProcrastinateJob.objects.filter(task_name="opinovi.send_letter").count() == 0


@pytest.mark.django_db
def test_sent_letter_says_what_was_written(post, server):
    post()

    actions.send_due_letters()

    (email,) = server.letters
    assert (email["To"], email["Subject"]) == ("aino@example.fi", "Letter in en")
    assert (email["Auto-Submitted"], email["Content-Language"]) == ("auto-generated", "en")
    assert [part.get_content_type() for part in email.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert email.get_body(("plain",)).get_content().startswith("Dear Aino & Co,")


@pytest.mark.django_db
def test_sent_letter_carries_its_calendar_part_for_every_kind_of_mail_program(post, server):
    post(calendar=CALENDAR)

    actions.send_due_letters()

    (email,) = server.letters
    calendar = next(part for part in email.walk() if part.get_content_type() == "text/calendar")
    (file,) = email.iter_attachments()
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert (file.get_filename(), file.get_content_type()) == ("opinovi.ics", "application/ics")
    assert file.get_content().decode() == CALENDAR


@pytest.mark.django_db
def test_sent_letter_is_forgotten_except_for_its_fate(post, server):
    letter = post(calendar=CALENDAR)

    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.text, letter.html, letter.calendar) == ("", "", "")
    assert (letter.recipient, letter.subject, letter.error) == ("aino@example.fi", "Letter in en", "")


@pytest.mark.django_db
def test_sent_letter_can_be_read_in_the_demo(post, server, settings):
    settings.KEEP_SENT_LETTERS = True
    letter = post()

    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.text[:4]) == (Letter.State.SENT, "Dear")


@pytest.mark.django_db
def test_letter_of_tomorrow_waits(post, server):
    letter = post(due_at=timezone.now() + timedelta(days=1))

    actions.send_due_letters()

    assert server.letters == []
    make_due(letter)
    actions.send_due_letters()
    assert len(server.letters) == 1


@pytest.mark.django_db
def test_letter_is_sent_once_however_often_it_is_asked_for(post, server):
    letter = post()

    for _ in range(3):
        actions.send_letter(letter.pk)
    actions.send_due_letters()

    assert len(server.letters) == 1


# What mail servers answer


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["to_recipient", "to_letter"])
def test_letter_that_is_put_off_goes_later_as_the_same_letter(post, server, where):
    setattr(server, where, ["451 4.7.1 Greylisted, aino@example.fi", "250 OK"])
    letter = post()

    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.QUEUED, 1)
    assert letter.due_at - timezone.now() == pytest.approx(PAUSES[0], abs=timedelta(seconds=5))
    assert "(451 4.7.1)" in letter.error
    assert "aino" not in letter.error

    actions.send_due_letters()
    assert server.letters == []

    make_due(letter)
    actions.send_due_letters()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (Letter.State.SENT, 2, "")
    assert len(server.letters) == 1


@pytest.mark.django_db
def test_letter_has_one_message_id_however_often_it_is_tried(post, server):
    letter = post()

    actions.send_due_letters()
    Letter.objects.update(state=Letter.State.QUEUED, sent_at=None)
    actions.send_letter(letter.pk)

    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["to_recipient", "to_letter"])
def test_letter_that_is_refused_is_not_tried_again(post, server, where):
    setattr(server, where, ["550 5.1.1 No such person: aino@example.fi"])
    letter = post()

    actions.send_due_letters()
    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.FAILED, 1)
    assert "(550 5.1.1)" in letter.error
    assert "aino" not in letter.error
    assert letter.text.startswith("Dear")


@pytest.mark.django_db
def test_letter_waits_for_a_server_that_does_not_answer(post, server, settings):
    settings.EMAIL_TIMEOUT = 0.3
    server.seconds_before_taking = 2
    letter = post()

    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.QUEUED, 1)
    assert letter.error == "The mail server did not take the letter (SMTPServerDisconnected)."


@pytest.mark.django_db
def test_letter_waits_for_a_server_that_hangs_up(post, server):
    server.to_letter = [DROP]
    letter = post()

    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.QUEUED, 1)
    assert letter.error == "The mail server did not take the letter (SMTPServerDisconnected)."


@pytest.mark.django_db
def test_letter_that_was_taken_is_not_sent_again_because_the_server_never_says_goodbye(
    post, server, settings
):
    settings.EMAIL_TIMEOUT = 0.3
    server.seconds_before_goodbye = 2
    letter = post()

    actions.send_due_letters()

    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
    assert len(server.letters) == 1


@pytest.mark.django_db
def test_letters_keep_their_attempts_while_no_server_is_there(post, server, settings):
    settings.EMAIL_PORT = 1
    first, second = post("first"), post("second")

    actions.send_due_letters()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, first.error) == (
        1,
        "The mail server did not answer (ConnectionRefusedError).",
    )
    assert second.attempts == 0


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["to_sender", "to_recipient", "to_letter"])
def test_letter_waits_for_a_server_that_closes_for_now(post, server, where):
    answer = "421 4.3.2 Closing"
    setattr(server, where, answer if where == "to_sender" else [answer])
    letter = post()

    actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.QUEUED, 1)
    assert "(421" in letter.error


@pytest.mark.django_db
def test_letters_keep_their_attempts_while_the_server_says_nothing(post, server, settings):
    settings.EMAIL_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call and never says a word
        settings.EMAIL_PORT = silent.getsockname()[1]
        first, second = post("first"), post("second")
        actions.send_due_letters()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, first.error) == (1, "The mail server did not answer (SMTPServerDisconnected).")
    assert second.attempts == 0


@pytest.mark.django_db
def test_letters_of_one_run_share_a_connection(post, server, settings):
    for number in range(5):
        post(f"{number}")

    actions.send_due_letters()

    assert (len(server.letters), server.lines) == (5, 1)


@pytest.mark.django_db
def test_letter_goes_over_a_new_connection_when_the_server_has_ended_the_old_one(post, server):
    server.hangs_up_after_each = True
    letters = [post(f"{number}") for number in range(3)]

    with closing(MailCarrier()) as carrier:
        for letter in letters:
            carrier.hand_over(letter)
            time.sleep(0.1)

    assert (len(server.letters), server.lines) == (3, 3)


@pytest.mark.django_db
def test_one_bad_address_stops_nobody_else(post, server):
    server.refused = {"b@example.fi"}
    letters = [post(name, recipient=f"{name}@example.fi") for name in "abcd"]

    actions.send_due_letters()

    states = [Letter.objects.get(pk=letter.pk).state for letter in letters]
    assert states == ["sent", "failed", "sent", "sent"]
    assert server.recipients == [["a@example.fi"], ["c@example.fi"], ["d@example.fi"]]
    assert server.lines == 1


@pytest.mark.django_db
def test_one_letter_that_is_dropped_stops_nobody_else(post, server):
    server.to_letter = [TAKEN, DROP, TAKEN]
    for name in "abc":
        post(name, recipient=f"{name}@example.fi")

    actions.send_due_letters()

    assert server.recipients == [["a@example.fi"], ["c@example.fi"]]


@pytest.mark.django_db
def test_job_of_one_letter_takes_others_that_wait_along(post, server):
    first, _second = post("first"), post("second")

    actions.send_letter(first.pk)

    assert (len(server.letters), server.lines) == (2, 1)


@pytest.mark.django_db
def test_letter_to_an_impossible_address_fails_and_the_others_go(post, server):
    broken = post("broken", recipient="aino\n@example.fi")
    post("whole")

    actions.send_due_letters()

    broken.refresh_from_db()
    assert broken.state == Letter.State.FAILED
    assert len(server.letters) == 1


@pytest.mark.django_db
def test_letter_is_given_up_after_the_longest_pause(post, server):
    server.to_recipient = ["450 Not now"]
    letter = post()

    pauses = []
    for _ in PAUSES:
        actions.send_letter(letter.pk)
        letter.refresh_from_db()
        pauses.append(round((letter.due_at - timezone.now()).total_seconds() / 60))
        make_due(letter)
    actions.send_letter(letter.pk)

    letter.refresh_from_db()
    assert [timedelta(minutes=pause) for pause in pauses] == PAUSES
    assert (letter.state, letter.attempts) == (Letter.State.FAILED, len(PAUSES) + 1)


# More than one at it, and sudden ends


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(post, server):
    server.seconds_before_taking = 0.5
    letter = post()
    together = threading.Barrier(2)

    def send():
        together.wait()
        actions.send_letter(letter.pk)
        connections.close_all()

    run_at_once(send, send)

    assert len(server.letters) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.SENT, 1)


# Only at some times


@pytest.mark.django_db
def test_letter_that_is_too_late_does_not_leave(post, server):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        letter = post(due_at=now + timedelta(hours=1), not_after=now + timedelta(hours=2))
        clock.shift(timedelta(hours=2))
        actions.send_due_letters()

    letter.refresh_from_db()
    assert (letter.state, letter.error, letter.text) == (Letter.State.CANCELLED, TOO_LATE, "")
    assert server.letters == []


@pytest.mark.django_db
def test_letter_that_is_late_but_in_time_leaves(post, server):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        post(due_at=now + timedelta(hours=1), not_after=now + timedelta(hours=2))
        clock.shift(timedelta(minutes=119))
        actions.send_due_letters()

    assert len(server.letters) == 1


@pytest.mark.django_db
def test_letter_that_is_put_off_is_tried_again_before_it_is_too_late(post, server):
    server.to_recipient = ["451 Not now"]
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        letter = post(not_after=now + timedelta(minutes=8))
        waits = []
        for _ in range(4):
            actions.send_due_letters()
            letter.refresh_from_db()
            waits.append((letter.due_at - timezone.now()).total_seconds() / 60)
            clock.move_to(letter.due_at)

    assert waits == [1, 3.5, 1.75, 0.875]


@pytest.mark.django_db
def test_letter_with_hours_waits_for_the_morning(post, server):
    with time_machine.travel(local(date(2026, 10, 24), 20), tick=False) as clock:
        letter = post(hours=(9, 17))
        actions.send_due_letters()
        assert (server.letters, letter.due_at) == ([], local(date(2026, 10, 25), 9))  # a night of 25 hours
        clock.move_to(local(date(2026, 10, 25), 18))  # the worker was down all day
        actions.send_due_letters()
        letter.refresh_from_db()
        assert (server.letters, letter.due_at) == ([], local(date(2026, 10, 26), 9))
        clock.move_to(local(date(2026, 10, 26), 9, 1))
        actions.send_due_letters()

    assert len(server.letters) == 1


@pytest.mark.django_db
def test_letter_whose_hours_begin_too_late_does_not_leave(post):
    with time_machine.travel(local(date(2026, 11, 23), 20), tick=False):
        letter = post(hours=(9, 17), not_after=local(date(2026, 11, 24), 8, 30))

    assert (letter.state, letter.error) == (Letter.State.CANCELLED, TOO_LATE)


# Cancelling


@pytest.mark.django_db
def test_cancelled_letters_do_not_leave(post, server):
    person, other = UserFactory(), UserFactory()
    reminder = post("reminder", kind="reminder", about=person)
    question = post("question", kind="question", about=person)
    theirs = post("theirs", kind="reminder", about=other)

    cancelled = actions.cancel_letters(person, kinds=["reminder"])
    actions.send_due_letters()

    assert cancelled == 1
    states = dict(Letter.objects.values_list("pk", "state"))
    assert states == {reminder.pk: "cancelled", question.pk: "sent", theirs.pk: "sent"}
    reminder.refresh_from_db()
    assert reminder.text == ""


@pytest.mark.django_db
def test_cancelling_leaves_sent_letters_as_they_are(post, server):
    person = UserFactory()
    letter = post(about=person)
    actions.send_due_letters()

    cancelled = actions.cancel_letters(person)

    assert cancelled == 0
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
