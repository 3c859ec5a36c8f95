"""The public pages of the catalogue: what they show, to anybody, at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Area, NetworkMembership, Organisation
from network.search.rebuild import rebuild
from opinovi.models import UnansweredSearch
from projects.models import Project, ProjectPartner
from tests.factories import (
    AreaFactory,
    ContactFactory,
    FundingFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    LifeSituationFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    ProjectPartnerFactory,
    RouteStopFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

FRONT, SEARCH, TRAININGS, GUIDANCE, AREAS = (
    "/en/",
    "/en/search/",
    "/en/trainings/",
    "/en/guidance/",
    "/en/areas/",
)


@pytest.fixture
def region() -> Area:
    return AreaFactory(kind=Area.Kind.REGION, name_fi="Pirkanmaa", slug="pirkanmaa", code="06")


@pytest.fixture
def nokia(region) -> Area:
    return AreaFactory(parent=region, name_fi="Nokia", slug="nokia")


def fill(area: Area, count: int = 1) -> None:
    """So many of everything that has to do with an area."""
    for _number in range(count):
        organisation = OrganisationFactory(home_municipality=area)
        service = GuidanceServiceFactory(organisation=organisation)
        service.areas.add(area)
        service.topics.add(GuidanceTopicFactory())
        point = ServicePointFactory(organisation=organisation, municipality=area)
        service.service_points.add(point)
        TrainingOptionFactory(provider=organisation).municipalities.add(area, AreaFactory())
        GroupSessionFactory(organisation=organisation, service=service, municipality=area)
        LifeSituationFactory()
        stop = RouteStopFactory(municipality=area)
        service.service_points.add(stop.service_point)
        project = Project.objects.create(
            slug=f"hanke-{organisation.pk}", name_fi="Hanke", published_at=timezone.now()
        )
        project.areas.add(area)
        ProjectPartner.objects.create(project=project, organisation=organisation)
        NetworkMembershipFactory(organisation=organisation, network__area=area)


def queries_of(browser, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    [
        FRONT,
        f"{SEARCH}?q=nokia",
        TRAININGS,
        f"{TRAININGS}?q=koulutus&place=nokia",
        GUIDANCE,
        f"{GUIDANCE}?q=ohjaus&place=nokia",
        AREAS,
        f"{AREAS}?q=nok",
        "/en/areas/nokia/",
        "/en/areas/pirkanmaa/",
    ],
)
def test_a_page_costs_the_same_for_any_number_of_rows(browser, nokia, address):
    fill(nokia)
    one = queries_of(browser, address)
    fill(nokia, 3)
    four = queries_of(browser, address)

    assert one == four <= 12


@pytest.mark.parametrize("address", ["/en/areas/nokia/", "/en/areas/pirkanmaa/", "/en/organisations/opisto/"])
def test_a_page_costs_somebody_signed_in_the_same_for_any_number_of_rows(browser, counsellor, nokia, address):
    opisto = OrganisationFactory(slug="opisto", home_municipality=nokia)
    fill(nokia)
    fill_organisation(opisto)
    one = queries_of(browser, address)
    fill(nokia, 2)
    fill_organisation(opisto, 2)
    three = queries_of(browser, address)

    assert one == three <= 18  # a dozen, two for who it is, and four that keep the session awake


def fill_organisation(organisation: Organisation, count: int = 1) -> None:
    """So many of everything that an organisation's page tells."""
    for _number in range(count):
        service = GuidanceServiceFactory(organisation=organisation)
        TrainingOptionFactory(provider=organisation)
        GroupSessionFactory(organisation=organisation, service=service)
        ServicePointFactory(organisation=organisation)
        ProjectPartnerFactory(organisation=organisation, project__published_at=timezone.now())
        NetworkMembershipFactory(organisation=organisation)
        ContactFactory(organisation=organisation, is_public=True)
        OrganisationFactory(parent=organisation)


