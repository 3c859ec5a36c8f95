"""The notebook on its way: to oneself by letter, to a counsellor by a private link."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import notebooks
from guidance.booking.models import Notebook, NotebookDevice, NotebookItem, NotebookLink
from opinovi.models import Letter
from tests.factories import NotebookFactory, NotebookLinkFactory, TrainingOptionFactory

pytestmark = pytest.mark.django_db

PAGE = "/en/notebook/"


@pytest.fixture
def training():
    return TrainingOptionFactory(slug="cook", name_en="Cook", name_fi="Kokki", name_sv="Kock")


@pytest.fixture
def notebook(browser, training):
    """A notebook that `browser` opens, with a training and a note."""
    browser.post("/en/notebook/keep/training/cook/")
    NotebookItem.objects.update(note="My secret plan")
    return Notebook.objects.get()


def send(browser, email="aino@example.fi", language="en", **fields):
    path = {"en": PAGE + "send/", "fi": "/fi/muistivihko/laheta/", "sv": "/sv/anteckningsbok/skicka/"}[
        language
    ]
    return browser.post(path, {"email": email, **fields})


def share(browser, days=7, **fields):
    return browser.post(PAGE + "links/", {"days": days, **fields})


def opening_path():
    return re.search(r"http://127.0.0.1:8000(/\S+/\S{43}/)", Letter.objects.latest("pk").text)[1]


def shown_path():
    return f"{PAGE}shown/{NotebookLink.objects.get().key}/"


# Sending it to oneself


@pytest.mark.parametrize(
    ("language", "subject", "name", "path"),
    [
        ("fi", "Mitä tallensit Opinovissa", "Kokki", "/fi/koulutukset/cook/"),
        ("sv", "Det du har sparat i Opinovi", "Kock", "/sv/utbildningar/cook/"),
        ("en", "What you kept at Opinovi", "Cook", "/en/trainings/cook/"),
    ],
)
def test_notebook_send_writes_a_letter_in_the_language_of_the_page(
    browser, notebook, language, subject, name, path
):
    send(browser, language=language)

    letter = Letter.objects.get()
    assert (letter.subject, letter.recipient, letter.about) == (subject, "aino@example.fi", notebook)
    for part in (letter.text, letter.html):
        assert name in part
        assert f"http://127.0.0.1:8000{path}" in part
        assert "secret" not in part
    assert opening_path().startswith(f"/{language}/")


def test_notebook_send_answers_without_telling_anything(browser, notebook):
    response = send(browser)

    assertRedirects(response, f"{PAGE}?said=sent#said")
    assertContains(browser.get(f"{PAGE}?said=sent"), "The letter is on its way")


def test_notebook_send_keeps_the_address_nowhere_but_in_the_letter(browser, notebook):
    send(browser)

    columns = [*Notebook.objects.values(), *NotebookLink.objects.values(), *NotebookDevice.objects.values()]
    assert "aino" not in str(columns)


@pytest.mark.parametrize("email", ["", "aino", "aino@example.fi\nBcc: all@example.fi"])
def test_notebook_send_to_no_address_says_so(browser, notebook, email):
    response = send(browser, email=email)

    assert response.status_code == 200
    assertContains(response, "field--invalid")
    assert Letter.objects.count() == 0


def test_form_sent_twice_writes_one_letter(browser, notebook):
    nonce = uuid.uuid4()

    send(browser, nonce=nonce)
    send(browser, nonce=nonce)

    assert Letter.objects.count() == 1


def test_sixth_letter_of_a_day_is_not_written_and_the_page_says_so(browser, notebook):
    answers = [send(browser, f"aino{number}@example.fi")["Location"] for number in range(6)]

    assert answers == [f"{PAGE}?said=sent#said"] * 5 + [f"{PAGE}?said=letters#said"]
    assert Letter.objects.count() == 5
    assertContains(browser.get(f"{PAGE}?said=letters"), "No more letters today")
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert send(browser)["Location"] == f"{PAGE}?said=sent#said"


def test_address_gets_three_letters_a_day_from_all_notebooks_and_nobody_is_told(training):
    answers = []
    for number in range(4):
        browser = Browser(HTTP_ACCEPT_LANGUAGE="en")
        browser.post("/en/notebook/keep/training/cook/")
        answers.append(send(browser, "Aino@example.fi" if number else "aino@example.fi")["Location"])

    assert set(answers) == {f"{PAGE}?said=sent#said"}
    assert Letter.objects.count() == 3


def test_one_address_of_the_net_can_ask_for_twenty_letters_an_hour(training, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "public_letter": "2/h/ip"}
    browser = Browser(HTTP_ACCEPT_LANGUAGE="en")
    browser.post("/en/notebook/keep/training/cook/")

    statuses = [send(browser, f"aino{number}@example.fi").status_code for number in range(3)]

    assert statuses == [302, 302, 429]
    assert Letter.objects.count() == 2


# Opening it on another device


def test_mail_program_that_follows_the_link_changes_nothing(browser, notebook):
    send(browser)
    scanner = Browser()

    page = scanner.get(opening_path())
    scanner.head(opening_path())

    assertContains(page, "Open my notebook here")
    assertNotContains(page, "Cook")
    assert not page.cookies
    assert NotebookDevice.objects.count() == 1


def test_notebook_open_lets_a_second_device_open_it_and_the_first_one_still(browser, notebook):
    send(browser)
    phone = Browser(HTTP_ACCEPT_LANGUAGE="en")

    response = phone.post(opening_path())

    assertRedirects(response, PAGE)
    assertContains(phone.get(PAGE), "My secret plan")
    assertContains(browser.get(PAGE), "My secret plan")
    assert phone.cookies["notebook"].value != browser.cookies["notebook"].value


def test_notebook_open_leaves_what_the_device_had_unless_one_says_so(browser, notebook):
    send(browser)
    library = Browser(HTTP_ACCEPT_LANGUAGE="en")
    other = TrainingOptionFactory(slug="baker", name_en="Baker")
    library.post("/en/notebook/keep/training/baker/")

    assertContains(library.get(opening_path()), "There is another notebook on this device")
    library.post(opening_path())

    assert [row.thing for row in notebook.items.all()] == [notebook.items.get().thing]
    assert NotebookItem.objects.get(training=other).notebook != notebook


def test_notebook_open_brings_the_other_along_without_doubles(browser, notebook):
    send(browser)
    phone = Browser(HTTP_ACCEPT_LANGUAGE="en")
    TrainingOptionFactory(slug="baker", name_en="Baker")
    for slug in ("cook", "baker"):
        phone.post(f"/en/notebook/keep/training/{slug}/")

    phone.post(opening_path(), {"bring": "1"})

    page = phone.get(PAGE)
    assertContains(page, "You have kept 2 things.")
    assertContains(page, "My secret plan")
    assertContains(page, "Baker")


def test_link_of_the_letter_opens_nothing_after_thirty_days(browser, notebook):
    send(browser)

    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1), tick=False):
        for method in ("get", "post"):
            response = getattr(Browser(HTTP_ACCEPT_LANGUAGE="en"), method)(opening_path())

            assertContains(response, "send it to yourself again", status_code=410)
            assert not response.cookies


# Showing it


@pytest.mark.parametrize("days", [1, 7, 30])
def test_notebook_share_makes_a_link_that_runs_out(browser, notebook, days):
    share(browser, days)
    counsellor = Browser(HTTP_ACCEPT_LANGUAGE="en")

    before = counsellor.get(shown_path())
    with time_machine.travel(timezone.now() + timedelta(days=days, seconds=1), tick=False):
        after = counsellor.get(shown_path())

    assertContains(before, "You can read it until")
    assertContains(before, "My secret plan")
    assertContains(after, "This link opens no notebook", status_code=410)
    assertNotContains(after, "secret", status_code=410)


@pytest.mark.parametrize("days", ["", "0", "31", "3650", "x"])
def test_notebook_share_gives_no_other_time(browser, notebook, days):
    share(browser, days)

    assert NotebookLink.objects.count() == 0


def test_shown_notebook_cannot_be_changed(browser, notebook):
    share(browser)
    counsellor = Browser(HTTP_ACCEPT_LANGUAGE="en")

    page = counsellor.get(shown_path())

    assertNotContains(page, "<textarea")
    assertNotContains(page, "/remove/")
    assert counsellor.post(shown_path()).status_code == 405
    assert not page.cookies
    for name, value in {
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }.items():
        assert page[name] == value


def test_counsellor_who_is_signed_in_reads_it_as_anybody(browser, notebook, counsellor):
    share(browser)

    assertContains(browser.get(shown_path()), "You can read it until")


def test_notebook_revoke_closes_the_link_at_once(browser, notebook):
    share(browser)
    link = NotebookLink.objects.get()

    browser.post(f"{PAGE}links/{link.pk}/revoke/")

    response = Browser(HTTP_ACCEPT_LANGUAGE="en").get(shown_path())
    assertContains(response, "The owner of the notebook has taken the link back.", status_code=410)
    assertNotContains(browser.get(PAGE), link.key)


def test_notebook_revoke_of_a_foreign_link_is_not_there(browser, notebook):
    foreign = NotebookLinkFactory()

    assert browser.post(f"{PAGE}links/{foreign.pk}/revoke/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_live


@pytest.mark.parametrize("page", ["shown", "open"])
def test_guessed_key_and_stored_hash_open_nothing(browser, page):
    link = NotebookLinkFactory(purpose="show" if page == "shown" else "open")

    for key in ("x" * 43, link.key_hash, link.nonce.hex):
        response = browser.get(f"{PAGE}{page}/{key}/")
        assertContains(response, "This link opens no notebook", status_code=404)


def test_link_that_shows_opens_no_notebook_on_a_device(browser):
    shows, opens = NotebookLinkFactory(), NotebookLinkFactory(purpose="open")

    assert browser.post(f"{PAGE}open/{shows.key}/").status_code == 404
    assert browser.get(f"{PAGE}shown/{opens.key}/").status_code == 404


def test_form_for_a_link_sent_twice_makes_one(browser, notebook):
    nonce = uuid.uuid4()

    share(browser, nonce=nonce)
    share(browser, nonce=nonce)

    assert NotebookLink.objects.count() == 1


def test_eleventh_link_is_not_made_and_the_page_says_so(browser, notebook):
    answers = [share(browser)["Location"] for _number in range(11)]

    assert answers[-2:] == [f"{PAGE}#links", f"{PAGE}?said=links#said"]
    assertContains(browser.get(f"{PAGE}?said=links"), "There are ten links already")


def test_erasing_closes_every_link_and_erases_the_letters(browser, notebook):
    share(browser)
    send(browser)
    paths = [f"{PAGE}shown/{NotebookLink.objects.get(purpose='show').key}/", opening_path()]

    browser.post(PAGE + "erase/")

    assert Letter.objects.count() == 0
    for path in paths:
        assert Browser().get(path).status_code == 404


def test_letters_of_notebooks_that_are_gone_are_erased_at_night(training):
    notebook = NotebookFactory(things=[training])
    notebooks.send(notebook, email="aino@example.fi", language="en", nonce=uuid.uuid4())
    Notebook.objects.update(used_on=timezone.localdate() - timedelta(days=200))

    notebooks.erase_unused()

    assert Letter.objects.count() == 0


def test_logs_tell_no_key(browser, notebook, caplog):
    share(browser)
    browser.get(shown_path())

    told = " ".join(str(vars(record)) for record in caplog.records)
    assert "booking:public:notebook_shown" in told
    assert NotebookLink.objects.get().key not in told
