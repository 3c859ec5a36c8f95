"""The pages of a training and of a guidance service: what people ask, in their order, nothing unknown."""

import re
import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from guidance.catalogue.models import GuidanceService, TrainingOption
from opinovi.changes import clock
from tests.factories import (
    AffiliationFactory,
    AreaFactory,
    GuidanceServiceFactory,
    RouteStopFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

TRAINING, SERVICE = "/en/trainings/cook/", "/en/guidance/career/"
SECRETS = {
    "consent_wording_en": "May I give them your name?",
    "benefit_effect_en": "The daily allowance stops.",
    "internal_contact": "Line for colleagues 0400",
}


@pytest.fixture
def training() -> TrainingOption:
    """A training of which everything is known."""
    training = TrainingOptionFactory(
        slug="cook",
        name_en="Cook",
        provider__name_en="Test College",
        kind="vocational",
        field="service",
        audience_en="For you who like to feed others.",
        requirements_en="A hygiene certificate.",
        prior_education=["basic", "experience"],
        is_beside_work=True,
        has_childcare=True,
        is_step_free=True,
        is_continuous_learning=True,
        is_labour_market=True,
        start="season",
        start_season="autumn",
        start_year=2027,
        ends_on=date(2028, 5, 31),
        duration_months=9,
        teaching_times=["evening", "multiform"],
        mode="blended",
        languages=["fi", "sv"],
        description_en="You learn to cook.",
        extent=60,
        extent_to=120,
        extent_unit="competence_point",
        outcome="degree",
        titles_en="Master of soups",
        outcomes_en="You can run a kitchen.",
        fee=90,
        fee_note_en="Knives are yours to keep.",
        funding_en="Student aid",
        is_rolling=False,
        applications_from=timezone.localdate() - timedelta(days=3),
        applications_to=timezone.localdate() + timedelta(days=20),
        application_note_en="Write a letter.",
        application_link="https://www.example.fi/apply/",
        seats=20,
        applicants=52,
        contact_name="Admissions office",
        contact_phone="+358 00 222",
        contact_email="admissions@example.fi",
        website="https://www.example.fi/cook/",
        checked_on=date(2026, 11, 2),
    )
    training.municipalities.add(AreaFactory(name_en="Nokia", slug="nokia"))
    training.notes.create(heading_en="Kitchen clothes", text_en="Bring your own apron.")
    return training


@pytest.fixture
def service() -> GuidanceService:
    """A service of which everything is known."""
    service = GuidanceServiceFactory(
        slug="career",
        name_en="Career guidance",
        summary_en="Think about what next.",
        audience_en="For every adult.",
        ways=["book", "drop_in", "call", "referred"],
        hours_note_en="Weekdays from nine to three.",
        referrers=["counsellor", "health"],
        referral_note_en="Send us a short letter.",
        bring_en="Your certificates.",
        description_en="We talk for an hour.",
        next_steps_en="You get a plan.",
        has_interpreter=True,
        fee=15,
        fee_note_en="Coffee is included.",
        response_days=2,
        email="career@example.fi",
        website="https://www.example.fi/career/",
        **SECRETS,
    )
    service.areas.add(AreaFactory(name_en="Pirkanmaa"))
    point = ServicePointFactory(name_en="Nokia desk", municipality=AreaFactory())
    service.service_points.add(point, RouteStopFactory(place="Market square").service_point)
    return service


def questions(browser, address: str) -> list[str]:
    """The headings of a page, as they follow each other; its table of contents must say the same."""
    page = browser.get(address).content.decode()
    headings = re.findall(r"<h2>\s*(.*?)\s*</h2>", page)
    contents = page.split('class="contents"')[1].split("</nav>")[0]
    assert re.findall(r'<a href="#[\w-]+">\s*(.*?)\s*</a>', contents, re.DOTALL) == headings
    assert {key in page for key in re.findall(r'<a href="#([\w-]+)"', contents)} == {True}
    return [heading.replace("&#x27;", "'") for heading in headings]


def test_training_detail_answers_what_people_ask_in_their_order(browser, training):
    assert questions(browser, TRAINING) == [
        "Is it for me?",
        "When?",
        "Where and how?",
        "What do I learn, and what does it lead to?",
        "What does it cost?",
        "How do I apply?",
        "Whom do I ask?",
        "Kitchen clothes",
    ]


@pytest.mark.parametrize(
    "fact",
    [
        "For you who like to feed others.",
        "comprehensive school",
        "work experience in the field",
        "Any one of these is enough.",
        "A hygiene certificate.",
        "You can do it beside your work.",
        "in autumn 2027",
        "Wed 31 May 2028",
        "about 9 months",
        "evenings",
        "in blocks beside your own work",
        'href="/en/areas/nokia/"',
        "partly at a distance",
        "Finnish, Swedish",
        "You get in without steps.",
        "Childcare is arranged while you study.",
        "You learn to cook.",
        "60–120 competence points",
        "a whole qualification or degree",
        "Master of soups",
        "You can run a kitchen.",
        "90\n          €",
        "Knives are yours to keep.",
        "The Service Centre for Continuous Learning and Employment pays",
        "The employment services buy the training",
        "Student aid",
        "Write a letter.",
        'href="https://www.example.fi/apply/"',
        "20 places",
        "52 applicants",
        "About 2.6 people applied for each place.",
        "Admissions office",
        'href="tel:+35800222"',
        'href="mailto:admissions@example.fi"',
        'href="https://www.example.fi/cook/"',
        "Bring your own apron.",
        "Checked on Mon 2 Nov 2026",
    ],
)
def test_training_detail_shows(browser, training, fact):
    page = browser.get(TRAINING).content.decode()

    assert " ".join(fact.split()) in " ".join(page.split())


def test_training_detail_lists_every_round_with_its_state(browser, training):
    today = timezone.localdate()
    training.rounds.create(opens_on=today - timedelta(days=40), closes_on=today - timedelta(days=30))
    training.rounds.create(opens_on=today + timedelta(days=40), name="Spring round")

    page = browser.get(TRAINING).content.decode()

    states = re.findall(r'class="tag[^"]*">(closed|open|opens later)<', page)
    assert states == ["closed", "open", "opens later"]
    assert "(Spring round)" in page
    assert "until the places are taken" in page


def article(browser, address: str) -> str:
    """What a page says of its subject, without what stands on every page."""
    return browser.get(address).content.decode().split("<article")[1].split("</article>")[0]


def test_training_detail_says_when_there_were_places_left(browser):
    TrainingOptionFactory(slug="cook", seats=20, applicants=12)

    assertContains(browser.get(TRAINING), "There were fewer applicants than places.")


def test_training_detail_shows_nothing_that_is_not_known(browser):
    TrainingOptionFactory(slug="cook", fee=None, is_rolling=False)

    page = article(browser, TRAINING)

    unknown = (
        "free of charge",
        "Ends",
        "How long",
        "Extent",
        "Languages",
        "Leads to",
        "Children",
        "Contact",
        "Last round",
    )
    assert [words for words in unknown if words in page] == []
    assert "not known: ask the provider" in page
    assert "not known yet: ask the provider" in page
    assert "The time to apply is not known: ask the provider." in page
    assert "Is it for me?" not in questions(browser, TRAINING)


def test_training_detail_of_a_day_and_by_agreement_say_so(browser):
    training = TrainingOptionFactory(slug="cook", start="date", starts_on=date(2027, 1, 11))
    assertContains(browser.get(TRAINING), "Mon 11 Jan 2027")

    TrainingOption.objects.filter(pk=training.pk).update(start="personal", starts_on=None)
    assertContains(browser.get(TRAINING), "you and the provider choose the day")


def test_training_detail_studied_anywhere_says_so(browser):
    TrainingOptionFactory(slug="cook", mode="self_paced")

    assertContains(browser.get(TRAINING), "wherever you are")


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/fi/koulutukset/cook/", "Sopiiko se minulle?"),
        ("/sv/utbildningar/cook/", "Passar det mig?"),
    ],
)
def test_training_detail_marks_what_is_not_in_the_readers_language(browser, address, heading):
    training = TrainingOptionFactory(
        slug="cook", name_fi="Kokki", name_sv="Kock", titles_en="Master of soups"
    )
    training.audience_en = "For you who like to feed others."
    training.save()
    training.notes.create(heading_en="Kitchen clothes", text_en="Bring your own apron.")

    response = browser.get(address)

    assertContains(response, heading)
    assertContains(response, '<span lang="en">Master of soups</span>', html=True)
    assertContains(response, '<div class="prose" lang="en"><p>Bring your own apron.</p></div>', html=True)
    assertContains(response, '<span lang="en">Kitchen clothes</span>', count=2, html=True)