@pytest.mark.parametrize("kind", ["organisation", "service_point", "guidance", "training", "network"])
def test_a_detail_page_costs_at_most_twelve_queries(browser, nokia, kind):
    fill(nokia)
    organisation = OrganisationFactory(home_municipality=nokia, parent=OrganisationFactory())
    membership = NetworkMembershipFactory(organisation=organisation, network__lead=organisation)
    training = TrainingOptionFactory(provider=organisation)
    service = GuidanceServiceFactory(organisation=organisation)
    point = ServicePointFactory(organisation=organisation, municipality=nokia)
    service.service_points.add(point)
    address = {
        "organisation": f"/en/organisations/{organisation.slug}/",
        "service_point": f"/en/service-points/{point.slug}/",
        "guidance": f"/en/guidance/{service.slug}/",
        "training": f"/en/trainings/{training.slug}/",
        "network": f"/en/networks/{membership.network.slug}/",
    }[kind]

    assert queries_of(browser, address) <= 12


# Front page and search


def test_front_page_has_the_situations_that_are_public_in_their_order(browser):
    LifeSituationFactory(name_en="I have no work", slug="no-work", order=2)
    LifeSituationFactory(name_en="I lost my job", slug="lost", order=1)
    LifeSituationFactory(name_en="Not ready", slug="draft", published_at=None)

    page = browser.get(FRONT).content.decode()

    assert 0 < page.index("/en/situations/lost/") < page.index("/en/situations/no-work/")
    assert "/en/situations/draft/" not in page


def test_events_reach_the_pages_they_belong_to(browser, nokia):
    organisation = OrganisationFactory(home_municipality=nokia)
    service = GuidanceServiceFactory(organisation=organisation)
    GroupSessionFactory(
        name_en="Evening for all", organisation=organisation, service=service, municipality=nokia
    )
    GroupSessionFactory(name_en="Somewhere else")

    assertContains(browser.get(FRONT), "Evening for all")
    assertContains(browser.get(FRONT), "Somewhere else")
    for address, the_list in (
        ("/en/areas/nokia/", "/en/events/?place=nokia"),
        (f"/en/organisations/{organisation.slug}/", f"/en/events/?organisation={organisation.slug}"),
        (f"/en/guidance/{service.slug}/", f"/en/events/?service={service.slug}"),
    ):
        response = browser.get(address)
        assertContains(response, "Evening for all")
        assertContains(response, f'href="{the_list}"')
        assertNotContains(response, "Somewhere else")
        assertContains(browser.get(the_list), "1 event coming up")


def test_front_page_tells_where_the_bus_stops_and_that_a_stop_is_cancelled(browser):
    RouteStopFactory(municipality__name_fi="Virrat", place="Kirjasto", cancelled_at=timezone.now())
    RouteStopFactory(place="Eilinen tori", starts_at=timezone.now() - timedelta(days=2))

    response = browser.get(FRONT)

    assertContains(response, "Virrat</span>, Kirjasto")
    assertContains(response, "Cancelled")
    assertNotContains(response, "Eilinen tori")


def test_front_page_leads_to_the_readers_language(browser):
    response = browser.get("/", HTTP_ACCEPT_LANGUAGE="sv")

    assert response.url == "/sv/"


def test_public_pages_set_no_cookie(browser, nokia):
    for address in (FRONT, SEARCH, TRAININGS, GUIDANCE, AREAS, "/en/areas/nokia/"):
        assert browser.get(address).cookies == {}


def test_search_offers_what_was_meant_and_other_ways(browser):
    TrainingOptionFactory(name_fi="Lähihoitaja")
    rebuild()

    response = browser.get(SEARCH, {"q": "lähihoitja"})
    as_written = browser.get(SEARCH, {"q": "lähihoitja", "as_written": "on"})

    assertContains(response, "Showing what was found for “lähihoitaja”.")
    assertContains(response, 'href="?q=l%C3%A4hihoitja&amp;as_written=on"')
    assertContains(as_written, "Nothing found for “lähihoitja”")
    assertContains(as_written, 'href="/en/book/"')


