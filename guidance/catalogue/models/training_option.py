from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.applying import Applying
from guidance.catalogue.models.checked import Checked
from guidance.catalogue.models.training_queryset import TrainingOptionQuerySet
from guidance.catalogue.models.vocabulary import (
    GuidanceLanguage,
    language_codes,
    name_order_indexes,
    names_index,
    names_of,
    newest_first_index,
    same_name_indexes,
)
from network.identifiers import NamedUuid
from network.models import Area, Organisation
from opinovi.bits import ChoiceBits
from opinovi.fields import ChangedAtField
from opinovi.terms import TermsField


def is_taught_in(area: Area) -> Q:
    """What holds of training that names the area itself among its places."""
    places = TrainingOption.municipalities.through.objects.filter(area=area.pk)
    return Q(pk__in=places.values("trainingoption"))


class TrainingOption(Applying, Checked, models.Model):
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
        WEEK = "week", _("weeks")
        YEAR = "year", _("years")

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
        MULTIFORM = "multiform", _("in blocks beside your own work")
        FREE = "free", _("at your own times")

    class Mode(models.TextChoices):
        CONTACT = "contact", _("on site")
        BLENDED = "blended", _("partly at a distance")
        DISTANCE = "distance", _("at a distance")
        WORKPLACE = "workplace", _("at work")
        SELF_PACED = "self_paced", _("online at your own pace")

    class Start(models.TextChoices):
        """How exactly it is known when the studies begin."""

        DATE = "date", _("on a day")
        SEASON = "season", _("in a season")
        PERSONAL = "personal", _("by agreement")
        UNKNOWN = "unknown", _("not known yet")

    class Season(models.TextChoices):
        SPRING = "spring", _("spring")
        SUMMER = "summer", _("summer")
        AUTUMN = "autumn", _("autumn")

    class PriorEducation(models.TextChoices):
        """What one must have studied before, any one of these."""

        NONE = "none", _("no earlier studies needed")
        BASIC = "basic", _("comprehensive school")
        VOCATIONAL = "vocational", _("vocational qualification")
        MATRICULATION = "matriculation", _("upper secondary school or matriculation")
        HIGHER = "higher", _("higher education degree")
        EXPERIENCE = "experience", _("work experience in the field")

    class Outcome(models.TextChoices):
        DEGREE = "degree", _("a whole qualification or degree")
        PART = "part", _("a part of a qualification or degree")
        CERTIFICATE = "certificate", _("a certificate")
        NONE = "none", _("no certificate")

    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="training_options", verbose_name=_("provider")
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    field = models.CharField(_("field"), max_length=15, choices=Field)
    description = models.TextField(_("what you learn"), blank=True)
    outcomes = models.TextField(_("what you can do afterwards"), blank=True)
    titles = models.CharField(_("qualification titles"), max_length=300, blank=True)
    keywords = models.CharField(
        _("other words for it"),
        max_length=500,
        blank=True,
        help_text=_("Occupations and subjects people may search by, with commas between."),
    )
    audience = models.TextField(_("who it suits"), blank=True)
    requirements = models.TextField(_("what is asked for"), blank=True)
    prior_education = ArrayField(
        models.CharField(max_length=15, choices=PriorEducation),
        default=list,
        blank=True,
        verbose_name=_("earlier studies asked for"),
    )
    outcome = models.CharField(_("leads to"), max_length=12, choices=Outcome, blank=True)
    is_continuous_learning = models.BooleanField(
        _("continuous learning paid for by JOTPA"),
        default=False,
        help_text=_("The Service Centre for Continuous Learning and Employment pays for it."),
    )
    is_labour_market = models.BooleanField(
        _("labour market training"), default=False, help_text=_("For people an employment area sends.")
    )
    is_beside_work = models.BooleanField(_("can be done beside work"), default=False)
    has_childcare = models.BooleanField(_("childcare is arranged"), default=False)
    is_step_free = models.BooleanField(_("step-free access"), default=False)
    municipalities = models.ManyToManyField(
        Area, blank=True, related_name="training_options", verbose_name=_("places")
    )
    extent = models.DecimalField(_("extent"), max_digits=6, decimal_places=1, null=True, blank=True)
    extent_to = models.DecimalField(
        _("extent, at most"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Where the extent can be chosen."),
    )
    extent_unit = models.CharField(_("unit of the extent"), max_length=20, choices=Unit, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("planned duration, months"), null=True, blank=True)
    teaching_times = ArrayField(
        models.CharField(max_length=10, choices=TeachingTime), default=list, verbose_name=_("teaching time")
    )
    mode = models.CharField(_("teaching mode"), max_length=10, choices=Mode, default=Mode.CONTACT)
    languages = language_codes()
    fee = models.DecimalField(
        _("fee, €"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("0: free of charge. Empty: not known."),
    )
    fee_note = models.CharField(_("what the fee covers"), max_length=500, blank=True)
    funding = models.CharField(_("ways to finance the studies"), max_length=250, blank=True)
    start = models.CharField(_("start"), max_length=10, choices=Start, default=Start.UNKNOWN)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    start_season = models.CharField(_("season of the start"), max_length=10, choices=Season, blank=True)
    start_year = models.PositiveSmallIntegerField(
        _("year of the start"), null=True, blank=True, validators=[MinValueValidator(2000)]
    )
    is_rolling = models.BooleanField(_("you can apply at any time"), default=False)
    applications_from = models.DateField(_("applications from"), null=True, blank=True)
    applications_to = models.DateField(_("applications until"), null=True, blank=True)
    applications_name = models.CharField(_("name of the application round"), max_length=200, blank=True)
    application_link = models.URLField(_("where to apply"), max_length=500, blank=True)
    application_note = models.TextField(_("how to apply"), blank=True)
    seats = models.PositiveIntegerField(_("places in the last round"), null=True, blank=True)
    applicants = models.PositiveIntegerField(_("applicants in the last round"), null=True, blank=True)
    contact_name = models.CharField(_("whom to ask"), max_length=200, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("page of the training"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    choice_bits = ChoiceBits(
        one_of=[
            ("kind", Kind.values),
            ("field", Field.values),
            ("mode", Mode.values),
            ("outcome", Outcome.values),
            ("fee", [0]),
            ("is_beside_work", [True]),
            ("is_continuous_learning", [True]),
            ("is_labour_market", [True]),
        ],
        any_of=[
            ("teaching_times", TeachingTime.values),
            ("prior_education", PriorEducation.values),
            ("languages", GuidanceLanguage.values),
        ],
    )
    terms = TermsField(
        names=("name",),
        keywords=("titles", "keywords"),
        texts=("description", "outcomes", "audience", "requirements", "funding"),
        facts="facts_in_words",
    )

    objects = TrainingOptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training option")
        verbose_name_plural = _("training options")
        ordering = ["slug"]
        indexes = [
            GinIndex(fields=["terms"], name="training_option_terms"),
            names_index("training_option_names"),
            newest_first_index("training_option_newest_first"),
            *name_order_indexes("training_option_by_name"),
            *same_name_indexes("training_option_named"),
            models.Index(NamedUuid("training"), name="training_option_open_id"),
            models.Index(  # all that counts of choices and the order of the list read, and no row beside it
                fields=["provider"],
                include=[
                    "id", "choice_bits", "is_rolling", "applications_from", "applications_to",
                    "start", "start_season", "start_year", "starts_on",
                ],
                condition=Q(published_at__isnull=False),
                name="training_option_choices",
            ),
        ]  # fmt: skip
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
            models.CheckConstraint(
                name="training_option_extent_grows",
                condition=Q(extent_to__isnull=True) | Q(extent_to__gte=F("extent")),
                violation_error_message=_("The greatest extent cannot be less than the least."),
            ),
            models.CheckConstraint(
                name="training_option_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on"))
                | Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True),
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                name="training_option_start_is_told",
                condition=(Q(start="date", starts_on__isnull=False) | ~Q(start="date"))
                & (Q(start="season", start_year__isnull=False) & ~Q(start_season="") | ~Q(start="season")),
                violation_error_message=_(
                    "Tell the day, or the season and the year, when the training starts."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def facts_in_words(self) -> list[str]:
        """What its choices are called in the active language: people search by these too."""
        flags = (
            (_("labour market training"), self.is_labour_market),
            (_("continuous learning paid for by JOTPA"), self.is_continuous_learning),
            (_("can be done beside work"), self.is_beside_work),
            (_("free of charge"), self.fee == 0),
        )
        choices = [
            self.Kind(self.kind),
            self.Field(self.field),
            *([self.Mode(self.mode)] if self.mode else []),
        ]
        facts = [str(choice.label) for choice in choices]
        return [*facts, *self.teaching_time_names, *(str(name) for name, is_so in flags if is_so)]

    @property
    def subject_word(self) -> str:
        """How an address says that one wants to talk about it."""
        return self.slug

    @property
    def is_public(self) -> bool:
        """Whether everybody may read of it, as `published()` has it."""
        return self.published_at is not None and self.provider.published_at is not None

    @property
    def prior_education_names(self) -> list[str]:
        return [str(self.PriorEducation(code).label) for code in self.prior_education]

    @property
    def teaching_time_names(self) -> list[str]:
        return [str(self.TeachingTime(time).label) for time in self.teaching_times]

    @property
    def ways_of_study(self) -> list[str]:
        """The teaching mode and times for one line, where one's own pace is told once."""
        names = self.teaching_time_names
        if self.mode == self.Mode.SELF_PACED:
            names = [name for name in names if name != str(self.TeachingTime.FREE.label)]
        return [str(self.get_mode_display()), *names]

    @property
    def language_names(self) -> list[str]:
        return names_of(self.languages)
