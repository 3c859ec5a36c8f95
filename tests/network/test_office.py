"""The network editor: what a coordinator and an administrator can do, and what they cannot."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from network.models import Agreement, Contact, NetworkMembership, OpeningHours, Organisation, ServicePoint
from tests.factories import (
    AffiliationFactory,
    AgreementFactory,
    AreaFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    RouteStopFactory,
    SectorFactory,
    ServicePointFactory,
)

pytestmark = pytest.mark.django_db
OFFICE = "/en/office"


@pytest.fixture
def organisation(coordinator):
    return coordinator.affiliations.get().organisation


@pytest.fixture
def network(organisation):
    return NetworkFactory(lead=organisation, slug="oma", name_en="Our network")


def test_network_list_shows_only_networks_one_leads(browser, network):
    theirs = NetworkFactory(name_en="Their network")

    response = browser.get(f"{OFFICE}/networks/")

    assertContains(response, "Our network")
    assertNotContains(response, theirs.name_en)


def test_network_list_tells_of_an_agreement_that_runs_out(browser, network):
    soon = timezone.localdate() + timedelta(days=30)
    AgreementFactory(network=network, title="Päättyvä sopimus", valid_to=soon, remind_days=60)
    AgreementFactory(network=network, title="Pitkä sopimus", valid_to=soon, remind_days=10)

    response = browser.get(f"{OFFICE}/networks/")

    assertContains(response, "Päättyvä sopimus")
    assertNotContains(response, "Pitkä sopimus")


@pytest.mark.parametrize("count", [1, 4])
def test_network_detail_costs_the_same_for_any_number_of_members(
    browser, network, count, django_assert_max_num_queries
):
    NetworkMembershipFactory.create_batch(count, network=network)

    with django_assert_max_num_queries(12):
        response = browser.get(f"{OFFICE}/networks/oma/")

    assertContains(response, '<th scope="row">', count=count)


def test_network_of_another_lead_is_not_there(browser, coordinator):
    theirs = NetworkFactory()
    membership = NetworkMembershipFactory(network=theirs)

    pages = [
        "",
        "edit/",
        "picture/",
        "history/",
        "import/",
        "members/add/",
        f"members/{membership.pk}/",
        "members.csv",
    ]
    statuses = [browser.get(f"{OFFICE}/networks/{theirs.slug}/{page}").status_code for page in pages]

    assert statuses == [404] * len(pages)


def test_member_add_puts_the_organisation_in_the_network(browser, network):
    joining = OrganisationFactory()

    response = browser.post(
        f"{OFFICE}/networks/oma/members/add/{joining.slug}/",
        {"role": "expert", "status": "signed", "since": "2026-09-01", "until": ""},
    )

    assertRedirects(response, f"{OFFICE}/networks/oma/")
    membership = network.memberships.get()
    assert (membership.organisation, membership.role, membership.since) == (
        joining,
        "expert",
        date(2026, 9, 1),
    )


def test_member_add_refuses_a_second_membership_at_the_same_time(browser, network):
    member = NetworkMembershipFactory(network=network, since=date(2024, 1, 1))

    response = browser.post(
        f"{OFFICE}/networks/oma/members/add/{member.organisation.slug}/",
        {"role": "member", "status": "agreed", "since": "2026-09-01", "until": ""},
    )

    assertContains(response, "The organisation is already in the network at that time.")
    assert network.memberships.count() == 1


def test_member_find_finds_by_part_of_a_name_and_marks_those_inside(browser, network):
    member = NetworkMembershipFactory(network=network, organisation__name_fi="Äijälän opisto")
    OrganisationFactory(name_fi="O'Brien-Äijälä Oy")
    OrganisationFactory(name_fi="Muu")

    response = browser.get(f"{OFFICE}/networks/oma/members/add/", {"q": "äijälä"})

    assertContains(response, "in the network", count=1)
    assertContains(response, "O&#x27;Brien-Äijälä Oy")
    assertNotContains(response, "Muu")
    assertNotContains(response, f"/members/add/{member.organisation.slug}/")


def test_member_end_keeps_the_membership_in_the_history(browser, network):
    member = NetworkMembershipFactory(network=network, organisation__name_fi="Lähtijä")

    browser.post(f"{OFFICE}/networks/oma/members/{member.pk}/end/", {"until": "2025-12-31"})

    member.refresh_from_db()
    assert member.until == date(2025, 12, 31)
    assertNotContains(browser.get(f"{OFFICE}/networks/oma/"), '<th scope="row">Lähtijä')
    assertContains(browser.get(f"{OFFICE}/networks/oma/?all"), "Lähtijä")
    assertContains(browser.get(f"{OFFICE}/networks/oma/history/"), "Lähtijä")


def test_member_end_before_the_beginning_is_refused(browser, network):
    member = NetworkMembershipFactory(network=network, since=date(2024, 1, 1))

    response = browser.post(f"{OFFICE}/networks/oma/members/{member.pk}/end/", {"until": "2023-12-31"})

    assertContains(response, "A membership cannot end before it begins.")
    member.refresh_from_db()
    assert member.until is None


def test_history_names_the_person_and_the_change(browser, coordinator, network):
    member = NetworkMembershipFactory(network=network, role="member")

    browser.post(
        f"{OFFICE}/networks/oma/members/{member.pk}/",
        {"role": "observer", "status": "agreed", "since": "2024-01-01", "until": ""},
    )

    response = browser.get(f"{OFFICE}/networks/oma/history/")
    assertContains(response, coordinator.name)
    assertContains(response, "observer")


def test_picture_draws_every_member_and_says_the_same_in_a_table(browser, network):
    NetworkMembershipFactory(network=network, organisation=network.lead)
    NetworkMembershipFactory(network=network, organisation__name_fi="Ahjolan opisto")

    response = browser.get(f"{OFFICE}/networks/oma/picture/")

    assertContains(response, 'class="network__node', count=2)
    assertContains(response, "Ahjolan opisto", count=2)


def test_import_shows_the_plan_and_writes_it_only_when_told(browser, network):
    SectorFactory(code="education")
    sheet = SimpleUploadedFile("lista.csv", b"name_fi;sector;since\nUusi Opisto;education;1.9.2026\n")

    shown = browser.post(f"{OFFICE}/networks/oma/import/", {"sheet": sheet})

    assertContains(shown, "New organisation joins")
    assert not Organisation.objects.filter(name_fi="Uusi Opisto").exists()

    written = browser.post(f"{OFFICE}/networks/oma/import/write/", {"plan": shown.context["signed"]})

    assertRedirects(written, f"{OFFICE}/networks/oma/")
    assert network.memberships.get().organisation.name_fi == "Uusi Opisto"


def test_import_with_a_wrong_line_offers_no_button(browser, network):
    sheet = SimpleUploadedFile("lista.csv", b"name_fi;since\nUusi Opisto;eilen\n")

    shown = browser.post(f"{OFFICE}/networks/oma/import/", {"sheet": sheet})

    assertContains(shown, "1 line is wrong")
    assertNotContains(shown, "Save these changes")


def test_import_refuses_a_plan_of_another_network(browser, network, organisation):
    other = NetworkFactory(lead=organisation)
    sheet = SimpleUploadedFile("lista.csv", b"id\n")
    shown = browser.post(f"{OFFICE}/networks/{other.slug}/import/", {"sheet": sheet})

    response = browser.post(f"{OFFICE}/networks/oma/import/write/", {"plan": shown.context["signed"]})

    assertRedirects(response, f"{OFFICE}/networks/oma/import/")


def test_import_refuses_another_kind_of_file(browser, network):
    sheet = SimpleUploadedFile("lista.exe", b"MZ")

    response = browser.post(f"{OFFICE}/networks/oma/import/", {"sheet": sheet})

    assertContains(response, "Choose a file of one of these kinds: .xlsx, .csv.")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_export_is_a_file_named_after_the_network(browser, network, kind):
    response = browser.get(f"{OFFICE}/networks/oma/members.{kind}")

    assert response["Content-Disposition"].startswith('attachment; filename="oma-')
    assert response.content


def test_export_knows_no_other_kind(browser, network):
    assert browser.get(f"{OFFICE}/networks/oma/members.pdf").status_code == 404


def test_agreement_keeps_its_paper_for_those_who_may_see_it(browser, network, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    member = NetworkMembershipFactory(network=network)
    form = {
        "title": "Sopimus",
        "parties": [member.organisation.pk],
        "valid_from": "2026-01-01",
        "remind_days": "60",
    }

    browser.post(
        f"{OFFICE}/networks/oma/agreements/add/", {**form, "file": SimpleUploadedFile("s.pdf", b"%PDF-1")}
    )

    agreement = Agreement.objects.get()
    response = browser.get(f"{OFFICE}/networks/oma/agreements/{agreement.pk}/file/")
    assert b"".join(response.streaming_content) == b"%PDF-1"
    assert response["Content-Disposition"].startswith("attachment")


def test_organisation_add_makes_an_organisation_anybody_can_see(browser, network):
    sector = SectorFactory()

    browser.post(f"{OFFICE}/organisations/add/", {"name_fi": "O'Brien-Äijälä Oy", "sector": sector.pk})

    organisation = Organisation.objects.get(name_fi="O'Brien-Äijälä Oy")
    assert (organisation.slug, organisation.published_at is not None) == ("obrien-aijala-oy", True)


def test_organisation_edit_is_for_its_own_coordinator(browser, organisation):
    theirs = OrganisationFactory()

    assert browser.get(f"{OFFICE}/organisations/{organisation.slug}/").status_code == 200
    assert browser.get(f"{OFFICE}/organisations/{theirs.slug}/").status_code == 404


def test_organisation_edit_refuses_a_wrong_business_id_and_keeps_what_was_typed(browser, organisation):
    form = {"name_fi": "Uusi nimi", "sector": organisation.sector.pk, "business_id": "1234567-8"}

    response = browser.post(f"{OFFICE}/organisations/{organisation.slug}/", form)

    assertContains(response, "The check digit of the business ID is wrong.")
    assertContains(response, 'value="Uusi nimi"')


def test_administrator_edits_any_organisation(browser, administrator):
    theirs = OrganisationFactory()

    assert browser.get(f"{OFFICE}/organisations/{theirs.slug}/").status_code == 200


def test_contact_without_a_way_to_reach_is_refused(browser, organisation):
    response = browser.post(f"{OFFICE}/organisations/{organisation.slug}/contacts/add/", {"name": "Testi"})

    assertContains(response, "Give an e-mail address or a phone number.")
    assert not Contact.objects.exists()


def test_service_point_is_added_as_a_draft_and_published(browser, organisation):
    form = {
        "name_fi": "Uusi piste",
        "kind": "fixed",
        "organisation": organisation.pk,
        "municipality": AreaFactory().pk,
    }

    browser.post(f"{OFFICE}/service-points/add/", form)
    point = ServicePoint.objects.get()
    browser.post(f"{OFFICE}/service-points/{point.slug}/publish/")

    assert point.published_at is None
    point.refresh_from_db()
    assert point.published_at is not None


def test_service_point_hours_are_saved_together_or_not_at_all(browser, organisation):
    point = ServicePointFactory(organisation=organisation)
    rows = {
        "opening_hours-TOTAL_FORMS": "2",
        "opening_hours-INITIAL_FORMS": "0",
        "opening_hours-0-weekday": "1",
        "opening_hours-0-opens_at": "09:00",
        "opening_hours-0-closes_at": "16:00",
        "opening_hours-1-weekday": "2",
        "opening_hours-1-opens_at": "16:00",
        "opening_hours-1-closes_at": "09:00",
    }

    response = browser.post(f"{OFFICE}/service-points/{point.slug}/hours/", rows)

    assertContains(response, "Closing time must be after opening time.")
    assert not OpeningHours.objects.exists()

    browser.post(
        f"{OFFICE}/service-points/{point.slug}/hours/", {**rows, "opening_hours-1-closes_at": "18:00"}
    )

    assert OpeningHours.objects.count() == 2


def test_bus_cannot_be_in_two_places_at_once(browser, organisation):
    stop = RouteStopFactory(service_point__organisation=organisation)
    starts = timezone.localtime(stop.starts_at + timedelta(hours=1))
    form = {
        "municipality": AreaFactory().pk,
        "place": "Tori",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }

    response = browser.post(f"{OFFICE}/service-points/{stop.service_point.slug}/stops/add/", form)

    assertContains(response, "The service point is already somewhere else at that time.")
    assert stop.service_point.stops.count() == 1


def test_cancelled_stop_stays_in_the_list(browser, organisation):
    stop = RouteStopFactory(service_point__organisation=organisation)

    browser.post(f"{OFFICE}/service-points/{stop.service_point.slug}/stops/{stop.pk}/cancel/")

    stop.refresh_from_db()
    assert stop.cancelled_at is not None
    assertContains(browser.get(f"{OFFICE}/service-points/{stop.service_point.slug}/stops/"), "Cancelled")


def test_office_is_closed_to_counsellors_and_strangers(browser, client):
    AffiliationFactory()
    stranger = client.get(f"{OFFICE}/networks/")

    assert (stranger.status_code, stranger.url.split("?")[0]) == (302, "/en/account/login/")


def test_office_answers_a_counsellor_with_403(browser, counsellor):
    assert browser.get(f"{OFFICE}/networks/").status_code == 403


def test_membership_of_a_day_before_the_network_editor_knew_it_is_in_the_export(browser, network):
    NetworkMembershipFactory(network=network, organisation__name_fi="Vanha", until=date(2024, 6, 1))

    response = browser.get(f"{OFFICE}/networks/oma/members.csv")

    assert "Vanha" in response.content.decode("utf-8-sig")
    assert NetworkMembership.objects.count() == 1