def test_search_offers_other_places_when_the_place_has_nothing(browser, nokia):
    near = AreaFactory(name_en="Tampere", latitude=61.498, longitude=23.76)
    Area.objects.filter(pk=nokia.pk).update(latitude=61.478, longitude=23.508)
    TrainingOptionFactory(name_fi="Kokki").municipalities.add(near)

    response = browser.get(SEARCH, {"q": "kokki nokia"})

    assert response.context["alternatives"] == [
        ("In Tampere, 14 km away", "?q=kokki+Tampere", 1),
        ("In the whole country", "?q=kokki", 1),
    ]


def test_search_offers_other_places_when_only_what_is_the_same_everywhere_is_found(browser, nokia):
    near = AreaFactory(name_en="Tampere", latitude=61.498, longitude=23.76)
    AreaFactory(name_en="Ylöjärvi", latitude=61.55, longitude=23.59)
    Area.objects.filter(pk=nokia.pk).update(latitude=61.478, longitude=23.508)
    FundingFactory(name_fi="Kokki")

    alone = browser.get(SEARCH, {"q": "kokki nokia"})
    TrainingOptionFactory(name_fi="Kokki").municipalities.add(near)
    beside = browser.get(SEARCH, {"q": "kokki nokia"})

    assert [group.kind.slug for group, _url in alone.context["groups"]] == ["area", "funding"]
    assert alone.context["alternatives"] == [("In the whole country", "?q=kokki", 1)]
    assert beside.context["alternatives"] == [
        ("In Tampere, 14 km away", "?q=kokki+Tampere", 2),
        ("In the whole country", "?q=kokki", 2),
    ]
    assert list(UnansweredSearch.objects.values_list("words", "place", "number")) == [
        ("kokki nokia", "nokia", 2)
    ]


def test_search_offers_each_word_alone_when_they_are_not_found_together(browser):
    TrainingOptionFactory(name_fi="Kokki")

    response = browser.get(SEARCH, {"q": "kokki leipuri"})

    assert response.context["alternatives"] == [("“kokki”", "?q=kokki", 1)]


def test_search_is_as_long_as_it_may_be(browser):
    response = browser.get(SEARCH, {"q": "x" * 3000})

    assert response.context["words"] == "x" * 100


# Training


@pytest.fixture
def by_distance() -> dict[str, Area]:
    """Three municipalities from south to north."""
    places = {"tampere": 61.5, "oulu": 65.0, "inari": 68.9}
    return {slug: AreaFactory(slug=slug, latitude=north, longitude=25) for slug, north in places.items()}


def test_training_list_has_the_nearest_first_when_asked_for(browser, by_distance):
    TrainingOptionFactory(name_en="Anywhere", mode="distance")
    for name, places in [("Far", ["inari"]), ("Near", ["oulu"]), ("Here too", ["inari", "tampere"])]:
        TrainingOptionFactory(name_en=name).municipalities.add(*(by_distance[place] for place in places))

    page = browser.get("/en/trainings/?place=tampere&sort=distance").context["page"]

    assert [str(row) for row in page] == ["Here too", "Near", "Far", "Anywhere"]


def test_guidance_list_has_the_nearest_service_point_first_but_nothing_for_others(browser, by_distance):
    GuidanceServiceFactory(name_en="By phone")
    for name, place in [("Far", "inari"), ("Here", "tampere"), ("Beside", "tampere"), ("Near", "oulu")]:
        point = ServicePointFactory(municipality=by_distance[place])
        GuidanceServiceFactory(name_en=name).service_points.add(point)
    GuidanceServiceFactory(name_en="For others").areas.add(by_distance["oulu"])

    page = browser.get("/en/guidance/?place=tampere&sort=distance").context["page"]

    assert [str(row) for row in page] == ["Beside", "Here", "Near", "Far", "By phone"]


