"""Data quality in the office, and what a reader is told of a stale record."""

from datetime import date

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from guidance.catalogue.models import QualityScore
from guidance.catalogue.quality import scoring
from tests.factories import (
    CheckRequestFactory,
    ContactFactory,
    FundingFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

LIST, ORGANISATIONS = "/en/office/quality/records/", "/en/office/quality/organisations/"


@pytest.fixture(autouse=True)
def _on_one_day():
    with time_machine.travel("2026-11-27T10:00:00Z", tick=False):
        yield


@pytest.fixture
def own(coordinator):
    return coordinator.affiliations.get().organisation


def names(response) -> list[str]:
    return [score.subject.name_fi for score in response.context["page"]]


def test_list_shows_what_one_keeps_the_worst_first(browser, own):
    TrainingOptionFactory(provider=own, name_fi="Huono", fee=None)
    TrainingOptionFactory(
        provider=own, name_fi="Parempi", checked_on=date(2026, 11, 1), audience_fi="Aikuiset"
    )
    TrainingOptionFactory(provider=own, name_fi="Luonnos", published_at=None)
    TrainingOptionFactory(name_fi="Vieras")
    FundingFactory(name_fi="Tuki")
    scoring.refresh_all()

    found = names(browser.get(f"{LIST}?kind=training"))
    with_drafts = names(browser.get(f"{LIST}?kind=training&drafts=on"))

    assert found == ["Huono", "Parempi"]
    assert set(with_drafts) == {"Huono", "Parempi", "Luonnos"}


def test_administrator_sees_all_of_it_ways_to_finance_studies_too(browser, administrator):
    TrainingOptionFactory(name_fi="Koulutus")
    FundingFactory(name_fi="Tuki")
    scoring.refresh_all()

    found = names(browser.get(LIST))

    assert {"Koulutus", "Tuki"} <= set(found)


def test_list_narrows_by_what_is_the_matter(browser, own):
    TrainingOptionFactory(provider=own, name_fi="Vanha", checked_on=date(2026, 5, 26))
    TrainingOptionFactory(provider=own, name_fi="Tuore", checked_on=date(2026, 5, 27))
    broken = TrainingOptionFactory(provider=own, name_fi="Rikki", checked_on=date(2026, 11, 1))
    scoring.refresh_all()
    QualityScore.objects.filter(training=broken).update(broken_links=1)

    stale = browser.get(f"{LIST}?stale=on&kind=training")

    assert names(stale) == ["Vanha"]
    assert names(browser.get(f"{LIST}?broken=on")) == ["Rikki"]
    assert names(browser.get(f"{LIST}?organisation={own.slug}&kind=organisation")) == [own.name_fi]
    assert (stale.context["whole"]["stale"], stale.context["query"]) == (1, "kind=training&stale=on")


def test_choices_that_make_no_sense_answer_all_the_same(browser, own):
    theirs = OrganisationFactory()
    scoring.refresh_all()

    response = browser.get(f"{LIST}?kind=nothing&organisation={theirs.slug}&page=x")

    assert (response.status_code, names(response)) == (200, [own.name_fi])


@pytest.mark.parametrize("count", [1, 5])
def test_pages_cost_the_same_for_any_number_of_records(browser, own, count, django_assert_max_num_queries):
    TrainingOptionFactory.create_batch(count, provider=own)
    GuidanceServiceFactory.create_batch(count, organisation=own)
    GroupSessionFactory.create_batch(count, organisation=own)
    ServicePointFactory.create_batch(count, organisation=own)
    scoring.refresh_all()
    browser.get(LIST)

    for address in (LIST, f"{LIST}?organisation={own.slug}", ORGANISATIONS):
        with django_assert_max_num_queries(12):
            browser.get(address)


def test_organisations_show_their_mean_and_whether_they_answer(browser, own):
    TrainingOptionFactory(provider=own, checked_on=None)
    contact = ContactFactory(organisation=own)
    for month in (9, 10):
        CheckRequestFactory(organisation=own, contact=contact, month=date(2026, month, 1))
    scoring.refresh_all()

    response = browser.get(ORGANISATIONS)

    row = response.context["rows"][0]
    assert (row["organisation"], row["number"], row["stale"], row["silent"]) == (own, 2, 1, 2)
    assertContains(response, "2 letters without an answer")


def test_organisation_without_an_address_to_write_to_is_told(browser, own):
    TrainingOptionFactory(provider=own)
    scoring.refresh_all()

    assertContains(browser.get(ORGANISATIONS), "Add a contact with an e-mail address")


def test_editor_shows_what_would_make_the_record_better_and_saving_measures_it_again(browser, own):
    training = TrainingOptionFactory(provider=own, slug="kurssi", fee=None)
    scoring.refresh(training)
    path = "/en/office/trainings/kurssi/"

    page = browser.get(path)
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    browser.post(path, sent | {"fee": "0", "is_checked_today": "on", "teaching_times": ["day"],
                               "languages": ["fi"]})  # fmt: skip

    assertContains(page, "What would make this better")
    assertContains(page, 'href="/en/office/trainings/kurssi/#id_fee"')
    assertContains(page, 'id="id_fee"')
    score = QualityScore.objects.get(training=training)
    shares = {line["code"]: line["share"] for line in score.lines}
    assert (shares["what_it_costs"], shares["checked"]) == (1, 1)


@pytest.mark.parametrize("kind", QualityScore.Kind.values)
def test_each_link_of_a_record_leads_to_a_field_of_its_editor(browser, own, kind):
    make = {
        "training": lambda: TrainingOptionFactory(provider=own, fee=None, slug="x", start="unknown"),
        "service": lambda: GuidanceServiceFactory(organisation=own, slug="x", ways=["call", "write"]),
        "organisation": lambda: own,
        "point": lambda: ServicePointFactory(organisation=own, slug="x"),
        "funding": lambda: FundingFactory(slug="x"),
        "event": lambda: GroupSessionFactory(organisation=own, slug="x", fee=None),
    }
    record = make[kind]()

    page = browser.get(f"/en/office/quality/{kind}/{record.slug}/")

    places = [place for line in page.context["lacking"] for place in line.places]
    assert places
    for place in places:
        path, _hash, anchor = place.url.partition("#")
        editor = browser.get(path)
        assert editor.status_code == 200, place
        if anchor:
            assertContains(editor, f'id="{anchor}"')


@pytest.mark.parametrize(
    ("checked_on", "sentence"),
    [
        (date(2026, 5, 27), "Checked on"),
        (date(2026, 5, 26), "May 2026"),
        (None, "It is not known when this was last checked."),
    ],
)
@pytest.mark.parametrize("kind", ["trainings", "guidance"])
def test_reader_is_told_when_a_record_is_stale(browser, kind, checked_on, sentence):
    if kind == "trainings":
        TrainingOptionFactory(slug="x", checked_on=checked_on)
    else:
        GuidanceServiceFactory(slug="x", checked_on=checked_on)
    warning = "Details may have changed: ask the provider."

    response = browser.get(f"/en/{kind}/x/")

    assertContains(response, sentence)
    assert (warning in response.content.decode()) is (checked_on != date(2026, 5, 27))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("/fi/koulutukset/x/", ("Tarkistettu viimeksi", "3/2026", "Tiedot ovat voineet muuttua")),
        ("/sv/utbildningar/x/", ("Senast kontrollerat", "3/2026", "Uppgifterna kan ha ändrats")),
        ("/en/trainings/x/", ("Last checked in", "March 2026", "Details may have changed")),
    ],
)
def test_reader_is_told_in_their_own_language(browser, page, words):
    TrainingOptionFactory(slug="x", checked_on=date(2026, 3, 2))

    response = browser.get(page)

    for word in words:
        assertContains(response, word)


def test_no_public_page_tells_the_score(browser):
    training = TrainingOptionFactory(slug="x")
    scoring.refresh(training)

    assertNotContains(browser.get("/en/trainings/x/"), "of 100")