def test_training_detail_leads_to_guidance_about_it(browser, training):
    own = GuidanceServiceFactory(organisation=training.provider, slug="college")

    response = browser.get(TRAINING)

    assertContains(response, 'href="/en/book/?about=cook"')
    assertContains(response, f'href="/en/guidance/{own.slug}/book/?about=cook"')


def test_guidance_detail_answers_what_people_ask_in_their_order(browser, service):
    assert questions(browser, SERVICE) == [
        "Is it for me?",
        "How do I come?",
        "When and where?",
        "In which languages?",
        "What should I bring?",
        "What happens there, and then?",
        "What does it cost?",
        "When do I get an answer?",
        "Which area does it serve?",
        "Whom do I ask?",
    ]


@pytest.mark.parametrize(
    "fact",
    [
        "For every adult.",
        "come without a time",
        "be referred by somebody",
        "You can book a time yourself",
        "Weekdays from nine to three.",
        "a counsellor of the network",
        "health and social services",
        "Send us a short letter.",
        "Nokia desk",
        "Market square",
        "By phone",
        "Finnish, Swedish, English.",
        "An interpreter can be arranged",
        "Your certificates.",
        "We talk for an hour.",
        "You get a plan.",
        "It costs 15 €.",
        "Coffee is included.",
        "within 2 working days",
        "Pirkanmaa",
        'href="mailto:career@example.fi"',
        'href="https://www.example.fi/career/"',
    ],
)
def test_guidance_detail_shows(browser, service, fact):
    page = browser.get(SERVICE).content.decode()

    assert fact in " ".join(page.split())


