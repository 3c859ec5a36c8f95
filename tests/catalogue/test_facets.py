"""The numbers beside choices are those of the lists they lead to; pages hold every row once."""

from itertools import count
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains

from guidance.catalogue.forms.search import GuidanceSearchForm, TrainingSearchForm
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.forms.facets import OFFERED
from network.search import understand
from network.search.kinds import kind_of
from network.search.order import ranked_pks
from network.search.rows import Search
from opinovi.models import UnansweredSearch
from tests.factories import (
    AreaFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db
LIGHT = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

CHOICES = {
    "kind": ["course", "vocational", "labour"],
    "field": ["general", "health"],
    "time": ["evening", "day"],
    "mode": ["contact", "distance"],
    "language": ["fi", "sv"],
    "is_free": ["on"],
    "is_open": ["on"],
    "beside_work": ["on"],
    "q": ["kokki", "kurssi"],
    "place": ["nokia"],
    "municipality": ["nokia", "pori"],
    "provider": ["tredu", "sataedu"],
}
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
        for name, values in CHOICES.items()
    },
)
ODD = ["\0", "' | \\", "a:*B & !", "x" * 10_000, "''''", "<->", "🦌", '"', "%", "kokki & !leipuri"]


@pytest.fixture
def trainings() -> None:
    nokia, pori = AreaFactory(name_fi="Nokia", slug="nokia"), AreaFactory(name_fi="Pori", slug="pori")
    providers = OrganisationFactory(slug="tredu"), OrganisationFactory(slug="sataedu")
    numbers = count()
    for kind in CHOICES["kind"]:
        for times in (["evening"], ["day", "evening"], []):
            for mode in CHOICES["mode"]:
                n = next(numbers)
                training = TrainingOptionFactory(
                    name_fi=("Kokki", "Kurssi", "Leipuri")[n % 3],
                    provider=providers[n % 5 == 0],
                    kind=kind,
                    field=CHOICES["field"][n % 2],
                    teaching_times=times,
                    mode=mode,
                    languages=[["fi"], ["fi", "sv"]][n % 2],
                    fee=n % 3,
                    is_rolling=n % 4 != 0,
                    is_beside_work=n % 5 == 0,
                )
                if n % 2:
                    training.municipalities.add(nokia, *([pori] if n % 3 else []))


@given(chosen=CHOSEN, some=st.data())
@LIGHT
def test_a_choice_counts_the_list_it_leads_to(trainings, chosen, some):
    form = TrainingSearchForm(data_of(chosen))
    form.page(TrainingOption.objects.published())
    choices = some.draw(st.lists(st.sampled_from(sorted(form.counts)), min_size=3, max_size=3, unique=True))

    for name, value in choices:
        number = form.counts[name, value]
        there = TrainingSearchForm(data_of({**chosen, name: [value]}))
        listed = there.matching(TrainingOption.objects.published(), *there.facets).count()
        there.page(TrainingOption.objects.published())
        assert (there.count, listed) == (number, number), (name, value)


def test_of_very_many_choices_those_with_the_most_rows_are_offered():
    for number in range(OFFERED + 2):
        provider = OrganisationFactory(slug=f"school-{number}")
        TrainingOptionFactory.create_batch(2 if number else 1, provider=provider)
    form = TrainingSearchForm(QueryDict("provider=school-0"))

    form.page(TrainingOption.objects.published())

    offered = [value for name, value in form.counts if name == "provider"]
    assert (len(offered), offered[-1]) == (OFFERED + 1, "school-0")
    assert form.counts["provider", "school-0"] == 1


def test_of_a_very_long_list_only_the_chosen_places_are_offered(monkeypatch, trainings):
    monkeypatch.setattr("network.forms.facets.FEW", 3)
    every, some = TrainingSearchForm(QueryDict()), TrainingSearchForm(QueryDict("municipality=pori"))

    for form in (every, some):
        form.page(TrainingOption.objects.published())

    pori = TrainingOption.objects.filter(municipalities__slug="pori").count()
    places = [
        {choice: number for choice, number in form.counts.items() if choice[0] == "municipality"}
        for form in (every, some)
    ]
    assert places == [{}, {("municipality", "pori"): pori}]
    assert some.count == pori > 0


