"""The letters that tell people what has become of their registration for a group session."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guidance.booking.models import Registration
from guidance.booking.registration_calendar import calendar_part
from guidance.booking.wall_clock import LOCAL
from opinovi.actions import post_letter

REMINDER_CLOCK = time(9)  # local, on the day before
HAVE_CALENDAR = {"registration_made", "registration_moved"}  # for who has a place
TAKE_IT_AWAY = {"registration_cancelled", "registration_session_cancelled"}  # from who had one


def tell(registration: Registration, kind: str, *, had_place: bool = False, turn: str = "") -> bool:
    """Write the letter, with the calendar part that belongs to it. Returns whether there is one.

    There is none for somebody without an e-mail address, and none once the session is over. `turn` tells
    letters apart that are written without a change of the registration.
    """
    if not registration.email or registration.session.is_over:
        return False
    shows = registration.is_registered if kind in HAVE_CALENDAR else had_place and kind in TAKE_IT_AWAY
    calendar = calendar_part(registration) if shows else ""
    _post(registration, kind, calendar=calendar, turn=turn, had_place=had_place)
    return True


def remind(registration: Registration) -> None:
    """Write the reminder for the day before, for who has a place, unless that moment has passed."""
    eve = timezone.localdate(registration.session.starts_at) - timedelta(days=1)
    due_at = datetime.combine(eve, REMINDER_CLOCK, LOCAL)
    if registration.is_registered and registration.email and due_at > timezone.now():
        _post(registration, "registration_reminder", due_at=due_at)


def _post(
    registration: Registration,
    kind: str,
    *,
    due_at: datetime | None = None,
    calendar: str = "",
    turn: str = "",
    **context: Any,
) -> None:
    post_letter(
        key="-".join(filter(None, [kind, str(registration.pk), str(registration.sequence), turn])),
        kind=kind,
        recipient=registration.email,
        language=registration.language,
        template=f"booking/letters/{kind}",
        context={"registration": registration, "session": registration.session, **context},
        about=registration,
        due_at=due_at,
        calendar=calendar,
    )
