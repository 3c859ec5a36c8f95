"""A counsellor at work: the calendar, a request, a move, a booking for a client, and a day of illness."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from guidance.booking.models import Absence, Appointment
from tests.e2e.conftest import on_both_widths
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    local,
)

NEXT_WEEK = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())


@pytest.fixture
def counsellor():
    return AffiliationFactory(user__name="Outi Ohjaaja").user


@pytest.fixture
def colleague(service):
    user = AffiliationFactory(organisation=service.organisation, user__name="Kaija Kollega").user
    AvailabilityFactory(service=service, counsellor=user, on=NEXT_WEEK, starts_at=time(8), ends_at=time(16))
    return user


@pytest.fixture
def service(counsellor):
    organisation = counsellor.affiliations.get().organisation
    return GuidanceServiceFactory(organisation=organisation, name_fi="Uraohjaus", channels=[ChannelFactory()])


@pytest.fixture
def meetings(counsellor, service):
    """Next Monday: a meeting at 9, one at 10, and a request at 13."""
    AvailabilityFactory(
        service=service, counsellor=counsellor, on=NEXT_WEEK, starts_at=time(8), ends_at=time(15)
    )
    given = {"guidance_service": service, "counsellor": counsellor}
    return {
        "first": AppointmentFactory(**given, starts_at=local(NEXT_WEEK, 9)),
        "second": AppointmentFactory(**given, starts_at=local(NEXT_WEEK, 10)),
        "request": AppointmentFactory(**given, starts_at=local(NEXT_WEEK, 13), confirmed_at=None),
    }


def test_counsellor_keeps_the_calendar(
    page, press, visit, sign_in, assert_accessible, counsellor, meetings, language
):
    desk = f"/{language}/desk"
    sign_in(counsellor)

    visit(f"{desk}/calendar/?on={NEXT_WEEK}")
    assert page.locator(".calendar__meeting").count() == 3
    visit(f"{desk}/calendar/day/?on={NEXT_WEEK}")
    press(".calendar__meeting--requested")
    assert_accessible(page)
    press("main a.button--next")
    assert_accessible(page)
    press("main button.button--next")
    assert not Appointment.objects.get(pk=meetings["request"].pk).is_requested

    visit(f"{desk}/appointments/{meetings['first'].pk}/move/")
    press(".slot >> nth=0")
    assert_accessible(page)
    press("main button.button--next")
    meetings["first"].refresh_from_db()
    assert meetings["first"].sequence == 1

    visit(f"{desk}/appointments/add/?on={NEXT_WEEK}&at=17:30")
    page.locator("#id_name").fill("Aino Esimerkki")
    page.locator("#id_phone").fill("040 123 4567")
    press("main button.button--next")
    assert page.locator("[role=alert]").is_visible()
    assert_accessible(page)
    press("main button.button--next")
    booked = Appointment.objects.get(name="Aino Esimerkki")
    assert (booked.starts_at, booked.booked_by) == (local(NEXT_WEEK, 17, 30), counsellor)

    visit(f"{desk}/calendar/feed/")
    press("main button.button--next")
    assert_accessible(page)


def test_counsellor_is_ill(
    page, press, visit, sign_in, assert_accessible, counsellor, colleague, meetings, language
):
    sign_in(colleague)

    visit(f"/{language}/desk/substitute/")
    page.locator("#id_counsellor").select_option(str(counsellor.pk))
    page.locator("#id_first_on").fill(NEXT_WEEK.isoformat())
    page.locator("#id_last_on").fill(NEXT_WEEK.isoformat())
    press("main button.button--next")
    assert_accessible(page)
    assert Absence.objects.get().counsellor == counsellor
    press(page.locator("main form button:not([name])").first)
    assert_accessible(page)
    press("main .page-head a.button")
    assert_accessible(page)
    press("main button.button--next")
    assert_accessible(page)

    assert set(Appointment.objects.values_list("counsellor", flat=True)) == {colleague.pk}


@on_both_widths
def test_counsellor_invites_somebody(page, press, visit, sign_in, assert_accessible, counsellor, service):
    """The link is shown on the next page, once; requests, calls, the line and feedback are a press away."""
    service.booking = "invited"
    service.save()
    sign_in(counsellor)

    visit("/en/desk/invitations/add/")
    press("main button.button--next")
    assert_accessible(page)
    link = page.locator("#invitation-link").input_value()
    visit("/en/desk/invitations/")
    assert page.locator("#invitation-link").count() == 0
    visit("/en/desk/feedback/")

    visit(link)
    assert page.locator("main a.button--next").is_visible()
