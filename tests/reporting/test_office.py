import csv
import io

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    GuidanceServiceFactory,
    GuidanceSessionFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db
FIGURES = "/en/office/figures/"
EXPORT = "/en/office/figures/export/"
SECRET = "Vain ohjaajan silmille"
NAME = "Zacharias Nimeltämainittu"


def held_at(organisation, **kwargs):
    service = GuidanceServiceFactory(organisation=organisation)
    return GuidanceSessionFactory(guidance_service=service, **kwargs)


def sessions(response):
    return response.context["figures"].sessions


def test_figure_list_counts_the_coordinators_own_organisations(browser, coordinator):
    held_at(coordinator.affiliations.get().organisation)
    held_at(OrganisationFactory())

    response = browser.get(FIGURES)

    assert sessions(response) == 1


def test_figure_list_counts_everything_for_an_administrator(browser, administrator):
    held_at(OrganisationFactory())
    held_at(OrganisationFactory())

    assert sessions(browser.get(FIGURES)) == 2


def test_figure_list_narrows_to_one_organisation(browser, coordinator):
    own = coordinator.affiliations.get().organisation
    second = AffiliationFactory(user=coordinator, role="coordinator").organisation
    held_at(own)
    held_at(second)

    assert sessions(browser.get(FIGURES, {"organisation": second.pk})) == 1


@pytest.mark.parametrize("page", [FIGURES, EXPORT])
def test_figures_of_an_organisation_one_does_not_answer_for_are_404(browser, coordinator, page):
    other = OrganisationFactory()

    assert browser.get(page, {"organisation": other.pk}).status_code == 404


def test_figure_list_says_when_the_months_are_the_wrong_way_round(browser, coordinator):
    month = timezone.localdate().replace(day=1)
    earlier = month.replace(year=month.year - 1)

    response = browser.get(FIGURES, {"first": month.isoformat(), "last": earlier.isoformat()})

    assertContains(response, "The last month cannot be before the first.")


@pytest.mark.parametrize("page", [FIGURES, EXPORT])
def test_figures_are_closed_to_counsellors(browser, counsellor, page):
    assert browser.get(page).status_code == 403


def test_figure_export_holds_the_same_counts_and_no_formula(browser, coordinator):
    organisation = coordinator.affiliations.get().organisation
    service = GuidanceServiceFactory(organisation=organisation, name_en="=HYPERLINK(1)")
    GuidanceSessionFactory.create_batch(2, guidance_service=service)

    response = browser.get(EXPORT)

    text = response.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert ["By service", "'=HYPERLINK(1)", "Sessions", "2"] in lines
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert NAME not in text


def office_names(patterns, namespace=""):
    """Every page of the office that needs no more than its name."""
    for pattern in patterns:
        inner = f"{namespace}{pattern.namespace}:" if getattr(pattern, "namespace", None) else namespace
        if hasattr(pattern, "url_patterns"):
            if "<" not in str(pattern.pattern):
                yield from office_names(pattern.url_patterns, inner)
        elif ":office:" in namespace and not pattern.pattern.converters and "<" not in str(pattern.pattern):
            yield f"{namespace}{pattern.name}"


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_no_page_of_the_office_tells_of_a_person_who_was_guided(browser, role):
    affiliation = AffiliationFactory(role=role)
    browser.force_login(affiliation.user)
    session = held_at(affiliation.organisation, notes=SECRET, next_step=SECRET)
    session.client.name = session.client.email = NAME
    session.client.save()
    AppointmentFactory(
        guidance_service=session.guidance_service,
        name=NAME,
        wish=SECRET,
        starts_at=timezone.now(),
        special_needs=SECRET,
    )

    addresses = [reverse(name) for name in office_names(get_resolver().url_patterns)]
    pages = {address: browser.get(address).content.decode(errors="replace") for address in addresses}

    assert FIGURES in pages
    assert [address for address, text in pages.items() if SECRET in text or NAME in text] == []
