"""The office's pages of people: who is seen, what is changed, what cannot be."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from network.models import Affiliation
from opinovi.models import AccessEvent, Letter, User
from tests.factories import AffiliationFactory, OrganisationFactory, UserFactory

LIST = "/en/office/people/"

pytestmark = pytest.mark.django_db


def page(person, rest=""):
    return f"/en/office/people/{person.pk}/{rest}"


def own_organisation(user):
    return user.affiliations.get().organisation


def person_form(person, **change):
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "is_active": "on",
        **change,
    }


def test_person_list_is_found_by_name_address_and_organisation(browser, administrator):
    wanted = AffiliationFactory(
        user__name="Aino Esimerkki",
        user__email="aino@example.fi",
        organisation__name_fi="Järvenrannan opisto",
        organisation__slug="jarvenrannan-opisto",
    ).user
    other = AffiliationFactory().user

    for word in ("esimerk", "AINO@", "järvenrannan", "aino opisto"):
        response = browser.get(LIST, {"q": word})
        assertContains(response, wanted.email)
        assertNotContains(response, other.email)


def test_person_list_stands_in_finnish_order(browser, administrator):
    for name in ("Öhman Örjan", "Åberg Åsa", "Zetterman Zoe", "Wirta Väinö", "Virta Veera", "Äijälä Ämmi"):
        UserFactory(name=name)

    names = [person.name for person in browser.get(LIST).context["page"] if "Testi" not in person.name]

    assert names == ["Virta Veera", "Wirta Väinö", "Zetterman Zoe", "Åberg Åsa", "Äijälä Ämmi", "Öhman Örjan"]


def test_person_list_has_25_on_a_page(browser, administrator):
    UserFactory.create_batch(30)

    assert len(browser.get(LIST).context["page"]) == 25
    assert len(browser.get(LIST, {"page": 2}).context["page"]) == 6


@pytest.mark.parametrize("count", [1, 3])
def test_person_list_costs_the_same_for_any_number_of_rows(
    browser, administrator, count, django_assert_num_queries
):
    AffiliationFactory.create_batch(count)

    with django_assert_num_queries(10):  # four of them keep the session awake
        browser.get(LIST)


def test_coordinator_sees_colleagues_and_nobody_else(browser, coordinator):
    colleague = AffiliationFactory(organisation=own_organisation(coordinator)).user
    stranger = AffiliationFactory().user

    assertNotContains(browser.get(LIST), stranger.email)
    assertContains(browser.get(page(colleague)), colleague.email)
    assert browser.get(page(stranger)).status_code == 404
    assert browser.get(page(stranger, "roles/add/")).status_code == 404


def test_coordinator_gives_a_role_in_the_own_organisation(browser, coordinator):
    colleague = AffiliationFactory(organisation=own_organisation(coordinator)).user
    asked = {"organisation": own_organisation(coordinator).pk, "role": "coordinator", "since": "2026-01-15"}

    response = browser.post(page(colleague, "roles/add/"), asked)

    assertRedirects(response, page(colleague))
    assert colleague.affiliations.coordinators().get().organisation == own_organisation(coordinator)


@pytest.mark.parametrize("what", ["organisation", "role"])
def test_coordinator_gives_no_role_elsewhere_and_none_of_administrator(browser, coordinator, what):
    colleague = AffiliationFactory(organisation=own_organisation(coordinator)).user
    asked = {"organisation": own_organisation(coordinator).pk, "role": "coordinator", "since": "2026-01-15"}
    asked[what] = {"organisation": OrganisationFactory().pk, "role": "administrator"}[what]

    response = browser.post(page(colleague, "roles/add/"), asked)

    assert list(response.context["form"].errors) == [what]
    assert colleague.affiliations.count() == 1


def test_the_same_role_is_not_given_twice_at_a_time(browser, administrator):
    affiliation = AffiliationFactory()
    asked = {
        "organisation": affiliation.organisation.pk,
        "role": affiliation.role,
        "since": str(timezone.localdate()),
    }

    response = browser.post(page(affiliation.user, "roles/add/"), asked)

    assertContains(response, "The person already has this role there at that time.")


def test_a_role_ends_on_a_day_and_stays_in_the_history(browser, administrator):
    affiliation = AffiliationFactory()
    yesterday = timezone.localdate() - timedelta(days=1)

    browser.post(f"/en/office/roles/{affiliation.pk}/end/", {"until": str(yesterday)})

    affiliation.refresh_from_db()
    assert (affiliation.until, affiliation.is_current) == (yesterday, False)
    assertContains(browser.get(page(affiliation.user)), "not in force today")


def test_a_role_does_not_end_before_it_begins(browser, administrator):
    affiliation = AffiliationFactory()

    response = browser.post(f"/en/office/roles/{affiliation.pk}/end/", {"until": "2019-12-31"})

    assertContains(response, "The last day cannot be before the first.")


def test_nobody_ends_their_own_role_as_administrator(browser, administrator):
    own = administrator.affiliations.get()

    assert browser.get(f"/en/office/roles/{own.pk}/end/").status_code == 404


def test_coordinator_ends_no_role_elsewhere_and_no_administrators(browser, coordinator):
    elsewhere = AffiliationFactory()
    above = AffiliationFactory(
        organisation=own_organisation(coordinator), role=Affiliation.Role.ADMINISTRATOR
    )

    for affiliation in (elsewhere, above):
        assert (
            browser.post(f"/en/office/roles/{affiliation.pk}/end/", {"until": "2030-01-01"}).status_code
            == 404
        )


def test_only_an_administrator_changes_an_account(browser, coordinator):
    colleague = AffiliationFactory(organisation=own_organisation(coordinator)).user

    assert browser.get(page(colleague, "edit/")).status_code == 403
    assertNotContains(browser.get(page(colleague)), page(colleague, "edit/"))


def test_a_new_address_signs_in_and_the_old_one_no_longer(browser, administrator):
    person = UserFactory(email="vanha@example.fi")
    EmailAddress.objects.create(user=person, email="vanha@example.fi", verified=True)

    browser.post(page(person, "edit/"), person_form(person, email="Uusi@Example.fi"))

    person.refresh_from_db()
    assert person.email == "uusi@example.fi"
    assert not EmailAddress.objects.filter(email="vanha@example.fi").exists()
    event = AccessEvent.objects.about(person).get()
    assert (event.user, event.action, event.reason) == (administrator, "change", "email")
    letter = Letter.objects.get()
    assert (letter.recipient, letter.kind) == ("vanha@example.fi", "address_changed")
    assert "uusi@example.fi" not in letter.text


def test_an_address_belongs_to_one_account(browser, administrator):
    person = UserFactory()
    UserFactory(email="toinen@example.fi")

    response = browser.post(page(person, "edit/"), person_form(person, email="TOINEN@example.fi"))

    assertContains(response, "Someone already has an account with this e-mail address.")


def test_a_closed_account_is_signed_out_at_once(browser, administrator):
    colleague = AffiliationFactory().user
    browser_of_colleague = type(browser)()
    browser_of_colleague.force_login(colleague)
    form = person_form(colleague)
    del form["is_active"]

    browser.post(page(colleague, "edit/"), form)

    assert browser_of_colleague.get("/en/desk/").status_code == 302


def test_nobody_closes_their_own_account(browser, administrator):
    form = person_form(administrator)
    del form["is_active"]

    browser.post(page(administrator, "edit/"), form)

    administrator.refresh_from_db()
    assert administrator.is_active


def test_an_administrator_cannot_take_over_a_superuser(browser, administrator):
    superuser = User.objects.create_superuser("ylin@example.fi", "x", name="Ylin")

    assert browser.get(page(superuser, "edit/")).status_code == 404
    assert browser.post(page(superuser, "second-factor/")).status_code == 404


def test_a_lost_second_factor_is_removed_and_its_owner_told(browser, administrator):
    person = AffiliationFactory().user
    TOTP.activate(person, generate_totp_secret())

    asked = browser.get(page(person, "second-factor/"))
    browser.post(page(person, "second-factor/"))

    assertContains(asked, "you have spoken with the person")
    assert not person.authenticator_set.exists()
    assert Letter.objects.get().recipient == person.email
    assert AccessEvent.objects.about(person).get().user == administrator