def test_guidance_detail_shows_nothing_that_is_not_known(browser):
    GuidanceServiceFactory(slug="career", fee=None)

    asked = questions(browser, SERVICE)

    assert asked == [
        "How do I come?",
        "When and where?",
        "In which languages?",
        "What does it cost?",
        "Which area does it serve?",
        "Whom do I ask?",
    ]
    page = article(browser, SERVICE)
    assert "The fee is not known: ask before you come." in page
    assert "free of charge" not in page


# What only counsellors are told


@pytest.mark.parametrize(("role", "is_told"), [("counsellor", True), ("coordinator", False)])
def test_guidance_detail_tells_only_counsellors_how_to_refer(browser, service, role, is_told):
    browser.force_login(AffiliationFactory(role=role).user)

    page = browser.get(SERVICE).content.decode()

    assert ("For counsellors" in page) is is_told
    assert [secret in page for secret in SECRETS.values()] == [is_told] * 3


def test_guidance_detail_tells_one_whose_work_has_ended_no_more_than_a_stranger(browser, service):
    yesterday = timezone.localdate() - timedelta(days=1)
    browser.force_login(AffiliationFactory(role="counsellor", until=yesterday).user)

    assertNotContains(browser.get(SERVICE), "For counsellors")


@pytest.mark.django_db(transaction=True)
def test_guidance_detail_is_not_kept_for_a_stranger_after_a_counsellor_read_it(browser, service, settings):
    counsellor = Browser(HTTP_ACCEPT_LANGUAGE="en")
    counsellor.force_login(AffiliationFactory(role="counsellor").user)
    settings.PAGE_SECONDS = 60
    _hear_of_changes()

    pages = [reader.get(SERVICE) for reader in (counsellor, browser, browser, counsellor)]

    told = [[secret in page.content.decode() for secret in SECRETS.values()] for page in pages]
    assert told == [[True] * 3, [False] * 3, [False] * 3, [True] * 3]
    assert [page["Cache-Control"].split(",")[0] for page in pages] == [
        "private",
        "public",
        "public",
        "private",
    ]


def _hear_of_changes() -> None:
    """Wait until this process keeps pages: from then on it hears what the database tells."""
    deadline = time.monotonic() + 10
    while clock.moment() is None:
        assert time.monotonic() < deadline, "nothing was heard"
        time.sleep(0.005)


@pytest.mark.parametrize("address", ["/en/guidance/", "/en/search/?q=career", "/en/areas/"])
def test_lists_tell_nobody_what_only_counsellors_are_told(browser, service, address):
    browser.force_login(AffiliationFactory(role="counsellor").user)

    page = browser.get(address).content.decode()

    assert [secret in page for secret in SECRETS.values()] == [False] * 3


# Cost


@pytest.mark.parametrize("address", [TRAINING, SERVICE])
def test_a_page_with_everything_on_it_costs_a_counsellor_twelve_queries_at_most(
    browser, training, service, address
):
    GuidanceServiceFactory.create_batch(2, organisation=training.provider)
    training.rounds.create(opens_on=timezone.localdate())
    browser.force_login(AffiliationFactory(role="counsellor").user)

    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200

    asked = [query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 12
