"""How long the portal knows whose a registration was."""

import uuid

from django.db import transaction
from django.utils import timezone

from guidance.booking.models import Registration
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
