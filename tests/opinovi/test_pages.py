import datetime
import gzip
import time

import psycopg
import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from guidance.booking.models import Availability, Hold
from opinovi.changes import clock, content_tables, unwatched_tables
from opinovi.middleware.pages import MOST_BYTES, MOST_PAGES, Page, Shelf
from opinovi.models import User
from tests.factories import AppointmentFactory, AvailabilityFactory, OrganisationFactory, UserFactory
from tests.opinovi import addresses

PAGE = "/en/tried/organisations/"


@pytest.fixture
def pages(settings, transactional_db):
    """The cache as it works in a real portal, over pages made for these tests."""
    settings.PAGE_SECONDS = 60
    settings.ROOT_URLCONF = "tests.opinovi.addresses"
    await_moment(lambda moment: moment is not None)
    time.sleep(0.05)  # the emptying of tables after the last test may still be told


@pytest.fixture
def colleague(db) -> Browser:
    """The browser of somebody signed in."""
    browser = Browser()
    browser.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def await_moment(is_it):
    """Wait until this process has heard what the database told it."""
    deadline = time.monotonic() + 10
    while not is_it(clock.moment()):
        assert time.monotonic() < deadline, "nothing was heard"
        time.sleep(0.005)


def change(act):
    """Change content in one transaction, and wait until the change has been heard of."""
    before = clock.moment()
    with transaction.atomic():
        act()
    await_moment(lambda moment: moment is not None and moment > before)


# What strangers share


def test_page_is_made_once_for_every_stranger(browser, pages):
    first = browser.get(PAGE)

    again = browser.get(PAGE)
    head = browser.head(PAGE)

    assert again.content == first.content
    assert head.status_code == 200
    assert dict(again.items()) | {"X-Request-ID": ""} == dict(first.items()) | {"X-Request-ID": ""}
    assert first["X-Request-ID"] != again["X-Request-ID"]


