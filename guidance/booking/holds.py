"""Keep a time for somebody while they fill in the form; the database decides who was first."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from guidance.booking.models import Hold
from guidance.booking.models.appointment import busy_around
from guidance.booking.models.hold import HELD_FOR, held_until
from guidance.booking.slots import Slot, Way
from guidance.catalogue.models import GuidanceService


def hold(
    service: GuidanceService, way: Way, slot: Slot, *, nonce: uuid.UUID, until: datetime | None = None
) -> Hold | None:
    """Keep the slot for whoever has the nonce, with the fairest counsellor who is free.

    It is kept for ten minutes, unless a moment (UTC) is given. Another time that was held under the nonce is
    let go. None when nobody is free any more.
    """
    release(nonce)
    for counsellor in slot.counsellors(way.language):
        kept = Hold(
            nonce=nonce,
            counsellor_id=counsellor,
            guidance_service=service,
            channel_id=way.channel_id,
            service_point_id=slot.service_point_id,
            starts_at=slot.starts_at,
            busy=busy_around(service, slot.starts_at),
            expires_at=until or held_until(timezone.now()),
        )
        try:
            with transaction.atomic():
                in_the_way = Hold.objects.expired().filter(counsellor=counsellor, busy__overlap=kept.busy)
                in_the_way.delete()
                kept.save(force_insert=True)
        except IntegrityError:  # a constraint knows a meeting, or a hold, that overlaps
            continue
        return kept
    return None


def extend(nonce: uuid.UUID) -> bool:
    """Keep the time ten minutes longer than it is kept: once, and only while it is still held.

    Returns whether it was done.
    """
    once = Hold.objects.live().filter(nonce=nonce, extended_at__isnull=True)
    return bool(once.update(expires_at=F("expires_at") + HELD_FOR, extended_at=timezone.now()))


def release(nonce: uuid.UUID) -> None:
    """Let the time go that is held under the nonce."""
    Hold.objects.filter(nonce=nonce).delete()


def sweep() -> None:
    """Forget holds that the clock has released."""
    Hold.objects.expired().delete()