def test_a_reader_ticks_places_and_providers(browser):
    nokia = AreaFactory(name_en="Nokia", name_fi="Nokia", slug="nokia")
    tredu = OrganisationFactory(name_en="Tredu", name_fi="Tredu", slug="tredu")
    other = OrganisationFactory(name_en="Other school", name_fi="Other school", slug="other")
    TrainingOptionFactory(name_en="Cook", provider=tredu).municipalities.add(nokia)
    TrainingOptionFactory(name_en="Baker", provider=tredu)
    TrainingOptionFactory(name_en="Welder", provider=other).municipalities.add(nokia)

    there = browser.get("/en/trainings/?municipality=nokia")
    both = browser.get("/en/trainings/?municipality=nokia&provider=tredu&provider=other")

    assert {str(row) for row in there.context["page"]} == {"Cook", "Welder"}
    assertContains(there, 'Tredu <span class="filters__count">1</span>')
    assert {str(row) for row in both.context["page"]} == {"Cook", "Welder"}
    assert [tag.label for tag in both.context["form"].tags] == ["Nokia", "Other school", "Tredu"]


def test_a_choice_of_guidance_counts_the_list_it_leads_to():
    phone, video = ChannelFactory(), ChannelFactory(video=True)
    GuidanceServiceFactory(name_fi="Uraohjaus", channels=[phone, video])
    GuidanceServiceFactory(name_fi="Opintoneuvonta", channels=[phone], ways=["drop_in"])
    form = GuidanceSearchForm(data_of({"q": ["opintoneuvonta"]}))

    form.page(GuidanceService.objects.published())

    asked = [("channel", "phone"), ("channel", "video"), ("way", "drop_in")]
    assert [form.counts[choice] for choice in asked] == [1, 0, 1]


@pytest.mark.parametrize("size", [1, 5, 14])
def test_ranked_pages_hold_every_row_once(monkeypatch, size):
    monkeypatch.setattr("network.search.order.RANKED", 4)
    for number in range(14):
        closed = {"is_rolling": False, "applications_from": "2020-01-01", "applications_to": "2020-02-01"}
        name = ("Kokki", "Kokki ja leipuri")[number % 2]
        TrainingOptionFactory(name_fi=name, **({} if number % 3 else closed))
    search = Search(understand("kokki"), kind_of(TrainingOption))
    found = search.matching(TrainingOption.objects.published())

    pages = [ranked_pks(search, found, first, first + size, 14) for first in range(0, 14, size)]

    pks = [pk for page in pages for pk in page]
    are_closed = [TrainingOption.objects.get(pk=pk).is_closed for pk in pks]
    assert len(pks) == 14
    assert set(pks) == set(found.values_list("pk", flat=True))
    assert are_closed == sorted(are_closed)


@given(text=st.one_of(st.text(max_size=40), st.sampled_from(ODD)))
@LIGHT
def test_search_answers_whatever_is_asked(browser, trainings, text):
    query = text.encode("utf-8", "surrogatepass")

    addresses = ("/en/search/", "/en/trainings/", "/en/suggestions/")
    answers = {browser.get(address, {"q": query}).status_code for address in addresses}

    assert answers <= ({200, 400} if "\0" in text else {200})


def test_a_search_in_vain_is_counted_by_week_without_what_is_personal(browser):
    asked = ("avaruuslentäjä", "Avaruuslentäjä ", "a@example.fi", "010170-123A", "+358 00 000 0000")
    for words in asked:
        browser.get("/en/search/", {"q": words})

    counted = UnansweredSearch.objects.values_list("words", "number", "kind")
    assert list(counted) == [("avaruuslentäjä", 2, "nothing")]


def test_a_list_in_vain_is_counted_only_for_its_words(browser, trainings):
    browser.get("/en/trainings/", {"q": "avaruuslentäjä", "place": "nokia"})
    browser.get("/en/trainings/", {"q": "kokki", "kind": "higher"})
    browser.get("/en/events/", {"q": "iltapäiväkahvi", "when": "week"})

    counted = UnansweredSearch.objects.order_by("words").values_list("words", "place")
    assert list(counted) == [("avaruuslentäjä", "nokia"), ("iltapäiväkahvi", "")]


def test_words_that_are_found_only_elsewhere_are_counted_with_their_place(browser, trainings):
    AreaFactory(name_fi="Utsjoki", slug="utsjoki")

    browser.get("/en/trainings/", {"q": "kokki"})
    browser.get("/en/trainings/", {"q": "kokki", "place": "utsjoki"})

    assert list(UnansweredSearch.objects.values_list("words", "place")) == [("kokki", "utsjoki")]


def data_of(chosen: dict[str, list[str]]) -> QueryDict:
    return QueryDict(urlencode([(name, value) for name, values in chosen.items() for value in values]))