def test_training_list_shows_what_one_decides_by(browser, nokia):
    training = TrainingOptionFactory(
        name_en="Cook",
        provider__name_en="Test College",
        extent=180,
        extent_unit=TrainingOption.Unit.COMPETENCE_POINT,
        teaching_times=["evening"],
    )
    training.municipalities.add(nokia)

    response = browser.get(TRAININGS)

    for words in (
        "1 training",
        "Cook",
        "Test College",
        "Nokia",
        "evenings",
        "competence points",
        "Apply at any time",
    ):
        assertContains(response, words)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=kokki", ["Kokki"]),
        ("place=Nokia", ["Kokki"]),
        ("place=pirkanmaa", ["Kokki"]),
        ("kind=labour&kind=course", ["Kokki", "Hitsaaja"]),
        ("kind=labour", ["Hitsaaja"]),
        ("field=technology", ["Hitsaaja"]),
        ("time=evening", ["Kokki"]),
        ("mode=workplace", ["Hitsaaja"]),
        ("language=sv", ["Kokki"]),
        ("is_free=on", ["Kokki"]),
        ("is_open=on", ["Kokki"]),
        ("sort=name", ["Hitsaaja", "Kokki"]),
        ("sort=start", ["Hitsaaja", "Kokki"]),
        ("", ["Kokki", "Hitsaaja"]),  # what is open comes first
    ],
)
def test_training_list_narrows_and_sorts(browser, nokia, query, names):
    cook = TrainingOptionFactory(
        name_fi="Kokki", field="service", teaching_times=["evening", "day"], languages=["fi", "sv"]
    )
    cook.municipalities.add(nokia)
    TrainingOptionFactory(
        name_fi="Hitsaaja",
        kind="labour",
        field="technology",
        teaching_times=["day"],
        mode="workplace",
        languages=["fi"],
        fee=10,
        is_rolling=False,
        starts_on=timezone.localdate(),
    )

    response = browser.get(f"{TRAININGS}?{query}")

    assert [training.name_fi for training in response.context["page"]] == names


def test_training_list_lets_each_choice_be_taken_away(browser, nokia):
    response = browser.get(f"{TRAININGS}?q=kokki&place=nokia&kind=course&kind=labour&sort=name")

    tags = [(tag.label, tag.url) for tag in response.context["form"].tags]
    assert tags == [
        ("“kokki”", "?place=nokia&kind=course&kind=labour&sort=name"),
        ("Nokia", "?q=kokki&kind=course&kind=labour&sort=name"),
        ("course", "?q=kokki&place=nokia&kind=labour&sort=name"),
        ("labour market training", "?q=kokki&place=nokia&kind=course&sort=name"),
    ]
    assertContains(response, "<h1>No training: “kokki”, Nokia</h1>", html=True)


@pytest.mark.parametrize("place", ["nokia", "NOKIA", "Nokia"])
def test_training_list_shows_the_places_name_however_it_was_asked(browser, nokia, place):
    response = browser.get(TRAININGS, {"place": place})

    assertContains(response, 'value="Nokia"')


@pytest.mark.parametrize("place", ["Nokialla", "nokiaan", "Nokialta"])
def test_training_list_reads_a_place_in_any_case_form(browser, nokia, place):
    response = browser.get(TRAININGS, {"place": place})

    assert response.context["form"].cleaned_data["place"] == nokia


def test_training_list_asks_where_the_nearest_are_counted_from(browser, nokia):
    TrainingOptionFactory()

    response = browser.get(TRAININGS, {"sort": "distance"})
    near = browser.get(TRAININGS, {"sort": "distance", "place": "nokia"})

    assertContains(response, "Say where: the nearest to that place will stand first.")
    assertContains(response, "<h1>1 training</h1>", html=True)
    assertContains(near, "<h1>1 training – nearest to Nokia first</h1>", html=True)


