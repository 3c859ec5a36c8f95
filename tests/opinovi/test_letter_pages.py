import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from opinovi.models import Letter
from tests.factories import UserFactory

LIST = "/en/letters/"


@pytest.fixture
def letter(db, settings):
    """A letter in a demo."""
    settings.DEMO = True
    return make_letter("one")


def make_letter(key, **changes):
    facts = {
        "kind": "tried",
        "recipient": "aino@example.fi",
        "language": "sv",
        "subject": "Din tid är bokad",
        "text": "Hej!\n\nhttp://127.0.0.1:8000/sv/x/\n",
        "html": "<html><head><style>p { color: #111 }</style></head><body><p>Hej!</p></body></html>",
        "state": Letter.State.SENT,
        "sent_at": timezone.now(),
    }
    return Letter.objects.create(key=key, **facts | changes)


def test_letter_list_shows_what_was_sent_newest_first(browser, letter):
    make_letter("two", subject="Senare brev")

    response = browser.get(LIST)

    assert re.findall(r'lang="sv"\s*>([^<]+)</a>\s*<p', response.content.decode()) == [
        "Senare brev",
        "Din tid är bokad",
    ]


def test_letter_list_has_pages(browser, letter):
    for number in range(30):
        make_letter(f"more-{number}")

    assertContains(browser.get(LIST), "Page 1 of 2")
    assertContains(browser.get(f"{LIST}?page=2"), letter.subject)


def test_letter_list_says_that_it_is_empty(browser, db, settings):
    settings.DEMO = True

    assertContains(browser.get(LIST), "No letters yet")


@pytest.mark.parametrize("count", [1, 3])
def test_letter_list_costs_the_same_for_any_number_of_rows(browser, letter, count, django_assert_num_queries):
    for number in range(count):
        make_letter(f"more-{number}")

    with django_assert_num_queries(2):
        browser.get(LIST)


def test_letter_detail_shows_the_text_with_links_to_follow(browser, letter):
    response = browser.get(f"{LIST}{letter.pk}/")

    assertContains(response, '<a href="http://127.0.0.1:8000/sv/x/" rel="nofollow">')
    assertContains(response, "aino@example.fi")
    assertNotContains(response, "calendar file")


def test_letter_html_is_shown_with_its_own_style_and_nothing_else(browser, letter):
    response = browser.get(f"{LIST}{letter.pk}/html/")

    assert response.content.decode() == letter.html
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; "
        r"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        response["Content-Security-Policy"],
    )


def test_letter_calendar_is_a_file(browser, letter):
    invited = make_letter("invited", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    response = browser.get(f"{LIST}{invited.pk}/calendar/")

    assert (response["Content-Type"], response.content.decode()) == (
        "text/calendar; charset=utf-8",
        invited.calendar,
    )
    assert browser.get(f"{LIST}{letter.pk}/calendar/").status_code == 404


@pytest.mark.parametrize("address", ["", "{pk}/", "{pk}/html/", "{pk}/calendar/"])
def test_letters_of_a_real_portal_are_nobodys_to_read(browser, letter, settings, address, administrator):
    settings.DEMO = False

    assert browser.get(LIST + address.format(pk=letter.pk)).status_code == 404


@pytest.mark.parametrize("address", ["", "{pk}/", "{pk}/html/"])
def test_letters_are_kept_by_no_browser(browser, letter, address):
    response = browser.get(LIST + address.format(pk=letter.pk))

    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")


# In the admin


@pytest.fixture
def superuser(browser, db, settings):
    settings.SECOND_FACTOR = False
    user = UserFactory(is_superuser=True)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def test_admin_shows_a_letters_fate_and_not_its_text(browser, superuser):
    letter = make_letter("one", text="the-private-link", html="the-private-link")

    response = browser.get(f"/admin/opinovi/letter/{letter.pk}/change/")

    assertContains(response, "aino@example.fi")
    assertNotContains(response, "the-private-link")


def test_admin_sends_failed_letters_again(browser, superuser):
    failed = make_letter("failed", state=Letter.State.FAILED, sent_at=None, attempts=8, error="no")
    sent = make_letter("sent")

    browser.post("/admin/opinovi/letter/", {"action": "send_again", "_selected_action": [failed.pk, sent.pk]})

    states = Letter.objects.values_list("pk", "state", "attempts")
    assert set(states) == {(failed.pk, "queued", 0), (sent.pk, "sent", 0)}


@pytest.mark.parametrize("table", ["user", "letter", "accessevent"])
def test_admin_adds_and_deletes_nothing(browser, superuser, table):
    assert browser.get(f"/admin/opinovi/{table}/").status_code == 200
    assert browser.get(f"/admin/opinovi/{table}/add/").status_code == 403


def test_admin_passes_djangos_checks(db):
    call_command("check", "--tag", "admin")
