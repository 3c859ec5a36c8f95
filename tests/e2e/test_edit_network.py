"""A coordinator edits the network: adds a member, changes it, imports a list, sees picture and history."""

from playwright.sync_api import expect

from network.models import Affiliation, NetworkMembership
from tests.factories import (
    AffiliationFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    SectorFactory,
)


def test_coordinator_edits_the_network(
    page, press, portal, visit, sign_in_by_form, assert_accessible, language
):
    network = NetworkFactory(slug="verkosto")
    coordinator = AffiliationFactory(organisation=network.lead, role=Affiliation.Role.COORDINATOR).user
    SectorFactory(code="third-sector", name_fi="Kolmas sektori")
    NetworkMembershipFactory(network=network, organisation__name_fi="Lahden kansanopisto")
    joining = OrganisationFactory(name_fi="O'Brien-Äijälä Oy", slug="obrien-aijala")
    office = f"/{language}/office/networks/verkosto"
    sign_in_by_form(coordinator)

    visit(f"/{language}/office/networks/")
    press("a.row__title")
    assert_accessible(page)
    press(page.locator(f"a[href='{office}/members/add/']").first)
    page.locator("main input[name=q]").fill("äijälä")
    press("main form.search button")
    assert_accessible(page)
    press(f"a[href='{office}/members/add/obrien-aijala/']")
    page.locator("#id_role").select_option("expert")
    page.locator("#id_since").fill("2026-09-01")
    assert_accessible(page)
    press("main form button.button--next")
    expect(page.locator("main table tbody tr")).to_have_count(2)

    membership = NetworkMembership.objects.get(organisation=joining)
    assert membership.role == "expert"
    assert_accessible(page)

    press(f"a[href='{office}/members/{membership.pk}/end/']")
    page.locator("#id_until").fill("2026-08-31")
    press("main form button.button--next")
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    page.locator("#id_until").fill("2026-12-31")
    press("main form button.button--next")
    expect(page.locator("main table")).to_contain_text("2026")

    visit(f"{office}/import/")
    sheet = "name_fi;sector;since\nHeinolan kansalaisopisto;third-sector;1.9.2026\nVirhe;;1.9.2026\n"
    page.locator("#id_sheet").set_input_files(_csv(sheet))
    press("main form button.button--next")
    expect(page.locator("tr.table__bad")).to_have_count(1)
    expect(page.locator("main button.button--next")).to_have_count(0)
    assert_accessible(page)
    visit(f"{office}/import/")
    page.locator("#id_sheet").set_input_files(_csv(sheet.replace("Virhe;;", "Virhe;third-sector;")))
    press("main form button.button--next")
    expect(page.locator("tr.table__new")).to_have_count(2)
    press("main button.button--next")
    expect(page.locator("main table tbody tr")).to_have_count(4)
    assert network.memberships.count() == 4

    visit(f"{office}/picture/")
    assert page.locator("svg .network__node").count() >= 4
    visit(f"{office}/history/")
    assert coordinator.name in page.locator("main").inner_text()
    assert portal.errors() == []


def _csv(text: str) -> dict:
    return {"name": "lista.csv", "mimeType": "text/csv", "buffer": text.encode()}
