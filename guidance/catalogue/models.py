"""What can be found: guidance services and training options, with the vocabularies that sort them."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Area, Organisation, ServicePoint
from opinovi.alphabet import name_key
from opinovi.models import User
from projects.models import TargetGroup


class GuidanceLanguage(models.TextChoices):
    """Languages in which guidance and training are given (ISO 639-1)."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")
    SAMI = "se", _("Northern Sámi")
    RUSSIAN = "ru", _("Russian")
    UKRAINIAN = "uk", _("Ukrainian")
    ARABIC = "ar", _("Arabic")
    ESTONIAN = "et", _("Estonian")
    SOMALI = "so", _("Somali")


def language_codes() -> ArrayField:
    """A field that holds the languages in which something is given."""
    return ArrayField(
        models.CharField(max_length=2, choices=GuidanceLanguage), default=list, verbose_name=_("languages")
    )


def search_vector(*fields: str) -> models.GeneratedField:
    """A stored search column over translated fields; the first field weighs most."""
    languages = {"fi": "finnish", "sv": "swedish", "en": "english"}
    vectors = [
        SearchVector(f"{field}_{code}", config=config, weight="A" if field == fields[0] else "C")
        for field in fields
        for code, config in languages.items()
    ]
    expression = vectors[0]
    for vector in vectors[1:]:
        expression = expression + vector
    return models.GeneratedField(expression=expression, output_field=SearchVectorField(), db_persist=True)


class VocabularyQuerySet(models.QuerySet):
    def get_by_natural_key(self, code: str) -> "Vocabulary":
        return self.get(code=code)


class Vocabulary(models.Model):
    """A word list that an administrator keeps."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = VocabularyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class GuidanceTopic(Vocabulary):
    """What guidance can be about (ohjauksen aihe)."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("guidance topic")
        verbose_name_plural = _("guidance topics")


class Channel(Vocabulary):
    """How a person and a counsellor meet (asiointikanava): on site, phone, video, home visit, online."""

    needs_place = models.BooleanField(
        _("needs a place"), default=False, help_text=_("The meeting is at a service point.")
    )
    needs_phone = models.BooleanField(
        _("needs a phone number"), default=False, help_text=_("The counsellor calls the person.")
    )

    class Meta(Vocabulary.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")


class GuidanceServiceQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False, organisation__published_at__isnull=False)

    def bookable(self) -> Self:
        """Services that anyone may book a time for."""
        return self.published().filter(booking=GuidanceService.Booking.ANYONE)

    def editable_by(self, user: User) -> Self:
        """Services of the organisations where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        if roles.administrators().exists():
            return self
        return self.filter(organisation__in=roles.coordinators().values("organisation"))

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("organisation").prefetch_related("channels", "topics", "areas")

    def get_by_natural_key(self, slug: str) -> "GuidanceService":
        return self.get(slug=slug)


class GuidanceService(models.Model):
    """Help that an organisation gives to adults who think of learning and work (TNO-palvelu)."""

    class Booking(models.TextChoices):
        ANYONE = "anyone", _("anyone can book a time")
        COUNSELLOR = "counsellor", _("a counsellor books the time")
        NONE = "none", _("no booking: come, call or write")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="guidance_services", verbose_name=_("given by")
    )
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    summary = models.CharField(_("in one sentence"), max_length=250, blank=True)
    description = models.TextField(_("what happens there"), blank=True)
    audience = models.TextField(_("who it is for"), blank=True)
    bring = models.TextField(_("what to bring"), blank=True)
    channels = models.ManyToManyField(Channel, related_name="guidance_services", verbose_name=_("channels"))
    service_points = models.ManyToManyField(
        ServicePoint, blank=True, related_name="guidance_services", verbose_name=_("service points")
    )
    areas = models.ManyToManyField(
        Area, blank=True, related_name="guidance_services", verbose_name=_("serves people in")
    )
    target_groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="guidance_services", verbose_name=_("target groups")
    )
    topics = models.ManyToManyField(
        GuidanceTopic, blank=True, related_name="guidance_services", verbose_name=_("topics")
    )
    languages = language_codes()
    has_interpreter = models.BooleanField(_("an interpreter can be arranged"), default=False)
    fee = models.DecimalField(
        _("fee, €"), max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    fee_note = models.CharField(_("what the fee covers"), max_length=200, blank=True)
    booking = models.CharField(_("booking"), max_length=12, choices=Booking, default=Booking.ANYONE)
    duration_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting, minutes"),
        default=45,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    lead_hours = models.PositiveSmallIntegerField(
        _("book at least this many hours before"), default=2, validators=[MaxValueValidator(24 * 30)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("book at most this many days ahead"), default=60, validators=[MaxValueValidator(365)]
    )
    response_days = models.PositiveSmallIntegerField(
        _("we answer within this many working days"), null=True, blank=True
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    search = search_vector("name", "summary", "description", "audience")

    objects = GuidanceServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance service")
        verbose_name_plural = _("guidance services")
        ordering = ["slug"]
        indexes = [GinIndex(fields=["search"], name="guidance_service_search")]
        constraints = [
            models.CheckConstraint(
                name="guidance_service_fee_not_negative",
                condition=Q(fee__gte=0),
                violation_error_message=_("A fee cannot be negative."),
            ),
            models.CheckConstraint(
                name="guidance_service_duration",
                condition=Q(duration_minutes__gte=5, duration_minutes__lte=480),
                violation_error_message=_("A meeting lasts from 5 minutes to 8 hours."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def is_bookable(self) -> bool:
        return self.booking == self.Booking.ANYONE and self.published_at is not None


class TrainingOptionQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False, provider__published_at__isnull=False)

    def open(self) -> Self:
        """Training one can apply for today (local)."""
        today = timezone.localdate()
        rolling = Q(is_rolling=True)
        dated = Q(applications_from__lte=today, applications_to__gte=today)
        return self.filter(rolling | dated)

    def editable_by(self, user: User) -> Self:
        """Training of the organisations where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        if roles.administrators().exists():
            return self
        return self.filter(provider__in=roles.coordinators().values("organisation"))

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("provider").prefetch_related("municipalities")

    def get_by_natural_key(self, slug: str) -> "TrainingOption":
        return self.get(slug=slug)


