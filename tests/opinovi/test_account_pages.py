import pytest
from django.urls import reverse
from django.utils.translation import override
from pytest_django.asserts import assertContains

pytestmark = pytest.mark.django_db

FOR_ANYBODY = {
    "account_login": "Sign in",
    "account_reset_password": "Forgotten your password?",
    "account_reset_password_done": "Look in your e-mail",
    "account_reset_password_from_key_done": "Your password is changed",
    "account_inactive": "This account is closed",
    "socialaccount_login_cancelled": "The sign-in was stopped",
}
FOR_ONESELF = {
    "account_logout": "Sign out",
    "mfa_index": "Second factor",
    "mfa_list_webauthn": "Your keys",
    "socialaccount_connections": "Connected accounts",
}


def address(name):
    with override("en"):
        return reverse(name)


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_account_page_for_anybody_is_one_of_ours(browser, name):
    page = browser.get(address(name))

    assertContains(page, f"<h1>{FOR_ANYBODY[name]}</h1>", html=True)
    assertContains(page, 'class="header__home"')


@pytest.mark.parametrize("name", FOR_ONESELF)
def test_account_page_for_oneself_is_one_of_ours(browser, counsellor, name):
    page = browser.get(address(name))

    assertContains(page, f"<h1>{FOR_ONESELF[name]}</h1>", html=True)
    assertContains(page, 'class="header__home"')


def test_spent_password_link_offers_a_new_one(browser):
    page = browser.get(address("account_reset_password") + "key/1-spent/")

    assertContains(page, "This link no longer works")
    assertContains(page, address("account_reset_password"))
