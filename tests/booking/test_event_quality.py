"""The data quality of events: what is asked of them, where it is shown, and what contacts do by a link."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.models import GroupSession, Registration
from guidance.booking.quality import EVENTS
from guidance.catalogue import checks
from guidance.catalogue.links.checking import collect_links
from guidance.catalogue.models import LinkCheck, QualityScore, Suggestion
from guidance.catalogue.quality import scoring
from guidance.catalogue.quality.criterion import Known
from network.history import versions_of
from network.models.people import hash_key
from opinovi.models import Letter
from tests.factories import (
    CheckRequestFactory,
    ContactFactory,
    GroupSessionFactory,
    RegistrationFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 27)
OLD = date(2026, 3, 2)
KEY = "the-key-of-a-link"
LIST = f"/en/checks/{KEY}/"
OFFICE = "/en/office/events/ilta/"
LONG = "Opit hakemisesta ja rahoista. " * 8


@pytest.fixture(autouse=True)
def _on_one_day():
    with time_machine.travel(local(TODAY, 10), tick=False):
        yield


@pytest.fixture
def check():
    return CheckRequestFactory(key_hash=hash_key(KEY), organisation__website="https://www.koulu.example.fi/")


@pytest.fixture
def session(check):
    return GroupSessionFactory(
        organisation=check.organisation,
        name_fi="Infoilta",
        slug="ilta",
        checked_on=OLD,
        registration_link="https://koulu.example.fi/ilta",
        phone="+358 00 000 0000",
        summary_fi="Vanha",
    )


@pytest.fixture
def keeper(coordinator, session):
    """The event's own coordinator."""
    coordinator.affiliations.update(organisation=session.organisation)
    return coordinator


def days_from_now(days):
    return local(TODAY + timedelta(days=days), 17)


def share(session, code):
    criterion = next(criterion for criterion in EVENTS.criteria if criterion.code == code)
    found = criterion.measure(session, Known())
    return found and (found.share, found.fields)


def kinds():
    return set(QualityScore.objects.values_list("kind", flat=True))


# What is asked


@pytest.mark.parametrize(
    ("code", "values", "found"),
    [
        ("in_one_sentence", {}, (0, ("summary_fi",))),
        ("in_one_sentence", {"summary_fi": "Kysy rahoista."}, (1, ())),
        ("what_happens", {}, (0, ("description_fi",))),
        ("what_happens", {"description_sv": LONG}, (1, ())),
        ("who_it_is_for", {}, (0, ("audience_fi",))),
        ("who_it_is_for", {"audience_en": "Adults"}, (1, ())),
        ("where_it_is", {"place_fi": ""}, (0, ("street_address",))),
        ("where_it_is", {}, (0.5, ("street_address",))),
        ("where_it_is", {"street_address": "Koulukatu 1"}, (1, ())),
        ("where_it_is", {"municipality": None, "online_link": "https://video.example.fi/x"}, (1, ())),
        ("in_which_language", {"languages": []}, (0, ("languages",))),
        ("in_which_language", {}, (1, ())),
        ("what_it_costs", {"fee": None}, (0, ("fee",))),
        ("what_it_costs", {}, (1, ())),
        ("how_to_sign_up", {}, (0, ("registration_note_fi",))),
        ("how_to_sign_up", {"registration_note_fi": "Tule vain."}, (1, ())),
        ("how_to_sign_up", {"registration_link": "https://example.fi/"}, (1, ())),
        ("how_to_sign_up", {"has_registration": True}, (1, ())),
        ("whom_to_ask", {}, (0, ("email",))),
        ("whom_to_ask", {"phone": "+358 00 000 0000"}, (1, ())),
        ("checked", {}, (1, ())),
        ("checked", {"checked_on": None}, (0, ("checked_on",))),
        ("three_languages", {"place_fi": ""}, (0.5, ("name_sv", "name_en"))),
        ("plain_texts", {"description_fi": "Soita 050 000 0000", "place_fi": ""}, (0.5, ("description_fi",))),
    ],
)
def test_what_is_asked_of_an_event(code, values, found):
    assert share(GroupSessionFactory(**values), code) == found


