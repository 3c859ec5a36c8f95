"""Who works in the portal: invite, accept, end, and what an administrator does to an account."""

import secrets
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.models import Affiliation, Invitation
from network.models.people import hash_key, invitation_end
from opinovi.actions import cancel_letters, post_letter
from opinovi.models import User


class InvitationClosed(Exception):
    """The invitation was accepted, withdrawn or ran out before we got to it."""


def invite_colleague(invitation: Invitation) -> None:
    """Save a new invitation and post its link. Raises IntegrityError when the person already has it."""
    with transaction.atomic():
        key = _renew(invitation)
        invitation.save()
        _post_invitation(invitation, key)


def resend_invitation(invitation: Invitation) -> None:
    """Post a new link, good for seven days from now; the old one stops working. Raises InvitationClosed."""
    with transaction.atomic():
        key = _renew(invitation)
        renewed = Invitation.objects.waiting().filter(pk=invitation.pk)
        if not renewed.update(key_hash=invitation.key_hash, expires_at=invitation.expires_at):
            raise InvitationClosed
        cancel_letters(invitation)
        _post_invitation(invitation, key)


def withdraw_invitation(invitation: Invitation) -> None:
    """Make the link stop working. Raises InvitationClosed when somebody was faster."""
    with transaction.atomic():
        if not Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
            raise InvitationClosed
        cancel_letters(invitation)


def _renew(invitation: Invitation) -> str:
    key = secrets.token_urlsafe(32)
    invitation.key_hash = hash_key(key)
    invitation.expires_at = invitation_end()
    return key


def _post_invitation(invitation: Invitation, key: str) -> None:
    post_letter(
        key=f"invitation-{invitation.pk}-{invitation.key_hash[:16]}",
        kind="invitation",
        recipient=invitation.email,
        language=invitation.language,
        template="network/letters/invitation",
        context={"invitation": invitation, "key": key},
        about=invitation,
    )


def accept_as_new_person(invitation: Invitation, *, name: str, password: str) -> User:
    """Make the account and the affiliation of somebody new. Raises InvitationClosed.

    That is raised, too, when the address got an account in the meantime: the same link then asks to sign in.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, name=name, language=invitation.language
            )
            accept_invitation(invitation, user=user)
    except IntegrityError as error:  # of two clicks the second finds the address taken
        raise InvitationClosed from error
    return user


def accept_invitation(invitation: Invitation, *, user: User) -> None:
    """Give the user the invitation's role, from today on. Raises InvitationClosed."""
    role = {"organisation": invitation.organisation, "role": invitation.role}
    with transaction.atomic():
        accepted = Invitation.objects.open().filter(pk=invitation.pk)
        if not accepted.update(accepted_at=timezone.now(), accepted_by=user):
            raise InvitationClosed
        if not user.affiliations.current().filter(**role).exists():
            Affiliation.objects.create(user=user, **role)


def end_affiliation(affiliation: Affiliation, *, until: date) -> None:
    """Let the day (local) be the last on which the role gives rights; it stays in the history."""
    affiliation.until = until
    affiliation.save(update_fields=["until"])


def update_person(person: User) -> None:
    """Save what was changed of an account; a letter to the old address tells of a new one.

    Addresses that allauth has noted for the account and that are no longer its own are forgotten with it:
    otherwise the old address would still sign in and reset the password.
    """
    with transaction.atomic():
        old = User.objects.values_list("email", flat=True).get(pk=person.pk)
        person.save()
        EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
        if old != person.email:
            _tell(person, "address_changed", recipient=old)


def remove_second_factor(person: User) -> None:
    """Take away a lost second factor, so that the next sign-in sets up a new one; tell the person."""
    with transaction.atomic():
        removed, _kinds = Authenticator.objects.filter(user=person).delete()
        if removed:
            _tell(person, "second_factor_removed", recipient=person.email)


def _tell(person: User, kind: str, *, recipient: str) -> None:
    """Post a letter about something that was done to the account; the same thing can happen again."""
    post_letter(
        key=f"{kind}-{person.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        kind=kind,
        recipient=recipient,
        language=person.language,
        template=f"network/letters/{kind}",
        context={"name": person.name},
        about=person,
    )
