"""What words find: however they are inflected, compounded, misspelt or mixed with a place."""

from datetime import date

import pytest

from guidance.catalogue.search import Kind, search, suggestion, understand
from network.models import Area, Postcode
from tests.factories import (
    AreaFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    OrganisationFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)

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
    return {group.kind: [hit.name_fi for hit in group.hits] for group in search(understand(text))}


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

    assert found(text) == {Kind.TRAINING: [nurse.name_fi]}


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

    assert found("lähihoitaja Tampereella") == {Kind.AREA: ["Tampere"], Kind.TRAINING: [nurse.name_fi]}


def test_search_knows_postcodes(tampere):
    Postcode.objects.create(code="33100", name_fi="Tampere", municipality=tampere)
    point = ServicePointFactory(name_fi="Ohjauspiste", municipality=tampere)

    assert found("33100") == {Kind.AREA: ["Tampere"], Kind.SERVICE_POINT: [point.name_fi]}


def test_search_finds_a_guidance_service_by_what_it_is_about():
    service = GuidanceServiceFactory(name_fi="Uraohjaus")
    service.topics.add(GuidanceTopicFactory(name_fi="alan vaihto"))
    GuidanceServiceFactory(name_fi="Opinto-ohjaus")

    assert found("alan vaihto") == {Kind.GUIDANCE: ["Uraohjaus"]}


def test_search_finds_training_by_its_provider():
    training = TrainingOptionFactory(name_fi="Kokki", provider__name_fi="Kokeiluopisto")

    assert found("kokeiluopisto") == {Kind.ORGANISATION: ["Kokeiluopisto"], Kind.TRAINING: [training.name_fi]}


def test_search_puts_the_best_first():
    TrainingOptionFactory(name_fi="Ruokapalvelut", description_fi="Kokki opettaa.")
    TrainingOptionFactory(name_fi="Ravintola-alan tutkinto, kokki")
    TrainingOptionFactory(name_fi="Kokki ja tarjoilija")
    TrainingOptionFactory(name_fi="Kokki")

    assert found("kokki")[Kind.TRAINING] == [
        "Kokki",
        "Kokki ja tarjoilija",
        "Ravintola-alan tutkinto, kokki",
        "Ruokapalvelut",
    ]


def test_search_counts_all_and_shows_five():
    TrainingOptionFactory.create_batch(7, name_fi="Kokki")

    (group,) = search(understand("kokki"))

    assert (group.count, len(group.hits)) == (7, 5)


@pytest.mark.parametrize(
    ("text", "better"),
    [("lähihoitja", "lähihoitaja"), ("Tamprere", "tampere"), ("lähihoitaja", ""), ("xyzzy", "")],
)
def test_suggestion_mends_a_misspelt_word(nurse, tampere, text, better):
    assert suggestion(text) == better


def test_search_costs_the_same_however_much_it_finds(nurse, tampere, django_assert_max_num_queries):
    TrainingOptionFactory.create_batch(5, name_fi="Hoitaja")
    GuidanceServiceFactory.create_batch(3, name_fi="Hoitajan ohjaus")

    with django_assert_max_num_queries(10):
        found("hoitaja Tampere")
