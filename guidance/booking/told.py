"""Who will be told of a change to an appointment, and what: a counsellor reads it before saving."""

from datetime import time
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment

LETTERS: dict[str, str | Promise] = {
    "appointment_booked": _("a confirmation of the booking"),
    "appointment_declined": _("an apology that this time cannot be given, with a link to other times"),
    "appointment_moved": _("a letter with the new time"),
    "appointment_changed": _("a letter that tells what is different"),
    "appointment_cancelled": _("a letter that the meeting is cancelled, with a link to other times"),
}


class Told(NamedTuple):
    """What the person is told: a letter to an address, or `nobody` says why there is none.

    The address is masked. `hours` are those between which the person wants letters; `phone` is what one can
    call when nobody is written to.
    """

    letter: str | Promise = ""
    address: str = ""
    hours: tuple[time, time] | None = None
    nobody: str | Promise = ""
    phone: str = ""


def told_of(appointment: Appointment, kind: str) -> Told:
    """What `letters.tell` will tell of a change; `kind` is the letter's."""
    if appointment.letters == Appointment.Letters.NONE:
        return Told(nobody=_("The person wants no letters."), phone=appointment.phone)
    if not appointment.email:
        return Told(nobody=_("The person gave no e-mail address."), phone=appointment.phone)
    hours = None
    if appointment.letters_from and appointment.letters_until:
        hours = (appointment.letters_from, appointment.letters_until)
    return Told(letter=LETTERS[kind], address=masked(appointment.email), hours=hours)


def masked(address: str) -> str:
    """An e-mail address by which its owner is known again, and nobody else: `a…@example.fi`."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
