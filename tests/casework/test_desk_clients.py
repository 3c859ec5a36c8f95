from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.casework.models import Client
from opinovi.models import AccessEvent
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AreaFactory,
    ClientFactory,
    GuidanceServiceFactory,
    GuidanceSessionFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/en/desk/clients/"


@pytest.fixture
def organisation(counsellor):
    return counsellor.affiliations.get().organisation


def address(page, client):
    return reverse(f"casework:desk:{page}", args=[client.pk])


def filled(page, **changes):
    """What a browser sends of a form as it was shown, with what somebody typed."""
    sent = {field.name: field.value() for field in page.context["form"]}
    return {name: value for name, value in (sent | changes).items() if value is not None}


def test_client_list_finds_the_organisations_own_by_name(browser, organisation):
    ClientFactory(organisation=organisation, name="Sari O'Brien-Äijälä")
    ClientFactory(organisation=organisation, name="Aino Esimerkki")
    ClientFactory(name="Sari Muualla")

    response = browser.get(LIST, {"q": "o’brien aijala"})

    assert [client.name for client in response.context["page"]] == ["Sari O'Brien-Äijälä"]


def test_client_list_sorts_by_the_finnish_alphabet(browser, organisation):
    for name in ("Åke", "Örjan", "Zeus", "Ägot"):
        ClientFactory(organisation=organisation, name=name)

    response = browser.get(LIST)

    assert [client.name for client in response.context["page"]] == ["Zeus", "Åke", "Ägot", "Örjan"]


def test_client_list_says_that_nobody_was_found(browser, organisation):
    response = browser.get(LIST, {"q": "<script>"})

    assertContains(response, "No client has these words in the name.")
    assertNotContains(response, "<script>")


@pytest.mark.parametrize("count", [1, 3])
def test_client_list_costs_the_same_for_any_number_of_rows(
    browser, organisation, count, django_assert_max_num_queries
):
    for client in ClientFactory.create_batch(
        count, organisation=organisation, home_municipality=AreaFactory()
    ):
        GuidanceSessionFactory(organisation=organisation, client=client)
    browser.get(LIST)

    with django_assert_max_num_queries(9):
        browser.get(LIST)


def test_client_detail_shows_the_sessions_newest_first(browser, organisation):
    client = ClientFactory(organisation=organisation)
    today = timezone.localdate()
    for days, notes in ((3, "Kolmas"), (9, "Ensin"), (5, "Toinen")):
        GuidanceSessionFactory(
            organisation=organisation, client=client, held_on=today - timedelta(days=days), notes=notes
        )

    response = browser.get(address("client_detail", client))

    sessions = response.context["page"]
    assert [session.notes for session in sessions] == ["Kolmas", "Toinen", "Ensin"]
    assertContains(response, "Kolmas")


def test_client_detail_shows_coming_appointments_of_the_same_address(browser, organisation):
    client = ClientFactory(organisation=organisation, email="aino@example.fi")
    service = GuidanceServiceFactory(organisation=organisation)
    coming = AppointmentFactory(guidance_service=service, email="Aino@example.fi")
    AppointmentFactory(email="aino@example.fi")

    response = browser.get(address("client_detail", client))

    assert list(response.context["appointments"]) == [coming]


@pytest.mark.parametrize("page", ["client_detail", "client_edit", "client_access_list"])
def test_client_of_another_organisation_is_404(browser, counsellor, page):
    client = ClientFactory()

    assert browser.get(address(page, client)).status_code == 404


@pytest.mark.parametrize("page", ["client_detail", "client_edit", "client_access_list"])
def test_client_pages_are_recorded_each_time(browser, counsellor, organisation, page):
    client = ClientFactory(organisation=organisation)

    browser.get(address(page, client))
    browser.get(address(page, client))

    events = AccessEvent.objects.about(client).values_list("user", "action", "page")
    assert list(events) == [(counsellor.pk, "read", f"casework:desk:{page}")] * 2


