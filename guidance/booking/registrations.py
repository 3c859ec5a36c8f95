"""Sign up for a group session, wait for a place, be offered one, leave: who has a place is decided here.

Everything that takes or frees a place locks the session's row first, so that a person, a counsellor and the
worker who act at once come one after the other. The database counts once more: `Registration`'s trigger.
Whatever frees a place offers it to the next on the waiting list in the same transaction.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from guidance.booking import registration_letters as letters
from guidance.booking.models import GroupSession, Presence, Registration, State
from opinovi.actions import cancel_letters
from opinovi.models import User

logger = logging.getLogger(__name__)

STANDING_LETTERS = {
    State.REGISTERED: "registration_made",
    State.OFFERED: "registration_offered",
    State.WAITING: "registration_waits",
}


class SessionFull(Exception):
    """No place is free, or others wait for the one that is."""


class RegistrationClosed(Exception):
    """Nobody can sign up for the session: not yet, not any more, or not at all."""


class OfferOver(Exception):
    """The place is no longer offered to the person."""


class TooLate(Exception):
    """So shortly before the session the person cannot cancel by themselves."""


def register(registration: Registration, *, waits: bool = False, by: User | None = None) -> Registration:
    """Give the person of a new registration a place; with `waits`, one on the waiting list when it is full.

    Returns it, or the one that stands: made by the same form (it carries a nonce), or for the same person,
    who then gets the link to it by letter. `by` is the counsellor or coordinator who adds the person, also
    when people cannot sign up by themselves. Raises SessionFull and RegistrationClosed, to who signs up by
    themselves before it is looked whether they are known: no refusal tells that.
    """
    with transaction.atomic():
        session = _locked(registration.session_id)
        if same_form := Registration.objects.for_listing().filter(nonce=registration.nonce).first():
            return same_form if by else _sent_again(same_form, registration)
        if by and (standing := _of_same_person(registration)):
            return standing
        if session.is_cancelled or not (by or session.is_open):
            raise RegistrationClosed
        _settle(session)
        state = _state_of_a_new_one(session, registration.presence, waits, by)
        if standing := _of_same_person(registration):
            _tell_known(standing)
            return standing
        registration.session = session
        registration.added_by = by
        registration.joined_at = timezone.now()
        registration.state = state
        registration.set_key()
        registration.save(force_insert=True)
        letters.tell(registration, STANDING_LETTERS[state])
        letters.remind(registration)
        return registration


def _of_same_person(registration: Registration) -> Registration | None:
    return Registration.objects.for_listing().of_the_same_person(registration).first()


def _sent_again(standing: Registration, wanted: Registration) -> Registration:
    """What the same form made before: what was written first counts, but a corrected e-mail address is taken.

    Who mistyped it would get no letter, and learn of the registration nowhere.
    """
    kind = STANDING_LETTERS.get(State(standing.state))
    if kind is None or not wanted.email or wanted.email.casefold() == standing.email.casefold():
        return standing
    standing.email = wanted.email
    standing.sequence += 1
    others = Registration.objects.for_listing().exclude(pk=standing.pk)
    if known := others.of_the_same_person(standing).first():
        _tell_known(known)
        return known
    standing.save(update_fields=["email", "sequence"])
    cancel_letters(standing)
    letters.tell(standing, kind)
    letters.remind(standing)
    return standing


def _tell_known(standing: Registration) -> None:
    letters.tell(standing, "registration_known", turn=f"{timezone.localdate():%Y%m%d}")  # one a day


def _state_of_a_new_one(session: GroupSession, presence: str, waits: bool, by: User | None) -> State:
    line = session.registrations.waiting().filter(presence=presence)
    if _free(session, presence) != 0 and not line.exists():
        return State.REGISTERED
    if waits and (by or session.has_waiting_list):
        return State.WAITING
    raise SessionFull


def cancel(registration: Registration, *, by: Registration.Canceller) -> Registration:
    """End a registration, a place on the waiting list or an offer; the next one is offered what is free.

    Nobody else's registration changes, and the session stays. Doing it twice does nothing more. Returns it as
    it is then. Raises TooLate when it is the person's own wish and comes too late.
    """
    with transaction.atomic():
        session = _locked(registration.session_id)
        _settle(session)
        ended = _current(registration, session)
        if ended.is_cancelled:
            return ended
        if by == Registration.Canceller.PERSON and not ended.can_cancel:
            raise TooLate
        had_place = ended.is_registered
        _end(ended, by)
        letters.tell(ended, "registration_cancelled", had_place=had_place)
        _settle(session)
        return ended


def accept(registration: Registration) -> Registration:
    """Take the place that is offered. Doing it twice does nothing more. Raises OfferOver."""
    with transaction.atomic():
        session = _locked(registration.session_id)
        _settle(session)
        offered = _current(registration, session)
        if offered.is_registered:
            return offered
        if offered.is_offered:
            return _seat(offered)
    raise OfferOver  # outside: the offer that has just run out has been passed on


def promote(registration: Registration) -> Registration:
    """Give somebody on the waiting list a place by hand, or take an offer for them, as when they called.

    Doing it twice does nothing more. Raises SessionFull when no place is free, and OfferOver when the person
    neither waits nor has an offer any more.
    """
    with transaction.atomic():
        session = _locked(registration.session_id)
        promoted = _current(registration, session)
        if promoted.is_registered:
            return promoted
        if promoted.is_cancelled or session.is_cancelled:
            raise OfferOver
        if promoted.is_waiting and _free(session, promoted.presence) == 0:
            raise SessionFull
        return _seat(promoted)


def mark(registration: Registration) -> bool:
    """Write down whether the person was there; False for somebody who has no place any more."""
    seated = Registration.objects.registered().filter(pk=registration.pk)
    return bool(seated.update(attendance=registration.attendance))


def settle(number: int) -> None:
    """End a session's offers that ran out, and offer its free places to those who wait."""
    with transaction.atomic():
        _settle(_locked(number))


