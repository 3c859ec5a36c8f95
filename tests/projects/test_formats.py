"""Projects and materials as feeds and spreadsheets."""

import csv
import io

import feedparser
import pytest

from tests.factories import MaterialFactory, ProgrammeFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def table(browser, address):
    content = browser.get(address).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))


def test_project_list_is_told_in_a_feed_and_a_sheet(browser):
    programme = ProgrammeFactory(slug="opin-ovi", name_fi="Opin ovi -ohjelma")
    ProjectFactory(name_fi="Ovi", slug="ovi", programme=programme, summary_fi="Yhdessä.")
    ProjectFactory(name_fi="Muu")
    ProjectFactory(name_fi="Luonnos", programme=programme, published_at=None)

    found = feedparser.parse(browser.get("/en/projects/feed.atom?programme=opin-ovi").content)
    rows = table(browser, "/en/projects/list.csv?programme=opin-ovi")

    assert not found.bozo
    assert [(entry.title, entry.summary) for entry in found.entries] == [("Ovi", "Yhdessä.")]
    assert [(row["Name"], row["Programme"]) for row in rows] == [("Ovi", "Opin ovi -ohjelma")]
    assert rows[0]["Page in the portal"].endswith("/en/projects/ovi/")


def test_material_list_is_told_in_a_feed_and_a_sheet(browser):
    MaterialFactory(title_fi="Opas", link="https://www.example.fi/opas")
    MaterialFactory(title_fi="Luonnos", published_at=None)
    MaterialFactory(title_fi="Salainen", project__published_at=None)

    found = feedparser.parse(browser.get("/en/materials/feed.atom").content)
    rows = table(browser, "/en/materials/list.csv")

    assert not found.bozo
    assert [(entry.title, entry.link) for entry in found.entries] == [("Opas", "https://www.example.fi/opas")]
    assert [(row["Title"], row["Link"]) for row in rows] == [("Opas", "https://www.example.fi/opas")]
