"""The demo's content is the same every time, and can be built at any moment."""

import io
from datetime import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from guidance.booking.models import Appointment
from guidance.casework.models import Client, GuidanceSession
from guidance.catalogue.models import TrainingOption


def build() -> None:
    call_command("demo_content", password="demo-demo-demo", verbosity=0, stdout=io.StringIO())


def summary() -> list:
    """What there is, in the words people see."""
    return [
        list(Client.objects.order_by("pk").values_list("name", "email", "home_municipality__code")),
        list(
            GuidanceSession.objects.order_by("pk").values_list("held_on", "minutes", "notes", "client__name")
        ),
        list(Appointment.objects.order_by("pk").values_list("starts_at", "name", "nonce", "cancelled_at")),
        list(TrainingOption.objects.order_by("pk").values_list("slug", "applications_to")),
    ]


def test_content_is_the_same_every_time(fixtures, db):
    told = []
    with time_machine.travel(datetime.fromisoformat("2026-11-22T12:00+02:00"), tick=False):
        for _turn in range(2):
            with transaction.atomic():
                build()
                told.append(summary())
                transaction.set_rollback(True)

    assert told[0] == told[1]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-22T00:05+02:00",  # a Sunday, just begun
        "2026-12-24T23:50+02:00",  # a holiday, almost over
        "2027-03-28T12:00+03:00",  # the clock has moved
        "2028-02-29T12:00+02:00",
    ],
)
def test_content_can_be_built_at_any_moment(fixtures, db, moment):
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        build()

        today = timezone.localdate()
        own = Appointment.objects.filter(counsellor__email="ohjaaja@example.fi")
        assert own.filter(starts_at__date=today).exists()
        assert Appointment.objects.coming().filter(starts_at__date__gt=today).exists()
        assert not GuidanceSession.objects.filter(held_on__gt=today).exists()