def settle_all() -> None:
    """The same for every session where the clock or a larger room may have changed something.

    What goes wrong in one session does not keep the others waiting. Two workers at once do each thing once.
    """
    theirs = Registration.objects.filter(session=OuterRef("pk"))
    sessions = GroupSession.objects.coming().live()
    concerned = sessions.filter(Q(Exists(theirs.offers_over())) | Q(Exists(theirs.waiting())))
    for number in concerned.values_list("pk", flat=True):
        try:
            settle(number)
        except Exception:
            logger.exception("waiting list", extra={"facts": {"session": number}})


def cancel_session(session: GroupSession) -> int:
    """Cancel the session and every registration that stands, and tell those whose registration stood.

    Who had cancelled before is not told. Returns how many letters were written; none when it was cancelled
    before.
    """
    with transaction.atomic():
        cancelled = _locked(session.pk)
        if cancelled.is_cancelled:
            return 0
        cancelled.cancelled_at = timezone.now()
        cancelled.save(update_fields=["cancelled_at"])
        return sum(_end_with_the_session(row) for row in _live(cancelled))


def tell_of_move(session: GroupSession) -> int:
    """Tell everybody whose registration stands that time or place have changed; returns how many letters."""
    with transaction.atomic():
        moved = _locked(session.pk)
        return sum(_tell_of_move(row) for row in _live(moved))


def _tell_of_move(registration: Registration) -> bool:
    registration.sequence += 1
    if registration.offered_until:
        registration.offered_until = min(registration.offered_until, registration.session.starts_at)
    registration.save(update_fields=["sequence", "offered_until"])
    cancel_letters(registration, ["registration_reminder"])
    letters.remind(registration)
    return letters.tell(registration, "registration_moved")


def _end_with_the_session(registration: Registration) -> bool:
    had_place = registration.is_registered
    _end(registration, Registration.Canceller.SESSION)
    return letters.tell(registration, "registration_session_cancelled", had_place=had_place)


def _live(session: GroupSession) -> list[Registration]:
    rows = list(session.registrations.live())
    for row in rows:
        row.session = session
    return rows


def _settle(session: GroupSession) -> None:
    """End the offers that ran out, tell them, and offer what is free to the next ones. The row is locked."""
    if session.is_cancelled:
        return
    for row in session.registrations.offers_over():
        row.session = session
        _end(row, Registration.Canceller.CLOCK)
        letters.tell(row, "registration_offer_over")
    until = session.offer_ends_at(timezone.now())
    if until is None:
        return
    for presence in Presence:
        line = session.registrations.waiting().filter(presence=presence)
        free = _free(session, presence) if line.exists() else 0
        for row in line if free is None else line[:free]:
            _offer(row, session, until)


def _offer(registration: Registration, session: GroupSession, until: datetime) -> None:
    registration.session = session
    registration.state, registration.offered_until = State.OFFERED, until
    registration.sequence += 1
    registration.save(update_fields=["state", "offered_until", "sequence"])
    letters.tell(registration, "registration_offered")


def _seat(registration: Registration) -> Registration:
    registration.state, registration.offered_until = State.REGISTERED, None
    registration.sequence += 1
    registration.save(update_fields=["state", "offered_until", "sequence"])
    cancel_letters(registration)
    letters.tell(registration, "registration_made")
    letters.remind(registration)
    return registration


def _end(registration: Registration, by: Registration.Canceller) -> None:
    registration.state, registration.offered_until = State.CANCELLED, None
    registration.cancelled_at, registration.cancelled_by = timezone.now(), by
    registration.attendance = ""
    registration.sequence += 1
    registration.save(
        update_fields=["state", "offered_until", "cancelled_at", "cancelled_by", "attendance", "sequence"]
    )
    cancel_letters(registration)


def _free(session: GroupSession, presence: str) -> int | None:
    """How many places are free just now; None when there is room for everyone. The row is locked."""
    places = session.places(presence)
    if places is None:
        return None
    return max(0, places - session.registrations.seats().filter(presence=presence).count())


def _locked(number: int) -> GroupSession:
    """The session as it is now; no place of it is taken or freed by others before the transaction ends."""
    GroupSession.objects.select_for_update(no_key=True).values_list("pk").get(pk=number)
    related = ("organisation", "municipality", "service_point__municipality")
    return GroupSession.objects.select_related(*related).get(pk=number)


def _current(registration: Registration, session: GroupSession) -> Registration:
    current = Registration.objects.get(pk=registration.pk)
    current.session = session
    return current
