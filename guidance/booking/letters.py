"""What a person is told of an appointment, and when."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guidance.booking.ics import calendar_part
from guidance.booking.models import Appointment
from guidance.booking.wall_clock import DAY, LOCAL
from opinovi import sms
from opinovi.actions import cancel_letters, post_letters, written_letter
from opinovi.models import Letter
from opinovi.phone import mobile_number

REMINDER_CLOCK = time(9)  # local, some days before
SOONEST = timedelta(minutes=30)  # a reminder that would follow the booking sooner tells nothing new


def tell(appointment: Appointment, kind: str) -> None:
    """Write the letter that tells what has become of the appointment; what was still to be told is void.

    While the appointment stands, its reminders are written anew. A request has none before it is confirmed,
    and no calendar has ever known of one that was declined.
    """
    cancel_letters(appointment)
    tell_first(appointment, kind)


def tell_first(appointment: Appointment, kind: str) -> None:
    """Write the letter of an appointment of which nobody has been told anything, and its reminders."""
    calendar = calendar_part(appointment) if appointment.confirmed_at else ""
    letters = [_written(appointment, kind, calendar=calendar)]
    if not appointment.is_cancelled and not appointment.is_requested:
        letters += _reminders(appointment)
    post_letters([letter for letter in letters if letter])


def tell_of_overlap(appointment: Appointment, others: list[Appointment]) -> None:
    """Write to the person's own address that they have other meetings at that time, with links to all."""
    letter = _written(appointment, "appointment_overlap", others=others) if others else None
    post_letters([letter] if letter else [])


def _reminders(appointment: Appointment) -> Iterator[Letter | None]:
    """The reminders of the service whose moments are still to come.

    A first reminder that is late makes way for the second, so that they do not come together.
    """
    service, last_moment = appointment.guidance_service, appointment.starts_at
    if service.reminder_hours:
        soon = appointment.starts_at - timedelta(hours=service.reminder_hours)
        yield _reminder(appointment, "appointment_reminder_soon", soon, not_after=last_moment)
        last_moment = soon
    if service.reminder_days:
        day = timezone.localdate(appointment.starts_at) - service.reminder_days * DAY
        due_at = datetime.combine(day, REMINDER_CLOCK, LOCAL)
        yield _reminder(appointment, "appointment_reminder", due_at, not_after=last_moment)


def _reminder(appointment: Appointment, kind: str, due_at: datetime, *, not_after: datetime) -> Letter | None:
    if timezone.now() + SOONEST < due_at < not_after:
        return _written(appointment, kind, due_at=due_at, not_after=not_after)
    return None


def _written(
    appointment: Appointment,
    kind: str,
    *,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    calendar: str = "",
    **context: Any,
) -> Letter | None:
    """A letter, unless the person wants none or cannot get it.

    Who gave a phone number alone gets the reminders as text messages; nobody else does, and nobody who wants
    letters at certain hours only: those go to the e-mail address alone.
    """
    number = ""
    takes_messages = not appointment.email and appointment.letters == Appointment.Letters.ALL
    if takes_messages and due_at and sms.is_available():
        number = mobile_number(appointment.phone)
    if appointment.letters == Appointment.Letters.NONE or not (appointment.email or number):
        return None
    read_at = due_at or timezone.now()
    return written_letter(
        key=f"{kind}-{appointment.pk}-{appointment.sequence}",
        kind=kind,
        medium=Letter.Medium.SMS if number else Letter.Medium.EMAIL,
        recipient=number or appointment.email,
        language=appointment.language,
        template=f"booking/letters/{kind.removesuffix('_soon')}",
        context={
            "appointment": appointment,
            "can_change": not appointment.is_cancelled and read_at < appointment.changes_end_at,
            **context,
        },
        about=appointment,
        due_at=due_at,
        not_after=not_after or appointment.starts_at,
        hours=_hours(appointment),
        calendar=calendar,
    )


def _hours(appointment: Appointment) -> tuple[int, int] | None:
    """Between which full hours (local) letters may come, all inside what the person wants; None at any time.

    Where no full hour lies inside, the hours around it count.
    """
    first, last = appointment.letters_from, appointment.letters_until
    if appointment.letters != Appointment.Letters.QUIET or first is None or last is None:
        return None
    inside = first.hour + bool(first.minute), last.hour
    return inside if inside[0] < inside[1] else (first.hour, last.hour + bool(last.minute))
