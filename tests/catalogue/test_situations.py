"""Life situations: what their pages gather, at what cost, and how coordinators compose them."""

from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.catalogue.models import LifeSituation, SituationPart
from guidance.catalogue.situations import saved_query
from network.models import Postcode
from projects.models import TargetGroup
from tests.factories import (
    AreaFactory,
    FundingFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    LifeSituationFactory,
    SituationPartFactory,
    TrainingOptionFactory,
)

PAGE = "/en/situations/lost/"
OFFICE = "/en/office/situations/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost():
    return LifeSituationFactory(slug="lost", name_en="I lost my job", introduction_en="Take your time.")


def part(situation, kind, **values):
    return SituationPartFactory(situation=situation, kind=kind, text_fi="", **values)


# The public page


@pytest.mark.parametrize(("language", "word"), [("fi", "elamantilanteet"), ("sv", "livssituationer")])
def test_the_list_has_an_address_in_each_language(browser, lost, language, word):
    assert browser.get(f"/{language}/{word}/").status_code == 200
    assert browser.get(f"/{language}/{word}/lost/").status_code == 200


def test_the_list_introduces_each_situation(browser, lost):
    response = browser.get("/en/situations/")

    assertContains(response, f'href="{PAGE}"')
    assertContains(response, "Take your time.")


def test_a_page_gathers_text_hits_services_and_money_in_their_order(browser, lost):
    TrainingOptionFactory(name_en="Evening course", teaching_times=["evening"])
    TrainingOptionFactory(name_en="Day course", teaching_times=["day"])
    service = GuidanceServiceFactory(name_en="Chosen service")
    funding = FundingFactory(name_en="Chosen money")
    FundingFactory(name_en="Other money")
    SituationPartFactory(situation=lost, order=1, text_en="Breathe first.")
    part(lost, "training", order=2, heading_en="In the evenings", query="time=evening")
    part(lost, "services", order=3, heading_en="Ask here").services.add(service)
    part(lost, "funding", order=4, heading_en="Money").fundings.add(funding)

    page = browser.get(PAGE).content.decode()

    order = ["Breathe first.", "In the evenings", "Evening course", "Ask here", "Chosen service"]
    places = [page.index(words) for words in [*order, "Money", "Chosen money"]]
    assert places == sorted(places)
    assert "Day course" not in page
    assert "Other money" not in page
    assert 'href="/en/trainings/?time=evening"' in page


def test_a_money_part_without_a_choice_has_all_ways(browser, lost):
    FundingFactory(name_en="One way")
    FundingFactory(name_en="A draft", published_at=None)
    part(lost, "funding")

    response = browser.get(PAGE)

    assertContains(response, "One way")
    assertNotContains(response, "A draft")


def test_a_search_shows_its_first_hits_and_counts_them_all(browser, lost):
    group = TargetGroup.objects.create(code="notice", name_fi="irtisanotut")
    for _number in range(7):
        GuidanceServiceFactory().target_groups.add(group)
    GuidanceServiceFactory()
    part(lost, "guidance", query="group=notice")

    response = browser.get(PAGE)

    assertContains(response, "See all 7 guidance services")
    assert [(len(shown.rows), shown.count) for shown in response.context["parts"]] == [(3, 7)]
    assertContains(browser.get("/en/guidance/?group=notice"), "7 guidance services")


def test_a_search_by_words_and_place_finds_what_the_list_finds(browser, lost):
    nokia = AreaFactory(name_fi="Nokia", slug="nokia")
    TrainingOptionFactory(name_fi="Kokin koulutus", name_en="Cook").municipalities.add(nokia)
    TrainingOptionFactory(name_fi="Kokin koulutus", name_en="Another cook").municipalities.add(AreaFactory())
    part(lost, "training", query="q=kokki&place=nokia")

    response = browser.get(PAGE)

    assert [str(hit) for hit in response.context["parts"][0].rows] == ["Cook"]


def test_a_search_without_hits_says_so_and_leads_to_the_whole_list(browser, lost):
    part(lost, "training", query="time=evening")

    response = browser.get(PAGE)

    assertContains(response, "Just now there is nothing like this.")
    assertContains(response, 'href="/en/trainings/"')


def test_a_search_whose_choice_is_gone_breaks_nothing(browser, lost):
    part(lost, "guidance", query="topic=no-longer-there", heading_en="Who can help?")
    GuidanceServiceFactory(name_en="Unasked for")

    response = browser.get(PAGE)

    assertContains(response, "Just now there is nothing like this.")
    assertNotContains(response, "Unasked for")