def test_training_list_offers_fewer_choices_when_no_one_of_them_is_to_blame(browser, nokia):
    TrainingOptionFactory(name_fi="Kokki", kind="course", fee=5)

    response = browser.get(TRAININGS, {"q": "kokki", "place": "nokia", "kind": "labour", "is_free": "on"})

    assert response.context["form"].alternatives == [("Only “kokki”", "?q=kokki", 1)]


def test_training_list_says_what_place_may_have_been_meant(browser, nokia):
    response = browser.get(TRAININGS, {"place": "nokja"})

    assertContains(response, "We know no place called “nokja”. Did you mean Nokia?")


def test_training_list_survives_an_address_that_was_tampered_with(browser):
    assert browser.get(f"{TRAININGS}?kind=nonsense&sort=nonsense&page=99&provider=nobody").status_code == 200


def test_training_list_goes_on_over_pages_with_its_choices(browser):
    TrainingOptionFactory.create_batch(26)

    response = browser.get(f"{TRAININGS}?kind=course")

    assert len(response.context["page"]) == 25
    assertContains(response, "?kind=course&amp;page=2")


def test_training_list_hides_drafts(browser):
    TrainingOptionFactory(published_at=None)
    TrainingOptionFactory(provider__published_at=None)

    assertContains(browser.get(TRAININGS), "<h1>No training</h1>", html=True)


def test_training_detail_of_a_draft_is_not_found(browser):
    training = TrainingOptionFactory(published_at=None)

    assert browser.get(f"/en/trainings/{training.slug}/").status_code == 404


def test_training_detail_leads_to_the_application_until_it_closes(browser):
    today = timezone.localdate()
    training = TrainingOptionFactory(
        is_rolling=False,
        applications_from=today,
        applications_to=today,
        application_link="https://www.example.fi/haku/",
    )
    address = f"/en/trainings/{training.slug}/"

    assertContains(browser.get(address), "Closes today")
    assertContains(browser.get(address), 'href="https://www.example.fi/haku/"')

    TrainingOption.objects.update(applications_from=None, applications_to=today - timedelta(days=1))

    assertContains(browser.get(address), "Applications closed")
    assertNotContains(browser.get(address), "https://www.example.fi/haku/")


# Guidance


def test_guidance_detail_leads_to_booking(browser):
    service = GuidanceServiceFactory(slug="uraohjaus")

    assertContains(browser.get(f"/en/guidance/{service.slug}/"), 'href="/en/guidance/uraohjaus/book/"')


@pytest.mark.parametrize("booking", [GuidanceService.Booking.COUNSELLOR, GuidanceService.Booking.NONE])
def test_guidance_detail_without_booking_gives_the_phone(browser, booking):
    service = GuidanceServiceFactory(booking=booking, phone="+358 00 111")

    response = browser.get(f"/en/guidance/{service.slug}/")

    assertContains(response, 'href="tel:+35800111"')
    assertNotContains(response, "/book/")


def test_guidance_list_narrows_to_what_anyone_can_book(browser):
    GuidanceServiceFactory(name_fi="Varattava")
    GuidanceServiceFactory(name_fi="Tule vain", booking="none")

    response = browser.get(f"{GUIDANCE}?is_bookable=on")

    assert [service.name_fi for service in response.context["page"]] == ["Varattava"]


def test_texts_that_fall_back_say_their_language(browser):
    service = GuidanceServiceFactory(name_fi="Uraohjaus")

    assertContains(
        browser.get(f"/en/guidance/{service.slug}/"), '<h1><span lang="fi">Uraohjaus</span></h1>', html=True
    )


# Areas


