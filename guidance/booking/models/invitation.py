"""Invitations to book a time that not everybody may book."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.appointment import Appointment
from guidance.catalogue.models import GuidanceService
from opinovi import private_links
from opinovi.models import Letter, User
from opinovi.private_links import hash_of

LASTS = timedelta(days=30)  # from the invitation, or from the cancellation of what was booked with it


def invitation_end() -> datetime:
    """When an invitation made now runs out (UTC)."""
    return timezone.now() + LASTS


class BookingInvitationQuerySet(models.QuerySet["BookingInvitation"]):
    def with_key(self, key: str) -> Self:
        """The invitation that a link leads to, looked up by the key's hash, whether it is open or not."""
        return self.filter(key_hash=hash_of(key))

    def visible_to(self, user: User) -> Self:
        """Invitations to services of the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(guidance_service__organisation__in=roles.values("organisation"))

    def open(self) -> Self:
        """Invitations with which a time can be booked, as `is_open` has it."""
        now = timezone.now()
        unused = Q(appointment=None, expires_at__gt=now)
        again = Q(appointment__cancelled_at__gt=now - LASTS)
        return self.filter(unused | again, withdrawn_at=None)

    def past_retention(self) -> Self:
        """Invitations with which no time can be booked any more, a month after that or after the meeting."""
        long_ago = timezone.now() - LASTS
        unused = Q(appointment=None, expires_at__lt=long_ago)
        met = Q(appointment__cancelled_at=None, appointment__ends_at__lt=long_ago)
        cancelled = Q(appointment__cancelled_at__lt=long_ago - LASTS)
        return self.filter(unused | met | cancelled)

    def with_failures(self) -> Self:
        """Say in `is_unreached` whether the letter with the link did not reach the person."""
        failed = Letter.objects.failed().about_any(self.model).filter(subject_id=OuterRef("pk"))
        return self.annotate(is_unreached=Exists(failed))

    def for_listing(self) -> Self:
        return self.select_related("guidance_service", "counsellor", "appointment", "invited_by")


class BookingInvitation(models.Model):
    """An invitation to book a time (kutsu ajanvaraukseen): for one service, with one counsellor or any."""

    is_on_public_pages = False

    guidance_service = models.ForeignKey(
        GuidanceService,
        models.CASCADE,
        related_name="booking_invitations",
        verbose_name=_("guidance service"),
    )
    counsellor = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="booking_invitations",
        verbose_name=_("counsellor"),
        help_text=_("Empty: any counsellor of the service."),
    )
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="booking_invitations_made", verbose_name=_("invited by")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language of the letter"), max_length=2, choices=settings.LANGUAGES)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("good until"), default=invitation_end)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    appointment = models.OneToOneField(
        Appointment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name=_("the time that was booked"),
    )

    objects = BookingInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to book")
        verbose_name_plural = _("invitations to book")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="booking_invitation_runs_out_after_it_is_made",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message=_("An invitation must be good for some time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guidance_service}"

    @property
    def is_open(self) -> bool:
        """Whether a time can be booked with it; after a cancellation it can be used again."""
        return self.withdrawn_at is None and self.good_until is not None and self.good_until > timezone.now()

    @property
    def good_until(self) -> datetime | None:
        """Until when a time can be booked with it (UTC); None while one is booked."""
        if self.appointment is None:
            return self.expires_at
        cancelled_at = self.appointment.cancelled_at
        return cancelled_at and cancelled_at + LASTS

    @property
    def key(self) -> str:
        """The key of the link."""
        return private_links.key_for("booking.invitation", self.nonce)

    def set_key(self) -> None:
        """Let the link that belongs to the nonce open it."""
        self.key_hash = hash_of(self.key)
