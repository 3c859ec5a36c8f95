"""Signing in with the account of another service, against a real OpenID Connect provider."""

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.core.exceptions import ImproperlyConfigured
from pytest_django.asserts import assertContains, assertRedirects

from opinovi.environment import sign_in_server as read_address
from opinovi.models import User
from tests.factories import AffiliationFactory
from tests.sign_in_server import CLIENT, SECRET, sign_in_server

START = "/account/oidc/oidc/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings):
    with sign_in_server() as server:
        app = {
            "provider_id": "oidc",
            "name": "Kaupungin tunnus",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": server.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        server.claims = {"sub": "a1", "email": "aino@example.fi", "email_verified": True, "name": "Aino"}
        yield server


@pytest.fixture
def person() -> User:
    return AffiliationFactory(user__email="aino@example.fi").user


def sign_in(browser):
    """Press the button, agree at the service, come back."""
    away = browser.post(START)
    back = requests.get(away.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return browser.get(back.removeprefix("http://testserver"), headers={"accept-language": "en"})


def test_the_sign_in_page_offers_the_service(browser, service):
    assertContains(browser.get("/en/account/login/"), "Sign in with Kaupungin tunnus")


def test_somebody_with_an_account_is_signed_in(browser, service, person):
    response = sign_in(browser)

    assertRedirects(response, "/en/desk/", fetch_redirect_response=False)
    assert get_user(browser) == person


def test_the_account_is_known_again_when_its_address_changes_there(browser, service, person):
    sign_in(browser)
    browser.post("/en/account/logout/")
    service.claims |= {"email": "aino.uusi@example.fi"}

    sign_in(browser)

    assert get_user(browser) == person
    assert SocialAccount.objects.get().uid == "a1"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.fi"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email": None},
    ],
)
def test_nobody_else_gets_in_and_no_account_is_made(browser, service, person, claims):
    service.claims |= claims

    response = sign_in(browser)

    assertContains(response, "Accounts come by invitation")
    assert not get_user(browser).is_authenticated
    assert User.objects.count() == 1


def test_a_closed_account_stays_closed(browser, service, person):
    User.objects.update(is_active=False)

    response = sign_in(browser)

    assert "/account/inactive/" in response.headers["Location"]
    assert not get_user(browser).is_authenticated


def test_the_second_factor_is_asked_here_too(browser, service, person):
    TOTP.activate(person, generate_totp_secret())

    response = sign_in(browser)

    assert "/account/second-factor/authenticate/" in response.headers["Location"]
    assert not get_user(browser).is_authenticated


def test_whoever_has_no_second_factor_sets_one_up(browser, service, person, settings):
    settings.SECOND_FACTOR = True

    sign_in(browser)

    assertRedirects(browser.get("/en/desk/"), "/en/account/second-factor/")


def test_an_answer_nobody_asked_for_is_refused(browser, service, person):
    response = browser.get(
        "/account/oidc/oidc/login/callback/?code=x&state=y", headers={"accept-language": "en"}
    )

    assert not get_user(browser).is_authenticated
    assertContains(response, "did not work", status_code=response.status_code)


def test_a_get_starts_nothing(browser, service):
    assertContains(browser.get(START, headers={"accept-language": "en"}), "Go on to Kaupungin tunnus")


def test_without_settings_there_is_no_such_way_in(browser):
    assert browser.post(START).status_code == 404


@pytest.mark.parametrize("address", ["http://sign-in.example.fi", "sign-in.example.fi", "https://"])
def test_a_service_without_https_stops_the_start(address):
    with pytest.raises(ImproperlyConfigured, match="with https"):
        read_address(address)


def test_the_address_of_a_service_is_read_with_its_origin():
    expected = ("https://sign-in.example.fi/realms/city", "https://sign-in.example.fi")
    assert read_address("https://sign-in.example.fi/realms/city/") == expected
