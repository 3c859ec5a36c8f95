"""Somebody finds a training and books guidance about it; the office brings training in from a file."""

import json
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from guidance.booking.models import Appointment
from guidance.catalogue.models import ImportRun, Suggestion, TrainingOption
from guidance.catalogue.quality import scoring
from guidance.catalogue.tasks import read_import
from network.models import Affiliation, Area, Synonyms
from network.search.rebuild import rebuild
from tests.catalogue.import_data import konfo
from tests.e2e.conftest import NARROW, RULES, on_a_phone
from tests.factories import (
    AffiliationFactory,
    AreaFactory,
    AvailabilityFactory,
    FundingFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    SituationPartFactory,
    TrainingOptionFactory,
)


@pytest.fixture
def training() -> TrainingOption:
    """Evening studies in Nokia, among other training; its provider gives guidance the day after tomorrow."""
    region = AreaFactory(kind=Area.Kind.REGION, name_fi="Pirkanmaa", slug="pirkanmaa")
    nurse = TrainingOptionFactory(
        slug="nurse", name_fi="Lähihoitaja", name_en="Practical nurse", teaching_times=["evening"]
    )
    nurse.municipalities.add(AreaFactory(parent=region, name_fi="Nokia", slug="nokia"))
    TrainingOptionFactory(slug="head-nurse", name_en="Head nurse", teaching_times=["day"])
    service = GuidanceServiceFactory(slug="career", name_en="Career guidance", organisation=nurse.provider)
    AvailabilityFactory(service=service, on=timezone.localdate() + timedelta(days=2))
    return nurse


@on_a_phone
def test_finding_a_training_and_booking_guidance_about_it(
    page, press, portal, visit, assert_accessible, training
):
    visit("/en/trainings/?q=nurse")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 trainings – “nurse”")
    page.locator("details.filters > summary").click()
    page.get_by_label("evenings").check()
    press(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 training")
    assert_accessible(page)

    press(page.get_by_role("link", name="Practical nurse"))
    assert_accessible(page)
    press(page.get_by_role("link", name="Book guidance about this").first)
    press(page.get_by_role("link", name="Career guidance"))
    press(page.locator(".slot").first)
    expect(page.get_by_role("definition").filter(has_text="Practical nurse")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Your name").fill("Aino Esimerkki")
    page.get_by_label("Phone").fill("+358 40 000 0000")
    press(page.get_by_role("button", name="Book this time"))

    expect(page.get_by_role("link", name="Practical nurse")).to_be_visible()
    assert_accessible(page)
    assert Appointment.objects.get().training == training
    assert portal.errors() == []


def test_suggestions_are_chosen_with_the_keyboard(lively, portal, training):
    rebuild()
    lively.goto("/en/")
    field = lively.get_by_role("combobox", name="What would you like to learn or do?")
    expect(field).to_have_attribute("aria-expanded", "false")

    field.press_sequentially("nur")
    option = lively.get_by_role("option", name="nurse", exact=True)
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    told = lively.get_by_role("status").filter(has_text="use the arrow keys")
    expect(told).to_have_text(re.compile(r"^\d+ suggestions?, use the arrow keys to choose (it|one)$"))
    expect(lively.get_by_role("listbox")).to_have_id(field.get_attribute("aria-controls"))
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option).to_have_id(field.get_attribute("aria-activedescendant"))
    found = Axe().run(lively, options=RULES).response["violations"]
    assert [violation["help"] for violation in found] == []

    field.press("Escape")
    expect(lively.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("nur")

    field.press("ArrowDown")
    expect(option).to_be_visible()
    field.press("Escape")
    field.press_sequentially("s")
    expect(option).to_be_visible()
    field.press("ArrowDown")
    with lively.expect_navigation():
        field.press("Enter")
    expect(lively.get_by_role("heading", level=1)).to_contain_text("results for “nurse”")
    assert portal.errors() == []


@on_a_phone
def test_the_office_sees_what_a_file_would_change_before_it_does(
    page, press, portal, visit, sign_in, assert_accessible, settings
):
    settings.MEDIA_ROOT = portal.uploads
    administrator = AffiliationFactory(role=Affiliation.Role.ADMINISTRATOR).user
    sign_in(administrator)
    visit("/en/office/")
    office = page.get_by_role("navigation", name="Office")
    office.get_by_text("Office", exact=True).click()
    assert_accessible(page)
    press(office.get_by_role("link", name="Imports"))
    press(page.get_by_role("link", name="Import from files").first)
    assert_accessible(page)
    page.get_by_label("Opintopolku").check()
    page.locator("#id_uploads").set_input_files(
        {
            "name": "hits.json",
            "mimeType": "application/json",
            "buffer": json.dumps(konfo("toteutus-1")).encode(),
        }
    )
    press(page.get_by_role("button", name="Show what would change"))
    expect(page.get_by_text("The files are being read")).to_be_visible()
    assert_accessible(page)
    read_import(run=ImportRun.objects.latest("pk").pk)
    press(page.get_by_role("link", name="Look again"))

    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    expect(page.get_by_text("Liiketoiminnan perustutkinto").first).to_be_visible()
    assert not TrainingOption.objects.exists()
    assert_accessible(page)
    press(page.get_by_role("button", name="Import these records"))
    read_import(run=ImportRun.objects.latest("pk").pk)
    press(page.get_by_role("link", name="Look again"))
    expect(page.get_by_text("Records that changed: 2.")).to_be_visible()
    assert_accessible(page)
    assert TrainingOption.objects.get().name_fi == "Liiketoiminnan perustutkinto"
    visit("/en/office/imports/")
    assert portal.errors() == []


@pytest.mark.parametrize("reader", [("fi", NARROW)], ids=["fi-narrow"], indirect=True)
def test_what_the_office_keeps_of_the_catalogue_is_accessible(visit, sign_in, portal, training, language):
    GroupSessionFactory(organisation=training.provider)
    situation = SituationPartFactory(situation__slug="unemployed").situation
    FundingFactory(slug="allowance")
    Synonyms.objects.create(words="duuni\ntyö")
    Suggestion.objects.create(training=training, kind=Suggestion.Kind.NOTE, value="Tiistaisin.")
    scoring.refresh_all()
    sign_in(AffiliationFactory(role=Affiliation.Role.ADMINISTRATOR).user)

    for page in (
        "quality/records/",
        "quality/organisations/",
        "quality/suggestions/",
        f"quality/training/{training.slug}/",
        "synonyms/",
        "synonyms/add/",
        "unanswered/",
        "situations/",
        f"situations/{situation.slug}/",
        "financing/",
        "events/",
        "trainings/",
        f"trainings/{training.slug}/",
    ):
        visit(f"/{language}/office/{page}")
    assert portal.errors() == []
