import io
import json
import logging
import re
import socket
import sys

import pytest
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django import app

from opinovi.logs import JsonFormatter
from tests.factories import UserFactory
from tests.portal import running_portal

SECRET = "aino.salainen@example.fi"


def told(name, *words, **extra):
    """The line of something that was logged."""
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, "/srv/portal/lib/django/core/base.py", 7, words[0], words[1:], None, extra=extra
    )
    return json.loads(JsonFormatter().format(record))


@pytest.fixture
def log():
    """What the portal writes to its log."""
    (handler,) = [one for one in logging.getLogger().handlers if isinstance(one.formatter, JsonFormatter)]
    usual = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(usual)


def lines_of(log):
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_request_is_one_line_by_its_route(browser, log):
    user = UserFactory()
    with translation.override("en"):
        address = reverse("account_reset_password_from_key", args=[user.pk, f"set-{SECRET}"])

    response = browser.get(f"{address}?q={SECRET}", REMOTE_ADDR="192.0.2.77")

    (line,) = [line for line in lines_of(log) if line["logger"] == "opinovi.requests"]
    assert (line.pop("ms") >= 0, line.pop("at")[:2]) == (True, "20")
    assert line == {
        "level": "info",
        "logger": "opinovi.requests",
        "message": "request",
        "method": "GET",
        "route": "account_reset_password_from_key",
        "status": 200,
        "request": response["X-Request-ID"],
    }


def test_every_request_has_an_id_of_its_own(browser, db):
    ids = {browser.get("/en/nowhere/")["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Not Found: %s", f"/en/bookings/{SECRET}/"), "Not Found: …"),
        (("Booting worker with pid: %s", 4711), "Booting worker with pid: 4711"),
        (("%r took %.1f s", SECRET, 2.25), "'…' took 2.2 s"),
        ((f"Invalid request from ip=192.0.2.77: {SECRET}",), "… (django/core/base.py:7)"),
        ((f"Invalid HTTP_HOST header: '{SECRET} 100%'.",), "… (django/core/base.py:7)"),
        (("%(who)s came", {"who": SECRET}), "… (django/core/base.py:7)"),
        ((ValueError(SECRET),), "… (django/core/base.py:7)"),
    ],
)
def test_library_is_not_believed_to_keep_secrets(words, message):
    line = told("some.package", *words)

    assert line["message"] == message
    assert SECRET not in str(line)


def test_line_of_a_job_names_the_job_and_not_its_arguments():
    job = {"id": 7, "task_name": "opinovi.send_letter", "task_kwargs": {"to": SECRET}}

    line = told("procrastinate.worker", f"Job send({SECRET}) failed", action="job_error", job=job)

    assert (line["message"], line["job"], line["task"]) == ("job_error", 7, "opinovi.send_letter")
    assert SECRET not in str(line)


def test_exception_is_told_by_its_type_and_place():
    try:
        raise ValueError(f"no such person: {SECRET}")
    except ValueError:
        facts = sys.exc_info()
    record = logging.LogRecord("opinovi.actions", logging.ERROR, __file__, 1, "it failed", (), facts)

    line = json.loads(JsonFormatter().format(record))

    assert line["exception"] == "ValueError"
    assert [place.split(":")[0] for place in line["trace"]] == ["tests/opinovi/test_logs.py"]
    assert SECRET not in str(line)


@pytest.mark.django_db
def test_page_that_fails_says_where_and_not_why(browser, log, settings):
    settings.ROOT_URLCONF = "tests.opinovi.addresses"
    browser.raise_request_exception = False

    response = browser.get(f"/en/tried/failing/{SECRET}/")

    lines = lines_of(log)
    (line,) = [line for line in lines if line["logger"] == "django.request"]
    assert response.status_code == 500
    assert (line["message"], line["exception"]) == ("Internal Server Error: …", "LookupError")
    assert line["trace"][-1].endswith("failing")
    assert SECRET not in str(lines)


@pytest.mark.django_db(transaction=True)
def test_job_that_fails_says_which_and_not_about_whom(log):
    app.configure_task("opinovi.no_such_task").defer(who=SECRET)
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    lines = [line for line in lines_of(log) if line["logger"].startswith("procrastinate")]
    assert any(line.get("task") == "opinovi.no_such_task" for line in lines)
    assert SECRET not in str(lines)


def test_running_portal_writes_nothing_but_json_and_nothing_about_a_person(transactional_db, tmp_path):
    with running_portal(tmp_path) as portal:
        for request in (
            f"GET /en/{SECRET}/?q={SECRET} HTTP/1.1\r\nHost: {portal.host}",
            f"POST /en/account/login/ HTTP/1.1\r\nHost: {portal.host}\r\nReferer: http://{SECRET}/",
            f"GET / HTTP/1.1\r\nHost: {SECRET}",
            f"GET / {SECRET} HTTP/9.9\r\nHost: x",
            f"GET / HTTP/1.1\r\n{SECRET} no colon",
            f"{SECRET}",
        ):
            ask(portal.host, request)

    lines = [json.loads(line) for line in portal.log.read_text().splitlines()]
    assert [line["status"] for line in lines if line["message"] == "request"][-3:] == [404, 403, 400]
    assert SECRET not in str(lines)
    assert "127.0.0.1" not in str(lines)


def ask(host, request):
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=10) as line:
        line.sendall(f"{request}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while more := line.recv(65536):
            answer += more
    return answer


def test_running_portal_answers_head_without_a_body_and_without_a_warning(transactional_db, tmp_path):
    with running_portal(tmp_path) as portal:
        answer = ask(portal.host, f"HEAD /en/account/login/ HTTP/1.1\r\nHost: {portal.host}")

    head, _separator, body = answer.partition(b"\r\n\r\n")
    assert (head[:15], body) == (b"HTTP/1.1 200 OK", b"")
    assert int(re.search(rb"Content-Length: (\d+)", head)[1]) > 1000
    assert "warning" not in portal.log.read_text()
