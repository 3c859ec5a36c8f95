"""The demo's content: fictional, whole, and true to the rules of its models."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from guidance.booking.models import (
    Appointment,
    AppointmentFeedback,
    Availability,
    BookingInvitation,
    CallBackRequest,
    GroupSession,
    WaitingEntry,
)
from guidance.booking.slots import Timetable
from guidance.casework.models import Client, GuidanceSession
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Agreement, RouteStop
from opinovi.models import User
from projects.models import Indicator


@pytest.fixture(scope="module")
def built(fixtures) -> Iterator[None]:
    """The demo's content, built once for the tests that only look at it."""
    with transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)


def build() -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("demo_content", password="demo-demo-demo", stdout=said)
    return said.getvalue()


def test_content_is_built_once(built, db):
    before = Appointment.objects.count()

    assert build() == "The demo's content is there already.\n"
    assert Appointment.objects.count() == before


def test_every_person_is_fictional(built, db):
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Client.objects.exclude(email="").values_list("email", flat=True),
        *Appointment.objects.exclude(email="").values_list("email", flat=True),
    ]
    phones = [
        *Client.objects.values_list("phone", flat=True),
        *Appointment.objects.values_list("phone", flat=True),
    ]

    assert {address.rpartition("@")[2] for address in addresses} == {"example.fi"}
    assert {phone[:12] for phone in phones if phone} == {"+358 000 001"}


def test_three_can_sign_in(built, db):
    for email in ("ohjaaja@example.fi", "koordinaattori@example.fi", "yllapito@example.fi"):
        assert User.objects.get(email=email).check_password("demo-demo-demo")


def test_what_is_shown_keeps_the_rules_of_its_models(built, db):
    for model in (GuidanceService, TrainingOption, Availability, Client, GuidanceSession, RouteStop):
        for row in model.objects.all():
            row.full_clean(validate_unique=False, validate_constraints=False)


def test_every_text_is_there_in_three_languages(built, db):
    for model, fields in [
        (GuidanceService, ("name", "summary", "description", "audience", "bring")),
        (TrainingOption, ("name", "description", "audience", "funding")),
    ]:
        for row in model.objects.all():
            assert all(getattr(row, f"{field}_{code}") for field in fields for code in ("fi", "sv", "en"))


def test_there_are_free_times_for_every_service_one_can_book(built, db):
    services = list(GuidanceService.objects.bookable())
    timetable = Timetable(services)

    assert [service.slug for service in services if timetable.soonest(service) is None] == []


def test_there_is_something_of_everything(built, db):
    today = timezone.localdate()
    assert TrainingOption.objects.published().count() >= 60
    assert RouteStop.objects.coming().filter(cancelled_at__isnull=False).count() == 1
    assert RouteStop.objects.coming().live().count() >= 10
    assert GuidanceSession.objects.filter(client=None).exists()
    assert GuidanceSession.objects.filter(held_on__lt=today - timedelta(days=300)).exists()
    assert Appointment.objects.filter(cancelled_at__isnull=False).exists()
    assert Appointment.objects.requested().coming().exists()
    assert BookingInvitation.objects.open().count() == 2
    assert CallBackRequest.objects.open().exists()
    assert WaitingEntry.objects.waiting().exists()
    assert AppointmentFeedback.objects.exclude(text="").exists()
    assert GroupSession.objects.coming().exclude(leaders=None).exists()
    assert Agreement.objects.running_out().exists()
    assert Indicator.objects.annotate(number=Count("readings")).filter(number__gte=12).count() == 2
