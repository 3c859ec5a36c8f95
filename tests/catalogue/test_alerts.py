"""Following a search by e-mail: asked, confirmed, told once of each new thing, stopped for good."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.catalogue import alerts, followed
from guidance.catalogue.models import Alert, Find, FollowedSearch
from opinovi.models import Letter
from tests.factories import (
    AlertFactory,
    AreaFactory,
    FollowedSearchFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

ADD = "/en/alerts/add/training/"


def ask(browser, query="?q=cook", path=ADD, **fields):
    told = {"email": "aino@example.fi", "rhythm": "daily", "language": "en"}
    return browser.post(path + query, told | fields)


def confirm(browser):
    return browser.post(link("confirm/"))


def link(part="", alert=None):
    return f"/en/alerts/{(alert or Alert.objects.get()).key}/{part}"


def days_later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def letters(kind="alert_news"):
    return list(Letter.objects.filter(kind=kind).order_by("pk"))


# From the list to the form


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/en/trainings/?q=cook&time=evening&page=3", ADD + "?q=cook&amp;time=evening"),
        ("/en/trainings/", ADD),
        ("/en/guidance/?language=sv", "/en/alerts/add/guidance/?language=sv"),
        ("/en/financing/?q=aid", "/en/alerts/add/funding/?q=aid"),
    ],
)
def test_list_leads_to_following_its_search(browser, path, leads_to):
    assertContains(browser.get(path), f'href="{leads_to}"')


def test_list_that_is_asked_for_nonsense_offers_no_following(browser):
    assertNotContains(browser.get("/en/trainings/?time=never"), "Follow this search by e-mail")


def test_alert_add_says_what_is_followed(browser):
    response = browser.get(ADD + "?q=cook&time=evening&is_open=on")

    for choice in ("“cook”", "evenings", "Open for applications now"):
        assertContains(response, f"<dd>{choice}</dd>", html=True)
    assert not response.cookies


@pytest.mark.parametrize(
    "query", ["?time=never", "?place=Nowhere-at-all", "?provider=none", "?q=" + "x" * 101]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_search_the_list_does_not_know_is_not_followed(browser, query, method):
    response = getattr(browser, method)(ADD + query)

    assertContains(response, "This search cannot be followed", status_code=400)
    assert FollowedSearch.objects.count() == 0


def test_list_that_cannot_be_followed_is_not_there(browser):
    assert browser.get("/en/alerts/add/projects/").status_code == 404


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?q=cook&page=2", "?q=cook"),
        ("?time=evening&time=day", "?time=day&time=evening"),
        ("?sort=name&q=cook", "?utm_source=x&q=cook"),
        ("?q=cook&is_open=on", "?is_open=true&q=+cook+"),
        ("?place=paikkala", "?place=Paikkala"),
    ],
)
def test_equal_searches_are_one(browser, one, other):
    AreaFactory(name_fi="Paikkala", slug="paikkala")

    ask(browser, one)
    ask(browser, other, email="veli@example.fi")

    assert FollowedSearch.objects.count() == 1
    assert Alert.objects.count() == 2


# Asking and confirming


@pytest.mark.parametrize(
    ("language", "subject", "path"),
    [
        ("fi", "Haluatko seurata hakua?", "/fi/hakuvahdit/"),
        ("sv", "Vill du bevaka en sökning?", "/sv/sokbevakningar/"),
        ("en", "Do you want to follow a search?", "/en/alerts/"),
    ],
)
def test_asking_writes_a_letter_in_the_chosen_language(browser, language, subject, path):
    response = ask(browser, language=language)

    assertRedirects(response, "/en/alerts/asked/")
    letter = Letter.objects.get()
    assert (letter.subject, letter.recipient, letter.language) == (subject, "aino@example.fi", language)
    for part in (letter.text, letter.html):
        assert f"http://127.0.0.1:8000{path}{Alert.objects.get().key}/" in part
        assert "aino" not in part
    assert not Alert.objects.get().is_confirmed


def test_nobody_writes_to_others_through_the_words_of_a_search(browser):
    ask(browser, "?q=visit-evil.example.fi&is_open=on")

    letter = Letter.objects.get()
    for part in (letter.text, letter.html):
        assert "certain words, Open for applications now" in part
        assert "evil" not in part
    assertContains(browser.get(link("confirm/")), "“visit-evil.example.fi”")


def test_nothing_comes_before_the_answer(browser):
    ask(browser)
    TrainingOptionFactory(name_en="Cook")

    with days_later(2):
        alerts.tell()

    assert letters() == []


def test_mail_program_that_follows_links_changes_nothing(browser):
    ask(browser)
    before = Alert.objects.values().get()

    for part in ("", "confirm/", "stop/"):
        browser.get(link(part))
        browser.head(link(part))

    assert Alert.objects.values().get() == before


def test_alert_confirm_begins_to_follow(browser):
    ask(browser)

    response = confirm(browser)

    assertRedirects(response, link())
    alert = Alert.objects.get()
    assert alert.is_confirmed
    assert alert.due_on == timezone.localdate() + timedelta(days=1)
    assert alert.expires_on == timezone.localdate() + timedelta(days=365)


def test_alert_confirm_works_for_seven_days(browser):
    ask(browser)

    with days_later(7.1):
        response = confirm(browser)
        alerts.forget()

    assertContains(response, "This link opens no alert", status_code=404)
    assert (Alert.objects.count(), FollowedSearch.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_alert_confirm_twice_does_nothing_more(browser):
    ask(browser)
    confirm(browser)
    before = Alert.objects.values().get()

    with days_later(3):
        confirm(browser)

    assert Alert.objects.values().get() == before


def test_asking_again_sends_no_flood_and_says_the_same(browser):
    answers = {ask(browser, email=email)["Location"] for email in ("aino@example.fi", "AINO@example.fi") * 3}

    assert answers == {"/en/alerts/asked/"}
    assert Letter.objects.count() == Alert.objects.count() == 1


def test_asking_for_what_one_follows_is_answered_by_letter_alone(browser):
    ask(browser)
    confirm(browser)

    with days_later(1):
        response = ask(browser, rhythm="weekly")

    assertRedirects(response, "/en/alerts/asked/")
    assert [letter.subject for letter in letters("alert_known")] == ["You follow this search already"]
    assert Alert.objects.get().rhythm == "daily"


def test_address_is_asked_five_times_a_day_whatever_the_searches(browser):
    for number in range(8):
        ask(browser, f"?q=word{number}")

    assert Letter.objects.count() == 5


def test_address_follows_twenty_searches_at_most(browser):
    for number in range(22):
        alerts.ask(
            source="training", query=f"q=w{number}", language="en", email="aino@example.fi", rhythm="daily"
        )

    assert Alert.objects.count() == 20


def test_too_many_letters_for_one_visitor_are_refused(browser, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "public_letter": "2/h/ip"}

    statuses = [ask(browser, email=f"aino{number}@example.fi").status_code for number in range(3)]

    assert statuses == [302, 302, 429]


def test_form_from_another_site_is_refused(browser):
    response = browser.post(ADD, headers={"Origin": "https://elsewhere.example.fi"})

    assert response.status_code == 403


@pytest.mark.parametrize("fields", [{"email": "aino"}, {"rhythm": "hourly"}, {"language": "de"}])
def test_form_with_a_mistake_is_given_back(browser, fields):
    response = ask(browser, **fields)

    assertContains(response, "field--invalid")
    assert Alert.objects.count() == 0


# What is new


def test_new_things_are_told_once_with_links_and_their_number(browser):
    TrainingOptionFactory(name_en="Cook before")
    ask(browser)
    confirm(browser)
    TrainingOptionFactory(name_en="Cook at sea", name_fi="Laivakokki", slug="sea")
    TrainingOptionFactory(name_en="Cook on land", name_fi="Maakokki")
    TrainingOptionFactory(name_en="Welder", name_fi="Hitsaaja")

    with days_later(1):
        alerts.tell()
        alerts.tell()
    with days_later(2):
        alerts.tell()

    (letter,) = letters()
    assert letter.subject == "Something new in the search you follow"
    for part in (letter.text, letter.html):
        assert "has found 2 new things" in part
        assert "http://127.0.0.1:8000/en/trainings/sea/" in part
        assert "http://127.0.0.1:8000/en/trainings/?q=cook" in part
        assert "before" not in part
        assert "Welder" not in part


def test_no_letter_where_nothing_is_new(browser):
    TrainingOptionFactory(name_en="Cook")
    ask(browser)
    confirm(browser)

    for day in (1, 2, 8):
        with days_later(day):
            alerts.tell()

    assert letters() == []


def test_edited_row_that_comes_to_match_is_told_once():
    training = TrainingOptionFactory(name_en="Baker", name_fi="Leipuri")
    alert = followed_now("q=cook", rhythm="daily")

    for day, name in enumerate(("Cook", "Cook and baker", "Baker", "Cook"), start=1):
        training.name_en = name
        training.save()
        with days_later(day):
            alerts.tell()

    assert len(letters()) == 1
    assert Find.objects.get().row == training.pk
    alert.refresh_from_db()
    assert alert.letters == 1


def followed_now(query, source="training", language="en", **fields):
    """An alert confirmed now, for what there is is known."""
    search = followed.asked_for(source, query, language)
    return AlertFactory(search=search, due_on=timezone.localdate() + timedelta(days=1), **fields)


@pytest.mark.parametrize("comes", ["published", "owner published", "opened by the calendar"])
def test_row_that_comes_to_match_without_being_edited_is_told(comes):
    training = TrainingOptionFactory(is_rolling=False)
    opens = timezone.localdate() + timedelta(days=1)
    training.applications_from, training.applications_to = opens, opens + timedelta(days=30)
    if comes == "published":
        training.published_at = None
    if comes == "owner published":
        training.provider.published_at = None
        training.provider.save()
    training.save()
    followed_now("is_open=on" if comes.startswith("opened") else "", rhythm="daily")

    type(training).objects.update(published_at=timezone.now())
    type(training.provider).objects.update(published_at=timezone.now())
    with days_later(1.1):
        alerts.tell()

    assert len(letters()) == 1


def test_what_was_withdrawn_before_the_letter_is_not_in_it():
    followed_now("", rhythm="daily")
    gone = TrainingOptionFactory()
    followed.look(FollowedSearch.objects.get().pk)
    gone.published_at = None
    gone.save()

    with days_later(1):
        alerts.tell()

    assert letters() == []


def test_letter_lists_twenty_and_counts_the_rest():
    followed_now("", rhythm="daily")
    TrainingOptionFactory.create_batch(23, provider=OrganisationFactory())

    with days_later(1):
        alerts.tell()

    (letter,) = letters()
    assert letter.html.count("/en/trainings/koulutus-") == 20
    assert "has found 23 new things" in letter.text
    assert "and 3 more in the list" in letter.text


def test_weekly_alert_is_told_once_a_week_of_all_that_came():
    followed_now("", rhythm="weekly")

    told = []
    for day in range(1, 16):
        TrainingOptionFactory(name_en=f"Course {day}")
        with days_later(day):
            alerts.tell()
        told.append(len(letters()))

    assert told == [1] * 7 + [2] * 7 + [3]
    assert "has found 7 new things" in letters()[1].text


def test_guidance_can_be_followed_too():
    followed_now("language=sv", source="guidance", language="sv", rhythm="daily")
    GuidanceServiceFactory(name_sv="Vägledning för vuxna", languages=["sv"], slug="vuxna")

    with days_later(1):
        alerts.tell()

    assert "Vägledning för vuxna" in letters()[0].text
    assert "/sv/vagledning/vuxna/" in letters()[0].text
    assert letters()[0].subject == "Nytt i sökningen du bevakar"


def test_search_that_many_follow_is_looked_at_once(django_assert_max_num_queries):
    for _number in range(10):
        followed_now("q=cook")
    before = FollowedSearch.objects.get().checked_at

    with days_later(1), django_assert_max_num_queries(10 * 6 + 12):
        alerts.tell()

    assert FollowedSearch.objects.get().checked_at > before


def test_those_of_whom_there_is_nothing_to_tell_cost_no_query_each(django_assert_max_num_queries):
    for number in range(30):
        followed_now("", email=f"aino{number}@example.fi")

    with days_later(1), django_assert_max_num_queries(15):
        alerts.tell()
        tomorrow = timezone.localdate() + timedelta(days=1)

    assert set(Alert.objects.values_list("due_on", flat=True)) == {tomorrow}


def test_choice_that_is_gone_finds_nothing_and_is_told_once():
    provider = OrganisationFactory(slug="college")
    followed_now("provider=college", rhythm="daily")
    provider.published_at = None
    provider.save()
    TrainingOptionFactory()

    for day in (1, 2):
        with days_later(day):
            alerts.tell()

    assert letters() == []
    assert [letter.subject for letter in letters("alert_lost")] == ["A search you follow no longer works"]
    assertContains(Browser().get(link()), "no longer in the portal")


def test_worker_that_dies_between_two_letters_tells_nobody_twice(monkeypatch):
    for _number in range(3):
        followed_now("", rhythm="daily")
    TrainingOptionFactory()
    written = []

    def die(*args, **kwargs):
        if len(written) == 1:
            raise KeyboardInterrupt
        written.append(args)
        return post(*args, **kwargs)

    post = alerts.post_letter
    with days_later(1):
        monkeypatch.setattr(alerts, "post_letter", die)
        with pytest.raises(KeyboardInterrupt):
            alerts.tell()
        monkeypatch.setattr(alerts, "post_letter", post)
        alerts.tell()

    assert sorted(letter.recipient for letter in letters()) == sorted(
        Alert.objects.values_list("email", flat=True)
    )


# Managing


def test_alert_detail_changes_the_rhythm(browser):
    alert = AlertFactory(rhythm="weekly")

    assertContains(browser.get(link()), "We write when something new is found.")
    browser.post(link(), {"rhythm": "daily"})

    alert.refresh_from_db()
    assert alert.rhythm == "daily"


def test_paused_alert_is_silent_and_tells_afterwards(browser):
    followed_now("", rhythm="daily")
    browser.post(link("pause/"))
    TrainingOptionFactory()
    with days_later(1):
        alerts.tell()
    assert letters() == []
    assertContains(browser.get(link()), "It is paused")

    browser.post(link("continue/"))
    with days_later(2):
        alerts.tell()

    assert len(letters()) == 1


def test_alert_ends_after_a_year_unless_one_goes_on(browser):
    followed_now("")
    with days_later(352):
        alerts.tell()
        alerts.tell()
        (letter,) = letters("alert_ending")
        assert link() in letter.text
        assertContains(browser.get(link()), "Go on for another year")
    with days_later(366):
        alerts.forget()

    assert Alert.objects.count() == 0


def test_alert_continue_gives_another_year(browser):
    followed_now("")
    with days_later(352):
        alerts.tell()
        browser.post(link("continue/"))
    with days_later(366):
        alerts.forget()

    assert Alert.objects.get().asked_at is None


# Stopping


def test_alert_stop_erases_the_address_everywhere(browser):
    ask(browser)
    confirm(browser)
    path = link("stop/")
    assertContains(browser.get(path), "Stop following?")

    response = browser.post(path)

    assertContains(response, "No more letters come, and your address is erased.")
    assert (Alert.objects.count(), Letter.objects.count()) == (0, 0)
    assertContains(browser.get(path), "This link opens no alert", status_code=404)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://mail.example.fi"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_mail_program_stops_with_one_press_from_anywhere(headers):
    followed_now("", rhythm="daily")
    stays = followed_now("q=cook", rhythm="daily")
    path = link("stop/", Alert.objects.exclude(pk=stays.pk).get())
    program = Browser(enforce_csrf_checks=True)

    first = program.post(path, {"List-Unsubscribe": "One-Click"}, headers=headers)
    again = program.post(path, {"List-Unsubscribe": "One-Click"}, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert not first.cookies
    assert Alert.objects.get() == stays


def test_letter_that_waits_does_not_leave_once_stopped(browser):
    followed_now("", rhythm="daily")
    TrainingOptionFactory()
    with days_later(1):
        alerts.tell()
        assert letters()[0].state == Letter.State.QUEUED
        browser.post(link("stop/"))

    assert Letter.objects.count() == 0


def test_stopped_stays_stopped(browser):
    followed_now("", rhythm="daily")
    path = link("stop/")
    browser.post(path)
    TrainingOptionFactory()

    for part in ("continue/", "confirm/", "pause/", ""):
        assert browser.post(path.replace("stop/", part)).status_code == 404
    with days_later(1):
        alerts.tell()

    assert Letter.objects.count() == 0


def test_alert_stop_all_stops_what_the_address_follows_and_nothing_else(browser):
    alert = followed_now("", email="aino@example.fi")
    followed_now("q=cook", email="aino@example.fi")
    other = followed_now("q=cook", email="veli@example.fi")
    assertContains(browser.get(link("stop/", alert)), "Stop this and the other search I follow")

    browser.post(link("stop-all/", alert))

    assert Alert.objects.get() == other


def test_letters_of_alerts_that_are_gone_are_erased_at_night(browser):
    ask(browser)
    Alert.objects.all().delete()

    alerts.forget()

    assert Letter.objects.count() == 0


def test_guessed_key_and_stored_hash_open_nothing(browser):
    alert = AlertFactory()

    for key in ("x" * 43, alert.key_hash, alert.nonce.hex):
        for part in ("", "confirm/", "stop/"):
            assertContains(
                browser.get(f"/en/alerts/{key}/{part}"), "This link opens no alert", status_code=404
            )
        browser.post(f"/en/alerts/{key}/stop/")
    assert Alert.objects.get() == alert


@pytest.mark.parametrize("part", ["", "confirm/", "stop/"])
def test_pages_by_link_are_kept_by_nobody_and_tell_no_address(browser, part):
    ask(browser)
    if not part:
        confirm(browser)

    response = browser.get(link(part))

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assertNotContains(response, "aino")
    assert not response.cookies


def test_logs_tell_no_address_and_no_key(browser, caplog):
    ask(browser)
    confirm(browser)
    key = Alert.objects.get().key
    browser.post(link("stop/"))

    told = " ".join(str(vars(record)) for record in caplog.records)
    assert "catalogue:public:alert_confirm" in told
    assert not re.search(f"aino|{key}", told)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_speak_the_language_of_the_letters(browser, language):
    AlertFactory(search=FollowedSearchFactory(language=language))
    with override(language):
        words = {"fi": "Haku, jota seuraat", "sv": "Sökningen du bevakar", "en": "The search you follow"}

    path = {"fi": "/fi/hakuvahdit/", "sv": "/sv/sokbevakningar/", "en": "/en/alerts/"}[language]
    assertContains(browser.get(f"{path}{Alert.objects.get().key}/"), f"<h1>{words[language]}</h1>")
