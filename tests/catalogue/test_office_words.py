"""What coordinators do for the search."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from network.models import Synonyms
from network.search.unanswered import count_unanswered

pytestmark = pytest.mark.django_db

LIST = "/en/office/synonyms/"


def test_synonyms_are_added_without_empty_lines(browser, coordinator):
    response = browser.post(LIST + "add/", {"words": " duuni \r\n\r\ntyö"})

    assertRedirects(response, LIST)
    assert Synonyms.objects.get().words == "duuni\ntyö"


def test_synonyms_are_two_at_least(browser, coordinator):
    response = browser.post(LIST + "add/", {"words": "duuni"})

    assertContains(response, "Write at least two words or phrases, each on its own line.")
    assert not Synonyms.objects.exists()


def test_synonyms_are_taken_apart(browser, coordinator):
    synonyms = Synonyms.objects.create(words="duuni\ntyö")

    browser.post(f"{LIST}{synonyms.pk}/delete/")

    assert not Synonyms.objects.exists()


def test_unanswered_searches_stand_by_week_and_by_number(browser, coordinator):
    for words in ("kokki", "leipuri", "leipuri"):
        count_unanswered(words)

    by_week = browser.get("/en/office/unanswered/")
    by_number = browser.get("/en/office/unanswered/?sort=number")

    for response in (by_week, by_number):
        assert [(row.words, row.number) for row, _place in response.context["rows"]] == [
            ("leipuri", 2),
            ("kokki", 1),
        ]
    assertContains(by_week, "?words=kokki")
