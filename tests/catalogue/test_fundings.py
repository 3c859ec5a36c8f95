"""Ways to finance studies: what everybody reads, and how coordinators keep them."""

from datetime import date

import feedparser
import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.catalogue.models import Funding
from tests.factories import (
    FundingFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    OrganisationFactory,
    SituationPartFactory,
)

LIST = "/en/financing/"
OFFICE = "/en/office/financing/"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "word"), [("fi", "rahoitus"), ("sv", "finansiering")])
def test_the_list_has_an_address_in_each_language(browser, language, word):
    assert browser.get(f"/{language}/{word}/").status_code == 200


def test_the_list_has_what_is_public_in_its_order(browser):
    FundingFactory(name_en="Second", order=2)
    FundingFactory(name_en="First", order=1)
    FundingFactory(name_en="A draft", published_at=None)

    page = browser.get(LIST).content.decode()

    assert page.index("First") < page.index("Second")
    assert "A draft" not in page


def test_an_empty_list_leads_to_guidance(browser):
    assertContains(browser.get(LIST), "A counsellor can tell what you could get.")


def test_the_list_is_found_by_words_and_says_how_many_there_are(browser):
    leave = FundingFactory(name_en="Study leave", audience_fi="Työntekijöille.")
    FundingFactory(name_en="Student aid")

    response = browser.get(f"{LIST}?q=työntekijä")

    assert list(response.context["page"]) == [leave]
    assertContains(response, "<h1>1 way to finance studies – “työntekijä”</h1>", html=True)
    assertContains(browser.get(LIST), "<h1>2 ways to finance studies</h1>", html=True)


def test_the_list_narrows_to_what_the_page_of_a_life_situation_names(browser):
    leave = FundingFactory(name_en="Study leave")
    FundingFactory(name_en="Student aid")
    at_work = SituationPartFactory(
        kind="funding", situation__name_en="I work", situation__slug="tyossa", fundings=[leave]
    )
    SituationPartFactory(kind="funding", situation__name_en="I want to know all")
    SituationPartFactory(kind="funding", situation__published_at=None, fundings=[leave])

    response = browser.get(f"{LIST}?situation=tyossa")

    assert list(response.context["page"]) == [leave]
    assert list(response.context["form"].fields["situation"].queryset) == [at_work.situation]
    assert [(tag.label, tag.url) for tag in response.context["form"].tags] == [("I work", "?")]
    assertContains(browser.get(LIST), "I work (1)")


def test_the_list_narrows_to_who_pays(browser):
    grant = FundingFactory(payer=OrganisationFactory(slug="rahasto"))
    FundingFactory(payer_name_fi="työnantaja")

    assert list(browser.get(f"{LIST}?payer=rahasto").context["page"]) == [grant]


def test_a_list_without_an_answer_offers_other_ways_to_ask(browser):
    aid, leave = FundingFactory(name_fi="Opintotuki"), FundingFactory(name_fi="Opintovapaa")
    SituationPartFactory(
        kind="funding", situation__name_en="I work", situation__slug="tyossa", fundings=[leave]
    )

    response = browser.get(f"{LIST}?q=opintotuki&situation=tyossa")

    assert response.context["form"].alternatives == [
        ("Without the word “opintotuki”", "?situation=tyossa", 1),
        ("Without I work", "?q=opintotuki", 1),
    ]
    assertContains(response, "No ways to finance studies: “opintotuki”")
    assert list(browser.get(f"{LIST}?q=opintotuki").context["page"]) == [aid]


def test_a_list_with_nothing_left_to_choose_has_no_column_of_choices(browser):
    FundingFactory(name_en="Study voucher")

    page = browser.get(f"{LIST}?q=xyzzyq").content.decode()

    assert "Without the word" in page
    assert "Narrow down" not in page
    assert page.count('name="q"') == 1


