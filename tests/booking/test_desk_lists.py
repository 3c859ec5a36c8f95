"""What the lists of the desk have in common."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from guidance.booking.models import AppointmentFeedback
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    BookingInvitationFactory,
    CallBackRequestFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    WaitingEntryFactory,
    local,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(counsellor):
    organisation = counsellor.affiliations.get().organisation
    return GuidanceServiceFactory(organisation=organisation, booking="invited")


def a_request(service, counsellor):
    AppointmentFactory(guidance_service=service, counsellor=counsellor, confirmed_at=None)


def somebody_waits(service, counsellor):
    WaitingEntryFactory(guidance_service=service)


def somebody_wants_a_call(service, counsellor):
    CallBackRequestFactory(guidance_service=service)


def an_invitation(service, counsellor):
    cancelled = AppointmentFactory(cancelled_at=timezone.now(), cancelled_by="person")
    BookingInvitationFactory(guidance_service=service, counsellor=counsellor, appointment=cancelled)


def feedback(service, counsellor):
    over = local(timezone.localdate() - timedelta(days=1), 10)
    appointment = AppointmentFactory(guidance_service=service, counsellor=counsellor, starts_at=over)
    AppointmentFeedback.objects.create(appointment=appointment, stars=5, text="Good")


def an_event(service, counsellor):
    session = GroupSessionFactory(organisation=service.organisation, has_registration=True)
    session.leaders.set([counsellor, AffiliationFactory(organisation=service.organisation).user])


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("requests", a_request),
        ("waiting", somebody_waits),
        ("calls", somebody_wants_a_call),
        ("invitations", an_invitation),
        ("feedback", feedback),
        ("events", an_event),
    ],
)
def test_b20_each_row_stands_once_however_many_reasons_there_are_to_see_it(
    browser, counsellor, service, address, make
):
    """B20: somebody with several roles, once left and come back, at the organisation of the row."""
    organisation = service.organisation
    AffiliationFactory(user=counsellor, organisation=organisation, role="coordinator")
    AffiliationFactory(
        user=counsellor, organisation=organisation, since=date(1990, 1, 1), until=date(1991, 1, 1)
    )
    make(service, counsellor)

    page = browser.get(f"/en/desk/{address}/").context["page"]

    assert len(page) == page.paginator.count == 1
