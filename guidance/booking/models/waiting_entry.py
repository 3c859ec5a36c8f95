"""People who wait for a time that is not free yet."""

import uuid
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.appointment import Appointment
from guidance.booking.models.appointment_queryset import LINK_LASTS
from guidance.booking.models.availability import validate_year
from guidance.booking.models.hold import Hold
from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceService
from network.models import ServicePoint
from opinovi import private_links
from opinovi.models import User
from opinovi.private_links import hash_of

OFFER_LASTS = timedelta(hours=24)
SHORTEST_OFFER = timedelta(minutes=30)  # a time that would leave less to answer is offered to nobody


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def live(self) -> Self:
        """Entries of people who still wait for a time, or have one offered to them."""
        today = timezone.localdate()
        return self.filter(left_at__isnull=True, appointment__isnull=True, last_on__gte=today)

    def waiting(self) -> Self:
        """Those to whom the next free time can be offered, the first in line first."""
        return self.live().filter(offered_at__isnull=True).order_by("queued_at", "pk")

    def offered(self) -> Self:
        """Those for whom a time is kept just now."""
        return self.live().filter(offer_ends_at__gt=timezone.now())

    def unanswered(self) -> Self:
        """Those whose offer has run out without an answer."""
        return self.filter(offer_ends_at__lte=timezone.now(), left_at__isnull=True, appointment__isnull=True)

    def opened_by(self, key: str) -> Self:
        """The entry that a private link leads to; none when the link is unknown or too old."""
        return self.filter(key_hash=hash_of(key), last_on__gt=timezone.localdate() - LINK_LASTS)

    def visible_to(self, user: User) -> Self:
        """Entries for services of the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(guidance_service__organisation__in=roles.values("organisation"))

    def for_listing(self) -> Self:
        return self.select_related("guidance_service", "channel", "service_point__municipality")


class WaitingEntry(models.Model):
    """A place in the line for a time of a service (jonotuspaikka).

    A time that becomes free is kept for the first in line and offered by letter; without an answer it goes
    on to the next, and the first waits on at the end of the line.
    """

    is_on_public_pages = False

    guidance_service = models.ForeignKey(
        GuidanceService, models.PROTECT, related_name="waiting_entries", verbose_name=_("guidance service")
    )
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        verbose_name=_("channel"),
        help_text=_("Empty: in any way."),
    )
    service_point = models.ForeignKey(
        ServicePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        verbose_name=_("service point"),
        help_text=_("Empty: at any place."),
    )
    first_on = models.DateField(_("from"), validators=[validate_year])
    last_on = models.DateField(_("until"), validators=[validate_year])
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    wish = models.TextField(_("what it is about"), blank=True, max_length=2000)
    language = models.CharField(_("language of the portal"), max_length=2, choices=settings.LANGUAGES)
    spoken_language = models.CharField(
        _("language of the meeting"), max_length=2, choices=GuidanceLanguage, default=GuidanceLanguage.FINNISH
    )
    added_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="added_waiting_entries",
        verbose_name=_("added by the counsellor"),
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    queued_at = models.DateTimeField(_("in line since"), default=timezone.now)
    offered_times = ArrayField(
        models.DateTimeField(),
        default=list,
        blank=True,
        verbose_name=_("times that were offered"),
        help_text=_("No time is offered to the same person twice."),
    )
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    offer_ends_at = models.DateTimeField(_("answer until"), null=True, blank=True)
    hold = models.OneToOneField(
        Hold,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="waiting_entry",
        verbose_name=_("the time that is offered"),
    )
    appointment = models.OneToOneField(
        Appointment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="waiting_entry",
        verbose_name=_("appointment"),
    )
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in the line")
        verbose_name_plural = _("waiting list")
        ordering = ["queued_at", "pk"]
        indexes = [
            models.Index(
                fields=["guidance_service", "queued_at"],
                name="waiting_entry_line",
                condition=Q(left_at__isnull=True, appointment__isnull=True),
            ),
            models.Index(
                fields=["offer_ends_at"],
                name="waiting_entry_offer_end",
                condition=Q(offer_ends_at__isnull=False, left_at__isnull=True, appointment__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="waiting_entry_last_day_after_first",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                name="waiting_entry_offer_has_its_end",
                condition=Q(offered_at__isnull=True, offer_ends_at__isnull=True)
                | Q(offered_at__isnull=False, offer_ends_at__gt=F("offered_at")),
                violation_error_message=_("An offer ends after it was made."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                "guidance_service",
                name="waiting_entry_once_a_person",
                condition=Q(left_at__isnull=True, appointment__isnull=True),
                violation_error_message=_("This address waits for the service already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guidance_service} {self.pk}"

    @property
    def key(self) -> str:
        """The key of the private link."""
        return private_links.key_for("booking.waiting-entry", self.nonce)

    @property
    def first_name(self) -> str:
        """What a page that opens by a link says of the person."""
        return self.name.split(" ")[0]

    @property
    def is_live(self) -> bool:
        return self.left_at is None and self.appointment_id is None and self.last_on >= timezone.localdate()

    @property
    def is_offered(self) -> bool:
        """Whether a time is kept for the person just now."""
        return self.is_live and self.offer_ends_at is not None and self.offer_ends_at > timezone.now()

    @cached_property
    def ahead(self) -> int:
        """How many stand before this one and wait for the service on any of the same days; one query."""
        before = Q(queued_at__lt=self.queued_at) | Q(queued_at=self.queued_at, pk__lt=self.pk)
        line = WaitingEntry.objects.live().filter(guidance_service=self.guidance_service_id)
        return line.filter(before, first_on__lte=self.last_on, last_on__gte=self.first_on).count()

    def set_key(self) -> None:
        """Let the private link that belongs to the nonce open it."""
        self.key_hash = hash_of(self.key)


def offer_end(starts_at: datetime, now: datetime) -> datetime | None:
    """Until when a time that starts at a moment can be kept for an answer (UTC).

    A day, but not longer than until half of what is left before the meeting. None when that is too short to
    be fair.
    """
    ends_at = now + min(OFFER_LASTS, (starts_at - now) / 2)
    return ends_at if ends_at - now >= SHORTEST_OFFER else None


def default_last_on() -> date:
    """Two months from today, where the person says nothing else."""
    return timezone.localdate() + timedelta(days=60)
