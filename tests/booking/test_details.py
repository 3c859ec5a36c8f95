"""What a person may write when booking, and what the address of a time may say."""

import pytest

from guidance.booking.forms import AppointmentForm
from guidance.booking.models import Appointment
from tests.factories import ChannelFactory, GuidanceServiceFactory

pytestmark = pytest.mark.django_db


def form_with(channel, **written):
    appointment = Appointment(guidance_service=GuidanceServiceFactory(), channel=channel, language="en")
    details = {"name": "Testi", "spoken_language": "fi"} | written
    return AppointmentForm(details, instance=appointment, languages=["fi"], language="")


@pytest.mark.parametrize("phone", ["abc", "12", "1234", "soita illalla 040 123 4567", "++358401234567"])
def test_number_that_nobody_can_call_is_refused(phone):
    form = form_with(ChannelFactory(needs_phone=True), phone=phone)

    assert list(form.errors) == ["phone"]


@pytest.mark.parametrize("phone", ["040 123 4567", "+358 40 123 4567", "(09) 123-4567", "12345"])
def test_number_may_be_written_in_many_ways(phone):
    form = form_with(ChannelFactory(needs_phone=True), phone=phone)

    assert form.errors == {}


def test_missing_number_is_told_once_where_the_counsellor_calls():
    form = form_with(ChannelFactory(needs_phone=True))

    assert form.errors == {"phone": ["Write the number that the counsellor calls."]}


def test_one_way_to_reach_the_person_is_enough_elsewhere():
    channel = ChannelFactory(needs_phone=False)

    assert form_with(channel).errors == {"email": ["Give an e-mail address or a phone number."]}
    assert form_with(channel, phone="040 123 4567").errors == {}
    assert form_with(channel, email="aino@example").errors == {"email": ["Enter a valid email address."]}


@pytest.mark.parametrize("start", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-02-31T10:00"])
def test_time_that_cannot_be_is_not_there(browser, start):
    service = GuidanceServiceFactory()

    assert browser.get(f"/en/guidance/{service.slug}/times/{start}/").status_code == 404