def test_a_page_narrows_to_where_the_reader_lives(browser, lost):
    nokia, pori = AreaFactory(name_fi="Nokia", slug="nokia"), AreaFactory(name_fi="Pori", slug="pori")
    for name, place in (("Here", nokia), ("Elsewhere", pori)):
        TrainingOptionFactory(name_en=f"{name}: course", is_beside_work=True).municipalities.add(place)
        GuidanceServiceFactory(name_en=f"{name}: found service").areas.add(place)
    chosen = [GuidanceServiceFactory(name_en=f"{name}: chosen service") for name in ("Here", "Elsewhere")]
    for service, place in zip(chosen, (nokia, pori), strict=True):
        service.areas.add(place)
    part(lost, "training", query="beside_work=on&place=pori")
    part(lost, "guidance", query="language=fi")
    part(lost, "services").services.add(*chosen)

    response = browser.get(PAGE + "?place=nokia")

    shown = response.context["parts"]
    assert [[str(row) for row in each.rows] for each in shown] == [
        ["Here: course"],
        ["Here: chosen service", "Here: found service"],
        ["Here: chosen service"],
    ]
    assert [each.count for each in shown[:2]] == [1, 2]
    for each in shown[:2]:
        assert "place=nokia" in each.url
        assert browser.get(each.url).context["page"].paginator.count == each.count


@pytest.mark.parametrize("place", ["nokia", "33100", "Nokialla"])
def test_the_place_is_kept_by_its_name_and_leads_to_the_other_situations(browser, lost, place):
    nokia = AreaFactory(name_fi="Nokia", name_en="Nokia", slug="nokia")
    Postcode.objects.create(code="33100", municipality=nokia)
    LifeSituationFactory(slug="new", name_en="I am new here")

    response = browser.get(PAGE, {"place": place})

    assertContains(response, 'value="Nokia"')
    assertContains(response, 'href="/en/situations/new/?place=nokia"')


def test_what_is_not_where_one_lives_is_looked_for_everywhere(browser, lost):
    AreaFactory(name_fi="Nokia", slug="nokia")
    pori = AreaFactory()
    TrainingOptionFactory(teaching_times=["evening"]).municipalities.add(pori)
    service = GuidanceServiceFactory(name_en="Only in Pori")
    service.areas.add(pori)
    part(lost, "training", query="time=evening")
    part(lost, "services").services.add(service)

    response = browser.get(PAGE + "?place=nokia")

    assertContains(response, "nothing like this where you live")
    assertContains(
        response, "?place=nokia&amp;time=evening"
    )  # an empty list tells what is in the neighbourhood
    assertContains(response, 'href="/en/trainings/?time=evening"')
    assertContains(response, "None of these is for people where you live.")
    assertNotContains(response, "Only in Pori")


def test_a_place_that_is_not_known_is_told_and_narrows_nothing(browser, lost):
    TrainingOptionFactory(name_en="Evening course", teaching_times=["evening"])
    part(lost, "training", query="time=evening")

    response = browser.get(PAGE + "?place=atlantis")

    assertContains(response, "We know no place called “atlantis”.")
    assertContains(response, "Evening course")


def test_services_and_training_that_are_drafts_are_not_shown(browser, lost):
    service = GuidanceServiceFactory(name_en="Draft service", published_at=None)
    part(lost, "services").services.add(service)
    TrainingOptionFactory(name_en="Draft training", published_at=None)
    part(lost, "training", query="is_free=on")

    response = browser.get(PAGE)

    assertNotContains(response, "Draft service")
    assertNotContains(response, "Draft training")


def test_a_draft_has_no_page(browser):
    LifeSituationFactory(slug="draft", published_at=None)

    assert browser.get("/en/situations/draft/").status_code == 404


@pytest.mark.parametrize("address", [PAGE, PAGE + "?place=nokia"])
def test_a_page_costs_the_same_for_any_number_of_rows_and_searches(browser, lost, address):
    AreaFactory(name_fi="Nokia", slug="nokia")
    fill(lost)
    one = queries_of(browser, address)
    fill(lost)
    fill(lost)

    assert queries_of(browser, address) == one <= 12


def fill(situation):
    """One more of everything a page can hold, with rows for its searches to find."""
    for _number in range(3):
        TrainingOptionFactory(teaching_times=["evening"])
        GuidanceServiceFactory()
        FundingFactory()
    part(situation, "text")
    part(situation, "training", query="time=evening")
    part(situation, "guidance", query="is_bookable=on")
    part(situation, "services").services.add(GuidanceServiceFactory())
    part(situation, "funding").fundings.add(FundingFactory())


def queries_of(browser, address):
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_the_situations_the_portal_starts_with_are_whole(browser):
    call_command("loaddata", "areas", "vocabularies", "financing", "situations", verbosity=0)

    assert LifeSituation.objects.published().count() == 14
    for search in SituationPart.objects.filter(kind__in=["training", "guidance"]):
        assert sorted(parse_qsl(saved_query(search.kind, search.query))) == sorted(parse_qsl(search.query))
    for situation in LifeSituation.objects.all():
        assert browser.get(f"/fi/elamantilanteet/{situation.slug}/").status_code == 200


# What a coordinator pastes


