"""Every fact of the five source documents is on a page of the portal (tests/facts.yaml)."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils.translation import override

from opinovi.demo.content import FIXTURES

GROUPS = yaml.safe_load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"))
FACTS = [
    pytest.param(group["page"], language, fact[language], id=f"{group['page']}-{fact['fact']}-{language}")
    for group in GROUPS
    for fact in group["facts"]
    for language in ("fi", "en")
]
DOCUMENTS = {
    "Opin ovi, the programme",
    "Opin Ovi Pirkanmaa",
    "Oma Ovi",
    "Varsinais-Suomen OpinOvi and Opin Ovi aikuisopiskeluun",
    "Päijät-Hämeen Opin ovi",
}

pytestmark = pytest.mark.django_db

Reader = Callable[[str, str], str]


@pytest.fixture(scope="module")
def read(django_db_setup, django_db_blocker) -> Iterator[Reader]:
    """The text of a page, from the fixtures alone: `read("projects:public:project_detail oma-ovi", "fi")`."""
    texts: dict[tuple[str, str], str] = {}
    browser = Browser()

    def page_text(page: str, language: str) -> str:
        if (page, language) not in texts:
            name, *words = page.split()
            with override(language):
                address = reverse(name, args=words)
            texts[page, language] = plain(browser.get(address).content.decode())
        return texts[page, language]

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FIXTURES, verbosity=0)
        yield page_text
        transaction.set_rollback(True)


def plain(page: str) -> str:
    """What stands in the main part of a page, without tags, in small letters and single spaces."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).casefold().split())


def missing(wanted: str | list[str], text: str) -> list[str]:
    words = wanted if isinstance(wanted, list) else [wanted]
    return [word for word in words if " ".join(word.casefold().split()) not in text]


@pytest.mark.parametrize(("page", "language", "wanted"), FACTS)
def test_fact_is_on_its_page(read, page, language, wanted):
    text = read(page, language)

    assert missing(wanted, text) == []


def test_fact_that_is_not_told_is_missed(read):
    text = read("projects:public:project_detail oma-ovi", "en")

    assert missing(["450 people", "451 people"], text) == ["451 people"]


def test_facts_of_every_document_are_listed():
    assert {group["document"] for group in GROUPS} == DOCUMENTS


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_project_is_reached_from_the_project_list(read, language):
    text = read("projects:public:project_list", language)

    assert missing(["Oma Ovi", "Opin Ovi Pirkanmaa", "Päijät-Hämeen Opin ovi"], text) == []