def test_event_at_a_service_point_is_somewhere():
    point = ServicePointFactory()

    session = GroupSessionFactory(service_point=point, municipality=point.municipality)

    assert share(session, "where_it_is") == (1, ())


# What is measured


def test_only_what_is_coming_is_measured_drafts_too():
    coming, draft = GroupSessionFactory(), GroupSessionFactory(published_at=None)
    GroupSessionFactory(starts_at=days_from_now(-1))
    GroupSessionFactory(cancelled_at=timezone.now())

    scoring.refresh_all()

    scores = QualityScore.objects.filter(kind="event").order_by("event_id")
    told = list(scores.values_list("event_id", "keeper", "checked_on", "is_published"))
    assert told == [
        (coming.pk, coming.organisation_id, TODAY, True),
        (draft.pk, draft.organisation_id, TODAY, False),
    ]


@pytest.mark.parametrize("measure", [scoring.refresh_all, scoring.refresh_changed])
def test_score_goes_when_the_event_is_over(measure):
    GroupSessionFactory()
    scoring.refresh_all()
    assert kinds() == {"organisation", "event"}

    with time_machine.travel(days_from_now(2), tick=False):
        measure()

    assert kinds() == {"organisation"}


def test_score_and_suggestions_go_with_the_event(session):
    scoring.refresh(session)
    Suggestion.objects.create(event_id=session.pk, kind="note", value="Muutamme.")

    session.delete()

    assert (QualityScore.objects.exists(), Suggestion.objects.exists()) == (False, False)


def test_what_was_saved_is_measured_by_the_ten_minute_job_and_nothing_else():
    session = GroupSessionFactory()
    scoring.refresh_all()

    with time_machine.travel(local(TODAY, 12), tick=False):
        scoring.refresh_changed()  # what was saved just before is measured twice
        assert scoring.refresh_changed() == 0
        session.save()
        assert scoring.refresh_changed() == 1


def test_links_of_coming_events_are_looked_at():
    GroupSessionFactory(registration_link="https://example.fi/tuleva")
    GroupSessionFactory(registration_link="https://example.fi/mennyt", starts_at=days_from_now(-1))

    collect_links()

    assert list(LinkCheck.objects.values_list("url", flat=True)) == ["https://example.fi/tuleva"]


# In the office


def test_office_shows_events_among_what_one_keeps(browser, keeper, session):
    GroupSessionFactory(name_fi="Vieras")
    scoring.refresh_all()

    page = browser.get("/en/office/quality/records/?kind=event&stale=on")

    assert [score.subject for score in page.context["page"]] == [session]
    assertContains(page, "Infoilta")
    assert page.context["whole"]["stale"] == 1


def test_office_counts_events_of_an_organisation(browser, keeper, session):
    scoring.refresh_all()

    row = browser.get("/en/office/quality/organisations/").context["rows"][0]

    assert (row["number"], row["stale"]) == (2, 1)


def test_event_that_has_just_gone_is_left_out_of_the_list(browser, keeper, session):
    scoring.refresh_all()
    score = QualityScore.objects.get(kind="event")
    GroupSession.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())

    detail = browser.get("/en/office/quality/event/ilta/")
    scoring.refresh(session)

    assert detail.status_code == 404
    assert not QualityScore.objects.filter(pk=score.pk).exists()


def test_event_page_shows_line_by_line_what_would_make_it_better(browser, keeper, session):
    scoring.refresh(session)

    page = browser.get(OFFICE)

    assertContains(page, "What would make this better")
    assertContains(page, f'href="{OFFICE}#id_is_checked_today"')
    assertContains(page, 'id="id_is_checked_today"')
    assertContains(page, "Last checked on 2 Mar 2026.")


def sent(page, **changes):
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_saving_measures_the_event_again_and_writes_down_the_check(browser, keeper, session):
    scoring.refresh(session)

    browser.post(OFFICE, sent(browser.get(OFFICE), is_checked_today="on", summary_fi="Kysy rahoista."))

    session.refresh_from_db()
    shares = {line["code"]: line["share"] for line in QualityScore.objects.get().lines}
    assert session.checked_on == TODAY
    assert (shares["checked"], shares["in_one_sentence"]) == (1, 1)


