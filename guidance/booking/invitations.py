"""Invite somebody to book a time that not everybody may book."""

from django.db import transaction

from guidance.booking.models import BookingInvitation
from guidance.catalogue.models import GuidanceService
from opinovi.actions import post_letter
from opinovi.models import User


def invite(
    service: GuidanceService, *, by: User, language: str, counsellor: User | None = None, email: str = ""
) -> BookingInvitation:
    """Make an invitation to book a time of the service, with the counsellor or with any.

    With an e-mail address the link goes there in a letter; without one the caller tells its key. It is good
    for one booking, and for another one when that is cancelled.
    """
    invitation = BookingInvitation(
        guidance_service=service, counsellor=counsellor, invited_by=by, email=email, language=language
    )
    invitation.set_key()
    with transaction.atomic():
        invitation.save(force_insert=True)
        if email:
            post_letter(
                key=f"booking_invitation-{invitation.pk}",
                kind="booking_invitation",
                recipient=email,
                language=language,
                template="booking/letters/booking_invitation",
                context={"invitation": invitation},
                about=invitation,
            )
    return invitation
