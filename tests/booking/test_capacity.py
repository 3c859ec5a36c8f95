"""The team's view: what is booked and free, and how long people wait."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guidance.booking.capacity import loads_of, with_asked
from guidance.catalogue.models import GuidanceService
from tests.factories import (
    AppointmentFactory,
    AreaFactory,
    AvailabilityFactory,
    CallBackRequestFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    WaitingEntryFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
PAGE = "/en/office/capacity/"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service(coordinator):
    organisation = coordinator.affiliations.get().organisation
    return GuidanceServiceFactory(
        organisation=organisation, slug="career", name_en="Career guidance", duration_minutes=60
    )


def thursday(service, hours=4):
    return AvailabilityFactory(
        service=service, on=MONDAY + timedelta(days=3), starts_at=time(10), ends_at=time(10 + hours)
    )


def test_load_counts_what_is_booked_and_free_and_the_days_until_the_first_free_time(service):
    offer = thursday(service)
    AppointmentFactory(
        guidance_service=service,
        channel=ChannelFactory(),
        counsellor=offer.counsellor,
        starts_at=local(MONDAY + timedelta(days=3), 10),
    )
    WaitingEntryFactory(guidance_service=service)
    CallBackRequestFactory.create_batch(2, guidance_service=service)

    (load,) = loads_of(with_asked(GuidanceService.objects.select_related("organisation")))

    (place,) = load.places
    assert (place.booked, place.free, place.percent, place.waiting_days) == (1, 3, 25, 3)
    assert (load.requests, load.waiting, load.calls) == (0, 1, 2)


def test_page_names_no_client(service, browser):
    offer = thursday(service)
    AppointmentFactory(
        guidance_service=service,
        channel=ChannelFactory(),
        counsellor=offer.counsellor,
        name="Aino Salainen",
        starts_at=local(MONDAY + timedelta(days=3), 10),
    )
    WaitingEntryFactory(guidance_service=service, name="Väinö Salainen")

    page = browser.get(PAGE).content.decode()

    assert "Career guidance" in page
    assert "25" in page
    assert "Salainen" not in page


def test_page_is_narrowed_to_services_for_an_area(service, browser):
    other = GuidanceServiceFactory(organisation=service.organisation, name_en="Elsewhere guidance")
    here, there = AreaFactory.create_batch(2)
    service.areas.add(here)
    other.areas.add(there)

    page = browser.get(f"{PAGE}?area={here.slug}").content.decode()

    assert "Career guidance" in page
    assert "Elsewhere guidance" not in page


def test_page_of_an_area_leaves_places_elsewhere_out(service, browser):
    here, there = AreaFactory.create_batch(2)
    on_site = ChannelFactory(on_site=True)
    service.channels.set([on_site])
    for area, name in ((here, "Point Here"), (there, "Point There")):
        place = ServicePointFactory(municipality=area, organisation=service.organisation, name_en=name)
        service.service_points.add(place)
        AvailabilityFactory(
            service=service, channels=[on_site], service_point=place, on=MONDAY + timedelta(days=3)
        )

    whole, narrowed = (browser.get(url).content.decode() for url in (PAGE, f"{PAGE}?area={here.slug}"))

    assert ("Point Here" in whole, "Point There" in whole) == (True, True)
    assert ("Point Here" in narrowed, "Point There" in narrowed) == (True, False)


def test_page_costs_the_same_for_three_services_as_for_one(service, browser):
    thursday(service)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for _number in range(2):
        thursday(GuidanceServiceFactory(organisation=service.organisation))

    with CaptureQueriesContext(connection) as three:
        browser.get(PAGE)

    assert len(three) == len(one)
