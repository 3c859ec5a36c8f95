"""How a service can be booked: by whom, for how long, how soon, how late, and with whom one meets."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opinovi.models import User

MOST_PAUSE = 120  # minutes around a meeting


def booking_rules_constraints(prefix: str) -> list[models.CheckConstraint]:
    """What must hold of the rules of any service; the names begin with the prefix."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_duration",
            condition=Q(duration_minutes__gte=5, duration_minutes__lte=480),
            violation_error_message=_("A meeting lasts from 5 minutes to 8 hours."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_pauses",
            condition=Q(pause_before_minutes__lte=MOST_PAUSE, pause_after_minutes__lte=MOST_PAUSE),
            violation_error_message=_("A pause around a meeting lasts at most two hours."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_start_grid",
            condition=Q(grid_minutes__isnull=True) | Q(grid_minutes__gte=5, grid_minutes__lte=480),
            violation_error_message=_("Meetings start every 5 minutes to 8 hours."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_most_open",
            condition=Q(most_open__isnull=True) | Q(most_open__gte=1),
            violation_error_message=_("Let a person have at least one open booking, or leave it empty."),
        ),
    ]


class BookingRules(models.Model):
    """The rules of booking a service (ajanvarauksen säännöt)."""

    class Booking(models.TextChoices):
        """Who may book."""

        ANYONE = "anyone", _("anyone can book a time")
        INVITED = "invited", _("those who were invited can book a time")
        COUNSELLOR = "counsellor", _("a counsellor books the time")
        NONE = "none", _("no booking: come, call or write")

    class Meeting(models.TextChoices):
        """With whom one meets."""

        ANY = "any", _("any counsellor who offers the service")
        TEAM = "team", _("a counsellor of the team")
        OWN = "own", _("the counsellor one has already")

    booking = models.CharField(_("booking"), max_length=12, choices=Booking, default=Booking.ANYONE)
    meeting = models.CharField(_("whom one meets"), max_length=4, choices=Meeting, default=Meeting.ANY)
    team = models.ManyToManyField(
        User,
        blank=True,
        related_name="team_services",
        verbose_name=_("team"),
        help_text=_("Counsellors who can be booked when the service has a team."),
    )
    needs_confirmation = models.BooleanField(
        _("a counsellor confirms first"),
        default=False,
        help_text=_("The time is kept for the person until a counsellor has answered."),
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting, minutes"),
        default=45,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    pause_before_minutes = models.PositiveSmallIntegerField(
        _("pause before, minutes"),
        default=0,
        validators=[MaxValueValidator(MOST_PAUSE)],
        help_text=_("The counsellor prepares; nobody else can book this time."),
    )
    pause_after_minutes = models.PositiveSmallIntegerField(
        _("pause after, minutes"),
        default=0,
        validators=[MaxValueValidator(MOST_PAUSE)],
        help_text=_("The counsellor writes things down; nobody else can book this time."),
    )
    grid_minutes = models.PositiveSmallIntegerField(
        _("a meeting can start every … minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text=_("Empty: one after the other, with the pauses between."),
    )
    lead_hours = models.PositiveSmallIntegerField(
        _("book at least this many hours before"), default=2, validators=[MaxValueValidator(24 * 30)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("book at most this many days ahead"), default=60, validators=[MaxValueValidator(365)]
    )
    change_hours = models.PositiveSmallIntegerField(
        _("move or cancel at least this many hours before"),
        default=0,
        validators=[MaxValueValidator(24 * 14)],
        help_text=_("0: until the meeting begins. After that the person calls."),
    )
    most_open = models.PositiveSmallIntegerField(
        _("open bookings a person may have"),
        null=True,
        blank=True,
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as they like."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("remind this many days before"),
        null=True,
        blank=True,
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
        help_text=_("Empty: no such reminder."),
    )
    reminder_hours = models.PositiveSmallIntegerField(
        _("remind this many hours before"),
        null=True,
        blank=True,
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(48)],
        help_text=_("Empty: no such reminder."),
    )

    class Meta:
        abstract = True

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def pauses(self) -> tuple[timedelta, timedelta]:
        """How long the counsellor is busy before and after a meeting."""
        return timedelta(minutes=self.pause_before_minutes), timedelta(minutes=self.pause_after_minutes)

    @property
    def step_minutes(self) -> int:
        """How far apart the starts of meetings are, in minutes."""
        whole = self.pause_before_minutes + self.duration_minutes + self.pause_after_minutes
        return self.grid_minutes or whole
