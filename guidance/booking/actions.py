"""Book, move and cancel meetings; the database decides who was first, and the person gets a letter."""

from datetime import datetime, time, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from guidance.booking.ics import calendar_part
from guidance.booking.models import Appointment
from guidance.booking.slots import Slot
from guidance.booking.wall_clock import LOCAL
from opinovi import sms
from opinovi.actions import cancel_letters, post_letter
from opinovi.models import Letter, User
from opinovi.phone import mobile_number

REMINDER_CLOCK = time(9)  # local, on the day before


class SlotTaken(Exception):
    """Somebody else booked the time, or it was withdrawn, before we got to it."""


class TooLate(Exception):
    """The meeting has begun or was cancelled, so that it cannot be moved or cancelled any more."""


def book(appointment: Appointment, *, slot: Slot) -> Appointment:
    """Give the slot to the person of a new appointment, with the fairest counsellor who is free.

    Returns it, or another: the one that the same form made when it was sent before (it carries a nonce). When
    a counsellor is lost to somebody faster, the next one is tried. Raises SlotTaken when no counsellor of the
    slot who speaks the language is free any more.
    """
    appointment.organisation_id = appointment.guidance_service.organisation_id
    appointment.service_point_id = slot.service_point_id
    appointment.set_time(slot.starts_at)
    appointment.set_key()
    with transaction.atomic():
        for counsellor in slot.counsellors(appointment.spoken_language):
            appointment.counsellor_id = counsellor
            if _insert(appointment):
                appointment.counsellor = User.objects.only("name").get(pk=counsellor)
                _post(appointment, "appointment_booked")
                _post_reminder(appointment)
                return appointment
    if standing := Appointment.objects.for_listing().filter(nonce=appointment.nonce).first():
        return standing
    raise SlotTaken


def _insert(appointment: Appointment) -> bool:
    """Write a new row; False when a constraint knows a meeting that overlaps, or the same form.

    PostgreSQL lets two plain inserts that exclude each other wait for each other, and ends one of them only
    when it notices the deadlock; told to do nothing on a conflict, it lets one through at once. Django can
    say so (`bulk_create(ignore_conflicts=True)`), but then does not tell what became of the row.
    """
    fields = [field for field in Appointment._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO booking_appointment ({columns}) VALUES ({places})"  # noqa: S608  # our own names
    values = [field.get_db_prep_save(field.pre_save(appointment, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ON CONFLICT DO NOTHING RETURNING id", values)
        row = cursor.fetchone()
    if row is None:
        return False
    appointment.pk, appointment._state.adding = row[0], False
    return True


def move(appointment: Appointment, *, slot: Slot) -> Appointment:
    """Give the appointment another time and, if need be, another counsellor; its link stays the same.

    Returns it as it is then. Raises SlotTaken when nobody is free any more, and TooLate when the meeting has
    begun or was cancelled.
    """
    counsellors = slot.counsellors(appointment.spoken_language)
    for counsellor in sorted(counsellors, key=lambda pk: pk != appointment.counsellor_id):
        try:
            return _move(appointment, slot, counsellor)
        except IntegrityError:  # the constraint knows a meeting that overlaps
            continue
    raise SlotTaken


def _move(appointment: Appointment, slot: Slot, counsellor: int) -> Appointment:
    with transaction.atomic():
        # Two moves to one time would wait for each other inside the constraint; they queue up here instead.
        User.objects.select_for_update(no_key=True).get(pk=counsellor)
        moved = _locked(appointment)
        if not moved.can_change:
            raise TooLate
        if (moved.starts_at, moved.service_point_id) == (slot.starts_at, slot.service_point_id):
            return moved
        moved.set_time(slot.starts_at)
        moved.service_point_id = slot.service_point_id
        moved.counsellor_id = counsellor
        moved.moved_at = timezone.now()
        moved.sequence += 1
        moved.save(
            update_fields=[
                "starts_at", "ends_at", "busy", "service_point", "counsellor", "moved_at", "sequence"
            ]
        )  # fmt: skip
        cancel_letters(moved)
        _post(moved, "appointment_moved")
        _post_reminder(moved)
        return moved


def cancel(appointment: Appointment, *, by: Appointment.Canceller) -> Appointment:
    """Cancel the appointment, so that its time is free again. Doing it twice does nothing more.

    Returns it as it is then. Raises TooLate when the meeting has begun.
    """
    with transaction.atomic():
        cancelled = _locked(appointment)
        if cancelled.is_cancelled:
            return cancelled
        if cancelled.has_started:
            raise TooLate
        cancelled.cancelled_at = timezone.now()
        cancelled.cancelled_by = by
        cancelled.sequence += 1
        cancelled.save(update_fields=["cancelled_at", "cancelled_by", "sequence"])
        cancel_letters(cancelled)
        _post(cancelled, "appointment_cancelled")
        return cancelled


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
        cancel_letters(corrected)
        if corrected.is_cancelled:
            _post(corrected, "appointment_cancelled")
            return corrected
        _post(corrected, "appointment_moved" if corrected.moved_at else "appointment_booked")
        _post_reminder(corrected)
        return corrected


def _locked(appointment: Appointment) -> Appointment:
    """The row as it is now, which nobody else may change before the transaction ends.

    Locked first and read afterwards: PostgreSQL compares a row it had to wait for with the counsellor that it
    joined before the wait, and finds none when a move has just given the appointment to another.
    """
    Appointment.objects.select_for_update().values_list("pk").get(pk=appointment.pk)
    return Appointment.objects.for_listing().get(pk=appointment.pk)


def _post(appointment: Appointment, kind: str) -> None:
    """Write the letter that tells what has become of the appointment, with its calendar part."""
    if appointment.email:
        _post_letter(appointment, kind, calendar=calendar_part(appointment))


def _post_reminder(appointment: Appointment) -> None:
    """Write the reminder for the day before, unless that moment has passed.

    It is a text message to who gave a phone number alone, and to nobody else.
    """
    eve = timezone.localdate(appointment.starts_at) - timedelta(days=1)
    due_at = datetime.combine(eve, REMINDER_CLOCK, LOCAL)
    if due_at <= timezone.now():
        return
    if appointment.email:
        _post_letter(appointment, "appointment_reminder", due_at=due_at)
    elif sms.is_available() and (number := mobile_number(appointment.phone)):
        _post_letter(appointment, "appointment_reminder", due_at=due_at, text_to=number)


def _post_letter(
    appointment: Appointment,
    kind: str,
    *,
    due_at: datetime | None = None,
    calendar: str = "",
    text_to: str = "",
) -> None:
    post_letter(
        key=f"{kind}-{appointment.pk}-{appointment.sequence}",
        kind=kind,
        medium=Letter.Medium.SMS if text_to else Letter.Medium.EMAIL,
        recipient=text_to or appointment.email,
        language=appointment.language,
        template=f"booking/letters/{kind}",
        context={"appointment": appointment},
        about=appointment,
        due_at=due_at,
        not_after=appointment.starts_at,
        calendar=calendar,
    )