def test_saving_without_a_check_leaves_its_day(browser, keeper, session):
    browser.post(OFFICE, sent(browser.get(OFFICE), summary_fi="Kysy rahoista."))

    session.refresh_from_db()
    assert (session.summary_fi, session.checked_on) == ("Kysy rahoista.", OLD)


def test_check_goes_for_the_later_meetings_that_are_changed_together(browser, keeper, session):
    series = "5f0c7d3e-8f5c-4f6e-9c55-0f7a3d1b2c4d"
    GroupSession.objects.update(series=series)
    later = GroupSessionFactory(
        organisation=session.organisation, series=series, starts_at=days_from_now(9), checked_on=OLD
    )

    browser.post(OFFICE, sent(browser.get(OFFICE), is_checked_today="on", with_later="on"))

    later.refresh_from_db()
    assert later.checked_on == TODAY


def test_copy_of_an_event_counts_as_checked_when_it_is_made(browser, keeper, session):
    page = browser.get(f"{OFFICE}copy/")
    browser.post(f"{OFFICE}copy/", sent(page))

    copy = GroupSession.objects.exclude(pk=session.pk).get()
    assertNotContains(page, "I have checked today")
    assert copy.checked_on == TODAY


def test_publishing_and_cancelling_reach_the_score_at_once(browser, keeper, session):
    scoring.refresh(session)

    browser.post(f"{OFFICE}publish/")
    is_published = QualityScore.objects.get().is_published
    browser.post(f"{OFFICE}cancel/")

    assert (is_published, QualityScore.objects.exists()) == (False, False)


# What a reader is told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"checked_on": TODAY}, "Checked on"),
        ({"checked_on": OLD}, "Details may have changed"),
        ({"checked_on": None}, "It is not known when this was last checked."),
    ],
)
def test_reader_is_told_when_an_event_was_checked(browser, values, told):
    GroupSessionFactory(slug="ilta", **values)

    assertContains(browser.get("/en/events/ilta/"), told)


def test_reader_of_a_past_event_is_told_nothing_of_checks(browser):
    GroupSessionFactory(slug="ilta", starts_at=days_from_now(-1), checked_on=None)

    assertNotContains(browser.get("/en/events/ilta/"), "checked")


# Letters, and what a contact does by the link


@pytest.mark.parametrize(
    ("values", "letters"),
    [
        ({"checked_on": OLD}, 1),
        ({"checked_on": None}, 1),
        ({}, 0),
        ({"checked_on": OLD, "published_at": None}, 0),
        ({"checked_on": OLD, "cancelled_at": timezone.now()}, 0),
        ({"checked_on": OLD, "starts_at": days_from_now(-1)}, 0),
    ],
)
def test_letter_asks_about_coming_events_that_nobody_has_checked(values, letters):
    contact = ContactFactory(language="en")
    GroupSessionFactory(organisation=contact.organisation, **values)

    assert checks.ask_organisations() == letters

    assert [("1 record" in letter.text) for letter in Letter.objects.all()] == [True] * letters


def test_link_shows_the_event_and_a_press_confirms_it(browser, check, session):
    GroupSessionFactory(organisation=check.organisation, name_fi="Mennyt", starts_at=days_from_now(-1))

    page = browser.get(LIST)
    pressed = browser.post(f"{LIST}event/ilta/right/")

    session.refresh_from_db()
    version = versions_of((GroupSession, {"pk": session.pk}))[0]
    assertContains(page, "https://koulu.example.fi/ilta")
    assertContains(page, "Will not be held")
    assertNotContains(page, "Mennyt")
    assertRedirects(pressed, f"{LIST}?done=checked")
    assert (session.checked_on, version.who) == (TODAY, f"{check.contact.name}, by link")
    assert QualityScore.objects.get().checked_on == TODAY


def corrected(browser, session, **changes):
    path = f"{LIST}event/ilta/correct/"
    response = browser.post(path, sent(browser.get(path), **changes), follow=True)
    session.refresh_from_db()
    return response


