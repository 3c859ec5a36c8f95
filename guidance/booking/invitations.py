"""Invite somebody to book a time that not everybody may book."""

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from guidance.booking.models import BookingInvitation
from guidance.catalogue.models import GuidanceService
from opinovi.actions import forget_letters, post_letter
from opinovi.models import User


def invite(
    service: GuidanceService,
    *,
    by: User,
    language: str,
    counsellor: User | None = None,
    email: str = "",
    nonce: UUID | None = None,
) -> BookingInvitation:
    """Make an invitation to book a time of the service, with the counsellor or with any.

    With an e-mail address the link goes there in a letter; without one the caller tells its key. It is good
    for one booking, and for another one when that is cancelled. Returns it, or the one that the same form
    made when it was sent before (it carries a nonce).
    """
    invitation = BookingInvitation(
        guidance_service=service,
        counsellor=counsellor,
        invited_by=by,
        email=email,
        language=language,
        nonce=nonce or uuid4(),
    )
    invitation.set_key()
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
            if email:
                _write(invitation)
    except IntegrityError:
        return BookingInvitation.objects.for_listing().get(nonce=invitation.nonce, invited_by=by)
    return invitation


def _write(invitation: BookingInvitation) -> None:
    post_letter(
        key=f"booking_invitation-{invitation.pk}",
        kind="booking_invitation",
        recipient=invitation.email,
        language=invitation.language,
        template="booking/letters/booking_invitation",
        context={"invitation": invitation},
        about=invitation,
    )


def erase_old() -> None:
    """Erase invitations that are good for nothing any more, with their letters."""
    for invitation in BookingInvitation.objects.past_retention().order_by("pk"):
        forget_letters(invitation)
        invitation.delete()


def withdraw(invitation: BookingInvitation) -> bool:
    """Let the link open no times any more, and forget to whom it was sent.

    Returns whether it was still open: a time may have been booked with it meanwhile, and that one stands.
    """
    one = BookingInvitation.objects.filter(pk=invitation.pk)
    with transaction.atomic():
        one.select_for_update().values_list("pk").get()  # a booking with it comes before this, or after
        is_withdrawn = one.open().update(withdrawn_at=timezone.now(), email="") > 0
        if is_withdrawn:
            forget_letters(invitation)
    return is_withdrawn
