"""The meetings that were booked, and the private links that lead to them."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.appointment_queryset import AppointmentQuerySet
from guidance.booking.models.group_session import GroupSession
from guidance.booking.models.hold import turn_of_counsellor
from guidance.catalogue.models import Channel, Funding, GuidanceLanguage, GuidanceService, TrainingOption
from network.models import Organisation, RouteStop, ServicePoint
from opinovi import private_links
from opinovi.models import User

Subject = TrainingOption | GroupSession | Funding


def key_for(nonce: uuid.UUID) -> str:
    """The key of the private link to the booking that was made with a nonce.

    A form that is sent twice leads to the same key.
    """
    return private_links.key_for("booking.private-link", nonce)


def busy_around(service: GuidanceService, starts_at: datetime) -> DateTimeTZRange:
    """When a counsellor is busy with a meeting that starts at a moment (UTC): the pauses around it too."""
    before, after = service.pauses
    return DateTimeTZRange(starts_at - before, starts_at + service.duration + after)


class Appointment(models.Model):
    """A meeting that a person has booked with a counsellor (ajanvaraus)."""

    class Canceller(models.TextChoices):
        PERSON = "person", _("the person")
        COUNSELLOR = "counsellor", _("the counsellor")
        STOP = "stop", _("the bus does not come")
        CLOCK = "clock", _("nobody confirmed it in time")

    class Booker(models.TextChoices):
        """Who booked for the person."""

        SELF = "self", _("for myself")
        CLOSE = "close", _("for somebody close to me")
        PARTNER = "partner", _("for a client, as an organisation's employee")
        COUNSELLOR = "counsellor", _("a counsellor of the service")

    class Letters(models.TextChoices):
        """Which letters the person wants."""

        ALL = "all", _("confirmation, changes and reminders")
        QUIET = "quiet", _("only at certain hours")
        NONE = "none", _("no letters or text messages at all")

    class Attendance(models.TextChoices):
        """What became of the meeting; nothing is known until somebody has marked it."""

        UNKNOWN = "", _("not marked yet")
        SEEN = "seen", _("came")
        NO_SHOW = "no_show", _("did not come")
        EXCUSED = "excused", _("told beforehand")

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
        "visit_address",
        "booker",
        "booker_name",
        "letters",
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
    visit_address = models.CharField(_("address of the visit"), max_length=250, blank=True)
    video_link = models.URLField(_("link for the video call"), max_length=500, blank=True)
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
    booker = models.CharField(_("booked"), max_length=12, choices=Booker, default=Booker.SELF)
    booker_name = models.CharField(_("name of who booked"), max_length=150, blank=True)
    booked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="booked_appointments",
        verbose_name=_("booked by the counsellor"),
    )
    letters = models.CharField(_("letters"), max_length=5, choices=Letters, default=Letters.ALL)
    letters_from = models.TimeField(_("not before"), null=True, blank=True)
    letters_until = models.TimeField(_("not after"), null=True, blank=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("booked"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(
        _("confirmed"),
        null=True,
        blank=True,
        default=timezone.now,
        help_text=_("Empty: a counsellor must confirm it first."),
    )
    coming_at = models.DateTimeField(
        _("said to be coming"), null=True, blank=True, help_text=_("When the person answered the reminder.")
    )
    moved_at = models.DateTimeField(_("moved"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=12, choices=Canceller, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["counsellor", "starts_at"], name="appointment_counsellor_start"),
            models.Index(fields=["organisation", "starts_at"], name="appointment_organisation_start"),
            models.Index(Upper("email"), name="appointment_email"),
            models.Index(fields=["phone"], name="appointment_phone"),
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
                condition=~Q(email="") | ~Q(phone="") | Q(booker="counsellor") | Q(erased_at__isnull=False),
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
                name="appointment_letters_at_hours",
                condition=~Q(letters="quiet")
                | Q(letters_from__isnull=False, letters_until__gt=F("letters_from")),
                violation_error_message=_("Say between which hours letters may come, the later one last."),
            ),
            models.CheckConstraint(
                name="appointment_attended_when_not_cancelled",
                condition=Q(attendance__in=["", "excused"]) | Q(cancelled_at__isnull=True),
                violation_error_message=_("Nobody can come to a meeting that was cancelled."),
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
        triggers = [
            pgtrigger.Trigger(
                name="appointment_not_on_a_hold",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("busy", "counsellor_id", "cancelled_at"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__cancelled_at__isnull=True),
                func=pgtrigger.Func(
                    turn_of_counsellor()
                    + """
                    IF EXISTS (
                        SELECT FROM booking_hold
                        WHERE counsellor_id = NEW.counsellor_id AND busy && NEW.busy
                          AND nonce <> NEW.nonce AND expires_at > clock_timestamp()
                    ) THEN
                        RAISE EXCEPTION 'the time is held for somebody else'
                        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'appointment_not_on_a_hold';
                    END IF;
                    RETURN NEW;
                    """
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H.%M}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Nothing: the database refuses, and asking it beforehand costs a query for each constraint."""

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
    def is_requested(self) -> bool:
        """Whether it waits for a counsellor's word."""
        return self.confirmed_at is None and not self.is_cancelled

    @property
    def can_change(self) -> bool:
        """Whether a counsellor may still move or cancel it."""
        return not self.is_cancelled and not self.has_started

    @property
    def changes_end_at(self) -> datetime:
        """Until when the person may move or cancel it (UTC)."""
        return self.starts_at - timedelta(hours=self.guidance_service.change_hours)

    @property
    def person_can_change(self) -> bool:
        """Whether the person may still move or cancel it by the private link."""
        return self.can_change and timezone.now() < self.changes_end_at

    @property
    def can_be_marked(self) -> bool:
        """Whether one can say if the person came: once the meeting's time has come."""
        return self.has_started and not self.is_cancelled

    @property
    def can_be_logged(self) -> bool:
        """Whether one can write down what became of it: from its day (local) on."""
        return not self.is_cancelled and timezone.localdate(self.starts_at) <= timezone.localdate()

    @property
    def key(self) -> str:
        """The key of the private link."""
        return key_for(self.nonce)

    @property
    def link_to_join(self) -> str:
        """The link for the video call; empty once the meeting is cancelled."""
        return "" if self.is_cancelled else self.video_link

    @property
    def person(self) -> str:
        """What a page at the desk calls whom one met: the name, or that nobody knows it any more."""
        return str(_("(name erased)")) if self.erased_at else self.name

    @property
    def first_name(self) -> str:
        """What a page that opens by a link says of the person."""
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        """What a calendar says of the person where others may look on: `A. E.`."""
        return " ".join(f"{word[0]}." for word in self.name.split()).upper() or "–"

    @property
    def short_name(self) -> str:
        """What a counsellor needs to know whom they meet: `Aino E.`."""
        if self.erased_at:
            return self.person
        first, *others = self.name.split() or [""]
        return " ".join([first, *(f"{word[0]}." for word in others[-1:])])

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
            return [self.visit_address] if self.visit_address else []
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
        """Give it a start (UTC) and the service's length; the counsellor is busy in the pauses too."""
        self.starts_at = starts_at
        self.ends_at = starts_at + self.guidance_service.duration
        self.busy = busy_around(self.guidance_service, starts_at)

    def set_key(self) -> None:
        """Let the private link that belongs to the nonce open it."""
        self.key_hash = private_links.hash_of(self.key)