def test_area_detail_gathers_what_is_there_with_true_counts(browser, region, nokia):
    fill(nokia, 6)
    fill(AreaFactory())

    response = browser.get("/en/areas/pirkanmaa/")

    counts = {kind: section.count for kind, section in response.context["sections"].items()}
    assert counts == {
        "services": 6,
        "trainings": 6,
        "points": 6,
        "stops": 6,
        "projects": 6,
        "organisations": 6,
        "networks": 6,
        "materials": 0,
    }
    for address in (
        f"{TRAININGS}?place=pirkanmaa",
        f"{GUIDANCE}?place=pirkanmaa",
        "/en/organisations/?place=pirkanmaa",
    ):
        assertContains(response, f'href="{address}"')
        assert browser.get(address).context["page"].paginator.count == 6


def test_area_detail_shows_projects_of_the_ely_area_around_it(browser, region, nokia):
    ely = AreaFactory(kind=Area.Kind.ELY, name_fi="Pirkanmaan ELY-alue")
    ely.parts.add(region)
    project = Project.objects.create(slug="hanke", name_fi="Vanha hanke", published_at=timezone.now())
    project.areas.add(ely)

    for slug in ("pirkanmaa", "nokia"):
        assertContains(browser.get(f"/en/areas/{slug}/"), "Vanha hanke")


def test_area_detail_of_a_past_area_leads_to_its_successor(browser):
    old = AreaFactory(kind=Area.Kind.ELY, slug="vanha", valid_to=timezone.localdate() - timedelta(days=1))
    old.successors.add(AreaFactory(kind=Area.Kind.VITALITY, slug="uusi"))

    assertContains(browser.get("/en/areas/vanha/"), 'href="/en/areas/uusi/"')


def test_area_list_draws_the_map_and_finds_a_municipality(browser, region, nokia):
    assertContains(browser.get(AREAS), "<svg")
    assertContains(browser.get(AREAS, {"q": "nok"}), 'href="/en/areas/nokia/"')


# Organisations, networks and service points


def test_organisation_detail_shows_only_public_contacts(browser):
    organisation = OrganisationFactory()
    organisation.contacts.create(name="Julkinen Yhteys", email="a@example.fi", is_public=True)
    organisation.contacts.create(name="Sisäinen Yhteys", email="b@example.fi")

    response = browser.get(f"/en/organisations/{organisation.slug}/")

    assertContains(response, "Julkinen Yhteys")
    assertNotContains(response, "Sisäinen Yhteys")


def test_organisation_detail_names_a_project_once_with_every_role(browser):
    organisation = OrganisationFactory()
    project = Project.objects.create(slug="hanke", name_fi="Hanke", published_at=timezone.now())
    for role in ("implementer", "partner"):
        ProjectPartner.objects.create(project=project, organisation=organisation, role=role)

    response = browser.get(f"/en/organisations/{organisation.slug}/")

    assertContains(response, 'href="/en/projects/hanke/"', count=1)
    assertContains(response, "implementer")


def test_network_detail_shows_members_of_today_by_sector(browser):
    network = NetworkFactory()
    NetworkMembershipFactory(network=network, organisation__name_fi="Mukana")
    NetworkMembershipFactory(
        network=network, organisation__name_fi="Lähtenyt", until=timezone.localdate() - timedelta(days=1)
    )

    response = browser.get(f"/en/networks/{network.slug}/")

    assert NetworkMembership.objects.count() == 2
    assertContains(response, "Mukana")
    assertNotContains(response, "Lähtenyt")


def test_service_point_detail_says_that_it_outlived_its_project(browser):
    point = ServicePointFactory()
    project = Project.objects.create(
        slug="hanke",
        name_fi="Hanke",
        ends_on=timezone.localdate() - timedelta(days=1),
        published_at=timezone.now(),
    )
    project.service_points.add(point)

    assertContains(
        browser.get(f"/en/service-points/{point.slug}/"), "the project ended, the service point went on"
    )


def test_service_point_detail_of_a_closed_one_offers_no_time(browser):
    point = ServicePointFactory(closed_on=timezone.localdate())
    GuidanceServiceFactory().service_points.add(point)

    response = browser.get(f"/en/service-points/{point.slug}/")

    assertContains(response, "Closed for good on")
    assertNotContains(response, "/book/")
