"""The load of each counsellor, for coordinators."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guidance.booking.counsellor_loads import Load, TeamLoad
from network.models import Affiliation
from tests.factories import (
    AbsenceFactory,
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
THURSDAY = MONDAY + timedelta(days=3)
PAGE = "/en/office/capacity/counsellors/"
HOUR = 3600


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service(coordinator):
    organisation = coordinator.affiliations.get().organisation
    return GuidanceServiceFactory(organisation=organisation, slug="career", duration_minutes=60)


def offer(service, name, hours=4, **said):
    """Hours from ten o'clock on a Thursday of a counsellor with the name."""
    until = time(10 + hours)
    made = AvailabilityFactory(service=service, on=THURSDAY, starts_at=time(10), ends_at=until, **said)
    made.counsellor.name = name
    made.counsellor.save()
    return made


def meet(service, counsellor, hour, **said):
    return AppointmentFactory(
        guidance_service=service,
        channel=ChannelFactory(),
        counsellor=counsellor,
        starts_at=local(THURSDAY, hour),
        **said,
    )


def names(browser, url=PAGE):
    return [row.counsellor.name for row, _next_free in browser.get(url).context["rows"]]


def test_load_tells_hours_offered_booked_and_free_and_the_next_free_time(service):
    aino = offer(service, "Aino").counsellor
    meet(service, aino, 10)

    team = TeamLoad([service], weeks=4, with_idle=False)

    (row,) = team.rows
    assert row.load == Load(offered=4 * HOUR, booked=HOUR, free=3 * HOUR)
    assert row.load.percent == 25
    assert team.next_free(aino.pk).starts_at == local(THURSDAY, 11)


def test_load_counts_an_hour_offered_in_two_services_once(service):
    other = GuidanceServiceFactory(organisation=service.organisation, duration_minutes=30)
    offer(service, "Aino").services.add(other)

    (row,) = TeamLoad([service, other], weeks=4, with_idle=False).rows

    assert row.load == Load(offered=4 * HOUR, booked=0, free=4 * HOUR)


def test_load_leaves_absences_and_cancelled_meetings_out(service):
    aino = offer(service, "Aino").counsellor
    AbsenceFactory(counsellor=aino, starts_at=local(THURSDAY, 12), ends_at=local(THURSDAY, 18))
    meet(service, aino, 10, cancelled_at=local(MONDAY, 7), cancelled_by="person")

    (row,) = TeamLoad([service], weeks=4, with_idle=False).rows

    assert row.load == Load(offered=2 * HOUR, booked=0, free=2 * HOUR)


def test_load_of_today_has_no_free_hours_that_have_passed(service):
    offer(service, "Aino")

    with time_machine.travel(local(THURSDAY, 13), tick=False):
        (row,) = TeamLoad([service], weeks=1, with_idle=False).rows

    assert row.load == Load(offered=4 * HOUR, booked=0, free=HOUR)


def test_load_ends_with_the_chosen_weeks(service):
    AvailabilityFactory(service=service, weekday=4, on=None, starts_at=time(10), ends_at=time(12))

    hours = [TeamLoad([service], weeks=weeks, with_idle=False).total.offered_hours for weeks in (1, 2)]

    assert hours == [2, 4]


def test_page_lists_by_name_and_by_load_with_the_whole_team_at_the_foot(service, browser):
    aino, eino = (offer(service, name).counsellor for name in ("Aino", "Eino"))
    meet(service, eino, 10)
    meet(service, eino, 11)
    meet(service, aino, 10)

    assert names(browser) == ["Aino", "Eino"]
    assert names(browser, f"{PAGE}?sort=load") == ["Eino", "Aino"]
    assert browser.get(PAGE).context["total"] == Load(offered=8 * HOUR, booked=3 * HOUR, free=5 * HOUR)


def test_page_shows_who_offers_nothing_but_not_under_a_chosen_service(service, browser):
    offer(service, "Aino")
    idle = AffiliationFactory(
        organisation=service.organisation, role=Affiliation.Role.COUNSELLOR, user__name="Zelda"
    ).user

    assert names(browser) == ["Aino", idle.name]
    assert names(browser, f"{PAGE}?service=career") == ["Aino"]


def test_page_names_no_client_and_nobody_of_another_organisation(service, browser):
    aino = offer(service, "Aino").counsellor
    meet(service, aino, 10, name="Väinö Salainen")
    offer(GuidanceServiceFactory(), "Otto Outsider")

    page = browser.get(PAGE).content.decode()

    assert "Aino" in page
    assert "Salainen" not in page
    assert "Outsider" not in page


def test_page_of_a_service_elsewhere_shows_ones_own_counsellors(service, browser):
    offer(service, "Aino")
    elsewhere = GuidanceServiceFactory()
    offer(elsewhere, "Otto Outsider")

    assert names(browser, f"{PAGE}?service={elsewhere.slug}") == ["Aino"]


def test_page_leads_on_from_a_services_row(service, browser):
    offer(service, "Aino")

    assert f"{PAGE}?service=career" in browser.get("/en/office/capacity/").content.decode()


def test_page_costs_the_same_for_many_counsellors_and_services(service, browser):
    offer(service, "Aino")
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for number in range(3):
        other = GuidanceServiceFactory(organisation=service.organisation, horizon_days=20 + number)
        meet(other, offer(other, f"Eino {number}").counsellor, 10)

    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)

    assert len(many) == len(one)


def test_page_has_twenty_five_counsellors_and_leads_on_in_the_same_order(service, browser):
    AffiliationFactory.create_batch(
        26, organisation=service.organisation, role=Affiliation.Role.COUNSELLOR, user__name="Zelda"
    )
    busy = offer(service, "Aino").counsellor
    meet(service, busy, 10)

    first, second = (browser.get(f"{PAGE}?sort=load&page={number}") for number in (1, 2))

    assert [len(page.context["rows"]) for page in (first, second)] == [25, 2]
    assert first.context["rows"][0][0].counsellor == busy
    assert "?sort=load&amp;page=2" in first.content.decode()
