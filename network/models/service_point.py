from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models.area import Area
from network.models.organisation import Organisation
from opinovi.alphabet import name_key
from opinovi.fields import ChangedAtField
from opinovi.models import User
from opinovi.terms import TermsField


class ServicePointQuerySet(models.QuerySet["ServicePoint"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def open(self) -> Self:
        """Service points that have not closed for good."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate()))

    def matching(self, word: str) -> Self:
        """Service points that have the word in their own or their municipality's name in some language."""
        own = Q(name_fi__icontains=word) | Q(name_sv__icontains=word) | Q(name_en__icontains=word)
        place = Q(municipality__name_fi__icontains=word) | Q(municipality__name_sv__icontains=word)
        return self.filter(own | place)

    def editable_by(self, user: User) -> Self:
        """Service points of the organisations where the user is coordinator; all for an administrator."""
        return self.filter(organisation__in=Organisation.objects.editable_by(user).values("pk"))

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("organisation", "municipality")

    def get_by_natural_key(self, slug: str) -> "ServicePoint":
        return self.get(slug=slug)


class ServicePoint(models.Model):
    """A place where guidance is given (palvelupiste); a mobile one goes where its stops are."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("stays in one place")
        MOBILE = "mobile", _("goes round")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="service_points", verbose_name=_("kept by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FIXED)
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    street_address = models.CharField(_("street address"), max_length=150, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=5, blank=True, validators=[RegexValidator(r"^[0-9]{5}$")]
    )
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_points",
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        verbose_name=_("municipality"),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(59), MaxValueValidator(71)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(19), MaxValueValidator(32)],
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    directions = models.TextField(_("how to get there"), blank=True)
    is_step_free = models.BooleanField(_("step-free entrance"), default=False)
    has_accessible_toilet = models.BooleanField(_("accessible toilet"), default=False)
    has_induction_loop = models.BooleanField(_("induction loop"), default=False)
    has_quiet_room = models.BooleanField(_("a quiet room to talk in"), default=False)
    has_parking = models.BooleanField(_("accessible parking space"), default=False)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed for good on"), null=True, blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(names=("name",), texts=("description", "street_address", "directions"))

    objects = ServicePointQuerySet.as_manager()

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        ordering = ["slug"]
        indexes = [GinIndex(fields=["terms"], name="service_point_terms")]
        constraints = [
            models.CheckConstraint(
                name="service_point_fixed_has_municipality",
                condition=Q(kind="mobile") | Q(municipality__isnull=False),
                violation_error_message=_("A service point that stays in one place needs a municipality."),
            ),
            models.CheckConstraint(
                name="service_point_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give both coordinates or neither."),
            ),
            models.CheckConstraint(
                name="service_point_closes_after_it_opens",
                condition=Q(closed_on__gte=F("opened_on"))
                | Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True),
                violation_error_message=_("A service point cannot close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def is_mobile(self) -> bool:
        return self.kind == self.Kind.MOBILE

    @property
    def has_closed(self) -> bool:
        return self.closed_on is not None and self.closed_on <= timezone.localdate()


class Weekday(models.IntegerChoices):
    """Days of the week as in ISO 8601: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class OpeningHours(models.Model):
    """Hours a service point keeps every week (aukioloaika), as local wall time."""

    service_point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday)
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="opening_hours_close_after_they_open",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Closing time must be after opening time."),
            ),
            models.CheckConstraint(
                name="opening_hours_end_after_they_begin",
                condition=Q(valid_to__gte=F("valid_from"))
                | Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True),
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.UniqueConstraint(
                fields=["service_point", "weekday", "opens_at", "valid_from"],
                name="opening_hours_once",
                nulls_distinct=False,
                violation_error_message=_("These opening hours are there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H.%M}–{self.closes_at:%H.%M}"


class OpeningException(models.Model):
    """A day on which a service point keeps other hours (poikkeava aukioloaika), or none."""

    service_point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="opening_exceptions")
    on = models.DateField(_("day"))
    opens_at = models.TimeField(_("opens"), null=True, blank=True)
    closes_at = models.TimeField(_("closes"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exceptional day")
        verbose_name_plural = _("exceptional days")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "on"],
                name="opening_exception_one_a_day",
                violation_error_message=_("There is already an exception for this day."),
            ),
            models.CheckConstraint(
                name="opening_exception_hours",
                condition=Q(opens_at__isnull=True, closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_(
                    "Give both times, the later one last, or leave both empty: closed."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}"

    @property
    def is_closed(self) -> bool:
        return self.opens_at is None


class RouteStopQuerySet(models.QuerySet["RouteStop"]):
    def coming(self) -> Self:
        """Stops that have not ended, cancelled ones too: whoever waits must learn of it."""
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def live(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def matching(self, forms: Iterable[str]) -> Self:
        """Stops that have one of a word's forms in their place's or municipality's name."""
        names = ("place", "street_address", "municipality__name_fi", "municipality__name_sv")
        has_it = (Q(**{f"{name}__icontains": form}) for form in forms for name in names)
        return self.filter(reduce(or_, has_it))

    def within(self, area: Area) -> Self:
        return self.filter(municipality__in=Area.objects.within(area))

    def for_listing(self) -> Self:
        return self.select_related("service_point", "municipality")


class RouteStop(models.Model):
    """Where a mobile service point stands, and when (liikkuvan palvelupisteen pysähdys)."""

    service_point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="stops")
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        related_name="route_stops",
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        verbose_name=_("municipality"),
    )
    place = models.CharField(_("place"), max_length=150)
    street_address = models.CharField(_("street address"), max_length=150, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    changed_at = ChangedAtField()

    objects = RouteStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at"], name="route_stop_end")]
        constraints = [
            models.CheckConstraint(
                name="route_stop_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A stop must end after it starts."),
            ),
            ExclusionConstraint(
                name="route_stop_one_place_at_a_time",
                expressions=[
                    ("service_point", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at__isnull=True),
                violation_error_message=_("The service point is already somewhere else at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {timezone.localtime(self.starts_at):%d.%m.%Y %H.%M}"
