"""A form sent after its writer was signed out is there again, for that person and nobody else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from network.models import Invitation
from network.models.people import Role
from opinovi.middleware.kept_form import LONGEST
from opinovi.models import User
from opinovi.tasks import forget_sessions
from tests.factories import AffiliationFactory, OrganisationFactory

SIGN_IN = "/en/account/login/"
ADD = "/en/office/invitations/add/"
LIST = "/en/office/invitations/"
PASSWORD = "vihreä kanto mäellä"
NOTICE = "You were signed out before the form was sent."

pytestmark = pytest.mark.django_db


def person(email) -> User:
    """An administrator with a password."""
    user = AffiliationFactory(role=Role.ADMINISTRATOR, user__email=email).user
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def aino() -> User:
    return person("aino@example.fi")


@pytest.fixture
def checking() -> Browser:
    """A browser whose forms are checked for their token, as everywhere but in tests."""
    return Browser(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")


def hidden(response, name) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())[1]


def sign_in(browser, address=SIGN_IN, email="aino@example.fi"):
    token = hidden(browser.get(address), "csrfmiddlewaretoken")
    form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    return browser.post(address, form)


def written(browser, **more) -> dict[str, str]:
    """An invitation written into the form that is open in the browser."""
    page = browser.get(ADD)
    return {
        "email": "uusi@example.fi",
        "organisation": str(OrganisationFactory().pk),
        "role": "counsellor",
        "language": "sv",
        "_owner": hidden(page, "_owner"),
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        **more,
    }


def session_ends(browser):
    """What half an hour without use does; the browser keeps its other cookies."""
    browser.session.flush()


def test_a_form_open_too_long_is_there_again_after_sign_in(checking, aino):
    with time_machine.travel(timezone.localtime(), tick=False) as clock:
        sign_in(checking)
        form = written(checking)
        clock.shift(timedelta(minutes=31))
        sent = checking.post(ADD, form)
        signed_in = sign_in(checking, sent.headers["Location"])
        shown = checking.get(signed_in.headers["Location"])
        saved_before = Invitation.objects.count()
        again = {**form, "csrfmiddlewaretoken": hidden(shown, "csrfmiddlewaretoken")}
        saved = checking.post(ADD, again)

    assertRedirects(sent, f"{SIGN_IN}?next={ADD}", fetch_redirect_response=False)
    assertContains(shown, NOTICE)
    assertContains(shown, 'value="uusi@example.fi"')
    assert saved_before == 0
    assertRedirects(saved, LIST, fetch_redirect_response=False)
    assert Invitation.objects.get().language == "sv"


def test_what_was_kept_is_shown_once(browser, aino):
    sign_in(browser)
    form = written(browser)
    session_ends(browser)
    sign_in(browser, browser.post(ADD, form).headers["Location"])

    first, second = browser.get(ADD), browser.get(ADD)

    assertContains(first, "uusi@example.fi")
    assertNotContains(second, "uusi@example.fi")
    assert "kept_form" not in browser.session


def test_another_person_never_sees_it(browser, aino):
    person("bertta@example.fi")
    sign_in(browser)
    form = written(browser)
    session_ends(browser)
    asked = browser.post(ADD, form).headers["Location"]

    sign_in(browser, asked, "bertta@example.fi")
    theirs = browser.get(ADD)
    browser.post("/en/account/logout/")
    sign_in(browser)
    ours = browser.get(ADD)

    for response in (theirs, ours):
        assertNotContains(response, "uusi@example.fi")
        assertNotContains(response, NOTICE)


def test_signing_out_forgets_it(browser, aino):
    sign_in(browser)
    form = written(browser)
    session_ends(browser)
    sign_in(browser, browser.post(ADD, form).headers["Location"])

    browser.post("/en/account/logout/")
    sign_in(browser)

    assertNotContains(browser.get(ADD), "uusi@example.fi")


@pytest.mark.parametrize("owner", ["", "7", "7:forged:signature"])
def test_a_form_that_does_not_say_whose_it_is_is_not_kept(browser, aino, owner):
    response = browser.post(ADD, {"email": "uusi@example.fi", "_owner": owner})

    assert response.headers["Location"].startswith(SIGN_IN)
    assert "kept_form" not in browser.session


def test_a_form_of_yesterday_is_not_kept(browser, aino):
    with time_machine.travel(timezone.localtime(), tick=False) as clock:
        sign_in(browser)
        form = written(browser)
        clock.shift(timedelta(hours=25))
        browser.post(ADD, form)

        assert "kept_form" not in browser.session


def test_a_form_that_is_too_long_is_not_kept(browser, aino):
    sign_in(browser)
    form = written(browser, email="a" * LONGEST)
    session_ends(browser)

    browser.post(ADD, form)

    assert "kept_form" not in browser.session


def test_files_are_not_kept_and_the_notice_says_so(browser, aino):
    sign_in(browser)
    form = written(browser) | {"paper": SimpleUploadedFile("paper.pdf", b"%PDF")}
    session_ends(browser)
    sign_in(browser, browser.post(ADD, form).headers["Location"])

    assertContains(browser.get(ADD), "Choose the files once more.")


def test_the_token_is_checked_before_anything_is_kept(checking, aino):
    sign_in(checking)
    form = written(checking, csrfmiddlewaretoken="x" * 64, _owner="forged")
    session_ends(checking)

    response = checking.post(ADD, form)

    assert response.status_code == 403
    assert "kept_form" not in checking.session


def test_a_form_with_an_old_token_is_shown_again_to_its_owner(checking, aino):
    """As when one has signed in again in another tab while the form was open in this one."""
    sign_in(checking)
    form = written(checking)
    session_ends(checking)
    sign_in(checking)

    sent = checking.post(ADD, form)
    shown = checking.get(sent.headers["Location"])

    assertRedirects(sent, ADD, fetch_redirect_response=False)
    assertContains(shown, 'value="uusi@example.fi"')
    assert not Invitation.objects.exists()


def test_another_persons_form_with_an_old_token_is_refused(checking, aino):
    person("bertta@example.fi")
    sign_in(checking)
    form = written(checking)
    session_ends(checking)
    sign_in(checking, email="bertta@example.fi")

    response = checking.post(ADD, form)

    assertContains(response, "nothing was saved", status_code=403)
    assertNotContains(checking.get(ADD), "uusi@example.fi")


def test_a_button_pressed_too_late_leads_back_to_its_page(browser, aino):
    sent = browser.post(
        "/en/office/invitations/7/resend/", headers={"referer": f"http://testserver{LIST}?page=2"}
    )
    landed = sign_in(browser, sent.headers["Location"])

    assertRedirects(landed, f"{LIST}?page=2")


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/trap/", "nonsense"])
def test_a_button_pressed_from_nowhere_leads_home(browser, aino, referer):
    sent = browser.post("/en/office/invitations/7/resend/", headers={"referer": referer})
    landed = sign_in(browser, sent.headers["Location"])

    assertRedirects(sent, SIGN_IN, fetch_redirect_response=False)
    assertRedirects(landed, "/en/office/networks/", fetch_redirect_response=False)


def test_a_form_nobody_comes_back_for_is_erased(browser, aino):
    with time_machine.travel(timezone.localtime(), tick=False) as clock:
        sign_in(browser)
        form = written(browser)
        session_ends(browser)
        browser.post(ADD, form)
        kept = Session.objects.count()
        clock.shift(timedelta(minutes=31))
        forget_sessions(0)

    assert (kept, Session.objects.count()) == (1, 0)


def test_public_forms_are_left_alone(browser):
    response = browser.post("/en/privacy/", {"_owner": "x"})

    assert response.status_code == 405
    assert not browser.cookies
