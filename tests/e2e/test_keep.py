"""A visitor keeps, compares and shows, and follows a search: in a real browser, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from guidance.booking.models import Notebook, NotebookItem
from guidance.catalogue.models import Alert
from opinovi.models import Letter
from tests.e2e.conftest import link_in, on_both_widths
from tests.factories import GuidanceServiceFactory, TrainingOptionFactory


@pytest.fixture
def offers():
    TrainingOptionFactory(slug="nurse", name_en="Practical nurse", fee=0)
    TrainingOptionFactory(slug="cook", name_en="Cook", fee=80)
    return GuidanceServiceFactory(slug="career", name_en="Career guidance")


@on_both_widths
def test_keeping_noting_comparing_showing_and_erasing(visit, press, offers, page, assert_accessible):
    for path in ("/en/trainings/?q=nurse", "/en/trainings/cook/", "/en/guidance/career/"):
        visit(path)
        press(page.get_by_role("button", name=re.compile("^Keep in my notebook")))
        said = page.get_by_text("Kept in your notebook.")
        expect(said).to_be_visible()
        assert re.search(r"#kept-(training|guidance)-\d+$", page.url)
        assert_accessible(page)
    visit("/en/trainings/")
    there = page.get_by_role("link", name="In your notebook")
    expect(there).to_have_count(2)
    expect(page.get_by_role("button", name=re.compile("^Keep in my notebook"))).to_have_count(0)
    press(there.first)
    assert_accessible(page)

    row = page.locator("li", has=page.get_by_role("link", name="Cook"))
    row.get_by_text("Write a note").click()
    row.get_by_label("Your note").fill("Evenings would suit me")
    press(row.get_by_role("button", name="Save the note"))
    expect(page.get_by_text("Evenings would suit me").first).to_be_visible()

    for name in ("Practical nurse", "Cook"):
        page.get_by_label(f"Compare: {name}").check()
    press(page.get_by_role("button", name="Compare what I ticked"))
    cost = page.get_by_role("row", name=re.compile("What does it cost"))
    expect(cost.get_by_role("cell")).to_contain_text(["80 €", "free of charge"])
    page.get_by_role("region", name="Comparison").focus()
    assert_accessible(page)

    press(page.get_by_role("link", name="Back to the notebook"))
    press(page.get_by_role("button", name="Make a link"))
    assert_accessible(page)
    shown = page.get_by_label("The link", exact=True).input_value()
    press(page.get_by_role("button", name=re.compile("^Remove.*nurse")))
    assert_accessible(page)
    press(page.get_by_role("button", name="Bring it back"))
    assert NotebookItem.objects.kept().count() == 3
    visit("/en/notebook/shown/" + shown.rstrip("/").rpartition("/")[2] + "/")
    expect(page.get_by_text("Evenings would suit me")).to_be_visible()

    visit("/en/notebook/send/")
    visit("/en/notebook/erase/")
    press(page.get_by_role("button", name="Erase my notebook now"))
    expect(page.get_by_text("Your notebook was erased")).to_be_visible()
    assert Notebook.objects.count() == 0


@on_both_widths
def test_following_a_search_and_stopping(visit, press, offers, page, assert_accessible):
    visit("/en/trainings/?q=nurse")
    press(page.get_by_role("link", name="Follow this search by e-mail"))
    assert_accessible(page)
    page.get_by_label("Your e-mail address").fill("aino@example.fi")
    page.get_by_label("once a day at most").check()
    press(page.get_by_role("button", name="Follow this search"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    assert_accessible(page)

    visit(link_in(Letter.objects.get()))
    press(page.get_by_role("button", name="Yes, follow it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The search you follow")
    assert_accessible(page)
    press(page.get_by_role("link", name="Stop following"))
    assert_accessible(page)
    press(page.get_by_role("button", name="Stop following"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    assert_accessible(page)
    assert (Alert.objects.count(), Letter.objects.count()) == (0, 0)
