"""Where nothing is found: other ways to ask cost few questions, and lead to as much as they say."""

import pytest
from pytest_django.asserts import assertContains

from network.models import Area
from network.search.rebuild import rebuild
from tests.factories import AreaFactory, TrainingOptionFactory

pytestmark = pytest.mark.django_db

SEARCH, TRAININGS = "/en/search/", "/en/trainings/"
MANY = {
    "place": "nokia",
    "kind": ["labour", "vocational"],
    "time": ["day", "weekend"],
    "mode": ["distance"],
    "field": ["health"],
    "language": ["sv", "en"],
    "is_free": "on",
    "beside_work": "on",
}
NONSENSE = "qqwwe rrttyy ppooii llkkjj mmnnbb vvccxx zzaaqq"


@pytest.fixture(autouse=True)
def _around_nokia() -> None:
    """Training in every municipality around Nokia, and none there."""
    region = AreaFactory(kind=Area.Kind.REGION, name_fi="Pirkanmaa", slug="pirkanmaa")
    here = {"latitude": 61.478, "longitude": 23.508, "parent": region}
    AreaFactory(name_fi="Nokia", slug="nokia", **here)
    for number in range(1, 6):
        place = AreaFactory(**here | {"latitude": here["latitude"] + number / 20})
        training = TrainingOptionFactory(name_fi="Kokki ja leipuri", kind="course", mode="contact", fee=5)
        training.municipalities.add(place)
    rebuild()


@pytest.mark.parametrize("words", ["kokki", "kokkki leippuri", NONSENSE])
def test_an_empty_list_asks_few_questions(browser, words, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        response = browser.get(TRAININGS, MANY | {"q": words})

    assert response.context["page"].paginator.count == 0


@pytest.mark.parametrize("words", ["kokki", "kokkki leippuri", NONSENSE])
def test_an_empty_search_asks_few_questions(browser, words, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        browser.get(SEARCH, {"q": f"{words} nokia"})


@pytest.mark.parametrize(
    "chosen",
    [
        MANY | {"q": "kokkki"},
        {"q": "kokkki leippuri", "place": "nokia"},
        {"q": "kokki", "kind": "labour"},
        {"q": NONSENSE, "kind": "course"},
        {"q": "kokkki", "as_written": "on", "mode": "contact"},
        {"place": "nokia", "sort": "name"},
    ],
)
def test_an_empty_list_offers_lists_as_long_as_it_says(browser, chosen):
    ways = browser.get(TRAININGS, chosen).context["form"].alternatives

    there = [browser.get(f"{TRAININGS}{way.url}").context["page"].paginator.count for way in ways]
    assert there
    assert there == [way.number for way in ways]


@pytest.mark.parametrize("chosen", [{"place": "nokia"}, {"kind": "labour"}, {"q": "qqwwe", "kind": "course"}])
def test_an_empty_list_advises_on_words_and_choices_alike(browser, chosen):
    assertContains(browser.get(TRAININGS, chosen), "Try other words, or take a choice away.")


def test_an_empty_search_advises_on_words_alone(browser):
    assertContains(browser.get(SEARCH, {"q": "qqwwe"}), "Try fewer words, or other words for the same thing.")
