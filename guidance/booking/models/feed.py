"""The secret addresses by which counsellors see their meetings in calendars of their own."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opinovi import private_links
from opinovi.models import User
from opinovi.private_links import hash_of


def key_for(nonce: uuid.UUID) -> str:
    """The key of the address that belongs to a nonce."""
    return private_links.key_for("booking.counsellor-calendar", nonce)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def opened_by(self, key: str) -> Self:
        """The feed that an address leads to: none when it was renewed, or its counsellor cannot sign in."""
        return self.filter(key_hash=hash_of(key), counsellor__is_active=True)


class CalendarFeed(models.Model):
    """A secret address that shows a counsellor's meetings to a calendar program (kalenterisyöte)."""

    counsellor = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    renewed_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.counsellor)

    @property
    def key(self) -> str:
        """The key of the address."""
        return key_for(self.nonce)

    def renew(self) -> None:
        """Give it another address; the old one opens nothing once this is saved."""
        self.nonce = uuid.uuid4()
        self.key_hash = hash_of(self.key)
        self.renewed_at = timezone.now()
