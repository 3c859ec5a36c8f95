"""Who booked a meeting at a stop of the bus hears when the bus comes later, elsewhere or not at all."""

from datetime import date, timedelta

import pytest
import time_machine

from guidance.booking.models import Appointment
from network.actions.stops import cancel_stop, people_counting_on, save_stop
from opinovi.models import Letter
from tests.factories import (
    AppointmentFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    RouteStopFactory,
    local,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _days_before():
    with time_machine.travel(local(DAY - timedelta(days=3), 8), tick=False):
        yield


@pytest.fixture
def stop():
    return RouteStopFactory(place="Tori", starts_at=local(DAY, 10), ends_at=local(DAY, 12))


def at(stop, hour):
    service = GuidanceServiceFactory(duration_minutes=60)
    return AppointmentFactory(
        guidance_service=service,
        channel=ChannelFactory(code="on-site", needs_place=True),
        service_point=stop.service_point,
        starts_at=local(DAY, hour),
    )


def told():
    return sorted(Letter.objects.values_list("kind", "recipient"))


def test_cancelled_stop_cancels_its_meetings_and_offers_other_times(stop):
    early, late, elsewhere = at(stop, 10), at(stop, 11), at(stop, 14)

    assert people_counting_on(stop) == 2
    cancel_stop(stop)
    cancel_stop(stop)

    assert set(Appointment.objects.live()) == {elsewhere}
    assert told() == sorted(("appointment_cancelled", row.email) for row in (early, late))
    letter = Letter.objects.first()
    assert "the bus does not come there" in letter.text
    assert (
        f"/en/guidance/{early.guidance_service.slug}/book/" in Letter.objects.get(recipient=early.email).text
    )


def test_e7_meeting_that_was_cancelled_before_is_not_told_of_the_stop(stop):
    """E7: whoever cancelled is not told again."""
    row = at(stop, 10)
    Appointment.objects.filter(pk=row.pk).update(cancelled_at=local(DAY, 7), cancelled_by="person")

    cancel_stop(stop)

    assert told() == []


def test_stop_that_moves_takes_along_whom_it_can(stop):
    early, late = at(stop, 10), at(stop, 11)
    stop.starts_at, stop.ends_at, stop.place = local(DAY, 11), local(DAY, 13), "Kirjasto"

    save_stop(stop)

    assert told() == [("appointment_cancelled", early.email)] + [
        (kind, late.email)
        for kind in ("appointment_elsewhere", "appointment_reminder", "appointment_reminder_soon")
    ]
    letter = Letter.objects.get(kind="appointment_elsewhere")
    assert "Kirjasto" in letter.text
    assert "SEQUENCE:1" in letter.calendar


def test_stop_whose_place_is_spelt_the_same_tells_nobody(stop):
    at(stop, 10)
    stop.ends_at = local(DAY, 15)

    save_stop(stop)

    assert told() == []
