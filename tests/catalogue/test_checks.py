"""Letters that ask contacts to check records, and what they do by the link."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.catalogue import checks
from guidance.catalogue.models import CheckRequest, GuidanceService, QualityScore, Suggestion, TrainingOption
from network.history import versions_of
from network.models import Contact, Organisation
from network.models.people import hash_key
from opinovi.models import Letter
from tests.factories import (
    CheckRequestFactory,
    ContactFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

KEY = "the-key-of-a-link"
LIST = f"/en/checks/{KEY}/"
START = "2026-11-27T10:00:00Z"


@pytest.fixture(autouse=True)
def _on_one_day():
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def check() -> CheckRequest:
    return CheckRequestFactory(key_hash=hash_key(KEY), organisation__website="https://www.koulu.example.fi/")


@pytest.fixture
def training(check) -> TrainingOption:
    return TrainingOptionFactory(
        provider=check.organisation,
        name_fi="Hoiva-avustaja",
        slug="hoiva",
        website="https://koulu.example.fi/hoiva",
        contact_phone="+358 00 000 0000",
    )


@pytest.fixture
def service(check) -> GuidanceService:
    return GuidanceServiceFactory(organisation=check.organisation, slug="ohjaus", summary_fi="Vanha")


def in_months(number: int, days: int = 0):
    month = 10 + number
    return time_machine.travel(
        date(2026 + month // 12, month % 12 + 1, 27) + timedelta(days=days), tick=False
    )


# Letters


def test_letter_goes_to_the_contact_who_gets_them_else_to_the_first_with_an_address():
    first, second = OrganisationFactory.create_batch(2)
    for organisation in (first, second):
        TrainingOptionFactory(provider=organisation)
        ContactFactory(organisation=organisation, name="Aino", email="", phone="+358 00 000 0000")
        ContactFactory(organisation=organisation, name="Bertta", email="bertta@example.fi")
    ContactFactory(organisation=second, name="Cecilia", email="cecilia@example.fi", receives_reminders=True)

    assert checks.ask_organisations() == 2

    asked = CheckRequest.objects.order_by("pk").values_list("organisation", "recipient")
    assert list(asked) == [(first.pk, "bertta@example.fi"), (second.pk, "cecilia@example.fi")]
    assert set(Letter.objects.values_list("recipient", flat=True)) == {
        "bertta@example.fi",
        "cecilia@example.fi",
    }


@pytest.mark.parametrize(
    ("record", "letters"),
    [
        ({"checked_on": date(2026, 5, 27)}, 0),
        ({"checked_on": date(2026, 5, 26)}, 1),
        ({"checked_on": None}, 1),
        ({"published_at": None}, 0),
    ],
)
def test_letter_goes_where_a_published_record_was_not_checked_in_six_months(record, letters):
    contact = ContactFactory()
    TrainingOptionFactory(provider=contact.organisation, **record)

    checks.ask_organisations()

    assert Letter.objects.count() == letters


@pytest.mark.parametrize("values", [{"published_at": None}, {"ended_on": date(2026, 1, 1)}])
def test_no_letter_to_an_organisation_that_is_hidden_or_gone(values):
    contact = ContactFactory(organisation=OrganisationFactory(**values))
    GuidanceServiceFactory(organisation=contact.organisation)

    assert checks.ask_organisations() == 0


def test_nobody_to_write_to_is_no_error():
    TrainingOptionFactory()

    assert checks.ask_organisations() == 0


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("fi", "Onko se, mitä kerromme teistä, vielä oikein?", "2 tietoa"),
        ("sv", "Stämmer det vi berättar om er fortfarande?", "2 uppgifter"),
        ("en", "Is what we tell about you still right?", "2 records"),
    ],
)
def test_letter_speaks_the_contacts_language_and_leads_to_all_three(language, subject, sentence):
    contact = ContactFactory(organisation__name_fi="Salainen Opisto", language=language)
    TrainingOptionFactory(provider=contact.organisation)
    GuidanceServiceFactory(organisation=contact.organisation)

    checks.ask_organisations()

    letter = Letter.objects.get()
    assert (letter.subject, letter.language) == (subject, language)
    assert sentence in letter.text
    assert "Salainen" in letter.text
    for part in (letter.text, letter.html):
        assert {"/fi/", "/sv/", "/en/"} <= set(re.findall(r"127\.0\.0\.1:8000(/../)", part))


def test_key_is_in_the_letter_alone(browser):
    contact = ContactFactory()
    TrainingOptionFactory(provider=contact.organisation, name_fi="Kurssi")

    checks.ask_organisations()

    path = re.search(r"127\.0\.0\.1:8000(/en/\S+)", Letter.objects.get().text)[1]
    key = path.rstrip("/").rpartition("/")[2]
    request = CheckRequest.objects.get()
    assert key not in str(CheckRequest.objects.values())
    assert request.key_hash == hash_key(key)
    assertContains(browser.get(path), "Kurssi")


def test_job_that_was_killed_or_runs_twice_writes_once():
    for contact in ContactFactory.create_batch(3):
        TrainingOptionFactory(provider=contact.organisation)
    first = Organisation.objects.order_by("pk").first()
    checks._ask(first, timezone.localdate())  # and then the machine went away

    assert checks.ask_organisations() == 2
    assert checks.ask_organisations() == 0
    assert checks._ask(first, timezone.localdate()) is False  # as by two workers at once
    assert Letter.objects.count() == CheckRequest.objects.count() == 3


def test_letters_without_an_answer_come_after_one_three_and_six_months():
    contact = ContactFactory()
    TrainingOptionFactory(provider=contact.organisation)
    months = []

    for month in range(20):
        with in_months(month):
            months += [month] * checks.ask_organisations()

    assert months == [0, 1, 4, 10, 16]


def test_answer_begins_the_rhythm_anew(check, training):
    checks.confirm(check, training)
    TrainingOption.objects.update(checked_on=date(2020, 1, 1))

    with in_months(1, days=-1):
        assert checks.ask_organisations() == 0
    with in_months(1):
        assert checks.ask_organisations() == 1
    with in_months(2):
        assert checks.ask_organisations() == 1


# The link


def test_list_shows_the_organisations_own_published_records_the_oldest_check_first(
    browser, check, training, service
):
    GuidanceService.objects.filter(pk=service.pk).update(checked_on=date(2026, 11, 1))
    TrainingOptionFactory(name_fi="Vieras")
    TrainingOptionFactory(provider=check.organisation, name_fi="Luonnos", published_at=None)

    response = browser.get(LIST)

    names = [row["record"].name_fi for row in response.context["rows"]]
    assert names == ["Hoiva-avustaja", service.name_fi]
    assertContains(response, "1 record has not been checked in six months.")
    assertContains(response, "+358 00 000 0000")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("count", [1, 8])
def test_list_costs_the_same_for_any_number_of_records(browser, check, count, django_assert_num_queries):
    TrainingOptionFactory.create_batch(count, provider=check.organisation)
    GuidanceServiceFactory.create_batch(count, organisation=check.organisation)
    GroupSessionFactory.create_batch(count, organisation=check.organisation)
    browser.get(LIST)

    with django_assert_num_queries(7):
        browser.get(LIST)


def test_scanner_that_opens_every_link_changes_nothing(browser, check, training, service):
    before = list(TrainingOption.objects.values()), list(GuidanceService.objects.values())
    pages = [LIST]
    for kind, slug in (("training", "hoiva"), ("service", "ohjaus")):
        pages += [f"{LIST}{kind}/{slug}/{what}/" for what in ("right", "correct", "end")]

    statuses = [getattr(browser, method)(page).status_code for page in pages for method in ("head", "get")]

    check.refresh_from_db()
    assert set(statuses) == {200, 405}  # to say that it is right is a POST alone
    assert (list(TrainingOption.objects.values()), list(GuidanceService.objects.values())) == before
    assert (check.answered_at, Suggestion.objects.count()) == (None, 0)


def test_everything_is_right_marks_the_record_as_checked_today(browser, check, training):
    for _press in range(2):
        response = browser.post(f"{LIST}training/hoiva/right/", follow=True)

    training.refresh_from_db()
    check.refresh_from_db()
    assertContains(response, "It is marked as checked today.")
    assertContains(response, "everything has been checked")
    assert (training.checked_on, check.answered_at) == (date(2026, 11, 27), timezone.now())
    assert QualityScore.objects.get(training=training).checked_on == date(2026, 11, 27)
    version = versions_of((TrainingOption, {"pk": training.pk}))[0]
    assert (version.who, version.changes[0].new) == (f"{check.contact.name}, by link", "2026-11-27")


def corrected(browser, path, record, names, **changes):
    """Send the form as a browser does, with some values changed."""
    form = browser.get(path).context["form"]
    values = {name: form[name].value() for name in names}
    sent = {name: value for name, value in (values | changes).items() if value not in (None, False)}
    response = browser.post(path, sent, follow=True)
    record.refresh_from_db()
    return response


TRAINING = f"{LIST}training/hoiva/correct/"
TRAINING_FIELDS = (
    "start", "is_rolling", "application_link", "fee", "contact_name", "contact_phone", "contact_email",
    "website",
)  # fmt: skip


def test_plain_facts_are_saved_at_once_and_the_rest_counts_as_checked(browser, check, training):
    changes = {"fee": "120", "contact_phone": "+358 00 111 1111", "start": "date", "starts_on": "2027-01-11"}

    response = corrected(browser, TRAINING, training, TRAINING_FIELDS, **changes)

    assertContains(response, "It is corrected, and everybody sees it.")
    assert (training.fee, training.contact_phone, training.starts_on, training.checked_on) == (
        120,
        "+358 00 111 1111",
        date(2027, 1, 11),
        date(2026, 11, 27),
    )
    assert versions_of((TrainingOption, {"pk": training.pk}))[0].who == f"{check.contact.name}, by link"
    assert Suggestion.objects.count() == 0


@pytest.mark.parametrize(
    ("website", "at_once"),
    [
        ("https://koulu.example.fi/uusi", True),
        ("https://kurssit.koulu.example.fi/hoiva", True),
        ("https://www.koulu.example.fi/", True),
        ("https://muualla.example.fi/hoiva", False),
        ("https://pahakoulu.example.fi/", False),
        ("https://koulu.example.fi.muualla.example/", False),
    ],
)
def test_link_to_another_site_waits_for_a_coordinator(browser, training, website, at_once):
    response = corrected(browser, TRAINING, training, TRAINING_FIELDS, website=website)

    waiting = list(Suggestion.objects.values_list("kind", "field", "value"))
    assert training.website == (website if at_once else "https://koulu.example.fi/hoiva")
    assert waiting == ([] if at_once else [("value", "website", website)])
    assertContains(response, "everybody sees it" if at_once else "when a coordinator has read them")


def test_words_and_messages_wait_and_a_second_press_adds_none(browser, check, service):
    names = ("phone", "email", "website", "fee", "response_days", "summary_fi")
    path = f"{LIST}service/ohjaus/correct/"

    for _press in range(2):
        corrected(
            browser, path, service, names, summary_fi="Uusi", phone="+358 00 222 2222", note="Muutamme."
        )

    waiting = set(Suggestion.objects.values_list("kind", "field", "value"))
    assert (service.summary_fi, service.phone) == ("Vanha", "+358 00 222 2222")
    assert waiting == {("value", "summary_fi", "Uusi"), ("note", "", "Muutamme.")}
    assert Suggestion.objects.count() == 2


def test_values_that_do_not_fit_are_explained_and_nothing_is_saved(browser, training):
    TrainingOption.objects.update(ends_on=date(2026, 12, 1))

    response = corrected(browser, TRAINING, training, TRAINING_FIELDS, start="date", starts_on="2027-01-11")

    assertContains(response, "The last day cannot be before the first.")
    assert (training.starts_on, training.checked_on) == (None, None)


def test_fields_that_a_contact_does_not_see_cannot_be_sent(browser, training):
    corrected(browser, TRAINING, training, TRAINING_FIELDS, name_fi="Muu", slug="muu", published_at="")

    assert (training.name_fi, training.slug, bool(training.published_at)) == ("Hoiva-avustaja", "hoiva", True)


def test_no_longer_offered_waits_for_a_coordinator(browser, training):
    for _press in range(2):
        response = browser.post(f"{LIST}training/hoiva/end/", follow=True)

    training.refresh_from_db()
    assertContains(response, "A coordinator takes it away soon.")
    assert (training.published_at is not None, Suggestion.objects.get().kind) == (True, "end")


def test_flood_of_messages_is_stopped(browser, training, monkeypatch):
    monkeypatch.setattr(checks, "MOST_WAITING", 2)

    for number in range(4):
        response = corrected(browser, TRAINING, training, TRAINING_FIELDS, note=f"Viesti {number}")

    assertContains(response, "So many suggestions wait already")
    assert Suggestion.objects.count() == 2


def test_post_from_another_site_is_refused(browser, training):
    response = browser.post(f"{LIST}training/hoiva/right/", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403


def test_records_of_others_are_not_there(browser, check):
    TrainingOptionFactory(slug="vieras")
    TrainingOptionFactory(slug="luonnos", provider=check.organisation, published_at=None)
    GuidanceServiceFactory(slug="ohjaus", organisation=check.organisation)

    for which in ("training/vieras", "training/luonnos", "training/ohjaus", "organisation/x", "x/ohjaus"):
        for what in ("right", "correct", "end"):
            assert browser.post(f"{LIST}{which}/{what}/").status_code == 404


def dead_links(check: CheckRequest) -> dict[str, object]:
    contacts = Contact.objects.filter(pk=check.contact_id)
    organisations = Organisation.objects.filter(pk=check.organisation_id)
    return {
        "expired": lambda: CheckRequest.objects.update(expires_at=timezone.now()),
        "other address": lambda: contacts.update(email="muu@example.fi"),
        "contact gone": contacts.delete,
        "organisation ended": lambda: organisations.update(ended_on=date(2026, 11, 1)),
        "organisation hidden": lambda: organisations.update(published_at=None),
        "other key": lambda: CheckRequest.objects.update(key_hash=hash_key("other")),
    }


@pytest.mark.parametrize(
    "reason",
    ["expired", "other address", "contact gone", "organisation ended", "organisation hidden", "other key"],
)
def test_dead_link_opens_nothing_and_names_nobody(browser, check, training, reason):
    dead_links(check)[reason]()

    seen = browser.get(LIST)
    acted = browser.post(f"{LIST}training/hoiva/right/")

    training.refresh_from_db()
    assert (seen.status_code, acted.status_code, training.checked_on) == (404, 404, None)
    assertNotContains(seen, check.organisation.name, status_code=404)


def test_link_lasts_sixty_days():
    contact = ContactFactory()
    TrainingOptionFactory(provider=contact.organisation)
    checks.ask_organisations()

    request = CheckRequest.objects.get()

    assert request.expires_at - request.created_at == timedelta(days=60)


@pytest.mark.parametrize(
    ("reason", "letters"),
    [
        (None, 0),
        ("expired", 1),
        ("other address", 0),
        ("contact gone", 0),
        ("organisation ended", 0),
        ("other key", 0),
    ],
)
def test_new_link_goes_only_to_where_an_expired_one_went_and_the_page_tells_nothing(
    browser, check, training, reason, letters
):
    CheckRequest.objects.update(expires_at=timezone.now())
    if reason is None:
        CheckRequest.objects.update(expires_at=timezone.now() + timedelta(days=1))
    else:
        dead_links(check)[reason]()

    pages = [browser.post(f"{LIST}new-link/") for _press in range(3)]

    told = {page.content.replace(KEY.encode(), b"never") for page in pages}
    assert told == {browser.post("/en/checks/never/new-link/").content}
    assert Letter.objects.count() == letters
    if letters:
        path = re.search(r"127\.0\.0\.1:8000(/en/\S+)", Letter.objects.get().text)[1]
        assert (browser.get(path).status_code, browser.get(LIST).status_code) == (200, 404)


def test_renewing_is_a_post(browser, check):
    assert browser.get(f"{LIST}new-link/").status_code == 405


# What coordinators decide


@pytest.fixture
def suggestion(training) -> Suggestion:
    return Suggestion.objects.create(
        training=training, kind="value", field="website", value="https://a.example.fi/"
    )


@pytest.fixture
def keeper(coordinator, check) -> Browser:
    """The training's own coordinator."""
    coordinator.affiliations.update(organisation=check.organisation)
    return coordinator


