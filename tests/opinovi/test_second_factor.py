"""The second factor: nobody works with a password alone, however they sign in."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user
from pytest_django.asserts import assertContains, assertRedirects

from opinovi.models import User
from tests.factories import AffiliationFactory

SIGN_IN = "/en/account/login/"
SET_UP = "/en/account/second-factor/"
ACTIVATE = "/en/account/second-factor/totp/activate/"
DEACTIVATE = "/en/account/second-factor/totp/deactivate/"
ASK = "/en/account/second-factor/authenticate/"
PASSWORD = "vihreä kanto mäellä"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def second_factor(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def person() -> User:
    """A counsellor with a password and no second factor, not signed in."""
    person = AffiliationFactory(user__email="aino@example.fi").user
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def secret(person) -> str:
    """What the person's authenticator app knows."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def code_of(secret: str, moment: float | None = None) -> str:
    """What an authenticator app shows at a moment (seconds since 1970)."""
    return format_hotp_value(hotp_value(secret, int(moment or time.time()) // 30))


def sign_in(browser, **more):
    return browser.post(SIGN_IN, {"login": "aino@example.fi", "password": PASSWORD, **more})


def set_up(browser) -> str:
    secret = re.search(r"<code>([A-Z2-7]+)</code>", browser.get(ACTIVATE).content.decode())[1]
    browser.post(ACTIVATE, {"code": code_of(secret)})
    return secret


def test_whoever_has_none_is_led_to_set_one_up(browser, person):
    sign_in(browser)

    for page in ("/en/desk/", "/en/desk/clients/", "/en/office/networks/", "/admin/"):
        assertRedirects(browser.get(page), SET_UP, fetch_redirect_response=False)
    assertRedirects(browser.post("/en/desk/sessions/add/", {}), SET_UP)


def test_superusers_need_one_too(browser):
    browser.force_login(User.objects.create_superuser("ylin@example.fi", "x", name="Ylin"))

    assertRedirects(browser.get("/admin/"), "/en/account/second-factor/", fetch_redirect_response=False)


def test_public_pages_and_ones_own_account_stay_open(browser, person):
    sign_in(browser)

    for page in (
        "/en/accessibility/",
        "/en/privacy/",
        SET_UP,
        ACTIVATE,
        "/en/account/password/change/",
        "/en/account/logout/",
    ):
        assert browser.get(page).status_code == 200


def test_setting_one_up_opens_the_desk_and_gives_recovery_codes(browser, person):
    sign_in(browser)

    set_up(browser)

    assert browser.get("/en/desk/").status_code == 200
    kinds = set(person.authenticator_set.values_list("type", flat=True))
    assert kinds == {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}


def test_a_wrong_code_sets_nothing_up(browser, person):
    sign_in(browser)
    browser.get(ACTIVATE)

    response = browser.post(ACTIVATE, {"code": "000000"})

    assert response.status_code == 200
    assert not person.authenticator_set.exists()


def test_sign_in_asks_for_the_code_before_anything_else(browser, person, secret):
    first = sign_in(browser)
    in_between = get_user(browser)
    desk = browser.get("/en/desk/")
    second = browser.post(ASK, {"code": code_of(secret)})

    assertRedirects(first, ASK, fetch_redirect_response=False)
    assert not in_between.is_authenticated
    assert desk.status_code == 302
    assertRedirects(second, "/en/desk/")


def test_the_page_one_wanted_is_reached_through_the_code(browser, person, secret):
    sign_in(browser, next="/en/desk/clients/")

    response = browser.post(ASK, {"code": code_of(secret)})

    assertRedirects(response, "/en/desk/clients/")


def test_a_phone_half_a_minute_late_is_believed(browser, person, secret):
    sign_in(browser)

    response = browser.post(ASK, {"code": code_of(secret, time.time() - 30)})

    assert response.status_code == 302


def test_a_code_is_good_once(browser, person, secret):
    with time_machine.travel(time.time(), tick=False):
        code = code_of(secret)
        sign_in(browser)
        browser.post(ASK, {"code": code})
        browser.post("/en/account/logout/")
        sign_in(browser)
        again = browser.post(ASK, {"code": code})

    assert again.status_code == 200
    assert not get_user(browser).is_authenticated


def test_codes_cannot_be_guessed_for_long(browser, person, secret):
    sign_in(browser)

    for _each in range(5):
        browser.post(ASK, {"code": "000000"})
    response = browser.post(ASK, {"code": code_of(secret)})

    assertContains(response, "There were too many tries.")
    assert not get_user(browser).is_authenticated


def test_a_recovery_code_opens_the_door_once(browser, person):
    sign_in(browser)
    set_up(browser)
    page = browser.get("/en/account/second-factor/recovery-codes/").content.decode()
    code = re.search(r"<code>(\d{8})</code>", page)[1]
    browser.post("/en/account/logout/")

    sign_in(browser)
    first = browser.post(ASK, {"code": code})
    browser.post("/en/account/logout/")
    sign_in(browser)
    second = browser.post(ASK, {"code": code})

    assert (first.status_code, second.status_code) == (302, 200)


def test_taking_the_last_one_away_leads_back_to_setting_one_up(browser, person):
    sign_in(browser)
    set_up(browser)
    before = browser.get("/en/desk/")

    browser.post(DEACTIVATE)

    assert before.status_code == 200
    assert not person.authenticator_set.exists()
    assertRedirects(browser.get("/en/desk/"), SET_UP)


def test_secrets_lie_encrypted_in_the_database(person, secret):
    stored = person.authenticator_set.get().data["secret"]

    assert secret not in stored
    assert stored.startswith("gAAAA")


def test_an_old_session_must_confirm_the_password_before_changing_it(browser, person):
    browser.force_login(person)

    assertRedirects(
        browser.get(ACTIVATE), f"/en/account/reauthenticate/?next={ACTIVATE}", fetch_redirect_response=False
    )
    confirmed = browser.post(f"/en/account/reauthenticate/?next={ACTIVATE}", {"password": PASSWORD})
    assertRedirects(confirmed, ACTIVATE)


def test_without_the_setting_a_password_is_enough(browser, person, settings):
    settings.SECOND_FACTOR = False

    sign_in(browser)

    assert browser.get("/en/desk/").status_code == 200


def test_it_costs_a_query_once_a_sign_in(browser, person, secret, django_assert_num_queries):
    sign_in(browser)
    browser.post(ASK, {"code": code_of(secret)})
    browser.get("/en/desk/keys/")

    with django_assert_num_queries(6) as queries:
        browser.get("/en/desk/keys/")

    assert not any("mfa_authenticator" in query["sql"] for query in queries.captured_queries)
