"""When counsellors can meet people, and when they cannot after all."""

from datetime import date, time, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceService
from network.access import fellow_counsellors
from network.models import RouteStop, ServicePoint
from network.models.service_point import Weekday
from opinovi.models import User

MIDNIGHT = time(0)
YEARS_AHEAD = 5
MOST_WEEKS = 8  # between two rounds of a weekly time


def validate_year(day: date) -> None:
    """Refuse a mistyped year, such as 0026 or 2206. Raises ValidationError."""
    if not 2000 <= day.year <= timezone.localdate().year + YEARS_AHEAD:
        raise ValidationError(_("Check the year."), code="year")


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    def editable_by(self, user: User) -> Self:
        return self.filter(counsellor=user)

    def coming(self) -> Self:
        """Times that still come round, or will."""
        today = timezone.localdate()
        return self.filter(
            Q(on__isnull=True) | Q(on__gte=today),
            Q(valid_to__isnull=True) | Q(valid_to__gte=today),
            Q(stop__isnull=True) | Q(stop__ends_at__gt=timezone.now()),
        )

    def for_listing(self) -> Self:
        return self.select_related("service_point", "stop__municipality").prefetch_related(
            "services", "channels"
        )


class Availability(models.Model):
    """When a counsellor can be booked (ohjaajan vastaanottoaika), as local wall time.

    Every so many weeks, on one day, or for as long as the mobile service point stands at a stop, wherever and
    whenever that comes to be. A weekly time does not come round on a public holiday unless that is said, nor
    on its `skipped` days; one for a single day is meant as it is.
    """

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
    languages = ArrayField(
        models.CharField(max_length=2, choices=GuidanceLanguage),
        blank=True,
        default=list,
        verbose_name=_("languages"),
        help_text=_("Choose none if you meet people in every language of the service."),
    )
    weekday = models.PositiveSmallIntegerField(
        _("every"), choices=Weekday, null=True, blank=True, help_text=_("Or choose one day below.")
    )
    every_weeks = models.PositiveSmallIntegerField(
        _("comes round every … weeks"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WEEKS)],
        help_text=_("Counted from the week of the first day."),
    )
    skipped = ArrayField(
        models.DateField(),
        default=list,
        blank=True,
        verbose_name=_("not on these days"),
        help_text=_("Days on which a weekly time does not come round."),
    )
    is_on_holidays = models.BooleanField(_("also on public holidays"), default=False)
    on = models.DateField(_("only on"), null=True, blank=True, validators=[validate_year])
    stop = models.ForeignKey(
        RouteStop,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="availabilities",
        verbose_name=_("at the stop"),
        help_text=_("The time is the stop's, and moves with it."),
    )
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"), help_text=_("0:00 is the end of the day."))
    video_link = models.URLField(
        _("link for video calls"),
        max_length=500,
        blank=True,
        help_text=_("Empty: every meeting gets a link of its own."),
    )
    valid_from = models.DateField(_("first day"), null=True, blank=True, validators=[validate_year])
    valid_to = models.DateField(_("last day"), null=True, blank=True, validators=[validate_year])

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")
        ordering = [F("on").asc(nulls_first=True), "weekday", "starts_at", "pk"]
        indexes = [models.Index(fields=["counsellor", "weekday"], name="availability_counsellor")]
        constraints = [
            models.CheckConstraint(
                name="availability_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")) | Q(ends_at=MIDNIGHT),
                violation_error_message=_("The time must end after it starts."),
            ),
            models.CheckConstraint(
                name="availability_weekly_or_dated",
                condition=Q(weekday__isnull=False, on__isnull=True, stop__isnull=True)
                | Q(weekday__isnull=True, on__isnull=False, stop__isnull=True)
                | Q(weekday__isnull=True, on__isnull=True, stop__isnull=False),
                violation_error_message=_("Choose a day of the week, one day, or a stop of the bus."),
            ),
            models.CheckConstraint(
                name="availability_weeks_are_counted_from_a_day",
                condition=Q(every_weeks=1)
                | Q(every_weeks__gte=2, every_weeks__lte=MOST_WEEKS, valid_from__isnull=False),
                violation_error_message=_("Give the first day, from which the weeks are counted."),
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

    @property
    def is_weekly(self) -> bool:
        return self.weekday is not None

    def skip(self, day: date) -> None:
        """Let it not come round on a day."""
        self.skipped = sorted({*self.skipped, day})

    def keep(self, day: date) -> None:
        """Let it come round on a day that was skipped."""
        self.skipped = [other for other in self.skipped if other != day]


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def editable_by(self, user: User) -> Self:
        return self.filter(counsellor=user)

    def visible_to(self, user: User) -> Self:
        """Absences of those who are counsellors today in an organisation where the user is one."""
        return self.filter(counsellor__in=fellow_counsellors(user))

    def coming(self) -> Self:
        """Absences that have not ended."""
        return self.filter(ends_at__gt=timezone.now())


class Absence(models.Model):
    """When a counsellor cannot be booked after all (poissaolo).

    One that comes again every week is a row for each time; they share their `series`.
    """

    counsellor = models.ForeignKey(User, models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField(_("from"), validators=[validate_year])
    ends_at = models.DateTimeField(_("until"), validators=[validate_year])
    series = models.UUIDField(null=True, blank=True, editable=False)
    note = models.CharField(
        _("note to yourself"), max_length=100, blank=True, help_text=_("Nobody else sees this.")
    )

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

    @property
    def first_on(self) -> date:
        """The first local day."""
        return timezone.localdate(self.starts_at)

    @property
    def last_on(self) -> date:
        """The last local day; an end at midnight belongs to the day before."""
        return timezone.localdate(self.ends_at - timedelta.resolution)

    @property
    def is_whole_days(self) -> bool:
        return (
            timezone.localtime(self.starts_at).time() == timezone.localtime(self.ends_at).time() == MIDNIGHT
        )