def test_client_access_list_tells_who_has_read_and_where(browser, counsellor, organisation):
    client = ClientFactory(organisation=organisation)
    browser.get(LIST)
    browser.get(address("client_detail", client))

    response = browser.get(address("client_access_list", client))

    assertContains(response, counsellor.name)
    assertContains(response, "List of clients")
    assertContains(response, "Who has used the record")


def test_client_add_records_a_company(browser, organisation):
    page = browser.get("/en/desk/clients/add/")

    response = browser.post(
        "/en/desk/clients/add/", filled(page, name="Oy Esimerkki Ab", kind="company", language="sv")
    )

    client = Client.objects.get()
    assertRedirects(response, address("client_detail", client))
    assert (client.name, client.kind, client.language) == ("Oy Esimerkki Ab", "company", "sv")
    assert client.organisation == organisation


def test_client_add_sent_twice_makes_one(browser, organisation):
    page = browser.get("/en/desk/clients/add/")
    sent = filled(page, name="Aino Esimerkki")

    browser.post("/en/desk/clients/add/", sent)
    response = browser.post("/en/desk/clients/add/", sent)

    assertRedirects(response, address("client_detail", Client.objects.get()))


def test_client_add_asks_for_the_organisation_when_there_are_several(browser, counsellor, organisation):
    AffiliationFactory(user=counsellor)

    response = browser.get("/en/desk/clients/add/")

    assertContains(response, f"?organisation={organisation.pk}")


def test_client_add_cuts_no_name_short(browser, organisation):
    page = browser.get("/en/desk/clients/add/")

    response = browser.post("/en/desk/clients/add/", filled(page, name="Ä" * 151))

    assertContains(response, "Ä" * 151)
    assert "name" in response.context["form"].errors
    assertNotContains(page, "maxlength")


def test_client_edit_tells_the_later_of_two_what_the_first_has_saved(browser, organisation):
    client = ClientFactory(organisation=organisation, phone="010 000")
    edit = address("client_edit", client)
    first, second = browser.get(edit), browser.get(edit)
    browser.post(edit, filled(first, phone="020 000"))

    response = browser.post(edit, filled(second, email="aino@example.fi"))

    assertContains(response, "Somebody has saved this since you opened it.")
    differences = {row.label: (row.saved, row.typed) for row in response.context["form"].differences}
    assert differences == {"Phone": ("020 000", "010 000"), "E-mail address": ("–", "aino@example.fi")}
    client.refresh_from_db()
    assert (client.phone, client.email) == ("020 000", "")

    browser.post(edit, filled(response, phone="020 000"))

    client.refresh_from_db()
    assert (client.phone, client.email) == ("020 000", "aino@example.fi")


def test_client_edit_of_two_who_wrote_the_same_asks_nothing(browser, organisation):
    client = ClientFactory(organisation=organisation)
    edit = address("client_edit", client)
    first, second = browser.get(edit), browser.get(edit)
    browser.post(edit, filled(first, phone="020 000"))

    response = browser.post(edit, filled(second, phone="020 000"))

    assertRedirects(response, address("client_detail", client))


def test_client_edit_is_recorded_as_a_change(browser, organisation):
    client = ClientFactory(organisation=organisation)
    edit = address("client_edit", client)

    browser.post(edit, filled(browser.get(edit), name="Uusi Nimi"))

    assert AccessEvent.objects.about(client).first().action == "change"


def test_colleague_of_an_organisation_one_has_left_sees_nothing(browser, counsellor, organisation):
    client = ClientFactory(organisation=organisation)
    AffiliationFactory(user=counsellor)
    counsellor.affiliations.filter(organisation=organisation).update(
        until=timezone.localdate() - timedelta(days=1)
    )

    assert browser.get(address("client_detail", client)).status_code == 404
    assertNotContains(browser.get(LIST), client.name)