def test_the_list_has_its_other_forms(browser):
    FundingFactory(
        name_fi="Opintovapaa",
        slug="opintovapaa",
        summary_fi="Vapaata työstä.",
        payer_name_fi="työnantaja",
        order=2,
    )
    FundingFactory(name_fi="Opintotuki", order=1)

    feed = feedparser.parse(browser.get("/fi/rahoitus/feed.atom?q=opintovapaa").content)
    sheet = browser.get("/fi/rahoitus/list.csv").getvalue().decode("utf-8-sig").splitlines()

    (entry,) = feed.entries
    assert (entry.title, entry.summary, entry.author) == ("Opintovapaa", "Vapaata työstä.", "työnantaja")
    assert entry.link.endswith("/fi/rahoitus/opintovapaa/")
    assert sheet[0].startswith("Nimi;Yhdellä lauseella;Maksaja;")
    assert [line.split(";")[0] for line in sheet[1:]] == ["Opintotuki", "Opintovapaa"]
    assertContains(browser.get(f"{LIST}?q=opinto"), 'href="/en/financing/list.xlsx?q=opinto"')


def test_the_list_names_guidance_about_money(browser):
    service = GuidanceServiceFactory(name_en="Money talk")
    service.topics.add(GuidanceTopicFactory(code="financing"))
    GuidanceServiceFactory(name_en="Other talk")

    response = browser.get(LIST)

    assertContains(response, "Money talk")
    assertNotContains(response, "Other talk")


def test_a_page_answers_what_one_asks(browser):
    payer = OrganisationFactory(name_en="The Fund", slug="the-fund")
    FundingFactory(
        slug="grant",
        name_en="Grant",
        audience_en="Full-time students.",
        amount_en="Ask the fund.",
        application_en="Apply in the spring.",
        combining_en="Not with wages.",
        payer=payer,
        website="https://www.example.fi/grant",
        checked_on=date(2026, 11, 2),
    )

    response = browser.get(f"{LIST}grant/")

    for words in (
        "Full-time students.",
        "Ask the fund.",
        "Apply in the spring.",
        "Not with wages.",
        'href="/en/organisations/the-fund/"',
        'href="https://www.example.fi/grant"',
        "“Read more and apply” leads to another site.",
        "Mon 2 Nov 2026",
    ):
        assertContains(response, words)


def test_a_payer_that_is_a_draft_is_named_without_a_link(browser):
    FundingFactory(slug="grant", payer=OrganisationFactory(name_en="The Fund", slug="f", published_at=None))

    response = browser.get(f"{LIST}grant/")

    assertContains(response, "The Fund")
    assertNotContains(response, "/en/organisations/f/")


def test_a_draft_has_no_page(browser):
    FundingFactory(slug="grant", published_at=None)

    assert browser.get(f"{LIST}grant/").status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_any_number_of_rows(browser, count, django_assert_num_queries):
    for _number in range(count):
        FundingFactory(payer=OrganisationFactory())

    with django_assert_num_queries(5):
        browser.get(LIST)


def test_a_coordinator_adds_a_draft_at_the_end_and_publishes_it(browser, coordinator):
    FundingFactory(order=4)

    browser.post(f"{OFFICE}add/", {"name_fi": "Uusi tuki", "name_en": "New support"})

    funding = Funding.objects.get(name_fi="Uusi tuki")
    assert (funding.slug, funding.order, funding.published_at) == ("uusi-tuki", 5, None)

    response = browser.post(f"{OFFICE}uusi-tuki/publish/", follow=True)

    assertContains(response, "It is public now.")
    assertContains(browser.get(LIST), "New support")


def test_a_way_needs_its_finnish_name(browser, coordinator):
    response = browser.post(f"{OFFICE}add/", {"name_en": "New support"})

    assert list(response.context["form"].errors) == ["name_fi"]


def test_the_history_says_what_was_changed(browser, coordinator):
    FundingFactory(slug="grant", name_fi="Tuki")

    browser.post(f"{OFFICE}grant/", {"name_fi": "Apuraha"})

    assertContains(browser.get(f"{OFFICE}grant/"), "Apuraha</ins>")


def test_moving_up_changes_the_order_and_the_ends_stay(browser, coordinator):
    first, second = FundingFactory(slug="a", order=1), FundingFactory(slug="b", order=2)

    response = browser.post(f"{OFFICE}b/move/", {"way": "up"})

    assertRedirects(response, OFFICE)
    assert list(Funding.objects.all()) == [second, first]

    browser.post(f"{OFFICE}b/move/", {"way": "up"})

    assert list(Funding.objects.all()) == [second, first]
