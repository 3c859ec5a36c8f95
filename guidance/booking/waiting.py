"""The line for times that are not free yet: join it, be offered one, take it or let it go on.

Whatever becomes free is offered to the first in line whom it suits. It is held for them meanwhile, so that
nobody else can book it; the worker passes it on when the offer runs out.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from guidance.booking import actions, holds
from guidance.booking.models import Appointment, Hold, WaitingEntry
from guidance.booking.models.waiting_entry import offer_end
from guidance.booking.slots import Slot, Timetable, Way
from guidance.catalogue.models import GuidanceService
from opinovi.actions import cancel_letters, forget_letters, post_letter

LINES = 20_021  # the class of the locks, one for each service
MOST_OFFERS = 100  # of one service in one round
KEPT = timedelta(days=30)  # after the end of the wait


class OfferEnded(Exception):
    """The offer ran out, or the time was withdrawn, before the answer came."""


def join(entry: WaitingEntry, *, passed_over: Iterable[datetime] = ()) -> WaitingEntry:
    """Put a new entry at the end of the line, and write its letter with the private link.

    The times `passed_over` are free, but the person would rather wait: they are never offered. Returns the
    entry, or the one that stands already for this form (by its nonce) or for this address and service.
    """
    entry.set_key()
    entry.offered_times = list(passed_over)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            _post(entry, "waiting_joined")
    except IntegrityError:
        same_form = WaitingEntry.objects.filter(nonce=entry.nonce)
        same_person = WaitingEntry.objects.filter(
            email__iexact=entry.email,
            guidance_service=entry.guidance_service,
            left_at__isnull=True,
            appointment__isnull=True,
        )
        return (same_form.for_listing().first() or same_person.for_listing().first()) or entry
    return entry


def leave(entry: WaitingEntry) -> None:
    """Leave the line; a time that was offered goes on to the next. Doing it twice does nothing more."""
    with transaction.atomic():
        standing = _locked(entry)
        if standing.left_at is None and standing.appointment_id is None:
            standing.left_at = timezone.now()
            _let_go(standing)
            cancel_letters(standing)


def decline(entry: WaitingEntry) -> None:
    """Let the offered time go on to the next, and wait on at the end of the line."""
    with transaction.atomic():
        standing = _locked(entry)
        if standing.is_offered:
            standing.queued_at = timezone.now()
            _let_go(standing)


def accept(entry: WaitingEntry) -> Appointment:
    """Book the time that is kept for the entry. Doing it twice gives the same appointment.

    Raises OfferEnded when it is kept no longer, and what `actions.book` raises but SlotTaken.
    """
    try:
        return _accept(entry)
    except OfferEnded:
        _withdraw(entry)  # or the page would go on offering it
        raise


def _accept(entry: WaitingEntry) -> Appointment:
    with transaction.atomic():
        standing = _locked(entry)
        if standing.appointment:
            return standing.appointment
        hold = _kept(standing)
        slot = _slot_of(hold, standing) if hold else None
        if hold is None or slot is None:
            raise OfferEnded
        try:
            booked = actions.book(_appointment_of(standing, hold), slot=slot, accepts_overlap=True)
        except actions.SlotTaken as taken:
            raise OfferEnded from taken
        standing.appointment, standing.hold = booked, None
        standing.save(update_fields=["appointment", "hold"])
        cancel_letters(standing)
        return booked


def _kept(entry: WaitingEntry) -> Hold | None:
    """What is held for the entry; None when nothing is offered to it any more."""
    if not entry.is_offered:
        return None
    return Hold.objects.live().filter(nonce=entry.nonce).select_related("channel").first()


def _slot_of(hold: Hold, entry: WaitingEntry) -> Slot | None:
    """The time that is held; None when the counsellor is away after all, or the bus does not come."""
    service = entry.guidance_service
    timetable = Timetable([service], holding=entry.nonce, without_lead=True)
    way = Way(hold.channel_id, hold.service_point_id, entry.spoken_language, hold.counsellor_id)
    return timetable.at(service, way, hold.starts_at)


def _appointment_of(entry: WaitingEntry, hold: Hold) -> Appointment:
    return Appointment(
        nonce=entry.nonce,
        guidance_service=entry.guidance_service,
        channel=hold.channel,
        service_point_id=hold.service_point_id,
        name=entry.name,
        email=entry.email,
        phone=entry.phone,
        wish=entry.wish,
        language=entry.language,
        spoken_language=entry.spoken_language,
    )


def pass_on() -> None:
    """One round: take back offers that ran out or came to nothing, and offer what is free to the next."""
    for entry in WaitingEntry.objects.unanswered().order_by("offer_ends_at", "pk"):
        _end_offer(entry)
    for entry in WaitingEntry.objects.offered().order_by("offer_ends_at", "pk"):
        _withdraw(entry)
    lines = WaitingEntry.objects.waiting().values("guidance_service")
    for service in GuidanceService.objects.filter(pk__in=lines).published().order_by("pk"):
        _offer_times(service)


def _end_offer(entry: WaitingEntry) -> None:
    with transaction.atomic():
        standing = WaitingEntry.objects.unanswered().select_for_update(skip_locked=True, of=["self"])
        late = standing.for_listing().filter(pk=entry.pk).first()
        if late is not None:
            late.queued_at = timezone.now()
            _let_go(late)
            _post(late, "waiting_offer_ended")


def _withdraw(entry: WaitingEntry) -> None:
    """Take back an offer whose time is not there any more, and tell; the place in the line stays."""
    with transaction.atomic():
        standing = _locked(entry)
        hold = _kept(standing)
        if standing.is_offered and (hold is None or _slot_of(hold, standing) is None):
            _let_go(standing)
            _post(standing, "waiting_offer_withdrawn")


def _offer_times(service: GuidanceService) -> None:
    """Offer the service's free times along the line, unless another worker is at it.

    Each offer is a transaction: it keeps its counsellor's turn until it ends, and two lines may want the same
    counsellors in another order.
    """
    with _our_turn(service) as is_ours:
        if not is_ours:
            return
        timetable = Timetable([service])
        waiting = WaitingEntry.objects.waiting().filter(guidance_service=service)
        for pk in list(waiting.values_list("pk", flat=True)[:MOST_OFFERS]):
            with transaction.atomic():
                rows = WaitingEntry.objects.waiting().select_for_update(skip_locked=True, of=["self"])
                entry = rows.for_listing().filter(pk=pk).first()
                was_offered = entry is not None and _offer(entry, timetable)
            if was_offered:
                timetable = Timetable([service], supply=timetable.supply)  # it must see the hold


@contextmanager
def _our_turn(service: GuidanceService) -> Iterator[bool]:
    """Whether no other worker passes on the times of the service; lasts as long as the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LINES, service.pk])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LINES, service.pk])


