"""The office's editors of training and guidance: what they ask, refuse and keep."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from guidance.catalogue.models import GuidanceService, TrainingOption
from tests.factories import (
    AffiliationFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

TRAINING, GUIDANCE = "/en/office/trainings/cook/", "/en/office/guidance/career/"


@pytest.fixture
def organisation(coordinator):
    return coordinator.affiliations.get().organisation


@pytest.fixture
def training(organisation) -> TrainingOption:
    return TrainingOptionFactory(slug="cook", provider=organisation, name_fi="Kokki")


@pytest.fixture
def service(organisation) -> GuidanceService:
    return GuidanceServiceFactory(slug="career", organisation=organisation, name_fi="Uraohjaus")


def training_told(training: TrainingOption, **changes: object) -> dict[str, object]:
    """What the form of a training sends when nothing but the changes is filled in anew."""
    told = {
        "name_fi": training.name_fi,
        "provider": training.provider_id,
        "kind": "course",
        "field": "general",
        "start": "unknown",
        "teaching_times": ["day"],
        "mode": "contact",
        "languages": ["fi"],
        "fee": "0",
    }
    return told | changes


def service_told(service: GuidanceService, **changes: object) -> dict[str, object]:
    told = {
        "name_fi": service.name_fi,
        "organisation": service.organisation_id,
        "channels": [ChannelFactory().pk],
        "languages": ["fi"],
        "fee": "0",
        "booking": "anyone",
        "duration_minutes": "45",
        "lead_hours": "2",
        "horizon_days": "60",
        "meeting": "any",
        "pause_before_minutes": "0",
        "pause_after_minutes": "0",
        "change_hours": "0",
    }
    return told | changes


def test_training_form_asks_in_the_order_of_the_page(browser, training):
    page = browser.get(TRAINING).content.decode()

    assert re.findall(r'class="field-group"\s*>\s*<legend>([^<]+)<', page) == [
        "Name",
        "Is it for me?",
        "When?",
        "Where and how?",
        "What do I learn, and what does it lead to?",
        "What does it cost?",
        "How do I apply?",
        "Whom do I ask?",
        "Checked",
    ]


def test_guidance_form_asks_in_the_order_of_the_page(browser, service):
    page = browser.get(GUIDANCE).content.decode()

    assert re.findall(r'class="field-group"\s*>\s*<legend>([^<]+)<', page) == [
        "Name",
        "Is it for me?",
        "How do I come?",
        "How times are booked",
        "When and where?",
        "In which languages?",
        "What should I bring?",
        "What happens there, and then?",
        "What does it cost?",
        "When do I get an answer?",
        "Which area does it serve?",
        "Whom do I ask?",
        "Only for counsellors",
        "Checked",
    ]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"start": "date"}, "starts_on", "Give the first day"),
        ({"start": "season", "start_year": "2027"}, "start_season", "Choose the season"),
        ({"start": "season", "start_season": "spring"}, "start_year", "Give the year"),
        ({"extent": "60"}, "extent_unit", "Choose what the extent is counted in."),
        ({"extent_to": "60", "extent_unit": "hour"}, "extent", "Give the least extent too"),
        (
            {"extent": "60", "extent_to": "30", "extent_unit": "hour"},
            "extent_to",
            "The greatest extent cannot be less than the least.",
        ),
        (
            {"applications_from": "2027-02-01", "applications_to": "2027-01-01"},
            "applications_to",
            "Applications cannot close before they open.",
        ),
        (
            {"start": "date", "starts_on": "2027-02-01", "ends_on": "2027-01-01"},
            "ends_on",
            "The last day cannot be before the first.",
        ),
        ({"fee": "-1"}, "fee", "greater than or equal to 0"),
    ],
)
def test_training_form_says_at_the_field_what_to_do_and_keeps_what_was_typed(
    browser, training, changes, field, words
):
    told = training_told(training, name_en="Cook of the house", description_en="You learn soups.", **changes)

    response = browser.post(TRAINING, told)

    assert [words in error for error in response.context["form"].errors[field]] == [True]
    assert list(response.context["form"].errors) == [field]
    assertContains(response, 'value="Cook of the house"')
    assertContains(response, "You learn soups.")
    training.refresh_from_db()
    assert not training.name_en


def test_training_form_keeps_all_it_asks(browser, training):
    told = training_told(
        training,
        start="season",
        start_season="autumn",
        start_year="2027",
        starts_on="2027-01-11",  # left from another choice
        prior_education=["basic", "experience"],
        outcome="certificate",
        fee="",
        is_continuous_learning="on",
        is_checked_today="on",
        contact_email="admissions@example.fi",
    )

    response = browser.post(TRAINING, told)

    assertRedirects(response, TRAINING)
    training.refresh_from_db()
    assert (training.start, training.start_season, training.start_year) == ("season", "autumn", 2027)
    assert (training.starts_on, training.fee) == (None, None)
    assert training.prior_education == ["basic", "experience"]
    assert training.is_continuous_learning
    assert training.checked_on == timezone.localdate()


def test_training_form_without_the_box_leaves_the_day_it_was_checked(browser, training):
    TrainingOption.objects.update(checked_on=date(2026, 1, 2))

    assertContains(browser.get(TRAINING), "Last checked on 2 Jan 2026.")
    browser.post(TRAINING, training_told(training))

    training.refresh_from_db()
    assert training.checked_on == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ways": ["call"]}, "phone", "Give the number that people call"),
        ({"ways": ["write"]}, "email", "Give the address that people write to"),
        ({"ways": ["referred"]}, "referrers", "Choose who may refer"),
        ({"ways": ["book"], "booking": "none"}, "booking", "Choose who books it."),
    ],
)
def test_guidance_form_asks_for_what_a_way_to_come_needs(browser, service, changes, field, words):
    response = browser.post(GUIDANCE, service_told(service, next_steps_en="You get a plan.", **changes))

    assert [words in error for error in response.context["form"].errors[field]] == [True]
    assertContains(response, "You get a plan.")


def test_guidance_form_keeps_what_counsellors_are_told(browser, service):
    told = service_told(
        service,
        ways=["call", "referred"],
        phone="+358 00 111",
        referrers=["counsellor"],
        consent_wording_en="May I?",
        internal_contact="Line for colleagues",
        is_checked_today="on",
    )

    assertRedirects(browser.post(GUIDANCE, told), GUIDANCE)

    service.refresh_from_db()
    assert (service.ways, service.referrers) == (["call", "referred"], ["counsellor"])
    assert (service.consent_wording_en, service.internal_contact) == ("May I?", "Line for colleagues")
    assert service.checked_on == timezone.localdate()


# Rounds and notes


def rows(prefix: str, *told: dict[str, object], initial: int = 0) -> dict[str, object]:
    fields = {
        f"{prefix}-{number}-{name}": value for number, row in enumerate(told) for name, value in row.items()
    }
    return {f"{prefix}-TOTAL_FORMS": len(told), f"{prefix}-INITIAL_FORMS": initial} | fields


def test_training_rounds_are_saved_together_or_not_at_all(browser, training):
    good = {"opens_on": "2027-01-01", "closes_on": "2027-01-31", "name": "Spring"}
    wrong = {"opens_on": "2027-03-01", "closes_on": "2027-02-01"}

    response = browser.post(f"{TRAINING}rounds/", rows("rounds", good, wrong))

    assertContains(response, "The application period cannot end before it begins.")
    assertContains(response, 'value="2027-03-01"')
    assert not training.rounds.exists()

    before = training.changed_at
    browser.post(f"{TRAINING}rounds/", rows("rounds", good, {**wrong, "closes_on": ""}))

    assert [(str(row.opens_on), row.name) for row in training.rounds.all()] == [
        ("2027-01-01", "Spring"),
        ("2027-03-01", ""),
    ]
    training.refresh_from_db()
    assert training.changed_at > before


@pytest.mark.parametrize("closes_on", ["2027-01-31", ""])
def test_training_rounds_refuse_the_same_round_twice(browser, training, closes_on):
    row = {"opens_on": "2027-01-01", "closes_on": closes_on}

    response = browser.post(f"{TRAINING}rounds/", rows("rounds", row, row))

    assert response.status_code == 200
    assert not training.rounds.exists()
    assert response.context["formset"].total_error_count() >= 1


def test_training_rounds_can_be_removed(browser, training):
    row = training.rounds.create(opens_on=timezone.localdate() + timedelta(days=9))

    told = {"id": row.pk, "training": training.pk, "opens_on": str(row.opens_on), "DELETE": "on"}
    browser.post(f"{TRAINING}rounds/", rows("rounds", told, initial=1))

    assert not training.rounds.exists()


def test_training_notes_are_kept_in_three_languages(browser, training):
    note = {"heading_fi": "Vaatteet", "text_fi": "Esiliina.", "heading_en": "Clothes", "text_en": "An apron."}

    half = browser.post(f"{TRAINING}notes/", rows("notes", {"heading_fi": "Vaatteet", "order": 0}))
    assert list(half.context["formset"].forms[0].errors) == ["text_fi"]
    browser.post(f"{TRAINING}notes/", rows("notes", note | {"order": 1}))

    assert training.notes.get().heading_en == "Clothes"
    assert "Clothes" in browser.get("/en/trainings/cook/").content.decode()


def test_parts_of_anothers_training_are_not_found(browser, coordinator):
    other = TrainingOptionFactory(slug="other", provider=OrganisationFactory())

    for part in ("rounds", "notes"):
        assert browser.get(f"/en/office/trainings/{other.slug}/{part}/").status_code == 404


def test_guidance_form_asks_for_the_team_of_a_service_that_has_one(browser, service):
    page = browser.post(GUIDANCE, service_told(service, meeting="team")).content.decode()

    assert "Choose the counsellors of the team." in page


def test_guidance_form_offers_the_counsellors_of_ones_own_organisations_for_the_team(browser, service):
    inside = AffiliationFactory(organisation=service.organisation).user
    elsewhere = AffiliationFactory().user

    browser.post(GUIDANCE, service_told(service, meeting="team", team=[inside.pk]))
    refused = browser.post(GUIDANCE, service_told(service, meeting="team", team=[elsewhere.pk]))

    assert list(service.team.all()) == [inside]
    assert refused.status_code == 200
