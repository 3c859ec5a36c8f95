"""Invitations: who may send them, what the letter's link does, and that it works once."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from network.actions import people as actions
from network.models import Affiliation, Invitation
from opinovi.models import Letter, User
from tests.factories import AffiliationFactory, InvitationFactory, OrganisationFactory, UserFactory

ADD = "/en/office/invitations/add/"
LIST = "/en/office/invitations/"
PASSWORD = "vihreä kanto mäellä"
FORM = {"name": "Uusi Kollega", "password": PASSWORD, "repeated": PASSWORD}

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation() -> Invitation:
    """An invitation to somebody who has no account; `link(invitation)` leads to its page."""
    invitation = InvitationFactory.build(
        organisation=OrganisationFactory(), invited_by=UserFactory(), email="uusi@example.fi", language="en"
    )
    actions.invite_colleague(invitation)
    return invitation


def link(invitation: Invitation) -> str:
    """The link in the newest letter of an invitation."""
    letter = Letter.objects.about(invitation).latest("pk")
    return re.search(r"/en/invitations/[-\w]+/", letter.text)[0]


def signed_in_as(browser: Browser) -> User | None:
    user = get_user(browser)
    return user if user.is_authenticated else None


def test_administrator_invites_anybody_anywhere_to_any_role(browser, administrator):
    organisation = OrganisationFactory()

    response = browser.post(
        ADD,
        {
            "email": "Uusi@Example.fi",
            "organisation": organisation.pk,
            "role": "administrator",
            "language": "sv",
        },
    )

    assertRedirects(response, LIST)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == (
        "uusi@example.fi",
        "administrator",
        administrator,
    )
    letter = Letter.objects.get()
    assert (letter.recipient, letter.language, letter.kind) == ("uusi@example.fi", "sv", "invitation")


def test_coordinator_invites_counsellors_to_the_own_organisation(browser, coordinator):
    own = coordinator.affiliations.get().organisation

    browser.post(
        ADD, {"email": "uusi@example.fi", "organisation": own.pk, "role": "counsellor", "language": "fi"}
    )

    assert Invitation.objects.get().organisation == own


@pytest.mark.parametrize("what", ["organisation", "role"])
def test_coordinator_invites_neither_elsewhere_nor_administrators(browser, coordinator, what):
    own = coordinator.affiliations.get().organisation
    asked = {"email": "uusi@example.fi", "organisation": own.pk, "role": "counsellor", "language": "fi"}
    asked[what] = {"organisation": OrganisationFactory().pk, "role": "administrator"}[what]

    response = browser.post(ADD, asked)

    assert list(response.context["form"].errors) == [what]
    assert not Invitation.objects.exists()


def test_the_same_invitation_is_not_made_twice(browser, administrator, invitation):
    asked = {
        "email": "UUSI@example.fi",
        "organisation": invitation.organisation.pk,
        "role": invitation.role,
        "language": "fi",
    }

    response = browser.post(ADD, asked)

    assertContains(response, "The person already has this invitation.")
    assert Invitation.objects.count() == 1


def test_nobody_is_invited_to_what_they_have(browser, administrator):
    colleague = AffiliationFactory()
    asked = {
        "email": colleague.user.email,
        "organisation": colleague.organisation.pk,
        "role": colleague.role,
        "language": "fi",
    }

    response = browser.post(ADD, asked)

    assertContains(response, "The person already has this role in this organisation.")


def test_only_the_hash_of_the_key_is_stored(invitation):
    key = link(invitation).split("/")[-2]

    stored = [str(value) for value in Invitation.objects.filter(pk=invitation.pk).values_list()[0]]

    assert len(key) == 43
    assert not any(key in value for value in stored)


def test_opening_the_link_changes_nothing_and_sets_no_cookie(browser, invitation):
    for _twice in range(2):
        response = browser.get(link(invitation))

    assertContains(response, invitation.organisation.name_fi)
    assertContains(response, "uusi@example.fi")
    assert response.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert not browser.cookies
    assert not User.objects.filter(email="uusi@example.fi").exists()


def test_accepting_makes_an_account_with_the_role_and_signs_in(browser, invitation):
    browser.post(link(invitation), FORM)

    user = signed_in_as(browser)
    assert (user.email, user.name, user.language) == ("uusi@example.fi", "Uusi Kollega", "en")
    assert user.password.startswith("argon2")
    affiliation = user.affiliations.get()
    assert (affiliation.organisation, affiliation.role) == (invitation.organisation, invitation.role)
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.state) == (user, Invitation.State.ACCEPTED)


def test_accepting_leads_to_the_second_factor_without_asking_for_the_password_again(
    browser, invitation, settings
):
    settings.SECOND_FACTOR = True

    response = browser.post(link(invitation), FORM)

    landing = browser.get(response.headers["Location"])
    assertRedirects(landing, "/en/account/second-factor/", fetch_redirect_response=False)
    assert browser.get("/en/account/second-factor/totp/activate/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"password": "short", "repeated": "short"}, "password"),
        ({"password": "uusi@example.fi", "repeated": "uusi@example.fi"}, "password"),
        ({"repeated": "jotain aivan muuta"}, "repeated"),
    ],
)
def test_a_form_filled_in_badly_makes_no_account(browser, invitation, change, field):
    response = browser.post(link(invitation), FORM | change)

    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(email="uusi@example.fi").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "older than seven days"),
        ({"withdrawn_at": timezone.now()}, "was withdrawn"),
    ],
)
def test_a_dead_link_explains_itself_and_names_nobody(browser, invitation, change, words):
    address = link(invitation)
    Invitation.objects.update(**change)

    for response in (browser.get(address), browser.post(address, FORM)):
        assertContains(response, words, status_code=410)
        assertContains(response, "Ask the colleague who invited you", status_code=410)
        assertNotContains(response, "uusi@example.fi", status_code=410)
        assertNotContains(response, invitation.organisation.name_fi, status_code=410)
    assert not User.objects.filter(email="uusi@example.fi").exists()


def test_a_used_link_says_so_to_others_and_leads_its_owner_to_work(browser, invitation):
    address = link(invitation)
    browser.post(address, FORM)

    own = browser.get(address)
    others = Browser().get(address, headers={"accept-language": "en"})

    assert own.status_code == 302
    assertContains(others, "it works once", status_code=410)
    assertNotContains(others, "uusi@example.fi", status_code=410)


def test_an_unknown_link_is_not_found(browser):
    response = browser.get("/en/invitations/there-is-no-such-key/")

    assertContains(response, "We do not know this link.", status_code=404)


def test_a_link_cannot_be_used_from_another_site(browser, invitation):
    response = browser.post(link(invitation), FORM, headers={"origin": "https://elsewhere.example"})

    assert response.status_code == 403
    assert not User.objects.filter(email="uusi@example.fi").exists()


def test_somebody_with_an_account_signs_in_first_and_then_accepts(browser, invitation):
    known = UserFactory(email="uusi@example.fi")
    address = link(invitation)

    stranger = browser.post(address, FORM)
    browser.force_login(known)
    asked = browser.get(address)
    accepted = browser.post(address)

    assertContains(stranger, f"/en/account/login/?next={address}")
    assertContains(asked, "Accept the invitation")
    assert accepted.status_code == 302
    assert known.affiliations.get().organisation == invitation.organisation


def test_somebody_else_who_is_signed_in_cannot_accept_or_learn_whose_it_is(browser, counsellor, invitation):
    address = link(invitation)

    for response in (browser.get(address), browser.post(address, FORM)):
        assertContains(response, "This invitation is for another address", status_code=403)
        assertNotContains(response, "uusi@example.fi", status_code=403)
    assert counsellor.affiliations.count() == 1


def test_accepting_what_one_has_already_adds_nothing(browser, invitation):
    known = UserFactory(email="uusi@example.fi")
    AffiliationFactory(user=known, organisation=invitation.organisation, role=invitation.role)
    browser.force_login(known)

    browser.post(link(invitation))

    assert known.affiliations.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account(invitation):
    address = link(invitation)
    together = Barrier(2)
    statuses: list[int] = []

    def click() -> None:
        together.wait()
        statuses.append(Browser().post(address, FORM).status_code)
        connection.close()

    clicks = [Thread(target=click) for _each in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()

    assert statuses in ([302, 302], [302, 410], [410, 302])
    assert User.objects.filter(email="uusi@example.fi").count() == 1
    assert Affiliation.objects.filter(user__email="uusi@example.fi").count() == 1


def test_sending_again_replaces_the_link_and_gives_seven_days(browser, administrator, invitation):
    old = link(invitation)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    browser.post(f"/en/office/invitations/{invitation.pk}/resend/")

    invitation.refresh_from_db()
    assert invitation.is_open
    assert invitation.expires_at > timezone.now() + timedelta(days=6)
    stranger = Browser()
    assert stranger.get(old).status_code == 404
    assert stranger.get(link(invitation)).status_code == 200
    states = [letter.state for letter in Letter.objects.about(invitation).order_by("pk")]
    assert states == [Letter.State.CANCELLED, Letter.State.QUEUED]


def test_withdrawing_makes_the_link_useless_and_keeps_the_letter_back(browser, administrator, invitation):
    address = link(invitation)

    browser.post(f"/en/office/invitations/{invitation.pk}/withdraw/")

    assert browser.get(address).status_code == 410
    assert Letter.objects.about(invitation).get().state == Letter.State.CANCELLED
    assertContains(browser.get(LIST), "No invitation waits for an answer.")


@pytest.mark.parametrize("action", ["resend", "withdraw"])
def test_an_accepted_invitation_is_neither_sent_again_nor_withdrawn(
    browser, administrator, invitation, action
):
    actions.accept_invitation(invitation, user=UserFactory(email="uusi@example.fi"))

    response = browser.post(f"/en/office/invitations/{invitation.pk}/{action}/", follow=True)

    assertContains(response, "The invitation has just been answered.")
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.ACCEPTED


def test_invitation_list_shows_a_coordinator_only_the_own_organisation(browser, coordinator):
    own = coordinator.affiliations.get().organisation
    mine = InvitationFactory(organisation=own)
    theirs = InvitationFactory()

    response = browser.get(LIST)

    assertContains(response, mine.email)
    assertNotContains(response, theirs.email)
    assert browser.post(f"/en/office/invitations/{theirs.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_invitation_list_costs_the_same_for_any_number_of_rows(
    browser, administrator, count, django_assert_num_queries
):
    InvitationFactory.create_batch(count)

    with django_assert_num_queries(8):  # four of them keep the session awake
        browser.get(LIST)
