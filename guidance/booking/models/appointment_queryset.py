"""How appointments are looked for."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from opinovi.models import Letter, User
from opinovi.private_links import hash_of

if TYPE_CHECKING:
    from guidance.booking.models.appointment import Appointment

LINK_LASTS = timedelta(days=30)  # after the meeting; the link opens what a person told us


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def live(self) -> Self:
        """Appointments that keep a counsellor busy: confirmed, or waiting for the counsellor's word."""
        return self.filter(cancelled_at__isnull=True)

    def requested(self) -> Self:
        """Appointments that a counsellor has not confirmed yet."""
        return self.live().filter(confirmed_at__isnull=True)

    def of_person(self, appointment: "Appointment") -> Self:
        """Appointments of whoever gave the same name and the same e-mail address or phone number.

        The name must be the same too, so that nobody learns from an answer of ours that an address is known.
        """
        same = Q()
        if appointment.email:
            same |= Q(email__iexact=appointment.email)
        if appointment.phone:
            same |= Q(phone=appointment.phone)
        if not same:
            return self.none()
        return self.filter(same, name__iexact=appointment.name).exclude(nonce=appointment.nonce)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Appointments in which people meet at some time between the moments (UTC); pauses do not count."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def coming(self) -> Self:
        return self.live().filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def visible_to(self, user: User) -> Self:
        """Appointments at the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(organisation__in=roles.values("organisation"))

    def opened_by(self, key: str) -> Self:
        """The appointment that a private link leads to; none when the link is unknown or too old.

        The key is looked up by its hash, so that the time of the answer tells nothing about a key.
        """
        return self.filter(key_hash=hash_of(key), ends_at__gt=timezone.now() - LINK_LASTS)

    def past_retention(self) -> Self:
        """Appointments that ended, or would have, so long ago that nobody needs to know whose they were."""
        until = timezone.now() - timedelta(days=settings.APPOINTMENT_DAYS)
        return self.filter(erased_at__isnull=True, ends_at__lt=until)

    def clashing_with(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Live appointments in which the counsellor is busy at some time between the moments (UTC)."""
        return self.live().filter(busy__overlap=(starts_at, ends_at))

    def with_failures(self) -> Self:
        """Say in `is_unreached` whether a letter about a meeting to come did not reach the person."""
        failed = Letter.objects.failed().about_any(self.model).filter(subject_id=OuterRef("pk"))
        comes = Q(ends_at__gt=timezone.now())
        return self.annotate(is_unreached=ExpressionWrapper(comes & Exists(failed), models.BooleanField()))

    def for_listing(self) -> Self:
        return self.select_related("guidance_service", "channel", "service_point__municipality", "counsellor")