class TrainingOption(models.Model):
    """A qualification or a course that an adult can take (koulutusvaihtoehto)."""

    class Kind(models.TextChoices):
        VOCATIONAL = "vocational", _("vocational qualification")
        FURTHER = "further", _("further vocational qualification")
        SPECIALIST = "specialist", _("specialist vocational qualification")
        PART = "part", _("part of a qualification")
        LABOUR = "labour", _("labour market training")
        GENERAL = "general", _("general upper secondary or basic education")
        HIGHER = "higher", _("higher education degree")
        OPEN = "open", _("open university studies")
        COURSE = "course", _("course")
        PREPARATORY = "preparatory", _("preparatory education")

    class Unit(models.TextChoices):
        COMPETENCE_POINT = "competence_point", _("competence points")
        CREDIT = "credit", _("credits")
        HOUR = "hour", _("hours")
        COURSE = "course", _("courses")

    class Field(models.TextChoices):
        HEALTH = "health", _("health and social services")
        BUSINESS = "business", _("business and administration")
        TECHNOLOGY = "technology", _("technology and industry")
        CONSTRUCTION = "construction", _("construction")
        ICT = "ict", _("information technology")
        LOGISTICS = "logistics", _("transport and logistics")
        SERVICE = "service", _("restaurants, cleaning and tourism")
        EDUCATION = "education", _("education and guidance")
        NATURE = "nature", _("farming, forests and nature")
        ARTS = "arts", _("culture and crafts")
        GENERAL = "general", _("languages and general studies")

    class TeachingTime(models.TextChoices):
        DAY = "day", _("daytime")
        EVENING = "evening", _("evenings")
        WEEKEND = "weekend", _("weekends")
        FREE = "free", _("at your own times")

    class Mode(models.TextChoices):
        CONTACT = "contact", _("on site")
        BLENDED = "blended", _("partly at a distance")
        DISTANCE = "distance", _("at a distance")
        WORKPLACE = "workplace", _("at work")

    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="training_options", verbose_name=_("provider")
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    field = models.CharField(_("field"), max_length=15, choices=Field)
    description = models.TextField(_("what you learn"), blank=True)
    audience = models.TextField(_("who it suits"), blank=True)
    municipalities = models.ManyToManyField(
        Area, blank=True, related_name="training_options", verbose_name=_("places")
    )
    extent = models.DecimalField(_("extent"), max_digits=6, decimal_places=1, null=True, blank=True)
    extent_unit = models.CharField(_("unit of the extent"), max_length=20, choices=Unit, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("planned duration, months"), null=True, blank=True)
    teaching_times = ArrayField(
        models.CharField(max_length=10, choices=TeachingTime), default=list, verbose_name=_("teaching time")
    )
    mode = models.CharField(_("teaching mode"), max_length=10, choices=Mode, default=Mode.CONTACT)
    languages = language_codes()
    fee = models.DecimalField(
        _("fee, €"), max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    fee_note = models.CharField(_("what the fee covers"), max_length=200, blank=True)
    funding = models.CharField(_("ways to finance the studies"), max_length=250, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True, help_text=_("Empty: by agreement."))
    is_rolling = models.BooleanField(_("you can apply at any time"), default=False)
    applications_from = models.DateField(_("applications from"), null=True, blank=True)
    applications_to = models.DateField(_("applications until"), null=True, blank=True)
    application_link = models.URLField(_("where to apply"), blank=True)
    seats = models.PositiveIntegerField(_("places in the last round"), null=True, blank=True)
    applicants = models.PositiveIntegerField(_("applicants in the last round"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    search = search_vector("name", "description", "audience")

    objects = TrainingOptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training option")
        verbose_name_plural = _("training options")
        ordering = ["slug"]
        indexes = [
            GinIndex(fields=["search"], name="training_option_search"),
            models.Index(F("applications_to").asc(nulls_last=True), "id", name="training_option_deadline"),
        ]
        constraints = [
            models.CheckConstraint(
                name="training_option_applications_end_after_they_begin",
                condition=Q(applications_to__gte=F("applications_from"))
                | Q(applications_to__isnull=True)
                | Q(applications_from__isnull=True),
                violation_error_message=_("The application period cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="training_option_extent_has_unit",
                condition=Q(extent__isnull=True) | ~Q(extent_unit=""),
                violation_error_message=_("An extent needs its unit."),
            ),
            models.CheckConstraint(
                name="training_option_fee_not_negative",
                condition=Q(fee__gte=0),
                violation_error_message=_("A fee cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def is_open(self) -> bool:
        """Whether one can apply today (local)."""
        if self.is_rolling:
            return True
        today = timezone.localdate()
        return (
            bool(self.applications_from and self.applications_to)
            and self.applications_from <= today <= self.applications_to
        )

    @property
    def applicants_per_place(self) -> float | None:
        """Applicants to one place in the last round, to one decimal."""
        return round(self.applicants / self.seats, 1) if self.seats and self.applicants else None
