"""When counsellors can meet people, and the meetings that were booked."""

import hashlib
import secrets
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceService
from network.models import Organisation, ServicePoint
from network.models.service_point import Weekday
from opinovi.models import User


class AvailabilityQuerySet(models.QuerySet):
    def editable_by(self, user: User) -> Self:
        return self.filter(counsellor=user)

    def for_listing(self) -> Self:
        return self.select_related("service_point").prefetch_related("services", "channels")


class Availability(models.Model):
    """When a counsellor can be booked (ohjaajan vastaanottoaika): every week or on one day, local wall time."""

    counsellor = models.ForeignKey(User, models.PROTECT, related_name="availabilities")
    services = models.ManyToManyField(
        GuidanceService, related_name="availabilities", verbose_name=_("guidance services")
    )
    channels = models.ManyToManyField(Channel, related_name="availabilities", verbose_name=_("channels"))
    service_point = models.ForeignKey(
        ServicePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="availabilities",
        verbose_name=_("service point"),
        help_text=_("Needed when people can come to meet you."),
    )
    weekday = models.PositiveSmallIntegerField(
        _("every"), choices=Weekday, null=True, blank=True, help_text=_("Or choose one day below.")
    )
    on = models.DateField(_("only on"), null=True, blank=True)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")
        ordering = [F("on").asc(nulls_first=True), "weekday", "starts_at", "pk"]
        indexes = [models.Index(fields=["counsellor", "weekday"], name="availability_counsellor")]
        constraints = [
            models.CheckConstraint(
                name="availability_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The time must end after it starts."),
            ),
            models.CheckConstraint(
                name="availability_weekly_or_dated",
                condition=Q(weekday__isnull=True, on__isnull=False)
                | Q(weekday__isnull=False, on__isnull=True),
                violation_error_message=_("Choose either a day of the week or one day."),
            ),
            models.CheckConstraint(
                name="availability_last_day_after_first",
                condition=Q(valid_to__gte=F("valid_from"))
                | Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True),
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H.%M}–{self.ends_at:%H.%M}"


class AbsenceQuerySet(models.QuerySet):
    def editable_by(self, user: User) -> Self:
        return self.filter(counsellor=user)

    def coming(self) -> Self:
        """Absences that have not ended."""
        return self.filter(ends_at__gt=timezone.now())


class Absence(models.Model):
    """When a counsellor cannot be booked after all (poissaolo)."""

    counsellor = models.ForeignKey(User, models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note to yourself"), max_length=100, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["counsellor", "ends_at"], name="absence_counsellor")]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An absence must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H.%M}"


def new_key() -> str:
    """An unguessable key for a private link (256 bits)."""
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    """What is stored of a private link's key."""
    return hashlib.sha256(key.encode()).hexdigest()


class AppointmentQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def coming(self) -> Self:
        return self.live().filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def visible_to(self, user: User) -> Self:
        """Appointments at the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(organisation__in=roles.values("organisation"))

    def for_listing(self) -> Self:
        return self.select_related("guidance_service", "channel", "service_point", "counsellor")


class Appointment(models.Model):
    """A meeting that a person has booked with a counsellor (ajanvaraus)."""

    class Canceller(models.TextChoices):
        PERSON = "person", _("the person")
        COUNSELLOR = "counsellor", _("the counsellor")

    guidance_service = models.ForeignKey(
        GuidanceService, models.PROTECT, related_name="appointments", verbose_name=_("guidance service")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments")
    counsellor = models.ForeignKey(
        User, models.PROTECT, related_name="appointments", verbose_name=_("counsellor")
    )
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="appointments", verbose_name=_("channel")
    )
    service_point = models.ForeignKey(
        ServicePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("service point"),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    busy = DateTimeRangeField(
        _("counsellor is busy"), help_text=_("The meeting and the pauses around it; no other may overlap it.")
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    wish = models.TextField(_("what it is about"), blank=True, max_length=2000)
    language = models.CharField(_("language of the portal"), max_length=2, choices=settings.LANGUAGES)
    spoken_language = models.CharField(
        _("language of the meeting"), max_length=2, choices=GuidanceLanguage, default=GuidanceLanguage.FINNISH
    )
    needs_interpreter = models.BooleanField(_("an interpreter is needed"), default=False)
    special_needs = models.CharField(_("special needs"), max_length=500, blank=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("booked"), default=timezone.now, editable=False)
    moved_at = models.DateTimeField(_("moved"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=12, choices=Canceller, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["counsellor", "starts_at"], name="appointment_counsellor_start"),
            models.Index(fields=["organisation", "starts_at"], name="appointment_organisation_start"),
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An appointment must end after it starts."),
            ),
            models.CheckConstraint(
                name="appointment_busy_holds_the_meeting",
                condition=Q(
                    busy__contains=Func(
                        "starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()
                    )
                ),
                violation_error_message=_("The counsellor must be busy for the whole meeting."),
            ),
            models.CheckConstraint(
                name="appointment_person_can_be_reached",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message=_(
                    "Give an e-mail address or a phone number, so that we can reach you."
                ),
            ),
            models.CheckConstraint(
                name="appointment_cancelled_by_somebody",
                condition=Q(cancelled_at__isnull=True, cancelled_by="")
                | Q(cancelled_at__isnull=False) & ~Q(cancelled_by=""),
                violation_error_message=_("Say who cancelled the appointment."),
            ),
            ExclusionConstraint(
                name="appointment_one_at_a_time",
                expressions=[("counsellor", RangeOperators.EQUAL), ("busy", RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at__isnull=True),
                violation_error_message=_("The counsellor already has an appointment at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H.%M}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_started(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def can_change(self) -> bool:
        """Whether the person may still move or cancel it."""
        return not self.is_cancelled and not self.has_started