def test_page_tells_browsers_to_keep_it_and_to_ask_whether_it_changed(browser, pages):
    first = browser.get(PAGE)

    again = browser.get(PAGE, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {name.strip() for name in first["Vary"].split(",")} == {"Cookie", "Accept-Encoding"}
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_page_that_a_browser_already_has_is_kept_for_the_others(browser, pages):
    tag = browser.get(PAGE)["ETag"]
    change(OrganisationFactory)

    answer = browser.get(PAGE, headers={"If-None-Match": tag})
    other = browser.get(PAGE)

    assert answer.status_code == 200
    assert other.content == answer.content


def test_page_is_kept_as_it_is_and_compressed(browser, pages):
    plain = browser.get(PAGE)

    small = browser.get(PAGE, headers={"Accept-Encoding": "gzip"})
    again = browser.get(PAGE, headers={"Accept-Encoding": "br, gzip"})

    assert not plain.has_header("Content-Encoding")
    assert small["Content-Encoding"] == "gzip"
    assert again.content == small.content
    assert gzip.decompress(small.content).endswith(b"Padding. ")


def test_page_depends_on_its_whole_address(browser, pages):
    answers = [
        browser.get(address).content
        for address in (PAGE, f"{PAGE}?q=cook", f"{PAGE}?q=nurse", f"{PAGE}?q=cook&page=2")
    ]

    assert len(set(answers)) == 4
    assert browser.get(f"{PAGE}?q=cook").content == answers[1]


def test_open_data_is_kept_by_language_and_readable_from_everywhere(pages):
    answers = [ask_open_data(language) for language in ("fi", "sv", "fi", "sv")]

    assert [answer["Content-Language"] for answer in answers] == ["fi", "sv", "fi", "sv"]
    assert [answer["ETag"] for answer in answers[:2]] == [answer["ETag"] for answer in answers[2:]]
    assert answers[0]["ETag"] != answers[1]["ETag"]
    assert {answer["Access-Control-Allow-Origin"] for answer in answers} == {"*"}
    assert {answer["Cache-Control"] for answer in answers} == {"public, max-age=0, must-revalidate"}


def test_language_cookie_of_one_stranger_does_not_reach_another(pages):
    with_cookie = Browser(HTTP_ACCEPT_LANGUAGE="fi")
    with_cookie.cookies["django_language"] = "sv"

    with_cookie.get("/api/hsds/taxonomies")

    assert ask_open_data("fi")["Content-Language"] == "fi"


def ask_open_data(language):
    return Browser(HTTP_ACCEPT_LANGUAGE=language).get("/api/hsds/taxonomies")


def test_page_is_made_anew_after_its_time(browser, pages, settings):
    settings.PAGE_SECONDS = 0.05
    first = browser.get(PAGE)
    time.sleep(0.1)

    again = browser.get(PAGE)

    assert again.content != first.content


# What is not shared


def test_page_of_somebody_signed_in_is_theirs_alone(browser, colleague, pages):
    public = browser.get(PAGE)

    own = colleague.get(PAGE)
    later = browser.get(PAGE)

    assert own.content != public.content
    assert own["Cache-Control"] == "private, no-store"
    assert later.content == public.content


def test_page_is_never_kept_from_a_post(browser, pages):
    first = browser.get(PAGE)

    posted = browser.post(PAGE)

    assert posted.content != first.content
    assert posted["Cache-Control"] == "private, no-store"
    assert browser.get(PAGE).content == first.content


@pytest.mark.parametrize(
    "address",
    [
        "/en/tried/cookie/",
        "/en/tried/fresh/",
        "/en/tried/letter/",
        "/en/tried/by-key/secret/",
        "/en/tried/varied/",
    ],
)
def test_page_that_is_not_the_same_for_all_is_made_every_time(pages, address):
    answers = [Browser().get(address) for _ in range(2)]

    assert answers[0].content != answers[1].content


@pytest.mark.parametrize("address", ["/en/tried/cookie/", "/en/tried/by-key/secret/"])
def test_page_that_is_not_for_all_is_not_left_in_browsers(browser, pages, address):
    answer = browser.get(address)

    assert answer["Cache-Control"] == "private, no-store"


def test_private_page_tells_nobody_its_address(browser, pages):
    answer = browser.get("/en/tried/letter/")

    assert (answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
        "private, no-store",
        "no-referrer",
        "noindex",
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [("/en/tried/missing/", 404), ("/en/tried/elsewhere/", 302), ("/en/tried/no/", 404)],
)
def test_other_answers_are_not_kept(browser, pages, address, status):
    answers = [browser.get(address) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [status, status]
    assert not answers[0].has_header("Cache-Control")


# When content changes


def test_page_is_made_anew_when_content_changes(browser, pages):
    browser.get(PAGE)

    change(lambda: OrganisationFactory(name_fi="Uusi opisto"))

    assert "Uusi opisto" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE network_organisation SET name_fi = 'Toinen opisto'",
        "DELETE FROM network_organisation",
        "TRUNCATE network_organisation CASCADE",
    ],
)
def test_page_is_made_anew_however_content_changes(browser, pages, statement):
    OrganisationFactory(name_fi="Vanha opisto")
    await_moment(lambda moment: "Vanha opisto" in browser.get(PAGE).content.decode())

    with connection.cursor() as cursor:
        change(lambda: cursor.execute(statement))

    assert "Vanha opisto" not in browser.get(PAGE).content.decode()


def test_page_stays_when_a_change_is_taken_back(browser, pages):
    first = browser.get(PAGE)
    before = clock.moment()

    with transaction.atomic():
        OrganisationFactory()
        transaction.set_rollback(True)
    time.sleep(0.2)

    assert clock.moment() == before
    assert browser.get(PAGE).content == first.content


def test_page_stays_when_something_else_changes(browser, pages):
    before = clock.moment()

    User.objects.create_user("uusi@example.fi", name="Uusi Henkilö")
    time.sleep(0.2)

    assert clock.moment() == before


def test_page_begun_before_a_change_is_not_served_after_it(browser, pages, monkeypatch):
    def change_once():
        monkeypatch.undo()
        change(lambda: OrganisationFactory(name_fi="Myöhäinen opisto"))

    monkeypatch.setattr(addresses, "during", change_once)

    begun_before = browser.get(PAGE)
    after = browser.get(PAGE)

    assert "Myöhäinen opisto" not in begun_before.content.decode()
    assert "Myöhäinen opisto" in after.content.decode()


def test_nothing_is_kept_while_changes_go_unheard(browser, pages):
    before = clock.moment()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND (query LIKE %s OR query = %s)",
            [
                "LISTEN %",
                "SELECT 1",
            ],  # what it says first, and what it asks when it has heard nothing for long
        )
    await_moment(lambda moment: moment is None)

    deaf = [browser.get(PAGE).content for _ in range(2)]

    await_moment(lambda moment: moment is not None and moment > before)
    assert deaf[0] != deaf[1]
    assert browser.get(PAGE).content == browser.get(PAGE).content


