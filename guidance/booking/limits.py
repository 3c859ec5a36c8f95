"""What one person may have booked: so many meetings of a service, and two at once only knowingly."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils import timezone

from guidance.booking.models import Appointment

PEOPLE = 20_020  # the class of the locks, one for each way to reach a person


class OwnOverlap(Exception):
    """The same person has another meeting at that time."""

    def __init__(self, other: Appointment) -> None:
        super().__init__()
        self.other = other


class TooManyOpen(Exception):
    """The same person has as many open bookings of the service as it allows."""


def respect_own_limits(
    appointment: Appointment, *, accepts_overlap: bool, known: UUID | None
) -> list[Appointment]:
    """Raise TooManyOpen or OwnOverlap; one person's bookings are made one after the other.

    The question about another meeting tells that the person has one, so it is asked only of who knows that
    anyway: a counsellor, and who made that booking, with the nonce `known`. Returns the meetings at that time
    of which the person's own letter is to tell: those that were booked with the very same e-mail address. Who
    knows only a name and a number learns nothing at an address of their own.
    """
    _take_turn({appointment.email.casefold(), appointment.phone} - {""})
    now = timezone.now()
    service = appointment.guidance_service
    is_by_counsellor = appointment.booker == Appointment.Booker.COUNSELLOR
    own = Appointment.objects.live().of_person(appointment)
    own = own.filter(ends_at__gt=min(now, appointment.starts_at)).order_by()
    times = list(own.values_list("pk", "guidance_service", "starts_at", "ends_at"))
    if service.most_open and not is_by_counsellor:
        coming = [ends_at for _pk, of, _starts_at, ends_at in times if of == service.pk and ends_at > now]
        if len(coming) >= service.most_open:
            raise TooManyOpen
    at_once = [
        pk
        for pk, _of, starts_at, ends_at in times
        if starts_at < appointment.ends_at and ends_at > appointment.starts_at
    ]
    if accepts_overlap or not at_once:
        return []
    others = list(Appointment.objects.for_listing().filter(pk__in=at_once))
    for other in others:
        if is_by_counsellor or other.nonce == known:
            raise OwnOverlap(other)
    return _with_same_email(appointment, others)


def overlapping_after_move(appointment: Appointment) -> list[Appointment]:
    """The meetings of the person at the time an appointment has now, of which their own letter is to tell."""
    own = Appointment.objects.live().of_person(appointment)
    at_once = own.overlapping(appointment.starts_at, appointment.ends_at)
    return _with_same_email(appointment, list(at_once.for_listing()))


def _with_same_email(appointment: Appointment, others: list[Appointment]) -> list[Appointment]:
    email = appointment.email.casefold()
    return [other for other in others if email and other.email.casefold() == email]


def _take_turn(ways_to_reach: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for way in sorted(ways_to_reach):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PEOPLE, way])
