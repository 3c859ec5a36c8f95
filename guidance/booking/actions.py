"""Book, confirm, move and cancel meetings.

The database decides who was first, and the person gets a letter.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from guidance.booking.letters import tell, tell_first, tell_of_overlap
from guidance.booking.limits import overlapping_after_move, respect_own_limits
from guidance.booking.models import (
    Appointment,
    AppointmentFeedback,
    BookingInvitation,
    Hold,
    WaitingEntry,
)
from guidance.booking.slots import Slot
from guidance.booking.ways import OtherWay, give_link
from opinovi.models import Letter, User

LAST_ANSWER = timedelta(hours=1)  # before the meeting; then the clock answers a request
SHORTEST_WAIT = timedelta(minutes=30)  # that a counsellor has for an answer


class SlotTaken(Exception):
    """Somebody else booked the time, or it was withdrawn, before we got to it."""


class TooLate(Exception):
    """The meeting has begun or was cancelled, so that it cannot be changed any more."""


class InvitationUsed(Exception):
    """A time was booked with the invitation before, or it has run out."""


def book(
    appointment: Appointment,
    *,
    slot: Slot,
    accepts_overlap: bool = False,
    known: UUID | None = None,
    invitation: BookingInvitation | None = None,
) -> Appointment:
    """Give the slot to the person of a new appointment, with the fairest counsellor who is free.

    Returns it, or another: the one that the same form made when it was sent before (it carries a nonce). When
    a counsellor is lost to somebody faster, the next one is tried; one who is held for this form comes first.
    The hold ends with it. Another meeting of the person then is asked about (OwnOverlap) where whoever books
    knows of it anyway: a counsellor, or who made the booking with the nonce `known`. Everybody else is told
    by letter; nobody is who accepts the overlap. Raises SlotTaken when no counsellor of the slot who speaks
    the language is free any more, TooManyOpen when the service allows the person no more bookings, and
    InvitationUsed when the invitation with which it is booked is good for nothing more.
    """
    _prepare(appointment, slot)
    held = Hold.objects.filter(nonce=appointment.nonce).values_list("counsellor", flat=True).first()
    for counsellor in slot.counsellors(appointment.spoken_language, first=held):
        appointment.counsellor_id = counsellor
        try:
            with transaction.atomic():  # one counsellor's turn must not be kept while another's is awaited
                others = respect_own_limits(appointment, accepts_overlap=accepts_overlap, known=known)
                give_link(appointment)
                appointment.save(force_insert=True)
                _use(invitation, appointment)
                if held is not None:
                    Hold.objects.filter(nonce=appointment.nonce).delete()
                is_requested = appointment.is_requested
                tell_first(appointment, "appointment_requested" if is_requested else "appointment_booked")
                tell_of_overlap(appointment, others)
        except IntegrityError:  # a constraint knows a meeting that overlaps, or the same form
            appointment.pk, appointment._state.adding = None, True
            continue
        return appointment
    if standing := Appointment.objects.for_listing().filter(nonce=appointment.nonce).first():
        return standing
    raise SlotTaken


def _prepare(appointment: Appointment, slot: Slot) -> None:
    service = appointment.guidance_service
    appointment.organisation_id = service.organisation_id
    appointment.service_point_id = slot.service_point_id
    appointment.set_time(slot.starts_at)
    appointment.set_key()
    is_by_counsellor = appointment.booker == Appointment.Booker.COUNSELLOR
    if service.needs_confirmation and not is_by_counsellor:
        appointment.confirmed_at = None


def _use(invitation: BookingInvitation | None, appointment: Appointment) -> None:
    """Write down what was booked with the invitation; one at a time. Raises InvitationUsed."""
    if invitation is None:
        return
    BookingInvitation.objects.select_for_update().values_list("pk").get(pk=invitation.pk)
    used = BookingInvitation.objects.for_listing().get(pk=invitation.pk)
    if not used.is_open:
        raise InvitationUsed
    used.appointment = appointment
    used.save(update_fields=["appointment"])


def confirm(appointment: Appointment) -> Appointment:
    """Say yes to a request. Doing it twice does nothing more.

    Returns it as it is then. Raises TooLate when it was cancelled or has begun.
    """
    with transaction.atomic():
        confirmed = _locked(appointment)
        if not confirmed.can_change:
            raise TooLate
        if confirmed.is_requested:
            confirmed.confirmed_at = timezone.now()
            confirmed.sequence += 1
            confirmed.save(update_fields=["confirmed_at", "sequence"])
            tell(confirmed, "appointment_booked")
        return confirmed


def move(appointment: Appointment, *, slot: Slot, other_way: OtherWay | None = None) -> Appointment:
    """Give the appointment another time and, if need be, another counsellor; its link stays the same.

    With another way the slot is one of that, and may have the old time. Of another meeting of the person at
    the new time a letter tells, as after a booking. Returns the appointment as it is then. Raises SlotTaken
    when nobody is free any more, also where another way was chosen meanwhile, and TooLate when the meeting
    has begun or was cancelled.
    """
    for counsellor in slot.counsellors(appointment.spoken_language, first=appointment.counsellor_id):
        try:
            return _move(appointment, slot, counsellor, other_way)
        except IntegrityError:  # the constraint knows a meeting that overlaps
            continue
    raise SlotTaken


def _move(
    appointment: Appointment, slot: Slot, counsellor: int, other_way: OtherWay | None = None
) -> Appointment:
    with transaction.atomic():
        moved = _locked(appointment)
        if not moved.can_change:
            raise TooLate
        old_start, old_channel = moved.starts_at, moved.channel_id
        new_channel = other_way.channel.pk if other_way else appointment.channel_id
        if not other_way and old_channel != new_channel:  # the slot is one of a way that is not theirs now
            raise SlotTaken
        is_here = (old_start, moved.service_point_id) == (slot.starts_at, slot.service_point_id)
        if is_here and old_channel == new_channel:
            return moved
        moved.set_time(slot.starts_at)
        moved.service_point_id = slot.service_point_id
        if counsellor != moved.counsellor_id:
            moved.counsellor_id, moved.video_link = counsellor, ""
        if other_way:
            other_way.write_into(moved)
        give_link(moved)
        has_new_time = old_start != slot.starts_at
        _note_move(moved, "appointment_moved" if has_new_time else "appointment_changed")
        if has_new_time:
            tell_of_overlap(moved, overlapping_after_move(moved))
        _offer_freed_time(moved)
        return moved


def hand_over(appointment: Appointment, *, to: User) -> Appointment:
    """Give the appointment, at its time, to another counsellor.

    Returns it as it is then: with whoever got it, when somebody has handed it on since it was read. Raises
    SlotTaken when that counsellor has something else then, and TooLate when the meeting has begun or was
    cancelled.
    """
    try:
        with transaction.atomic():
            handed = _locked(appointment)
            if not handed.can_change:
                raise TooLate
            if handed.counsellor_id == appointment.counsellor_id != to.pk:
                handed.counsellor = to
                handed.video_link = ""
                give_link(handed)
                _note_move(handed, "appointment_changed")
            return handed
    except IntegrityError as clash:
        raise SlotTaken from clash


def tell_new_place(appointment: Appointment) -> None:
    """Tell the person where the meeting is now that the mobile service point stands somewhere else then."""
    with transaction.atomic():
        told = _locked(appointment)
        if told.can_change:
            told.moved_at = timezone.now()
            told.sequence += 1
            told.save(update_fields=["moved_at", "sequence"])
            tell(told, "appointment_elsewhere")


def _note_move(appointment: Appointment, kind: str) -> None:
    if kind == "appointment_moved":
        appointment.moved_at = timezone.now()
    appointment.coming_at = None
    appointment.sequence += 1
    appointment.save(
        update_fields=[
            "starts_at", "ends_at", "busy", "service_point", "counsellor", "channel", "phone",
            "visit_address", "video_link", "moved_at", "coming_at", "sequence",
        ]
    )  # fmt: skip
    tell(appointment, kind)


def change_link(appointment: Appointment, *, link: str) -> Appointment:
    """Hold a video meeting somewhere else. Doing it twice does nothing more.

    Returns it as it is then. Raises TooLate when the meeting has ended or was cancelled.
    """
    with transaction.atomic():
        changed = _locked(appointment)
        if changed.is_cancelled or changed.has_ended:
            raise TooLate
        if changed.video_link != link:
            changed.video_link = link
            changed.sequence += 1
            changed.save(update_fields=["video_link", "sequence"])
            tell(changed, "appointment_changed")
        return changed


def cancel(appointment: Appointment, *, by: Appointment.Canceller, reason: str = "") -> Appointment:
    """Cancel the appointment, or say no to a request, so that its time is free again.

    Doing it twice does nothing more. Returns it as it is then. Raises TooLate when the meeting has begun.
    """
    with transaction.atomic():
        cancelled = _locked(appointment)
        if cancelled.is_cancelled:
            return cancelled
        if cancelled.has_started:
            raise TooLate
        was_requested = cancelled.is_requested
        cancelled.cancelled_at = timezone.now()
        cancelled.cancelled_by = by
        cancelled.cancel_reason = reason
        cancelled.sequence += 1
        cancelled.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason", "sequence"])
        is_declined = was_requested and by != Appointment.Canceller.PERSON
        tell(cancelled, "appointment_declined" if is_declined else "appointment_cancelled")
        _offer_freed_time(cancelled)
        return cancelled


def decline_unanswered() -> None:
    """Say no to requests that nobody has answered an hour before the meeting, so that people can plan anew.

    One that was made less than half an hour ago waits on.
    """
    now = timezone.now()
    waiting = Appointment.objects.requested().filter(
        starts_at__gt=now, starts_at__lte=now + LAST_ANSWER, created_at__lte=now - SHORTEST_WAIT
    )
    for appointment in waiting.order_by("starts_at", "pk"):
        with suppress(TooLate):  # it has begun just now
            cancel(appointment, by=Appointment.Canceller.CLOCK)


def reinstate(appointment: Appointment) -> Appointment:
    """Take a cancellation back, as long as the time is still free.

    Returns it as it is then. Raises SlotTaken when the counsellor has something else by now, and TooLate when
    the meeting would have begun.
    """
    try:
        with transaction.atomic():
            standing = _locked(appointment)
            if standing.has_started:
                raise TooLate
            if standing.is_cancelled:
                standing.cancelled_at, standing.cancelled_by, standing.cancel_reason = None, "", ""
                standing.confirmed_at = standing.confirmed_at or timezone.now()
                standing.sequence += 1
                standing.save(
                    update_fields=[
                        "cancelled_at", "cancelled_by", "cancel_reason", "confirmed_at", "sequence"
                    ]
                )  # fmt: skip
                tell(standing, "appointment_booked")
            return standing
    except IntegrityError as clash:
        raise SlotTaken from clash


def say_coming(appointment: Appointment) -> None:
    """Write down that the person has said they are coming; the first time counts. Raises TooLate."""
    with transaction.atomic():
        coming = _locked(appointment)
        if not coming.can_change or coming.is_requested:
            raise TooLate
        if coming.coming_at is None:
            coming.coming_at = timezone.now()
            coming.save(update_fields=["coming_at"])


def give_feedback(appointment: Appointment, *, stars: int, text: str) -> None:
    """Keep what the person says of the meeting; within a week they may say it anew.

    Raises TooLate when that week is over, and before the meeting has ended.
    """
    with transaction.atomic():
        over = _locked(appointment)
        said = AppointmentFeedback.objects.filter(appointment=over).first()
        said = said or AppointmentFeedback(appointment=over)
        if over.is_cancelled or not over.has_ended or not said.can_change:
            raise TooLate
        said.stars, said.text = stars, text
        said.save()


def mark(appointment: Appointment, attendance: Appointment.Attendance) -> None:
    """Say what became of a meeting whose time has come; it can be taken back. Raises TooLate if cancelled."""
    with transaction.atomic():
        marked = _locked(appointment)
        if not marked.can_be_marked:
            raise TooLate
        marked.attendance = attendance
        marked.save(update_fields=["attendance"])


def _offer_freed_time(appointment: Appointment) -> None:
    """Let the worker offer the time at once where people wait for one, when this is committed."""
    if WaitingEntry.objects.waiting().filter(guidance_service=appointment.guidance_service_id).exists():
        jobs.configure_task("booking.offer_freed_time").defer()


def correct_address(appointment: Appointment, *, email: str) -> Appointment:
    """Write anew, to another address or the same, what did not reach the person. Returns it as it is then.

    The letter says how things stand now; what waited for the old address goes to the new one. Sent twice, the
    second form finds nothing left to do.
    """
    with transaction.atomic():
        corrected = _locked(appointment)
        if corrected.email == email and not Letter.objects.about(corrected).failed().exists():
            return corrected
        corrected.email = email
        corrected.sequence += 1
        corrected.save(update_fields=["email", "sequence"])
        tell(corrected, _standing_letter(corrected))
        return corrected


def _standing_letter(appointment: Appointment) -> str:
    """The letter that says how things stand."""
    if appointment.is_cancelled:
        return "appointment_cancelled"
    if appointment.is_requested:
        return "appointment_requested"
    return "appointment_moved" if appointment.moved_at else "appointment_booked"


def _locked(appointment: Appointment) -> Appointment:
    """The row as it is now, which nobody else may change before the transaction ends.

    Locked first and read afterwards: PostgreSQL compares a row it had to wait for with the counsellor that it
    joined before the wait, and finds none when a move has just given the appointment to another.
    """
    Appointment.objects.select_for_update().values_list("pk").get(pk=appointment.pk)
    return Appointment.objects.for_listing().get(pk=appointment.pk)