@pytest.mark.parametrize(
    "pasted",
    [
        "time=evening&mode=distance",
        "?time=evening&mode=distance",
        "/en/trainings/?time=evening&mode=distance",
        "https://opinovi.example.fi/fi/koulutukset/?time=evening&mode=distance&page=3",
        "  http://testserver/sv/utbildningar/?time=evening&mode=distance&q=  ",
    ],
)
def test_of_a_pasted_address_only_the_choices_are_kept(pasted):
    assert saved_query("training", pasted) == "time=evening&mode=distance"


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("/en/guidance/?group=notice", "This is not an address of the list /en/trainings/."),
        ("https://www.example.fi/?time=evening", "This is not an address of the list /en/trainings/."),
        ("/en/trainings/", "Choose something in the list first"),
        ("page=2", "Choose something in the list first"),
        ("colour=blue", "The list has no choice called “colour”."),
        ("time=midnight", "Teaching time:"),
        ("place=atlantis", "We know no place called “atlantis”."),
    ],
)
def test_what_the_list_does_not_know_is_refused_with_a_reason(pasted, told):
    with pytest.raises(ValidationError) as refused:
        saved_query("training", pasted)

    assert told in " ".join(refused.value.messages)


# The office


def test_a_coordinator_composes_previews_and_publishes(browser, coordinator):
    TrainingOptionFactory(name_en="Evening course", teaching_times=["evening"])
    browser.post(f"{OFFICE}add/", {"name_fi": "Uusi tilanne", "name_en": "A new situation"})
    assert browser.get("/en/situations/uusi-tilanne/").status_code == 404

    response = browser.post(
        f"{OFFICE}uusi-tilanne/parts/add/training/",
        {"heading_fi": "Iltaisin", "query": "http://testserver/en/trainings/?time=evening&page=2"},
    )

    assertRedirects(response, f"{OFFICE}uusi-tilanne/#parts", fetch_redirect_response=False)
    assert SituationPart.objects.get().query == "time=evening"
    edited = browser.get(f"{OFFICE}uusi-tilanne/")
    assertContains(edited, "<span>evenings</span>", html=True)
    assertNotContains(edited, "time=evening")
    preview = browser.get(f"{OFFICE}uusi-tilanne/preview/")
    assertContains(preview, "This is how the page looks")
    assertContains(preview, "Evening course")

    browser.post(f"{OFFICE}uusi-tilanne/publish/")

    public = browser.get("/en/situations/uusi-tilanne/")
    assertContains(public, "Evening course")
    assertNotContains(public, "This is how the page looks")


def test_a_wrong_search_is_explained_and_not_saved(browser, coordinator, lost):
    response = browser.post(
        f"{OFFICE}lost/parts/add/guidance/", {"heading_fi": "Apua", "query": "topic=nothing"}
    )

    assertContains(response, "What it is about:")
    assert not SituationPart.objects.exists()


def test_each_kind_asks_only_for_what_it_needs(browser, coordinator, lost):
    asked = {
        kind: {"query", "services", "fundings"}
        & set(browser.get(f"{OFFICE}lost/parts/add/{kind}/").context["form"].fields)
        for kind in SituationPart.Kind.values
    }

    assert asked == {
        "text": set(),
        "training": {"query"},
        "guidance": {"query"},
        "services": {"services"},
        "funding": {"fundings"},
    }


def test_there_is_no_other_kind_of_part(browser, coordinator, lost):
    assert browser.get(f"{OFFICE}lost/parts/add/picture/").status_code == 404


def test_parts_are_moved_and_taken_off(browser, coordinator, lost):
    first, second = (SituationPartFactory(situation=lost, order=order) for order in (1, 2))

    browser.post(f"{OFFICE}lost/parts/{first.pk}/move/", {"way": "down"})

    assert list(lost.parts.all()) == [second, first]

    browser.post(f"{OFFICE}lost/parts/{first.pk}/delete/")

    assert list(lost.parts.all()) == [second]
    assertContains(browser.get(f"{OFFICE}lost/"), first.heading)  # its history tells


def test_a_part_is_found_only_on_its_own_page(browser, coordinator, lost):
    other = SituationPartFactory()

    assert browser.get(f"{OFFICE}lost/parts/{other.pk}/").status_code == 404


def test_situations_are_moved_as_the_front_page_shows_them(browser, coordinator, lost):
    LifeSituation.objects.filter(pk=lost.pk).update(order=2)
    other = LifeSituationFactory(slug="other", order=1)

    browser.post(f"{OFFICE}lost/move/", {"way": "up"})

    assert list(LifeSituation.objects.all()) == [lost, other]


def test_what_a_service_is_about_can_be_searched_for(browser, coordinator, lost):
    GuidanceServiceFactory().topics.add(GuidanceTopicFactory(code="career"))

    browser.post(f"{OFFICE}lost/parts/add/guidance/", {"heading_fi": "Apua", "query": "topic=career"})

    assertContains(browser.get(PAGE), "See the service in the list")
