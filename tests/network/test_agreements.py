"""Reminders of agreements that end."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from network.actions.partners import remind_of_agreements
from network.models import Affiliation, Agreement
from opinovi.models import Letter
from tests.factories import AffiliationFactory, AgreementFactory

pytestmark = pytest.mark.django_db
COORDINATOR = Affiliation.Role.COORDINATOR


@pytest.mark.parametrize(("days_left", "letters"), [(-1, 0), (0, 1), (60, 1), (61, 0)])
def test_reminder_goes_between_its_day_and_the_end(days_left, letters):
    end = timezone.localdate() + timedelta(days=days_left)
    agreement = AgreementFactory(valid_to=end, remind_days=60)
    AffiliationFactory(organisation=agreement.network.lead, role=COORDINATOR)

    remind_of_agreements()

    assert Letter.objects.about(agreement).count() == letters


def test_reminder_goes_once_and_again_for_a_new_end():
    agreement = AgreementFactory(valid_to=timezone.localdate() + timedelta(days=10))
    AffiliationFactory(organisation=agreement.network.lead, role=COORDINATOR)

    remind_of_agreements()
    remind_of_agreements()
    Agreement.objects.update(valid_to=timezone.localdate() + timedelta(days=20))
    remind_of_agreements()

    assert Letter.objects.count() == 2


def test_reminder_goes_only_to_those_who_coordinate_the_lead_today():
    agreement = AgreementFactory(title="Salainen", valid_to=timezone.localdate() + timedelta(days=10))
    lead = agreement.network.lead
    current = AffiliationFactory(organisation=lead, role=COORDINATOR, user__language="en").user
    AffiliationFactory(organisation=lead, role=COORDINATOR, until=date(2024, 1, 1))
    AffiliationFactory(organisation=lead, role=COORDINATOR, user__is_active=False)
    AffiliationFactory(organisation=lead)
    AffiliationFactory(role=COORDINATOR)

    remind_of_agreements()

    letter = Letter.objects.get()
    assert (letter.recipient, letter.subject) == (
        current.email,
        "An agreement of your network is running out",
    )
    assert "Salainen" in letter.text