def test_plain_facts_are_saved_at_once_and_words_and_foreign_links_wait(browser, session):
    changes = {
        "phone": "+358 00 111 1111",
        "fee": "5",
        "summary_fi": "Uusi",
        "registration_link": "https://muualla.example.fi/",
        "note": "Alkaa vasta kuudelta.",
    }

    response = corrected(browser, session, **changes)

    waiting = set(Suggestion.objects.values_list("event_id", "kind", "field", "value"))
    assertContains(response, "when a coordinator has read them")
    assert (session.phone, session.fee, session.summary_fi) == ("+358 00 111 1111", 5, "Vanha")
    assert session.registration_link == "https://koulu.example.fi/ilta"
    assert waiting == {
        (session.pk, "value", "summary_fi", "Uusi"),
        (session.pk, "value", "registration_link", "https://muualla.example.fi/"),
        (session.pk, "note", "", "Alkaa vasta kuudelta."),
    }


def test_link_where_one_signs_up_is_refused_when_people_sign_up_here(browser, session):
    GroupSession.objects.update(registration_link="", has_registration=True)

    response = corrected(browser, session, registration_link="https://koulu.example.fi/uusi")

    assertContains(response, "People sign up either here or on the other site: choose one.")
    assert session.registration_link == ""


def test_time_and_place_cannot_be_sent(browser, session):
    corrected(browser, session, starts_at="2026-12-24T10:00", street_address="Muualla 1", slug="muu")

    assert (session.starts_at, session.street_address, session.slug) == (days_from_now(1), "", "ilta")


def test_events_that_are_over_or_of_others_are_not_there(browser, check):
    GroupSessionFactory(slug="vieras")
    GroupSessionFactory(organisation=check.organisation, slug="mennyt", starts_at=days_from_now(-1))

    for slug in ("vieras", "mennyt"):
        for what in ("right", "correct", "end"):
            assert browser.post(f"{LIST}event/{slug}/{what}/").status_code == 404


def test_accepted_words_are_found_by_the_search(browser, keeper, session):
    suggestion = Suggestion.objects.create(
        event_id=session.pk, kind="value", field="summary_fi", value="Kysy hitsauksesta"
    )
    path = f"/en/office/quality/suggestions/{suggestion.pk}/accept/"

    listed = browser.get("/en/office/quality/suggestions/")
    browser.post(path)

    session.refresh_from_db()
    assertContains(listed, "Kysy hitsauksesta")
    assertContains(listed, f'href="{OFFICE}"')
    assert session.summary_fi == "Kysy hitsauksesta"
    assertContains(browser.get("/en/events/?q=hitsaus"), "Infoilta")


def test_event_that_will_not_be_held_is_cancelled_and_people_are_told(browser, keeper, session):
    GroupSession.objects.update(registration_link="", has_registration=True)
    session.refresh_from_db()
    RegistrationFactory(session=session, email="aino@example.fi")
    scoring.refresh(session)

    asked = browser.get(f"{LIST}event/ilta/end/")
    browser.post(f"{LIST}event/ilta/end/")
    session.refresh_from_db()
    was_cancelled = session.is_cancelled
    suggestion = Suggestion.objects.get()
    browser.post(f"/en/office/quality/suggestions/{suggestion.pk}/accept/")

    session.refresh_from_db()
    assertContains(asked, "cancels it and tells those who have signed up")
    assert (was_cancelled, session.is_cancelled, bool(session.published_at)) == (False, True, True)
    assert Registration.objects.get().state == "cancelled"
    assert list(Letter.objects.values_list("kind", flat=True)) == ["registration_session_cancelled"]
    assert QualityScore.objects.exists() is False


def test_suggestions_about_events_of_others_are_not_there(browser, coordinator, session):
    suggestion = Suggestion.objects.create(event_id=session.pk, kind="note", value="Salaisuus")

    page = browser.get("/en/office/quality/suggestions/")
    pressed = browser.post(f"/en/office/quality/suggestions/{suggestion.pk}/accept/")

    assertNotContains(page, "Salaisuus")
    assert pressed.status_code == 404
