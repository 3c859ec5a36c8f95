"""Looking at links: what counts as broken, what is never asked, and how politely."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.utils import timezone

from guidance.catalogue import tasks
from guidance.catalogue.links import fetch
from guidance.catalogue.links.checking import check_links, collect_links
from guidance.catalogue.links.fetch import Answer, Problem, Refused, ask, is_public, public_address
from guidance.catalogue.models import LinkCheck
from tests.factories import GuidanceServiceFactory, TrainingOptionFactory


class Site(ThreadingHTTPServer):
    """A site on this machine; `asked` is what it was asked, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), Page)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def guard(self, host: str, port: int) -> str:
        """Lets in this site alone, and whatever the portal itself would let in."""
        if (host, port) == ("127.0.0.1", self.server_port):
            return host
        return public_address(host, port)


class Page(BaseHTTPRequestHandler):
    server: Site

    def answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        _slash, what, *rest = self.path.split("/")
        if what == "slow":
            with suppress(BrokenPipeError):  # nobody listened to the end
                for _drop in range(40):
                    self.wfile.write(b"H")
                    time.sleep(0.05)
            return
        status = 405 if what == "get-only" and self.command == "HEAD" else 200
        status = int(what) if what.isdecimal() else status
        leads_to = {"leads": "/".join(rest).replace("_", "/"), "round": "/round"}.get(what)
        self.send_response(302 if leads_to else status)
        if leads_to:
            self.send_header("Location", leads_to)
        self.end_headers()

    do_HEAD = answer  # noqa: N815
    do_GET = answer  # noqa: N815

    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "answer", "is_failure"),
    [
        ("/", Answer(200), False),
        ("/404", Answer(404), True),
        ("/410", Answer(410), True),
        ("/500", Answer(500), True),
        ("/403", Answer(403), False),
        ("/429", Answer(429), False),
        ("/get-only", Answer(200), False),
        ("/leads//404", Answer(404), True),
        ("/leads//200", Answer(200), False),
        ("/sivu jossa on välejä?a=ä b", Answer(200), False),
    ],
)
def test_what_a_site_answers(site, path, answer, is_failure):
    found = ask(site.url + path, guard=site.guard)

    assert (found, found.is_failure) == (answer, is_failure)


def test_only_where_head_is_refused_the_page_itself_is_asked_for(site):
    ask(f"{site.url}/200", guard=site.guard)
    ask(f"{site.url}/404", guard=site.guard)

    assert site.asked == [("HEAD", "/200"), ("HEAD", "/404"), ("GET", "/404")]


def test_site_that_leads_on_and_on_is_left_after_five_steps(site):
    answer = ask(f"{site.url}/round", guard=site.guard)

    assert answer == Answer(None, Problem.ROUND)
    assert len(site.asked) == 6


def test_redirect_to_a_private_address_is_not_followed(site):
    with Site() as inside:
        answer = ask(f"{site.url}/leads/http:__127.0.0.1:{inside.server_port}_200", guard=site.guard)

    assert answer == Answer(None, Problem.PRIVATE)
    assert inside.asked == []


def test_answer_that_drips_is_not_waited_for(site, monkeypatch):
    monkeypatch.setattr(fetch, "TIMEOUT", 0.2)
    begun = time.monotonic()

    answer = ask(f"{site.url}/slow", guard=site.guard)

    assert answer == Answer(None, Problem.SILENT)
    assert time.monotonic() - begun < 1.5


def test_nobody_there_is_no_answer(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    assert ask(f"http://127.0.0.1:{port}/", guard=lambda host, _port: host) == Answer(None, Problem.SILENT)


def test_site_without_a_certificate_is_told(site):
    url = site.url.replace("http:", "https:")

    assert ask(url, guard=site.guard) == Answer(None, Problem.SECURITY)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://172.16.3.4/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://93.184.215.14:5432/",
        "http://93.184.215.14:22/",
        "http://name:word@93.184.215.14/",
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_private_addresses_are_never_asked(url, monkeypatch):
    def connect(*args, **kwargs):
        raise AssertionError(args)

    monkeypatch.setattr(socket, "create_connection", connect)

    assert ask(url) == Answer(None, Problem.PRIVATE)


@pytest.mark.parametrize("url", ["http://[::1", "http://example.fi:99999/", "https://ei-ole.invalid/"])
def test_address_that_is_none_is_told(url):
    assert ask(url).problem == Problem.NAME


def test_name_with_one_private_address_among_others_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)

    with pytest.raises(Refused) as refused:
        public_address("sivu.example.fi", 80)

    assert refused.value.problem == Problem.PRIVATE