def _offer(entry: WaitingEntry, timetable: Timetable) -> bool:
    """Keep the first time that suits the entry and tell of it; whether there was one."""
    service, now = entry.guidance_service, timezone.now()
    for way, slot in _suitable(entry, timetable):
        until = offer_end(slot.starts_at, now)
        if until is None or slot.starts_at in entry.offered_times:
            continue
        hold = holds.hold(service, way, slot, nonce=entry.nonce, until=until)
        if hold is None:
            continue
        entry.hold, entry.offered_at, entry.offer_ends_at = hold, now, until
        entry.offered_times = [*entry.offered_times, slot.starts_at]
        entry.save(update_fields=["hold", "offered_at", "offer_ends_at", "offered_times"])
        _post(entry, "waiting_offer")
        return True
    return False


def _suitable(entry: WaitingEntry, timetable: Timetable) -> list[tuple[Way, Slot]]:
    """The free times of the entry's days and ways, the soonest first, each with its way."""
    found = []
    for known in timetable.ways(entry.guidance_service):
        if entry.channel_id in {None, known.channel_id} and entry.service_point_id in {
            None,
            known.service_point_id,
        }:
            way = Way(known.channel_id, known.service_point_id, entry.spoken_language)
            slots = timetable.free(entry.guidance_service, way, entry.first_on, entry.last_on)
            found += [(way, slot) for slot in slots]
    return sorted(found, key=lambda pair: (pair[1].starts_at, pair[0].channel_id))


def close_ended() -> None:
    """Tell those whose last day has passed that no time came free, and erase what is long over."""
    today = timezone.localdate()
    over = WaitingEntry.objects.filter(last_on__lt=today, left_at__isnull=True, appointment__isnull=True)
    for entry in over.order_by("pk"):
        with transaction.atomic():
            standing = _locked(entry)
            if standing.left_at is None and standing.appointment_id is None:
                standing.left_at = timezone.now()
                _let_go(standing)
                _post(standing, "waiting_ended")
    for entry in WaitingEntry.objects.filter(last_on__lt=today - KEPT).order_by("pk"):
        forget_letters(entry)
        entry.delete()


def _let_go(entry: WaitingEntry) -> None:
    """End what was offered to the entry, and save it."""
    entry.hold, entry.offered_at, entry.offer_ends_at = None, None, None
    entry.save(update_fields=["hold", "offered_at", "offer_ends_at", "queued_at", "left_at"])
    holds.release(entry.nonce)


def _locked(entry: WaitingEntry) -> WaitingEntry:
    """The row as it is now, which nobody else may change before the transaction ends."""
    WaitingEntry.objects.select_for_update().values_list("pk").get(pk=entry.pk)
    return WaitingEntry.objects.for_listing().get(pk=entry.pk)


def _post(entry: WaitingEntry, kind: str) -> None:
    post_letter(
        key=f"{kind}-{entry.pk}-{len(entry.offered_times)}",
        kind=kind,
        recipient=entry.email,
        language=entry.language,
        template=f"booking/letters/{kind}",
        context={"entry": entry},
        about=entry,
    )
