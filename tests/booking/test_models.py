"""What an appointment, an availability and a private link promise by themselves."""

import uuid
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from guidance.booking.models import Absence, Appointment, Availability
from guidance.booking.models.appointment import key_for
from guidance.booking.models.appointment_queryset import LINK_LASTS
from tests.factories import AbsenceFactory, AppointmentFactory, AvailabilityFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_counsellor_cannot_have_two_meetings_at_once():
    first = AppointmentFactory()

    with pytest.raises(IntegrityError, match="appointment_one_at_a_time"), transaction.atomic():
        AppointmentFactory(
            counsellor=first.counsellor,
            guidance_service=first.guidance_service,
            starts_at=first.starts_at + timedelta(minutes=30),
        )


def test_cancelled_meeting_frees_its_time():
    first = AppointmentFactory(cancelled_at=timezone.now(), cancelled_by=Appointment.Canceller.PERSON)

    second = AppointmentFactory(counsellor=first.counsellor, guidance_service=first.guidance_service)

    assert list(Appointment.objects.live()) == [second]


def test_meetings_may_follow_each_other_without_a_pause():
    first = AppointmentFactory()

    second = AppointmentFactory(
        counsellor=first.counsellor, guidance_service=first.guidance_service, starts_at=first.ends_at
    )

    assert list(Appointment.objects.coming()) == [first, second]


def test_person_must_be_reachable():
    with pytest.raises(IntegrityError, match="appointment_person_can_be_reached"), transaction.atomic():
        AppointmentFactory(email="", phone="")


def test_private_link_opens_its_own_appointment_only():
    mine, _theirs = AppointmentFactory.create_batch(2)

    assert list(Appointment.objects.opened_by(mine.key)) == [mine]
    assert list(Appointment.objects.opened_by(mine.key + "x")) == []
    assert list(Appointment.objects.opened_by(mine.key_hash)) == []


def test_private_link_ends_a_month_after_the_meeting():
    past = timezone.now() - LINK_LASTS
    open_still = AppointmentFactory(starts_at=past)
    closed = AppointmentFactory(starts_at=past - timedelta(hours=2))

    assert list(Appointment.objects.opened_by(open_still.key)) == [open_still]
    assert list(Appointment.objects.opened_by(closed.key)) == []


def test_keys_of_many_bookings_are_all_different():
    keys = {key_for(uuid.uuid4()) for _number in range(10_000)}

    assert len(keys) == 10_000


def test_availability_may_last_until_midnight():
    availability = AvailabilityFactory(starts_at=time(20), ends_at=time(0))

    availability.full_clean()

    assert list(Availability.objects.coming()) == [availability]


@pytest.mark.parametrize("year", [26, 1999, 2099, 9999])
def test_mistyped_year_is_refused(year):
    availability = AvailabilityFactory()
    availability.on = availability.on.replace(year=year, day=1)

    with pytest.raises(ValidationError) as refused:
        availability.full_clean()

    assert {
        field: [error.code for error in errors] for field, errors in refused.value.error_dict.items()
    } == {"on": ["year"]}


def test_own_rows_only_can_be_edited():
    availability, absence = AvailabilityFactory(), AbsenceFactory()
    stranger = UserFactory()

    assert list(Availability.objects.editable_by(availability.counsellor)) == [availability]
    assert list(Absence.objects.editable_by(absence.counsellor)) == [absence]
    assert (
        list(Availability.objects.editable_by(stranger)) == list(Absence.objects.editable_by(stranger)) == []
    )
