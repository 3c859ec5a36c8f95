"""Signing in and out, a forgotten password, too many tries; nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from network.models.people import Role
from opinovi.models import Letter, User
from tests.factories import AffiliationFactory

SIGN_IN = "/en/account/login/"
FORGOTTEN = "/en/account/password/reset/"
PASSWORD = "vihreä kanto mäellä"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    """A counsellor with a password, not signed in."""
    person = AffiliationFactory(user__email="aino@example.fi", user__language="sv").user
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(browser, email="aino@example.fi", password=PASSWORD, address=SIGN_IN, **more):
    return browser.post(address, {"login": email, "password": password, **more})


def is_signed_in(browser):
    return get_user(browser).is_authenticated


@pytest.mark.parametrize("email", ["aino@example.fi", "Aino@Example.FI"])
def test_sign_in_with_address_and_password(browser, person, email):
    response = sign_in(browser, email)

    assertRedirects(response, "/en/desk/", fetch_redirect_response=False)
    assert get_user(browser) == person


@pytest.mark.parametrize(
    ("role", "landing"),
    [
        (Role.COUNSELLOR, "/en/desk/"),
        (Role.COORDINATOR, "/en/office/networks/"),
        (Role.ADMINISTRATOR, "/en/office/networks/"),
        (None, "/en/"),
    ],
)
def test_sign_in_leads_to_where_the_day_begins(browser, person, role, landing):
    person.affiliations.update(role=role) if role else person.affiliations.all().delete()

    assertRedirects(sign_in(browser), landing, fetch_redirect_response=False)


def test_sign_in_leads_back_to_the_page_one_wanted(browser, person):
    wanted = "/en/desk/clients/?q=aino"

    asked = browser.get(wanted)
    response = sign_in(browser, address=asked.headers["Location"])

    assertRedirects(response, wanted, fetch_redirect_response=False)


def test_sign_in_leads_to_no_other_site(browser, person):
    response = sign_in(browser, next="https://elsewhere.example/")

    assert response.headers["Location"] == "/en/desk/"


def test_a_wrong_password_and_an_unknown_address_look_the_same(browser, person):
    wrong = sign_in(browser, password="something else")
    unknown = sign_in(browser, email="nobody@example.fi")

    sentence = "The e-mail address and the password do not go together."
    assertContains(wrong, sentence)
    assertContains(unknown, sentence)


def test_a_wrong_password_and_an_unknown_address_cost_the_same(browser, person, monkeypatch):
    """The password is hashed once either way, so that the clock tells nothing."""
    hashed = []
    encode = User.set_password
    check = User.check_password
    monkeypatch.setattr(User, "set_password", lambda *a: (hashed.append("set"), encode(*a)))
    monkeypatch.setattr(User, "check_password", lambda *a: (hashed.append("check"), check(*a))[1])

    sign_in(browser, password="something else")
    sign_in(browser, email="nobody@example.fi")

    assert hashed == ["check", "set"]


def test_a_closed_account_says_so_only_to_its_owner(browser, person):
    User.objects.update(is_active=False)

    wrong = sign_in(browser, password="something else")
    right = sign_in(browser)

    assertContains(wrong, "do not go together")
    assertRedirects(right, "/en/account/inactive/")
    assert not is_signed_in(browser)


def test_five_wrong_passwords_close_the_door_for_five_minutes(browser, person):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _each in range(5):
            sign_in(browser, password="something else")
        closed = sign_in(browser)
        clock.shift(timedelta(minutes=5, seconds=1))
        opened = sign_in(browser)

    assertContains(closed, "There were too many tries.")
    assert opened.status_code == 302


def test_tries_at_one_account_do_not_close_another(browser, person):
    for _each in range(5):
        sign_in(browser, email="bertta@example.fi", password="something else")

    assert sign_in(Browser(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_a_machine_that_tries_and_tries_is_sent_away(browser, person):
    for number in range(30):
        sign_in(browser, email=f"nobody{number}@example.fi", password="x")
    response = sign_in(browser)

    assertContains(response, "Too many tries", status_code=429)
    assertContains(response, "Go to the content", status_code=429)
    assert not is_signed_in(browser)


@pytest.mark.parametrize(("proxies", "told_apart"), [(0, False), (1, True)])
def test_machines_behind_a_proxy_are_told_apart_only_when_it_is_ours(
    browser, person, settings, proxies, told_apart
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(30):
        sign_in(Browser(HTTP_X_FORWARDED_FOR="198.51.100.1"), email=f"nobody{number}@example.fi")

    response = sign_in(Browser(HTTP_X_FORWARDED_FOR="198.51.100.2"))

    assert (response.status_code == 302) is told_apart


def test_signing_out_ends_the_session(browser, counsellor):
    response = browser.post("/en/account/logout/")

    assertRedirects(response, "/en/", fetch_redirect_response=False)
    assert browser.get("/en/desk/").status_code == 302


def test_half_an_hour_without_use_signs_out(browser, person):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(browser)
        clock.shift(timedelta(minutes=29))
        in_time = browser.get("/en/desk/")
        clock.shift(timedelta(minutes=29))
        still = browser.get("/en/desk/")
        clock.shift(timedelta(minutes=31))
        too_late = browser.get("/en/desk/")

    assert (in_time.status_code, still.status_code) == (200, 200)
    assertRedirects(too_late, f"{SIGN_IN}?next=/en/desk/", fetch_redirect_response=False)


def test_nobody_signs_up(browser):
    assert browser.get("/en/account/signup/").status_code == 404
    assert browser.get("/en/account/email/").status_code == 404


def test_a_forgotten_password_is_chosen_anew_through_a_letter(browser, person):
    asked = browser.post(FORGOTTEN, {"email": "Aino@example.fi"})
    letter = Letter.objects.get()
    link = re.search(r"http://127.0.0.1:8000(/sv/\S+)", letter.text)[1]
    form = browser.get(link, follow=True)
    new = "kolme sinistä hevosta"
    saved = browser.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assertRedirects(asked, "/en/account/password/reset/done/")
    assert (letter.recipient, letter.language, letter.kind) == ("aino@example.fi", "sv", "password_reset")
    assert saved.status_code == 302
    assert sign_in(browser, password=new).status_code == 302
    assertContains(Browser().get(link, follow=True, headers={"accept-language": "sv"}), "notice--bad")


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(browser, person):
    known = browser.post(FORGOTTEN, {"email": "aino@example.fi"}, follow=True)
    unknown = Browser().post(FORGOTTEN, {"email": "nobody@example.fi"}, follow=True)

    assert known.content == unknown.content
    assert Letter.objects.count() == 1


def test_the_link_of_a_letter_lasts_an_hour(browser, person):
    browser.post(FORGOTTEN, {"email": "aino@example.fi"})
    link = re.search(r"http://127.0.0.1:8000(/sv/\S+)", Letter.objects.get().text)[1]

    with time_machine.travel(timezone.localtime() + timedelta(hours=1, minutes=1)):
        response = browser.get(link, follow=True)

    assertContains(response, "notice--bad")


def test_the_password_is_changed_from_within(browser, person):
    sign_in(browser)
    new = "kolme sinistä hevosta"

    browser.post(
        "/en/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    person.refresh_from_db()
    assert person.check_password(new)
    assert is_signed_in(browser)


def test_djangos_admin_opens_to_superusers_alone(browser, administrator):
    superuser = User.objects.create_superuser("ylin@example.fi", "x", name="Ylin")

    strangers = Browser().get("/admin/")
    administrators = browser.get("/admin/", follow=True)
    browser.force_login(superuser)
    superusers = browser.get("/admin/")

    assert strangers.headers["Location"].startswith("/admin/login/")
    assert administrators.status_code == 403
    assert superusers.status_code == 200


def test_djangos_admin_has_no_sign_in_of_its_own(browser):
    response = browser.post("/admin/login/?next=/admin/", {"username": "x", "password": "x"})

    assertRedirects(response, "/en/account/login/?next=/admin/", fetch_redirect_response=False)