def test_name_is_looked_up_once_and_that_address_is_connected_to(monkeypatch):
    """A name that stands for something else the second time leads nowhere else."""
    answers = iter([[(2, 1, 6, "", ("93.184.215.14", 80))]])
    connected = []

    def connect(address, timeout):
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: next(answers))
    monkeypatch.setattr(socket, "create_connection", connect)

    ask("http://sivu.example.fi/")

    assert connected == [("93.184.215.14", 80)]


@pytest.mark.parametrize("text", ["93.184.215.14", "2001:14b8::1"])
def test_public_addresses_are_public(text):
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.django_db
def test_links_of_published_records_are_known_and_others_forgotten():
    TrainingOptionFactory(website="https://example.fi/a", application_link="https://example.fi/hae")
    TrainingOptionFactory(website="https://example.fi/a")
    GuidanceServiceFactory(website="https://example.fi/ohjaus")
    TrainingOptionFactory(website="https://example.fi/luonnos", published_at=None)
    LinkCheck.objects.create(url="https://example.fi/vanha")

    collect_links()

    assert [check.url for check in LinkCheck.objects.all()] == [
        "https://example.fi/a",
        "https://example.fi/hae",
        "https://example.fi/ohjaus",
    ]


@pytest.mark.django_db
def test_link_breaks_after_three_failures_over_three_days_and_mends_at_once(site):
    training = TrainingOptionFactory(website=f"{site.url}/404")
    states = []
    start = timezone.now()

    for days in (0, 1, 2, 3):
        with time_machine.travel(start + timedelta(days=days, minutes=days)):
            check_links(guard=site.guard, pause=0)
            states.append(LinkCheck.objects.broken().exists())
            assert LinkCheck.objects.get().is_broken is states[-1]
    LinkCheck.objects.update(url=f"{site.url}/200")
    training.website = f"{site.url}/200"
    training.save()
    with time_machine.travel(start + timedelta(days=5)):
        check_links(guard=site.guard, pause=0)

    check = LinkCheck.objects.get()
    assert states == [False, False, False, True]
    assert (check.failures, check.failing_since, check.is_broken, check.answers) == (0, None, False, True)


@pytest.mark.django_db
def test_link_is_looked_at_once_a_night_and_failing_ones_first(site):
    ago = timezone.now() - timedelta(days=2)
    for name in ("200", "404", "new"):
        TrainingOptionFactory(website=f"{site.url}/{name}")
    LinkCheck.objects.create(url=f"{site.url}/200", checked_at=ago, answered_at=ago, status=200)
    LinkCheck.objects.create(url=f"{site.url}/404", checked_at=ago, failing_since=ago, failures=1, status=404)

    looked_at = [check_links(guard=site.guard, pause=0, most=1) for _night in range(2)]
    rest = check_links(guard=site.guard, pause=0)
    again = check_links(guard=site.guard, pause=0)

    order = [path for method, path in site.asked if method == "HEAD"]
    assert (looked_at, rest, again) == ([1, 1], 1, 0)
    assert order == ["/404", "/new", "/200"]


@pytest.mark.django_db
def test_one_host_is_not_asked_twice_within_the_pause(site):
    for name in ("a", "b", "c"):
        TrainingOptionFactory(website=f"{site.url}/{name}")
    begun = time.monotonic()

    check_links(guard=site.guard, pause=0.2)

    assert time.monotonic() - begun >= 0.4
    assert len(site.asked) == 3


@pytest.mark.django_db
def test_job_looks_only_where_the_setting_says_so(settings, monkeypatch):
    looked = []
    monkeypatch.setattr(tasks.checking, "check_links", lambda: looked.append(settings.CHECK_LINKS))

    for asked in (False, True):
        settings.CHECK_LINKS = asked
        tasks.check_links(0)

    assert looked == [True]