def test_every_process_hears_of_a_change(pages):
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory")
    parameters.pop("context")

    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("LISTEN opinovi_content")
        OrganisationFactory()
        heard = {(change.channel, change.payload) for change in other.notifies(timeout=5, stop_after=1)}

    assert heard == {("opinovi_content", "")}


@pytest.mark.django_db
def test_every_table_of_public_content_is_watched():
    tables = content_tables()

    assert unwatched_tables(connection) == []
    assert {"network_organisation", "network_routestop", "projects_project", "booking_appointment"} <= {
        *tables
    }
    assert not any(table.endswith("event") or table.startswith(("casework", "opinovi")) for table in tables)


# The room it takes


def page_of(length):
    return Page(b"x" * length, {}, None, moment=1, until=time.monotonic() + 60)


def test_shelf_lets_go_of_what_was_not_asked_for_the_longest():
    shelf = Shelf()
    for number in range(MOST_PAGES):
        shelf.put((str(number),), page_of(10))

    shelf.take(("0",), 1)
    shelf.put(("new",), page_of(10))

    assert shelf.take(("0",), 1)
    assert shelf.take(("1",), 1) is None


def test_shelf_holds_no_more_bytes_than_it_may():
    shelf = Shelf()

    for number in range(100):
        shelf.put((str(number),), page_of(400_000))

    kept = [number for number in range(100) if shelf.take((str(number),), 1)]
    assert kept == list(range(100 - MOST_BYTES // 402_000, 100))


def test_shelf_refuses_a_page_that_would_push_out_many():
    shelf = Shelf()

    shelf.put(("long",), page_of(600_000))

    assert shelf.take(("long",), 1) is None


# Parts of pages


def test_parts_made_in_a_request_are_kept_for_others_until_content_changes(browser, colleague, pages):
    first = [browser.get("/en/tried/counted/").content, colleague.get("/en/tried/counted/").content]

    change(OrganisationFactory)

    assert first[0] == first[1]
    assert browser.get("/en/tried/counted/").content != first[0]


def test_parts_are_not_kept_from_a_request_that_may_change_something(browser, pages):
    answers = [browser.post("/en/tried/counted/").content for _ in range(2)]

    assert answers[0] != answers[1]


@pytest.fixture
def offers(browser, transactional_db, settings, monkeypatch):
    """A service whose page is kept, and how often its offers are asked for."""
    settings.PAGE_SECONDS = 60
    monkeypatch.setattr(caches["offers"], "default_timeout", 60)
    await_moment(lambda moment: moment is not None)
    availability = AvailabilityFactory(service__slug="career", service__name_en="Career guidance")
    time.sleep(0.1)  # until all of that is told
    page = "/en/guidance/career/times/?channel=phone"

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        return sum("FROM booking_availability AS" in query["sql"] for query in queries)

    assert [asked(), asked()] == [1, 0]
    return availability, asked


def test_booking_makes_pages_of_times_anew_but_asks_for_no_offers(offers):
    availability, asked = offers
    counsellor = availability.counsellor

    change(lambda: AppointmentFactory(guidance_service=availability.services.get(), counsellor=counsellor))

    assert asked() == 0


def test_form_that_is_sent_asks_for_no_offers_that_are_known(browser, offers):
    availability, _asked = offers

    with CaptureQueriesContext(connection) as queries:
        browser.post("/en/guidance/career/times/?channel=phone", {"start": f"{availability.on}T10:30"})

    assert Hold.objects.get().counsellor_id == availability.counsellor_id
    assert not any("FROM booking_availability AS" in query["sql"] for query in queries)


def test_change_of_an_offer_is_seen_by_the_form_that_is_sent_next(browser, offers):
    availability, _asked = offers
    change(lambda: Availability.objects.filter(pk=availability.pk).update(ends_at=datetime.time(11)))

    for _time in range(2):  # it keeps nothing itself
        with CaptureQueriesContext(connection) as queries:
            browser.post("/en/guidance/career/times/?channel=phone", {"start": "2026-11-23T10:15"})
        assert any("FROM booking_availability AS" in query["sql"] for query in queries)


def test_change_of_an_offer_is_seen_at_once(offers):
    availability, asked = offers

    change(lambda: Availability.objects.filter(pk=availability.pk).update(ends_at=datetime.time(11)))

    assert asked() == 1
