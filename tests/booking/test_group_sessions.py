"""Group sessions and events: the public list and pages, and how coordinators keep them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.models import GroupSession
from network.models import Area
from tests.factories import (
    AffiliationFactory,
    AreaFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    ServicePointFactory,
    local,
)

LIST = "/en/events/"
OFFICE = "/en/office/events/"
NARROWED = "?place=nokia&is_free=on"
MONDAY = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8)):
        yield


def on(days, **values):
    """An event in the evening, so many days from Monday."""
    starts_at = local(MONDAY + timedelta(days=days), 17)
    return GroupSessionFactory(starts_at=starts_at, **values)


def names(response):
    return [str(session) for session in response.context["page"]]


# The list


@pytest.mark.parametrize(("language", "word"), [("fi", "tapahtumat"), ("sv", "evenemang")])
def test_the_list_has_an_address_in_each_language(browser, language, word):
    session = on(1)

    assert browser.get(f"/{language}/{word}/").status_code == 200
    assert browser.get(f"/{language}/{word}/{session.slug}/").status_code == 200


def test_the_list_offers_the_calendar_of_the_place_chosen(browser, settings):
    settings.ADDRESS = "https://opinovi.example.fi"
    AreaFactory(name_fi="Nokia", name_en="Nokia", slug="nokia")
    on(1)

    everywhere, there, some = (browser.get(f"{LIST}{query}") for query in ("", "?place=nokia", NARROWED))

    address = "webcal://opinovi.example.fi/en/areas/nokia/events.ics"
    assertContains(everywhere, "Subscribe to all events")
    assertNotContains(everywhere, "/areas/nokia/")
    assertContains(there, f'<a class="button" href="{address}">Subscribe to the events: Nokia</a>', html=True)
    assertNotContains(there, "your other choices leave out")
    assertContains(some, "your other choices leave out")


def test_the_list_has_what_is_coming_soonest_first(browser):
    on(9, name_en="Later")
    on(2, name_en="Sooner")
    on(-1, name_en="Over")
    on(3, name_en="A draft", published_at=None)
    on(3, name_en="Of a draft", organisation__published_at=None)

    assert names(browser.get(LIST)) == ["Sooner", "Later"]


def test_what_goes_on_just_now_is_still_coming(browser):
    GroupSessionFactory(name_en="Now", starts_at=local(MONDAY, 7), ends_at=local(MONDAY, 9))

    assert names(browser.get(LIST)) == ["Now"]


def test_a_row_tells_day_place_holder_and_that_it_is_cancelled(browser):
    on(
        1,
        name_en="Evening",
        place_en="Library",
        municipality__name_fi="Nokia",
        organisation__name_en="The City",
        cancelled_at=timezone.now(),
    )

    response = browser.get(LIST)

    for words in ("Tue 24 Nov, 17:00–18:30", "Evening", "Library", "Nokia", "The City", "Cancelled"):
        assertContains(response, words)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=apprentice", ["Apprentice morning"]),
        ("q=school+MORNING", ["Apprentice morning"]),
        ("kind=workshop", ["CV workshop"]),
        ("kind=workshop&kind=information", ["Apprentice morning", "CV workshop"]),
        ("language=sv", ["CV workshop"]),
        ("is_online=on", ["CV workshop"]),
        ("is_free=on", ["Apprentice morning"]),
        ("when=week", ["Apprentice morning"]),
        ("when=next_week", []),
        ("when=month", ["Apprentice morning"]),
        ("when=next_month", ["CV workshop"]),
        ("first_day=2026-11-26", ["CV workshop"]),
        ("last_day=2026-11-25", ["Apprentice morning"]),
        ("first_day=2026-11-25&last_day=2026-11-25", ["Apprentice morning"]),
        ("place=nokia", ["Apprentice morning", "CV workshop"]),
        ("place=lahti", ["CV workshop"]),
        ("organisation=the-school", ["Apprentice morning"]),
        ("service=guidance", ["CV workshop"]),
    ],
)
def test_the_list_is_narrowed_by_each_choice(browser, query, found):
    AreaFactory(name_fi="Lahti", slug="lahti")
    on(
        2,
        name_en="Apprentice morning",
        kind="information",
        organisation__name_en="The School",
        organisation__slug="the-school",
        municipality__slug="nokia",
        municipality__name_fi="Nokia",
    )
    on(
        16,
        name_en="CV workshop",
        kind="workshop",
        languages=["fi", "sv"],
        municipality=None,
        online_link="https://www.example.fi/room",
        fee=5,
        service=GuidanceServiceFactory(slug="guidance"),
    )

    assert names(browser.get(f"{LIST}?{query}")) == found


def test_b23_the_last_day_of_a_range_is_inside(browser):
    GroupSessionFactory(name_en="New Year's Eve", starts_at=local(date(2026, 12, 31), 22))
    GroupSessionFactory(name_en="After midnight", starts_at=local(date(2027, 1, 1), 0))

    found = browser.get(f"{LIST}?first_day=2026-12-31&last_day=2026-12-31")

    assert names(found) == ["New Year's Eve"]


def test_days_are_choices_one_can_take_away(browser):
    response = browser.get(f"{LIST}?first_day=2026-11-26&is_free=on")

    assertContains(response, 'href="?is_free=on"')
    assertContains(response, "From the day 26 Nov 2026")


def test_the_nearest_stand_first_when_asked_for(browser):
    tampere, oulu = (
        AreaFactory(slug=slug, latitude=north, longitude=25)
        for slug, north in [("tampere", 61), ("oulu", 65)]
    )
    on(1, name_en="Online", municipality=None, online_link="https://example.fi/")
    on(2, name_en="Far", municipality=oulu)
    on(4, name_en="Later", municipality=tampere)
    on(3, name_en="Sooner", municipality=tampere)

    response = browser.get(f"{LIST}?place=tampere&sort=distance")

    assert names(response) == ["Sooner", "Later", "Far", "Online"]
    assert names(browser.get(f"{LIST}?sort=distance")) == ["Online", "Far", "Sooner", "Later"]


def test_empty_list_offers_what_finds_something_in_another_way(browser):
    on(1, name_fi="Infoilta", municipality=AreaFactory())
    AreaFactory(slug="nokia", name_fi="Nokia")

    response = browser.get(LIST, {"q": "infoilta", "place": "nokia"})

    assertContains(response, "<h1>No events coming up: “infoilta”, Nokia</h1>", html=True)
    assert response.context["form"].alternatives == [("Without Nokia", "?q=infoilta", 1)]
    assertContains(response, '<a href="?q=infoilta">Without Nokia</a>', html=True)


def test_days_the_wrong_way_round_are_explained(browser):
    response = browser.get(f"{LIST}?first_day=2026-11-26&last_day=2026-11-20")

    assertContains(response, "The last day cannot be before the first.")


def test_nothing_found_and_nothing_planned_are_two_answers(browser):
    assertContains(browser.get(LIST), "No events are planned just now")
    assertContains(browser.get(f"{LIST}?kind=workshop"), "No event matches all of these.")


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_any_number_of_rows(browser, count, django_assert_num_queries):
    for number in range(count):
        on(number + 1)

    with django_assert_num_queries(3):
        browser.get(LIST)


# One event


def test_a_page_answers_what_one_asks(browser):
    point = ServicePointFactory(
        name_en="The Point", slug="point", street_address="Mallitie 12", is_step_free=True
    )
    service = GuidanceServiceFactory(name_en="Career guidance", slug="career")
    on(
        1,
        slug="evening",
        description_en="Two students tell.",
        audience_en="Every adult.",
        service=service,
        service_point=point,
        registration_note_en="Sign up by Monday.",
        registration_link="https://www.example.fi/sign-up",
        online_link="https://www.example.fi/room",
        fee=0,
        capacity=30,
        phone="+358 00 000 0001",
        organisation__name_en="The City",
    )

    response = browser.get(f"{LIST}evening/")

    for words in (
        "Tue 24 Nov, 17:00–18:30",
        "Two students tell.",
        "Every adult.",
        "Mallitie 12",
        "step-free entrance",
        'href="/en/service-points/point/"',
        'href="/en/guidance/career/"',
        "Sign up by Monday.",
        'href="https://www.example.fi/sign-up"',
        'href="https://www.example.fi/room"',
        "free of charge",
        'href="tel:+358000000001"',
        "The City",
    ):
        assertContains(response, words)


def test_an_event_without_anything_to_sign_up_by_says_so(browser):
    on(1, slug="evening")

    assertContains(browser.get(f"{LIST}evening/"), "You need not sign up. Just come.")


@pytest.mark.parametrize(
    ("days", "values", "told"),
    [
        (-3, {}, "This event is over"),
        (3, {"cancelled_at": timezone.now()}, "This event is cancelled"),
    ],
)
def test_an_event_that_is_not_held_says_so_and_shows_others(browser, days, values, told):
    session = on(days, slug="evening", phone="+358 00 000 0001", **values)
    on(5, name_en="Another evening", organisation=session.organisation)
    on(5, name_en="A cancelled one", organisation=session.organisation, cancelled_at=timezone.now())

    response = browser.get(f"{LIST}evening/")

    assertContains(response, told)
    assertContains(response, "Another evening")
    assertNotContains(response, "A cancelled one")
    assertNotContains(response, "next-step")


def test_a_draft_has_no_page(browser):
    on(1, slug="evening", published_at=None)

    assert browser.get(f"{LIST}evening/").status_code == 404


def test_what_is_online_alone_belongs_to_every_area():
    region = AreaFactory(kind=Area.Kind.REGION)
    inside, online = (
        on(1, municipality=AreaFactory(parent=region)),
        on(2, municipality=None, online_link="https://www.example.fi/room"),
    )
    on(3)

    assert list(GroupSession.objects.within(region).coming()) == [inside, online]


def test_an_event_at_a_service_point_is_in_its_municipality():
    point = ServicePointFactory()
    session = GroupSessionFactory.build(
        organisation=OrganisationFactory(), service_point=point, municipality=None
    )

    session.full_clean()

    assert session.municipality == point.municipality


def test_an_event_nowhere_is_refused():
    session = GroupSessionFactory.build(organisation=OrganisationFactory(), municipality=None)

    with pytest.raises(ValidationError, match="Give a municipality, or a link for taking part online"):
        session.full_clean()


# The office


@pytest.fixture
def own(coordinator):
    return coordinator.affiliations.get().organisation


def filled(organisation, **changes):
    """What a coordinator writes into the form."""
    return {
        "name_fi": "Infoilta",
        "name_en": "An evening",
        "kind": "information",
        "organisation": organisation.pk,
        "starts_at": "2026-12-01T17:00",
        "ends_at": "2026-12-01T18:30",
        "municipality": AreaFactory().pk,
        "languages": ["fi", "en"],
        "fee": "0",
    } | changes


def test_a_coordinator_adds_and_publishes_an_event(browser, own):
    browser.post(f"{OFFICE}add/", filled(own))

    session = GroupSession.objects.get()
    assert (session.slug, session.starts_at, session.published_at) == (
        "infoilta",
        local(date(2026, 12, 1), 17),
        None,
    )

    browser.post(f"{OFFICE}infoilta/publish/")

    assert names(browser.get(LIST)) == ["An evening"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ends_at": "2026-12-01T16:00"}, "A session must end after it starts."),
        ({"starts_at": "2020-12-01T17:00"}, "This moment has passed. Check the day and the year."),
        ({"municipality": ""}, "Give a municipality, or a link for taking part online."),
        ({"fee": "-1"}, "A fee cannot be negative."),
        ({"languages": []}, "This field is required."),
    ],
)
def test_what_cannot_be_is_explained(browser, own, changes, told):
    response = browser.post(f"{OFFICE}add/", filled(own, **changes))

    assertContains(response, told)
    assert not GroupSession.objects.exists()


def test_nobody_adds_an_event_for_another_organisation(browser, own):
    response = browser.post(f"{OFFICE}add/", filled(OrganisationFactory()))

    assert list(response.context["form"].errors) == ["organisation"]


def test_the_same_again_is_a_new_draft_a_week_later_by_the_clock(browser, own):
    before_the_clocks_change = local(date(2027, 3, 25), 17)
    first = GroupSessionFactory(
        organisation=own,
        slug="evening",
        name_fi="Ilta",
        starts_at=before_the_clocks_change,
        cancelled_at=timezone.now(),
    )

    form = browser.get(f"{OFFICE}evening/copy/").context["form"]

    assert GroupSession.objects.count() == 1
    assert timezone.localtime(form.initial["starts_at"]).isoformat() == "2027-04-01T17:00:00+03:00"

    browser.post(f"{OFFICE}evening/copy/", filled(own, name_fi="Ilta"))

    copy = GroupSession.objects.exclude(pk=first.pk).get()
    assert (copy.slug, copy.published_at, copy.cancelled_at) == ("ilta", None, None)


def test_cancelling_asks_first_and_keeps_the_event_public(browser, own):
    session = on(5, organisation=own, slug="evening", name_en="Evening")

    assertContains(browser.get(f"{OFFICE}evening/cancel/"), "This cannot be undone.")
    session.refresh_from_db()
    assert not session.is_cancelled

    response = browser.post(f"{OFFICE}evening/cancel/")

    assertRedirects(response, OFFICE)
    assertContains(browser.get(f"{LIST}evening/"), "This event is cancelled")

    session.refresh_from_db()
    first = session.cancelled_at
    browser.post(f"{OFFICE}evening/cancel/")
    session.refresh_from_db()
    assert session.cancelled_at == first


def test_what_is_over_is_no_longer_cancelled(browser, own):
    session = on(-2, organisation=own, slug="evening")

    response = browser.post(f"{OFFICE}evening/cancel/", follow=True)

    assertContains(response, "The event is over, so it can no longer be cancelled.")
    session.refresh_from_db()
    assert not session.is_cancelled


def test_the_office_has_what_is_coming_and_what_is_over_apart(browser, own):
    on(2, organisation=own, name_en="Coming")
    on(-2, organisation=own, name_en="Past")
    on(2, name_en="Of others")

    assert names(browser.get(OFFICE)) == ["Coming"]
    assert names(browser.get(f"{OFFICE}?past=on")) == ["Past"]


def test_a_coordinator_of_elsewhere_finds_no_such_event(browser, own):
    on(2, slug="evening")

    assert browser.get(f"{OFFICE}evening/").status_code == 404


def test_the_history_says_what_was_changed(browser, own):
    session = on(2, organisation=own, slug="evening")

    browser.post(f"{OFFICE}evening/", filled(own, name_fi="Uusi nimi", municipality=session.municipality.pk))

    assertContains(browser.get(f"{OFFICE}evening/"), "Uusi nimi</ins>")


def test_a_counsellor_does_not_keep_events(browser):
    counsellor = AffiliationFactory().user
    browser.force_login(counsellor)

    assert browser.get(OFFICE).status_code == 403


def test_session_page_says_which_button_leads_to_another_site(browser):
    on(1, slug="evening", registration_link="https://www.example.fi/sign-up")

    assertContains(browser.get(f"{LIST}evening/"), "“Sign up” leads to another site.")
