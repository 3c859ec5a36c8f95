"""Keep a time for somebody while they fill in the form; the database decides who was first."""

import uuid
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from guidance.booking.models import Hold
from guidance.booking.models.appointment import busy_around
from guidance.booking.models.hold import HELD_FOR, held_until
from guidance.booking.slots import Slot, Way
from guidance.catalogue.models import GuidanceService
from opinovi.ciphers import cipher

LONGEST = 20_000  # characters of what was written, as a form is sent; a longer one is not kept
PURPOSE = "booking form"


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


def keep_typed(hold: Hold, typed: QueryDict) -> bool:
    """Keep what was written in the form, encrypted, as long as the time is held.

    Returns whether that was done: not with a form that is too long, nor once the time is let go.
    """
    text = typed.urlencode()
    if len(text) > LONGEST:
        return False
    token = cipher(PURPOSE).encrypt(text.encode()).decode()
    return bool(Hold.objects.live().filter(pk=hold.pk).update(typed=token))


def typed_in(hold: Hold) -> QueryDict | None:
    """What was written in the form of a time that is still held; None when nothing is kept."""
    if not hold.typed or not hold.is_live:
        return None
    try:
        return QueryDict(cipher(PURPOSE).decrypt(hold.typed.encode()))
    except InvalidToken:  # SECRET_KEY has changed
        return None


def release(nonce: uuid.UUID) -> None:
    """Let the time go that is held under the nonce."""
    Hold.objects.filter(nonce=nonce).delete()


def sweep() -> None:
    """Forget holds that the clock has released."""
    Hold.objects.expired().delete()
