"""How long the portal knows whose a registration or an appointment was."""

import uuid

from django.db import transaction
from django.utils import timezone

from guidance.booking.models import Appointment, Registration
from opinovi.actions import forget_letters

ROWS_A_TURN = 500


def erase_old_registrations() -> int:
    """Erase who took part in sessions of more than `KEPT_FOR` ago, with their letters; returns how many.

    What became of each registration and who was there stay as counts: figures are the same before and after.
    """
    erased = 0
    while batch := list(Registration.objects.past_retention()[:ROWS_A_TURN]):
        with transaction.atomic():
            for registration in batch:
                _forget_person(registration)
        erased += len(batch)
    return erased


def erase_old_appointments() -> int:
    """Erase whom counsellors met, or would have met, more than `APPOINTMENT_DAYS` ago; returns how many.

    What they wanted to talk about goes too, with the letters. When, how, with whom and what became of it
    stay, and so do the sessions that were logged: figures are the same before and after.
    """
    erased = 0
    while batch := list(Appointment.objects.past_retention()[:ROWS_A_TURN]):
        with transaction.atomic():
            for appointment in batch:
                _forget_met(appointment)
        erased += len(batch)
    return erased


def _forget_met(appointment: Appointment) -> None:
    forget_letters(appointment)
    appointment.name = appointment.email = appointment.phone = appointment.booker_name = ""
    appointment.visit_address = appointment.video_link = ""
    appointment.wish = appointment.special_needs = appointment.cancel_reason = ""
    appointment.needs_interpreter = False
    appointment.set_subject(None)
    appointment.nonce = uuid.uuid4()
    appointment.set_key()
    appointment.erased_at = timezone.now()
    appointment.save(
        update_fields=[
            "name", "email", "phone", "booker_name", "visit_address", "video_link", "wish", "special_needs",
            "cancel_reason", "needs_interpreter", "training", "group_session", "funding", "nonce", "key_hash",
            "erased_at",
        ]
    )  # fmt: skip


def _forget_person(registration: Registration) -> None:
    forget_letters(registration)
    registration.name = registration.email = registration.phone = registration.registered_by = ""
    registration.special_needs, registration.answers = "", []
    registration.needs_interpreter = False
    registration.nonce = uuid.uuid4()
    registration.set_key()
    registration.erased_at = timezone.now()
    registration.save(
        update_fields=[
            "name", "email", "phone", "registered_by", "special_needs", "answers", "needs_interpreter",
            "nonce", "key_hash", "erased_at",
        ]
    )  # fmt: skip
