"""Fresh links to the bookings of an e-mail address, for who has lost theirs. Nobody learns who has booked."""

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from guidance.booking.models import Appointment
from opinovi.actions import post_letter
from opinovi.models import Letter

LETTER = "appointment_links"
PAUSE = timedelta(hours=1)  # between two such letters to one address


def mark_of(email: str) -> str:
    """What stands for an address in the queue of jobs: without the portal's secret it tells nothing."""
    return salted_hmac("booking.links", email.strip().lower(), algorithm="sha256").hexdigest()


def send_links(mark: str, *, language: str) -> None:
    """Write to the address of the mark, if meetings to come were booked with it, links to each of them.

    One that had such a letter within the hour gets no other.
    """
    coming = Appointment.objects.coming().exclude(email="")
    pairs = coming.values_list("pk", "email").iterator()
    found = {pk: email for pk, email in pairs if constant_time_compare(mark_of(email), mark)}
    if not found:
        return
    recipient = next(iter(found.values()))
    now = timezone.now()
    recent = Letter.objects.filter(kind=LETTER, recipient__iexact=recipient, created_at__gt=now - PAUSE)
    if recent.exists():
        return
    appointments = list(Appointment.objects.coming().for_listing().filter(pk__in=found))
    if not appointments:  # cancelled just now
        return
    post_letter(
        key=f"{LETTER}-{mark}-{now:%Y-%m-%dT%H}",
        kind=LETTER,
        recipient=recipient,
        language=language,
        template=f"booking/letters/{LETTER}",
        context={"appointments": appointments},
        about=appointments[0],
        not_after=max(appointment.ends_at for appointment in appointments),
    )
