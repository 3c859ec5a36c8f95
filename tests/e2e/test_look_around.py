"""An adult looks around: from a need to a training and to somebody to talk to, in three languages."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from network.models import Area, OpeningException, OpeningHours
from network.search.rebuild import rebuild
from tests.e2e.conftest import on_a_phone, on_both_widths
from tests.factories import (
    AreaFactory,
    FundingFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    LifeSituationFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    RouteStopFactory,
    ServicePointFactory,
    SituationPartFactory,
    TrainingOptionFactory,
)

LISTS = {
    "catalogue": [
        "front_page",
        "training_list",
        "guidance_list",
        "area_list",
        "search",
        "situation_list",
        "funding_list",
        "stop_list",
    ],
    "network": ["organisation_list", "service_point_list"],
    "booking": ["group_session_list", "notebook_detail", "data"],
}
DETAILS = [
    ("training", "nurse"),
    ("guidance", "career"),
    ("area", "pirkanmaa"),
    ("organisation", "college"),
    ("service_point", "point"),
    ("network", "network"),
    ("situation", "unemployed"),
    ("funding", "allowance"),
]
STAYING = """() => [...document.querySelectorAll("main *")]
  .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position))
  .map((one) => one.getBoundingClientRect().height)"""


@pytest.fixture
def region() -> Area:
    """A region with one of everything; some texts are in Finnish only."""
    region = AreaFactory(kind=Area.Kind.REGION, code="06", name_fi="Pirkanmaa", slug="pirkanmaa")
    town = AreaFactory(parent=region, name_fi="Nokia", slug="nokia")
    college = OrganisationFactory(name_fi="Kokeiluopisto", slug="college", home_municipality=town)
    college.contacts.create(name="Malli Yhteys", email="yhteys@example.fi", is_public=True)
    NetworkMembershipFactory(organisation=college, network__area=region, network__slug="network")
    training = TrainingOptionFactory(
        slug="nurse",
        name_fi="Lähihoitaja",
        name_sv="Närvårdare",
        name_en="Practical nurse",
        description_fi="Opit hoitamaan ihmisiä.",
        provider=college,
        extent=180,
        extent_unit="competence_point",
        seats=20,
        applicants=200,
    )
    training.municipalities.add(town)
    point = ServicePointFactory(slug="point", organisation=college, municipality=town)
    OpeningHours.objects.create(service_point=point, weekday=1, opens_at=time(9), closes_at=time(16))
    OpeningException.objects.create(service_point=point, on=timezone.localdate(), reason="Muutto")
    service = GuidanceServiceFactory(
        slug="career", name_fi="Uraohjaus", organisation=college, summary_fi="Ohjausta"
    )
    service.service_points.add(point)
    service.areas.add(region)
    RouteStopFactory(municipality=town, cancelled_at=timezone.now())
    RouteStopFactory(municipality=town, starts_at=timezone.now() + timedelta(days=2))
    SituationPartFactory(situation=LifeSituationFactory(slug="unemployed", name_fi="Menetin työni"))
    FundingFactory(slug="allowance", name_fi="Aikuiskoulutustuki", amount_fi="Enintään 700 € kuukaudessa")
    GroupSessionFactory(slug="evening", organisation=college, municipality=town)
    return region


def test_every_public_page_is_accessible(visit, region, language):
    with override(language):
        addresses = [reverse(f"{app}:public:{name}") for app, names in LISTS.items() for name in names]
        addresses += [reverse(f"catalogue:public:{name}_detail", args=[slug]) for name, slug in DETAILS]
        addresses.append(reverse("booking:public:group_session_detail", args=["evening"]))
        addresses.append(f"{reverse('catalogue:public:search')}?q=xyzzy+nokia")
        addresses.append(f"{reverse('catalogue:public:training_list')}?q=xyzzy+nokia")

    for address in addresses:
        visit(address)


@on_both_widths
def test_a_search_leads_to_a_training_and_on_to_somebody_to_ask(
    page, press, visit, assert_accessible, region
):
    visit("/en/")
    page.get_by_label("What would you like to learn or do?").fill("nurse nokia")
    press(page.get_by_role("button", name="Search"))

    expect(page.get_by_role("heading", level=1)).to_have_text("2 results for “nurse nokia”")
    assert_accessible(page)
    press(page.get_by_role("link", name="Practical nurse"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Practical nurse")
    press(page.get_by_role("link", name="Book guidance about this"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Book a time")
    expect(page.get_by_text("Practical nurse")).to_be_visible()
    assert_accessible(page)
    press(page.get_by_role("link", name="Uraohjaus"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uraohjaus")
    expect(page.get_by_role("link", name="Book a time").first).to_be_visible()


@on_both_widths
def test_a_misspelt_search_leads_to_what_was_meant(page, press, visit, assert_accessible, region):
    rebuild()
    visit("/fi/haku/?q=l%C3%A4hihoitja")
    expect(page.get_by_text("Näytetään, mitä löytyi haulla ”lähihoitaja”.")).to_be_visible()
    expect(page.get_by_role("link", name="Lähihoitaja", exact=True)).to_be_visible()
    press(page.get_by_role("link", name="Hae ”lähihoitja” niin kuin sen kirjoitit"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("lähihoitja")
    expect(page.get_by_role("link", name="Lähihoitaja", exact=True)).to_have_count(0)
    assert_accessible(page)


@on_both_widths
def test_choices_narrow_a_list_and_can_be_taken_away(page, press, visit, assert_accessible, region):
    TrainingOptionFactory(name_fi="Muualla", kind="labour")
    visit("/en/trainings/")
    if page.locator("details.filters > summary").is_visible():
        page.locator("details.filters > summary").click()
    page.get_by_label("Where").fill("Nokia")
    page.get_by_role("checkbox", name=re.compile(r"^course\b")).check()
    press(page.get_by_role("button", name="Show"))

    expect(page.get_by_role("heading", level=1)).to_have_text("1 training – Nokia")
    assert_accessible(page)
    press(page.get_by_role("link", name="Remove: Nokia"))
    press(page.get_by_role("link", name="Remove: course"))
    expect(page.get_by_role("heading", level=1)).to_have_text("2 trainings")


@on_both_widths
def test_an_unknown_place_is_explained(page, visit, region):
    visit("/en/trainings/?place=nokja")

    expect(page.get_by_text("Did you mean Nokia?").first).to_be_visible()


@on_both_widths
def test_the_map_works_by_keyboard(page, press, visit, region):
    visit("/en/areas/")
    page.get_by_role("link", name="Skip the map").focus()
    past, around = (page.locator(one).bounding_box() for one in (".map > a", ".map"))

    assert around["y"] <= past["y"] < around["y"] + around["height"]

    link = page.locator("svg a").first
    link.focus()
    link.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Pirkanmaa")


@on_a_phone
def test_what_stays_on_a_phone_leaves_four_fifths_of_it_free(visit, page):
    service = GuidanceServiceFactory(slug="career", name_en="Career guidance")
    full = {"has_registration": True, "registration_note_en": "Bring your papers. " * 6}
    GroupSessionFactory(slug="evening", **full)

    for path in ("/en/guidance/", f"/en/guidance/{service.slug}/", "/en/events/evening/"):
        visit(path)
        heights = page.evaluate(STAYING)
        assert sum(heights) <= page.viewport_size["height"] / 5, path
