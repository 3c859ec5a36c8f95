"""The meetings that were booked, and the private links that lead to them."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.group_session import GroupSession
from guidance.catalogue.models import Channel, Funding, GuidanceLanguage, GuidanceService, TrainingOption
from network.models import Organisation, RouteStop, ServicePoint
from opinovi import private_links
from opinovi.models import User
from opinovi.private_links import hash_of

Subject = TrainingOption | GroupSession | Funding

LINK_LASTS = timedelta(days=30)  # after the meeting; the link opens what a person told us


def key_for(nonce: uuid.UUID) -> str:
    """The key of the private link to the booking that was made with a nonce.

    A form that is sent twice leads to the same key.
    """
    return private_links.key_for("booking.private-link", nonce)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def live(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

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

    def clashing_with(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Live appointments in which the counsellor is busy at some time between the moments (UTC)."""
        return self.live().filter(busy__overlap=(starts_at, ends_at))

    def for_listing(self) -> Self:
        return self.select_related("guidance_service", "channel", "service_point__municipality", "counsellor")


class Appointment(models.Model):
    """A meeting that a person has booked with a counsellor (ajanvaraus)."""

    class Canceller(models.TextChoices):
        PERSON = "person", _("the person")
        COUNSELLOR = "counsellor", _("the counsellor")

    TOLD = (
        "starts_at",
        "name",
        "email",
        "phone",
        "wish",
        "spoken_language",
        "needs_interpreter",
        "special_needs",
        "training_id",
        "group_session_id",
        "funding_id",
    )

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
    training = models.ForeignKey(
        TrainingOption,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("about the training"),
    )
    group_session = models.ForeignKey(
        GroupSession,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("about the event"),
    )
    funding = models.ForeignKey(
        Funding,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("about the way to finance studies"),
    )
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
            models.CheckConstraint(
                name="appointment_about_one_thing_at_most",
                condition=Q(training__isnull=True, group_session__isnull=True)
                | Q(training__isnull=True, funding__isnull=True)
                | Q(group_session__isnull=True, funding__isnull=True),
                violation_error_message=_("An appointment is about one thing at most."),
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

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Nothing: the database refuses, and asking it beforehand costs a query for each constraint."""

    def clean(self) -> None:
        """Say at the field what the constraint refuses, for forms."""
        super().clean()
        if not self.email and not self.phone and not self.channel.needs_phone:  # there the phone is required
            raise ValidationError({"email": _("Give an e-mail address or a phone number.")})

    def says_the_same_as(self, other: "Appointment") -> bool:
        """Whether the person told the same in both, and chose the same time."""
        return all(getattr(self, name) == getattr(other, name) for name in self.TOLD)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_started(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def has_ended(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def can_change(self) -> bool:
        """Whether it may still be moved or cancelled."""
        return not self.is_cancelled and not self.has_started

    @property
    def key(self) -> str:
        """The key of the private link."""
        return key_for(self.nonce)

    @property
    def first_name(self) -> str:
        """What a page that opens by a link says of the person."""
        return self.name.split(" ")[0]

    @cached_property
    def stop(self) -> RouteStop | None:
        """Where the mobile service point stands at the time of the meeting; one query for a mobile one."""
        if self.service_point is None or not self.service_point.is_mobile:
            return None
        stops = self.service_point.stops.live().select_related("municipality")
        return stops.filter(starts_at__lte=self.starts_at, ends_at__gte=self.ends_at).first()

    @property
    def place_lines(self) -> list[str]:
        """Where one meets, line by line; none when the channel needs no place."""
        point = self.service_point
        if point is None:
            return []
        if self.stop:
            lines = [point.name, self.stop.place, self.stop.street_address, self.stop.municipality.name]
        else:
            town = point.municipality.name if point.municipality else ""
            lines = [point.name, point.street_address, f"{point.postcode} {town}".strip()]
        return [line for line in lines if line]

    @property
    def subject(self) -> Subject | None:
        """What the person wants to talk about, if they came from its page; a query when there is one."""
        return self.training or self.group_session or self.funding

    def set_subject(self, subject: Subject | None) -> None:
        """Let it be about that and nothing else."""
        self.training = subject if isinstance(subject, TrainingOption) else None
        self.group_session = subject if isinstance(subject, GroupSession) else None
        self.funding = subject if isinstance(subject, Funding) else None

    def set_time(self, starts_at: datetime) -> None:
        """Give it a start (UTC) and the service's length; the counsellor is busy for as long."""
        self.starts_at = starts_at
        self.ends_at = starts_at + timedelta(minutes=self.guidance_service.duration_minutes)
        self.busy = DateTimeTZRange(self.starts_at, self.ends_at)

    def set_key(self) -> None:
        """Let the private link that belongs to the nonce open it."""
        self.key_hash = hash_of(self.key)