def test_accepted_words_are_saved_once(browser, keeper, suggestion, training):
    path = f"/en/office/quality/suggestions/{suggestion.pk}"
    listed = browser.get("/en/office/quality/suggestions/")

    first = browser.post(f"{path}/accept/", follow=True)
    second = browser.post(f"{path}/reject/", follow=True)

    training.refresh_from_db()
    suggestion.refresh_from_db()
    assertContains(listed, "https://a.example.fi/")
    assertContains(first, "Done as suggested.")
    assertContains(second, "Somebody has just decided it.")
    assert (training.website, suggestion.is_accepted, suggestion.decided_by) == (
        "https://a.example.fi/",
        True,
        keeper,
    )


def test_accepted_end_makes_a_draft_and_a_rejected_one_changes_nothing(browser, keeper, training, service):
    ends = [
        Suggestion.objects.create(training=training, kind="end"),
        Suggestion.objects.create(service=service, kind="end"),
    ]

    browser.post(f"/en/office/quality/suggestions/{ends[0].pk}/accept/")
    response = browser.post(f"/en/office/quality/suggestions/{ends[1].pk}/reject/")

    training.refresh_from_db()
    service.refresh_from_db()
    assertRedirects(response, "/en/office/quality/suggestions/")
    assert (training.published_at, service.published_at is not None) == (None, True)
    assert QualityScore.objects.get(training=training).is_published is False


def test_suggestions_of_others_are_not_there(browser, coordinator, suggestion):
    page = browser.get("/en/office/quality/suggestions/")
    answers = [
        browser.post(f"/en/office/quality/suggestions/{suggestion.pk}/{what}/").status_code
        for what in ("accept", "reject")
    ]

    assertNotContains(page, "https://a.example.fi/")
    assert answers == [404, 404]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_of_the_link_say_what_to_do_in_each_language(browser, check, training, language):
    words = {"fi": "Kaikki on oikein", "sv": "Allt stämmer", "en": "Everything is right"}
    paths = {"fi": "tarkistukset", "sv": "kontroller", "en": "checks"}

    assertContains(browser.get(f"/{language}/{paths[language]}/{KEY}/"), words[language])
