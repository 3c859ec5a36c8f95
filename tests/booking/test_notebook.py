"""The notebook: kept without an account, by a cookie that says nothing but whose it is."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import notebooks
from guidance.booking.models import Notebook, NotebookItem
from guidance.booking.models.notebook import LONGEST_NOTE, MOST_ITEMS
from opinovi.changes import content_tables
from tests.factories import (
    GroupSessionFactory,
    GuidanceServiceFactory,
    NotebookFactory,
    OrganisationFactory,
    TrainingOptionFactory,
    local,
)

pytestmark = pytest.mark.django_db

PAGE = "/en/notebook/"
KEPT = "/en/notebook/kept.css"
LIST = "http://testserver/en/trainings/?q=cook&page=2"


@pytest.fixture
def training():
    return TrainingOptionFactory(slug="cook", name_en="Cook", name_fi="Kokki", name_sv="Kock")


def keep(browser, thing, kind="training", **headers):
    return browser.post(f"/en/notebook/keep/{kind}/{thing.slug}/", headers=headers)


def item():
    return NotebookItem.objects.get()


# Keeping


@pytest.mark.parametrize(
    ("factory", "kind"),
    [
        (TrainingOptionFactory, "training"),
        (GuidanceServiceFactory, "guidance"),
        (GroupSessionFactory, "session"),
    ],
)
def test_notebook_keep_keeps_one_thing_of_each_kind(browser, factory, kind):
    thing = factory(name_en="What I want")

    response = keep(browser, thing, kind)

    assertRedirects(response, f"{PAGE}#kept-{kind}-{thing.pk}")
    assert (item().kind, item().thing) == (kind, thing)
    assertContains(browser.get(PAGE), "What I want")


def test_notebook_keep_goes_back_to_where_the_button_was(browser, training):
    response = keep(browser, training, Referer=LIST)

    assert response["Location"] == f"/en/trainings/?q=cook&page=2#kept-training-{training.pk}"


@pytest.mark.parametrize(
    "referer",
    [
        "https://elsewhere.example.fi/x",
        "http://testserver//elsewhere.example.fi/x",
        "javascript:alert(1)",
        "x",
    ],
)
def test_notebook_keep_leads_to_no_other_site(browser, training, referer):
    response = keep(browser, training, Referer=referer)

    assert response["Location"].startswith(("/en/notebook/#", "/elsewhere.example.fi/x#"))


def test_what_was_kept_before_is_said_to_be_there_already(browser, training):
    keep(browser, training)

    response = keep(browser, training, Referer=LIST)

    assert response["Location"].endswith(f"#had-training-{training.pk}")
    assert NotebookItem.objects.count() == 1


@pytest.mark.parametrize("path", ["/en/trainings/", "/en/trainings/cook/"])
def test_pages_hold_the_words_that_the_fragment_calls_up(browser, training, path):
    response = browser.get(path)

    assertContains(response, f'id="kept-training-{training.pk}"')
    assertContains(response, f'id="had-training-{training.pk}"')
    assertContains(response, 'action="/en/notebook/keep/training/cook/"')


def test_a_style_sheet_shows_what_is_kept_and_nothing_else(browser, training):
    other = TrainingOptionFactory()
    service = GuidanceServiceFactory()
    keep(browser, training)
    keep(browser, service, "guidance")
    keep(browser, other)
    notebooks.remove(NotebookItem.objects.get(training=other))

    response = browser.get(KEPT)

    assert response["Content-Type"].startswith("text/css")
    assert response["Cache-Control"] == "private, no-store"
    named = set(re.findall(r"#[\w-]+", response.content.decode()))
    assert named == {f"#keep-training-{training.pk}", f"#keep-guidance-{service.pk}"}


@pytest.mark.parametrize("path", ["/en/trainings/", "/en/trainings/cook/"])
def test_pages_ask_what_is_kept_and_stay_the_same_for_everybody(browser, training, path):
    before = browser.get(path)
    keep(browser, training)
    after = browser.get(path)

    assertContains(after, f'<link rel="stylesheet" href="{KEPT}">')
    assertContains(after, f'id="keep-training-{training.pk}"', count=1)
    assert before.content == after.content


def test_who_has_no_notebook_is_shown_nothing_and_costs_no_query(
    browser, training, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = browser.get(KEPT)

    assert response.content.strip() == b""


def test_guidance_has_the_button_too(browser):
    GuidanceServiceFactory(slug="career")

    for path in ("/en/guidance/", "/en/guidance/career/"):
        assertContains(browser.get(path), 'action="/en/notebook/keep/guidance/career/"')


@pytest.mark.parametrize("kind", ["training", "guidance", "nothing"])
def test_what_is_not_published_cannot_be_kept(browser, kind):
    TrainingOptionFactory(slug="draft", published_at=None)

    response = browser.post(f"/en/notebook/keep/{kind}/draft/")

    assert response.status_code == 404
    assert Notebook.objects.count() == 0
    assert not response.cookies


def test_full_notebook_says_what_to_do(browser, training):
    for thing in TrainingOptionFactory.create_batch(2):
        keep(browser, thing)
    notebook = Notebook.objects.get()
    rest = TrainingOptionFactory.create_batch(MOST_ITEMS - 2, provider=training.provider)
    NotebookItem.objects.bulk_create(NotebookItem(notebook=notebook, training=thing) for thing in rest)

    response = browser.post("/en/notebook/keep/training/cook/", follow=True)

    assertContains(response, "Your notebook is full")
    assert notebook.items.kept().count() == MOST_ITEMS


# The cookie


def test_cookie_is_set_with_the_first_thing_and_holds_only_a_signed_key(browser, training, settings):
    settings.SESSION_COOKIE_SECURE = True

    cookies = keep(browser, training).cookies

    assert list(cookies) == ["notebook"]
    cookie = cookies["notebook"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["max-age"]) == ("Lax", "/", 180 * 24 * 3600)
    key = cookie.value.partition(":")[0]
    assert Notebook.objects.of_device(key).get() == item().notebook
    assert not Notebook.devices.rel.related_model.objects.filter(key_hash__contains=key).exists()


def test_looking_at_an_empty_notebook_sets_no_cookie(browser):
    response = browser.get(PAGE)

    assertContains(response, "Your notebook is empty")
    assert not response.cookies
    assert Notebook.objects.count() == 0


def test_second_thing_sets_no_second_cookie(browser, training):
    keep(browser, training)

    assert not keep(browser, TrainingOptionFactory()).cookies
    assert Notebook.objects.count() == 1


def test_cookie_that_we_did_not_sign_opens_nothing(browser, training):
    keep(browser, training)
    thief = Browser()
    key = browser.cookies["notebook"].value
    thief.cookies["notebook"] = key[:-1] + ("x" if key[-1] != "x" else "y")

    assertContains(thief.get("/en/notebook/"), "Your notebook is empty")


def test_visitor_with_a_notebook_gets_the_pages_that_strangers_get(browser, training):
    stranger = browser.get("/en/trainings/")
    keep(browser, training)

    response = browser.get("/en/trainings/")

    assert response["Cache-Control"] == stranger["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.content == stranger.content


def test_notebook_itself_is_kept_by_nobody(browser, training):
    keep(browser, training)

    for path in ("", "compare/", "send/", "erase/"):
        assert browser.get(PAGE + path)["Cache-Control"] == "private, no-store"


def test_rows_of_notebooks_do_not_end_the_kept_pages():
    tables = content_tables()

    assert [table for table in tables if "notebook" in table] == []
    assert "booking_groupsession" in tables


def test_use_of_a_day_keeps_the_notebook_and_the_cookie_alive(browser, training):
    keep(browser, training)
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        response = browser.get(PAGE)
        again = browser.get(PAGE)

        assert response.cookies["notebook"]["max-age"] == 180 * 24 * 3600
        assert not again.cookies
        assert Notebook.objects.get().used_on == timezone.localdate()


@pytest.mark.parametrize("path", ["keep/training/cook/", "links/", "items/1/remove/", "erase/"])
def test_form_from_another_site_is_refused(browser, training, path):
    keep(browser, training)

    response = browser.post(PAGE + path, headers={"Origin": "https://elsewhere.example.fi"})

    assert response.status_code == 403
    assert Notebook.objects.count() == 1


# Notes, removing and bringing back


def test_item_note_is_kept_and_shown_as_text(browser, training):
    keep(browser, training)

    response = browser.post(f"{PAGE}items/{item().pk}/note/", {"note": "Ask about <b>childcare</b>\r\nSoon"})

    assertRedirects(response, f"{PAGE}#item-{item().pk}")
    assert item().note == "Ask about <b>childcare</b>\nSoon"
    assertContains(browser.get(PAGE), "<p>Ask about &lt;b&gt;childcare&lt;/b&gt;<br>Soon</p>")


def test_item_note_of_the_longest_length_may_have_many_lines(browser, training):
    keep(browser, training)

    browser.post(f"{PAGE}items/{item().pk}/note/", {"note": "a\r\n" * (LONGEST_NOTE // 2 - 1) + "bc"})

    assert len(item().note) == LONGEST_NOTE


def test_item_note_that_is_too_long_is_given_back_and_not_saved(browser, training):
    keep(browser, training)

    response = browser.post(f"{PAGE}items/{item().pk}/note/", {"note": "x" * (LONGEST_NOTE + 1)})

    assertContains(response, "A note has at most 2,000 characters.")
    assertContains(response, "x" * (LONGEST_NOTE + 1))
    assert item().note == ""


def test_item_remove_can_be_undone_with_the_note(browser, training):
    keep(browser, training)
    kept = item()
    browser.post(f"{PAGE}items/{kept.pk}/note/", {"note": "My plan"})

    removed = browser.post(f"{PAGE}items/{kept.pk}/remove/", follow=True)
    assertContains(removed, "Bring it back")
    assertNotContains(removed, "My plan")
    restored = browser.post(f"{PAGE}items/{kept.pk}/restore/", follow=True)

    assertContains(restored, "My plan")
    assert NotebookItem.objects.kept().get() == kept


def test_what_was_removed_can_be_kept_again(browser, training):
    keep(browser, training)
    browser.post(f"{PAGE}items/{item().pk}/remove/")

    response = keep(browser, training)

    assert response["Location"].endswith(f"#kept-training-{training.pk}")
    assert NotebookItem.objects.kept().count() == 1


@pytest.mark.parametrize("act", ["note", "remove", "restore"])
def test_things_of_another_notebook_are_not_there(browser, training, act):
    keep(browser, training)
    foreign = NotebookFactory(things=[TrainingOptionFactory()]).items.get()

    response = browser.post(f"{PAGE}items/{foreign.pk}/{act}/", {"note": "mine"})

    assert response.status_code == 404
    foreign.refresh_from_db()
    assert (foreign.note, foreign.removed_at) == ("", None)
    assertNotContains(browser.get(f"{PAGE}?removed={foreign.pk}"), "Bring it back")


def test_without_a_notebook_every_button_leads_to_its_first_page(browser):
    foreign = NotebookFactory(things=[TrainingOptionFactory()]).items.get()

    for path in (f"items/{foreign.pk}/remove/", "erase/", "send/"):
        assertRedirects(browser.post(PAGE + path), PAGE)


@pytest.mark.parametrize(
    "change",
    [
        lambda thing: setattr(thing, "published_at", None),
        lambda thing: setattr(thing.provider, "published_at", None),
    ],
)
def test_what_has_no_page_any_more_stays_with_a_clear_word(browser, training, change):
    keep(browser, training)
    change(training)
    training.save()
    training.provider.save()

    response = browser.get(PAGE)

    assertContains(response, "No longer offered here")
    assertContains(response, "Cook")
    assertNotContains(response, 'href="/en/trainings/cook/"')


def test_session_that_is_over_says_so(browser):
    yesterday = timezone.localdate() - timedelta(days=1)
    session = GroupSessionFactory(starts_at=local(yesterday, 17))
    keep(browser, session, "session")

    assertContains(browser.get(PAGE), "This is over")


# Comparing


def test_notebook_compare_answers_the_same_questions_in_the_same_order(browser):
    cheap = TrainingOptionFactory(name_en="Cheap", fee=0, languages=["fi"])
    dear = TrainingOptionFactory(name_en="Dear", fee="1200.50", languages=["sv"], contact_phone="09 000 000")
    service = GuidanceServiceFactory(name_en="Guide", fee=None)
    for thing, kind in ((cheap, "training"), (dear, "training"), (service, "guidance")):
        keep(browser, thing, kind)

    response = browser.get(PAGE + "compare/", {"item": item_pks()})

    rows = rows_of(response)
    assert rows["What does it cost?"] == ["1 Cheap free of charge", "2 Dear 1200.50 €", "3 Guide not told"]
    questions = list(rows)
    assert questions[1] == "What is it?"
    assert questions[-1] == "My note"
    assertContains(response, '<th scope="col"', count=3)
    assertContains(response, '<a href="tel:09000000">09 000 000</a>', html=True)


def test_notebook_compare_tells_once_what_is_the_same_for_all(browser):
    compare_two(browser, languages=["fi"])

    rows = rows_of(browser.get(PAGE + "compare/", {"item": item_pks()}))

    assert rows["In which languages?"] == ["The same for all: Finnish"]
    assert rows["What does it cost?"] == ["1 Cheap free of charge", "2 Dear 90 €"]


def test_notebook_compare_shows_only_what_differs(browser):
    compare_two(browser, languages=["fi"])
    whole = browser.get(PAGE + "compare/", {"item": item_pks()})
    address = re.search(r'href="(\?[^"]*only=different)"', whole.content.decode())[1].replace("&amp;", "&")

    rows = rows_of(browser.get(PAGE + "compare/" + address))

    assert "In which languages?" not in rows
    assert rows["What does it cost?"] == ["1 Cheap free of charge", "2 Dear 90 €"]
    number = len(rows) - 2  # neither the names nor the notes are questions
    assertContains(whole, f"Only what differs ({number})")


def test_notebook_compare_of_equals_shows_everything(browser):
    for thing in TrainingOptionFactory.create_batch(2, provider=OrganisationFactory()):
        keep(browser, thing)

    response = browser.get(PAGE + "compare/", {"item": item_pks(), "only": "different"})

    assertNotContains(response, "Only what differs")
    assert "What is it?" in rows_of(response)


def test_notebook_compare_shows_four_of_five_and_says_so(browser):
    for thing in TrainingOptionFactory.create_batch(5):
        keep(browser, thing)
    pks = list(NotebookItem.objects.values_list("pk", flat=True))

    response = browser.get(PAGE + "compare/", {"item": pks})

    assertContains(response, "You ticked more than 4 things.")
    assertContains(response, '<th scope="col"', count=4)


@pytest.mark.parametrize("query", ["", "?item=", "?item=x", "?item=99999999999999999999999"])
def test_notebook_compare_of_less_than_two_says_what_to_do(browser, training, query):
    keep(browser, training)

    assertContains(browser.get(f"{PAGE}compare/{query}"), "Tick at least two things")


def test_notebook_compare_shows_nothing_of_another_notebook(browser, training):
    keep(browser, training)
    foreign = NotebookFactory(things=[TrainingOptionFactory(name_en="Foreign thing")]).items.get()

    response = browser.get(PAGE + "compare/", {"item": [item_of(browser).pk, foreign.pk]})

    assertNotContains(response, "Foreign thing")


def compare_two(browser, **values):
    for name, fee in (("Cheap", 0), ("Dear", 90)):
        keep(browser, TrainingOptionFactory(name_en=name, fee=fee, **values))


def item_pks():
    return list(NotebookItem.objects.order_by("pk").values_list("pk", flat=True))


def rows_of(response):
    """The cells of a comparison by their questions, in the words that a reader meets."""
    rows = re.findall(r"<tr\b.*?</tr>", response.content.decode(), re.DOTALL)
    cells = [re.findall(r"<t([hd])\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    words = [[" ".join(re.sub(r"<[^>]+>", " ", html).split()) for _tag, html in row] for row in cells]
    return {first: others for first, *others in words}


def item_of(browser):
    key = browser.cookies["notebook"].value.partition(":")[0]
    return Notebook.objects.of_device(key).get().items.get()


@pytest.mark.parametrize(
    ("language", "heading", "name"),
    [("fi", "Muistivihkoni", "Kokki"), ("sv", "Min anteckningsbok", "Kock"), ("en", "My notebook", "Cook")],
)
def test_notebook_speaks_three_languages(browser, training, language, heading, name):
    keep(browser, training)
    path = {"fi": "/fi/muistivihko/", "sv": "/sv/anteckningsbok/", "en": PAGE}[language]

    response = browser.get(path)

    assertContains(response, f"<h1>{heading}</h1>")
    assertContains(response, name)


# Erasing


def test_notebook_erase_asks_and_then_erases_all_with_the_cookie(browser, training):
    keep(browser, training)

    asked = browser.get(PAGE + "erase/")
    assert Notebook.objects.count() == 1
    done = browser.post(PAGE + "erase/", follow=True)

    assertContains(asked, "Erase my notebook now")
    assertContains(done, "Your notebook was erased")
    assert (Notebook.objects.count(), NotebookItem.objects.count()) == (0, 0)
    assert browser.cookies["notebook"].value == ""


def test_unused_notebooks_are_erased_after_half_a_year(training):
    old, used = NotebookFactory(things=[training]), NotebookFactory(things=[training])
    Notebook.objects.filter(pk=old.pk).update(used_on=timezone.localdate() - timedelta(days=181))
    Notebook.objects.filter(pk=used.pk).update(used_on=timezone.localdate() - timedelta(days=180))

    assert notebooks.erase_unused() == 1

    assert Notebook.objects.get() == used


def test_number_of_days_is_a_setting(settings):
    settings.NOTEBOOK_DAYS = 30
    Notebook.objects.create(used_on=timezone.localdate() - timedelta(days=31))

    assert notebooks.erase_unused() == 1


def test_what_was_removed_is_erased_after_a_day(training):
    notebook = NotebookFactory(things=[training, TrainingOptionFactory()])
    notebooks.remove(notebook.items.get(training=training))

    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        notebooks.erase_unused()

    assert NotebookItem.objects.filter(training=training).count() == 0
    assert NotebookItem.objects.count() == 1


# What the database refuses


@pytest.mark.parametrize("fields", [{}, {"training": True, "session": True}])
def test_item_is_exactly_one_thing(training, fields):
    made = {"training": training} if "training" in fields else {}
    made |= {"session": GroupSessionFactory()} if "session" in fields else {}

    with pytest.raises(IntegrityError, match="notebook_item_is_one_thing"), transaction.atomic():
        NotebookItem.objects.create(notebook=NotebookFactory(), **made)


def test_thing_is_in_a_notebook_once(training):
    notebook = NotebookFactory(things=[training])

    with pytest.raises(IntegrityError, match="notebook_item_training_once"), transaction.atomic():
        NotebookItem.objects.create(notebook=notebook, training=training)


def test_note_is_not_longer_than_it_may_be(training):
    notebook = NotebookFactory()

    with pytest.raises(IntegrityError, match="notebook_item_note_is_short"), transaction.atomic():
        NotebookItem.objects.create(notebook=notebook, training=training, note="x" * (LONGEST_NOTE + 1))


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_fill_a_notebook_and_no_more():
    notebook = NotebookFactory()
    things = TrainingOptionFactory.create_batch(MOST_ITEMS + 4)
    rows = [NotebookItem(notebook=notebook, training=thing) for thing in things[: MOST_ITEMS - 2]]
    NotebookItem.objects.bulk_create(rows)
    last = [*things[MOST_ITEMS - 2 :], things[-1], things[-1]]
    together = Barrier(len(last))

    def press(thing):
        try:
            together.wait()
            return notebooks.keep(notebook, thing)
        except notebooks.NotebookFull:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(last)) as pool:
        answers = list(pool.map(press, last))

    assert notebook.items.kept().count() == MOST_ITEMS
    assert answers.count(True) == 2


def test_days_are_local():
    with time_machine.travel(local(date(2026, 6, 1), 1), tick=False):  # still May in Greenwich
        assert NotebookFactory().used_on == date(2026, 6, 1)
