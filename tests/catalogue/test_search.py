"""What words find: however they are inflected, compounded, misspelt or mixed with a place."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.asserts import assertContains, assertNotContains

from guidance.catalogue.management.commands.check_search import FALSE_HITS, RECALL, ask, rates, read_pairs
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Area, Postcode, Synonyms
from network.search import understand
from network.search.finding import find
from network.search.rebuild import rebuild
from network.search.vocabulary import Entry, better, learn, suggestions
from tests.factories import (
    AreaFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    MaterialFactory,
    OrganisationFactory,
    ProjectFactory,
    ServicePointFactory,
    TrainingOptionFactory,
    UserFactory,
)
from tests.factories.booking import GroupSessionFactory
from tests.factories.catalogue import FundingFactory, LifeSituationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tampere() -> Area:
    return AreaFactory(name_fi="Tampere", name_sv="Tammerfors", name_en="Tampere", slug="tampere")


@pytest.fixture
def nurse():
    return TrainingOptionFactory(
        name_fi="Sosiaali- ja terveysalan perustutkinto, lähihoitaja",
        name_sv="Grundexamen inom social- och hälsovårdsbranschen, närvårdare",
        name_en="Vocational Qualification in Social and Health Care, Practical Nurse",
        description_fi="Opit hoitamaan ihmisiä kotona ja sairaalassa.",
    )


def found(text: str) -> dict[str, list[str]]:
    _wish, groups = find(text)
    return {group.kind.slug: [hit.name_fi for hit in group.hits] for group in groups}


@pytest.mark.parametrize(
    "text",
    [
        "lähihoitaja",
        "LÄHIHOITAJAKSI",  # inflected
        "hoitaja",  # the end of a compound
        "lähih",  # begun
        "närvårdare",
        "nurses",
        "sairaala",  # only in the text
        "I want to be a nurse",
    ],
)
def test_search_finds_a_training_by(nurse, text):
    TrainingOptionFactory(name_fi="Logistiikan perustutkinto")

    assert found(text) == {"training": [nurse.name_fi]}


@pytest.mark.parametrize("text", ["", "  ", "&|!:*()'", "a", "%", "\\", "''; DROP TABLE"])
def test_search_survives_whatever_is_typed(nurse, text):
    assert found(text) == {}


def test_search_finds_nothing_unpublished():
    TrainingOptionFactory(name_fi="Luonnos", published_at=None)
    TrainingOptionFactory(name_fi="Luonnos", provider__published_at=None)
    GuidanceServiceFactory(name_fi="Luonnos", published_at=None)
    OrganisationFactory(name_fi="Luonnos", published_at=None)
    ServicePointFactory(name_fi="Luonnos", published_at=None)
    ServicePointFactory(name_fi="Luonnos", closed_on=date(2020, 1, 1))

    assert found("luonnos") == {}


def test_search_narrows_to_a_place_among_the_words(nurse, tampere):
    nurse.municipalities.add(tampere)
    TrainingOptionFactory(name_fi="Lähihoitaja muualla").municipalities.add(AreaFactory())

    assert found("lähihoitaja Tampereella") == {"area": ["Tampere"], "training": [nurse.name_fi]}


def test_search_knows_postcodes(tampere):
    Postcode.objects.create(code="33100", name_fi="Tampere", municipality=tampere)
    point = ServicePointFactory(name_fi="Ohjauspiste", municipality=tampere)

    assert found("33100") == {"area": ["Tampere"], "service_point": [point.name_fi]}


def test_search_finds_a_guidance_service_by_what_it_is_about():
    service = GuidanceServiceFactory(name_fi="Uraohjaus")
    service.topics.add(GuidanceTopicFactory(name_fi="alan vaihto"))
    GuidanceServiceFactory(name_fi="Opinto-ohjaus")

    assert found("alan vaihto") == {"guidance": ["Uraohjaus"]}


@pytest.mark.parametrize(
    ("factory", "slug"),
    [
        (FundingFactory, "funding"),
        (LifeSituationFactory, "situation"),
        (GroupSessionFactory, "group_session"),
    ],
)
def test_search_finds_financing_situations_and_events(browser, factory, slug):
    row = factory(name_fi="Aikuiskoulutustuki")

    response = browser.get("/fi/haku/?q=aikuiskoulutustuesta")

    assert found("aikuiskoulutustuesta") == {slug: ["Aikuiskoulutustuki"]}
    assertContains(response, f"/{row.slug}/")


def test_search_finds_training_by_its_provider():
    training = TrainingOptionFactory(name_fi="Kokki", provider__name_fi="Kokeiluopisto")

    assert found("kokeiluopisto") == {"organisation": ["Kokeiluopisto"], "training": [training.name_fi]}


def test_search_puts_the_best_first():
    TrainingOptionFactory(name_fi="Ruokapalvelut", description_fi="Kokki opettaa.")
    TrainingOptionFactory(name_fi="Ravintola-alan tutkinto, kokki")
    TrainingOptionFactory(name_fi="Kokki ja tarjoilija")
    TrainingOptionFactory(name_fi="Kokki")

    assert found("kokki")["training"] == [
        "Kokki",
        "Kokki ja tarjoilija",
        "Ravintola-alan tutkinto, kokki",
        "Ruokapalvelut",
    ]


def test_search_counts_all_and_shows_five():
    TrainingOptionFactory.create_batch(7, name_fi="Kokki")

    _wish, (group,) = find("kokki")

    assert (group.count, len(group.hits)) == (7, 5)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("lähihoitja", "lähihoitaja"),
        ("lahihoitaja", "lähihoitaja"),
        ("lähihoitajksi", "lähihoitaja"),
        ("lähihoitaja", "lähihoitaja"),
        ("xyzzy", "xyzzy"),
        ("kokki", "kokki"),  # a word of the language is left alone, though nothing has it
    ],
)
def test_search_mends_a_misspelt_word(nurse, text, meant):
    rebuild()

    wish, _groups = find(text)

    assert (wish.text, wish.before) == (meant, text if meant != text else "")


def test_words_are_put_right_together(nurse, django_assert_num_queries):
    for name in ("Kirjanpitäjä", "Puuseppä"):
        TrainingOptionFactory(name_fi=name)
    rebuild()
    one, three = understand("lähihoitja"), understand("lahihoitja kirjanpitaja puuseppp")

    with django_assert_num_queries(3):  # the words that are there, those that look alike, what they ask for
        better(one)
    with django_assert_num_queries(3):
        assert better(three).text == "lähihoitaja kirjanpitäjä puuseppä"


@pytest.mark.django_db(transaction=True)
def test_a_short_word_is_put_right_outside_of_a_transaction():
    TrainingOptionFactory(name_en="Nurse")
    rebuild()

    assert better(understand("nusre")).text == "nurse"


def test_search_asks_for_just_what_was_written_when_told_to(nurse):
    rebuild()

    wish, groups = find("lähihoitja", as_written=True)

    assert (wish.text, groups) == ("lähihoitja", [])


@pytest.mark.parametrize(
    ("begun", "whole"),
    [
        ("lah", ["lahja", "lähihoitaja", "lahing"]),  # one's own language, and as it was written, come first
        ("lahi", ["lähihoitaja", "lahing"]),
        ("läh", ["lähihoitaja"]),
        ("hyvä lahih", ["hyvä lähihoitaja"]),
        ("lähihoitaja", []),
    ],
)
def test_suggestions_have_the_dots_that_were_not_written(begun, whole):
    names = {("lähihoitaja", "fi"): 5, ("lahja", "fi"): 1, ("lahing", "sv"): 9}
    learn({Entry(word, language, is_name=True): number for (word, language), number in names.items()})

    assert suggestions(begun, "fi") == whole


@pytest.mark.parametrize(
    ("name", "begun", "whole"),
    [
        ("Opinto-ohjaus aikuisille", "opinto", ["opinto-ohjaus"]),
        ("Tietoa opinto-ohjauksesta", "opinto", []),
        ("Lähijohtamisen ammattitutkinto", "lähi", []),
        ("Osaamisen tunnistaminen", "tunnis", ["tunnistaminen"]),
        ("Apua Nokialle", "noki", ["nokia"]),
        ("Opintovapaa työstä", "opintov", ["opintovapaa"]),
        ("Hitsauksen perusteet", "hits", ["hitsaus"]),
        ("Sosiaali- ja terveysalan jatko", "sosiaali- ja", []),
    ],
)
def test_suggestions_are_words_as_people_write_them(name, begun, whole):
    GuidanceServiceFactory(name_fi=name, name_sv="", name_en="")
    rebuild()

    assert suggestions(begun, "fi") == whole


def test_search_knows_synonyms_as_soon_as_they_are_written(nurse):
    before = found("sote-duuni")
    Synonyms.objects.create(words="sote-duuni\nlähihoitaja")

    assert (before, found("sote-duuni")) == ({}, {"training": [nurse.name_fi]})


@pytest.mark.parametrize("text", ["opiskella töiden ohella Nokialla", "töiden ohella 37100"])
def test_search_understands_a_sentence_with_a_place(text):
    call_command("loaddata", "synonyms", verbosity=0)
    nokia = AreaFactory(name_fi="Nokia", slug="nokia")
    Postcode.objects.create(code="37100", name_fi="Nokia", municipality=nokia)
    training = TrainingOptionFactory(name_fi="Monimuotokoulutus, opiskele työn ohessa")
    training.municipalities.add(nokia)
    TrainingOptionFactory(name_fi="Opiskele työn ohessa muualla").municipalities.add(AreaFactory())

    assert found(text)["training"] == [training.name_fi]


@pytest.mark.parametrize(
    ("occupation", "training"),
    [
        ("hitsari", "Työvoimakoulutus: hitsaus ja levytyöt"),
        ("kirjanpitäjä", "Kirjanpidon perusteet"),
        ("accountant", "Kirjanpidon perusteet"),
        ("rekka", "Työvoimakoulutus: linja-autonkuljettaja"),
        ("mekaanikko", "Ajoneuvoalan perustutkinto, ajoneuvoasentaja"),
        ("rakennusmies", "Rakennusalan perustutkinto, talonrakentaja"),
    ],
)
def test_search_finds_the_training_for_an_occupation_as_people_say_it(occupation, training):
    call_command("loaddata", "synonyms", verbosity=0)
    TrainingOptionFactory(name_fi=training)
    TrainingOptionFactory(name_fi="Parturi-kampaaja")

    assert found(occupation)["training"] == [training]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("ohjausta arabiaksi", {"guidance", "group_session"}),
        ("vägledning på arabiska", {"guidance", "group_session"}),
        ("guidance in Arabic", {"guidance", "group_session"}),
        ("ohjausta suomeksi", set()),  # nearly all is
    ],
)
def test_search_finds_guidance_by_the_language_in_which_it_is_given(text, kinds):
    call_command("loaddata", "synonyms", verbosity=0)
    GuidanceServiceFactory(name_fi="Ohjausta kaikille", languages=["fi", "ar"])
    GroupSessionFactory(name_fi="Ohjausta yhdessä", languages=["fi", "ar"])

    assert set(found(text)) == kinds


def test_search_never_puts_what_has_closed_above_what_is_open():
    closed = {"is_rolling": False, "applications_from": date(2020, 1, 1), "applications_to": date(2020, 2, 1)}
    TrainingOptionFactory(name_fi="Kokki", **closed)
    TrainingOptionFactory(name_fi="Ruokapalvelut", description_fi="Kokki opettaa.")

    assert found("kokki")["training"] == ["Ruokapalvelut", "Kokki"]


@pytest.mark.parametrize(("page", "first"), [("fi/koulutukset", "fi"), ("sv/utbildningar", "sv")])
def test_among_equals_what_is_given_in_the_readers_language_comes_first(browser, page, first):
    for languages in (["en"], ["sv"], ["fi"], ["en"]):
        TrainingOptionFactory(name_fi="Lähihoitaja", languages=languages)

    rows = list(browser.get(f"/{page}/?q=lähihoitaja").context["page"])

    assert rows[0].languages == [first]


def test_what_the_words_say_better_comes_before_the_readers_language(browser):
    TrainingOptionFactory(name_fi="Lähihoitajan opinnot", languages=["fi"])
    TrainingOptionFactory(name_fi="Lähihoitaja", languages=["sv"])
    browser.force_login(UserFactory())

    response = browser.get("/fi/koulutukset/?q=lähihoitaja&explain")

    assert [str(row) for row in response.context["page"]] == ["Lähihoitaja", "Lähihoitajan opinnot"]
    assertContains(response, "omalla kielelläsi", count=1)


def test_search_says_to_staff_why_a_hit_stands_where_it_does(browser, counsellor, nurse):
    response = browser.get("/en/search/?q=lähihoitaja&explain")

    assertContains(response, "the words stand in the name")
    assertNotContains(browser.get("/en/search/?q=lähihoitaja"), "the words stand in the name")


EXPLAINED = {
    "trainings": lambda: TrainingOptionFactory(name_fi="Lähihoitaja"),
    "guidance": lambda: GuidanceServiceFactory(name_fi="Lähihoitaja"),
    "events": lambda: GroupSessionFactory(name_fi="Lähihoitaja"),
    "financing": lambda: FundingFactory(name_fi="Lähihoitaja"),
    "service-points": lambda: ServicePointFactory(name_fi="Lähihoitaja"),
    "organisations": lambda: OrganisationFactory(name_fi="Lähihoitaja"),
    "projects": lambda: ProjectFactory(name_fi="Lähihoitaja"),
    "materials": lambda: MaterialFactory(title_fi="Lähihoitaja"),
}


@pytest.mark.parametrize("page", EXPLAINED)
def test_lists_say_to_staff_alone_why_a_row_stands_where_it_does(browser, page):
    EXPLAINED[page]()
    asked, plain = f"/en/{page}/?q=lähihoitaja&explain", f"/en/{page}/?q=lähihoitaja"
    why = "the name is just these words"

    assertNotContains(browser.get(asked), why)
    browser.force_login(UserFactory())
    assertNotContains(browser.get(plain), why)
    assertContains(browser.get(asked), why, count=1)
    assertNotContains(browser.get(plain), why)


def test_search_does_not_explain_to_strangers(browser, nurse):
    assertNotContains(browser.get("/en/search/?q=lähihoitaja&explain"), "the words stand in the name")


def test_search_never_finds_by_what_is_for_counsellors_alone():
    GuidanceServiceFactory(
        internal_contact="salainen", consent_wording_fi="salainen", benefit_effect_fi="salainen"
    )

    assert found("salainen") == {}


def test_terms_are_written_with_the_row_and_never_read():
    training = TrainingOptionFactory(name_fi="Kokki")
    training.name_fi = "Leipuri"
    training.save()

    assert TrainingOption.objects.get().terms is None
    assert found("leipuri")["training"] == ["Leipuri"]
    assert found("kokki") == {}


def test_rebuild_search_says_who_wrote_what(capsys):
    service = GuidanceServiceFactory(name_fi="Uraohjaus")
    GuidanceService.objects.filter(pk=service.pk).update(name_fi="Opintoneuvonta")

    with pytest.raises(CommandError, match="GuidanceService: written by nobody"):
        call_command("rebuild_search", "--check")
    call_command("rebuild_search")
    call_command("rebuild_search", "--check")

    assert "catalogue.GuidanceService: 1 rows" in capsys.readouterr().out
    assert found("opintoneuvonta")["guidance"] == ["Opintoneuvonta"]


def test_pairs_of_queries_and_texts_are_found_as_promised():
    call_command("loaddata", "areas", "synonyms", verbosity=0)
    pairs = read_pairs(Path(__file__).with_name("search_pairs.tsv"))

    recall, false_hits = rates(pairs, ask(pairs))

    assert len(pairs) >= 120
    assert recall >= RECALL
    assert false_hits <= FALSE_HITS


def test_search_costs_the_same_however_much_it_finds(nurse, tampere, django_assert_max_num_queries):
    TrainingOptionFactory.create_batch(5, name_fi="Hoitaja")
    GuidanceServiceFactory.create_batch(3, name_fi="Hoitajan ohjaus")

    with django_assert_max_num_queries(10):
        found("hoitaja Tampere")
