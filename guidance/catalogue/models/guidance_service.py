from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.booking_rules import BookingRules, booking_rules_constraints
from guidance.catalogue.models.checked import Checked
from guidance.catalogue.models.vocabulary import (
    Channel,
    GuidanceTopic,
    language_codes,
    names_index,
    names_of,
    newest_first_index,
    searched_names_of,
)
from network.identifiers import NamedUuid
from network.models import Area, Organisation, ServicePoint
from opinovi.alphabet import name_key
from opinovi.fields import ChangedAtField
from opinovi.models import User
from opinovi.terms import TermsField
from projects.models import TargetGroup


class GuidanceServiceQuerySet(models.QuerySet["GuidanceService"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False, organisation__published_at__isnull=False)

    def bookable(self) -> Self:
        """Services that anyone may book a time for; with one's own counsellor it takes an invitation."""
        anyone = Q(booking=GuidanceService.Booking.ANYONE) & ~Q(meeting=GuidanceService.Meeting.OWN)
        return self.published().filter(anyone)

    def by_invitation(self) -> Self:
        """Services that one books with a link from a counsellor."""
        own = Q(booking=GuidanceService.Booking.ANYONE, meeting=GuidanceService.Meeting.OWN)
        return self.published().filter(own | Q(booking=GuidanceService.Booking.INVITED))

    def with_times(self) -> Self:
        """Services with times that somebody books: anyone, those invited, or counsellors."""
        return self.published().exclude(booking=GuidanceService.Booking.NONE)

    def serving(self, area: Area) -> Self:
        """Services for people in the area; one that names no area serves the whole country."""
        through: Any = GuidanceService.areas.through
        named = through.objects.filter(guidanceservice=OuterRef("pk"))
        return self.filter(Exists(named.filter(area__in=Area.objects.reaching(area))) | ~Exists(named))

    def nearest_to(self, organisation_id: int, places: Iterable[Area]) -> Self:
        """With how near each is to what an organisation has at some places as `nearness`.

        0 for the organisation's own, 1 for those that serve the places, 2 for all others.
        """
        through: Any = GuidanceService.areas.through
        named = through.objects.filter(guidanceservice=OuterRef("pk"))
        reached = reduce(or_, map(Area.objects.reaching, places), Area.objects.none())
        nearness = Case(
            When(organisation=organisation_id, then=0),
            When(Exists(named.filter(area__in=reached)), then=1),
            default=2,
        )
        return self.annotate(nearness=nearness).order_by("nearness", name_key(), "pk")

    def nearest_to_topic(self, code: str) -> Self:
        """With `nearness`: 0 for those in which one can talk about the topic, 1 for all others."""
        through: Any = GuidanceService.topics.through
        named = through.objects.filter(guidanceservice=OuterRef("pk"), guidancetopic__code=code)
        nearness = Case(When(Exists(named), then=0), default=1)
        return self.annotate(nearness=nearness).order_by("nearness", name_key(), "pk")

    def editable_by(self, user: User) -> Self:
        """Services of the organisations where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        own = Q(organisation__in=roles.coordinators().values("organisation"))
        return self.filter(Exists(roles.administrators()) | own)

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("organisation").prefetch_related("channels", "areas")

    def get_by_natural_key(self, slug: str) -> "GuidanceService":
        return self.get(slug=slug)


class GuidanceService(Checked, BookingRules, models.Model):
    """Help that an organisation gives to adults who think of learning and work (TNO-palvelu)."""

    class Way(models.TextChoices):
        """How a person comes to the service."""

        BOOK = "book", _("book a time")
        DROP_IN = "drop_in", _("come without a time")
        CALL = "call", _("call")
        WRITE = "write", _("write")
        REFERRED = "referred", _("be referred by somebody")

    class Referrer(models.TextChoices):
        """Who may refer a person to the service."""

        SELF = "self", _("the person, or somebody close to them")
        COUNSELLOR = "counsellor", _("a counsellor of the network")
        EMPLOYMENT = "employment", _("the employment services")
        SCHOOL = "school", _("a school")
        HEALTH = "health", _("health and social services")
        EMPLOYER = "employer", _("an employer")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="guidance_services", verbose_name=_("given by")
    )
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    summary = models.CharField(_("in one sentence"), max_length=250, blank=True)
    description = models.TextField(_("what happens there"), blank=True)
    audience = models.TextField(_("who it is for"), blank=True)
    keywords = models.CharField(
        _("other words for it"),
        max_length=500,
        blank=True,
        help_text=_("Words people may search by, with commas between."),
    )
    bring = models.TextField(_("what to bring"), blank=True)
    next_steps = models.TextField(_("what happens then"), blank=True)
    ways = ArrayField(
        models.CharField(max_length=10, choices=Way),
        default=list,
        blank=True,
        verbose_name=_("how to come"),
    )
    hours_note = models.CharField(_("when one can come or call"), max_length=250, blank=True)
    referrers = ArrayField(
        models.CharField(max_length=12, choices=Referrer),
        default=list,
        blank=True,
        verbose_name=_("who may refer"),
    )
    referral_note = models.TextField(_("how to refer"), blank=True)
    consent_wording = models.TextField(
        _("what the client agrees to"),
        blank=True,
        help_text=_("For counsellors: what to read to the client before referring."),
    )
    benefit_effect = models.TextField(
        _("effect on benefits"),
        blank=True,
        help_text=_("For counsellors: whether taking part changes unemployment benefit or other support."),
    )
    internal_contact = models.CharField(
        _("contact for counsellors"), max_length=250, blank=True, help_text=_("Never shown to the public.")
    )
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
        _("fee, €"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("0: free of charge. Empty: not known."),
    )
    fee_note = models.CharField(_("what the fee covers"), max_length=200, blank=True)
    response_days = models.PositiveSmallIntegerField(
        _("we answer within this many working days"), null=True, blank=True
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(
        names=("name",),
        keywords=("keywords",),
        texts=("summary", "description", "audience", "next_steps"),
        facts="facts_in_words",
    )

    objects = GuidanceServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance service")
        verbose_name_plural = _("guidance services")
        ordering = ["slug"]
        indexes = [
            GinIndex(fields=["terms"], name="guidance_service_terms"),
            names_index("guidance_service_names"),
            models.Index(NamedUuid("guidance"), name="guidance_service_open_id"),
            newest_first_index("guidance_service_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="guidance_service_fee_not_negative",
                condition=Q(fee__gte=0),
                violation_error_message=_("A fee cannot be negative."),
            ),
            *booking_rules_constraints("guidance_service"),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def way_names(self) -> list[str]:
        return [str(self.Way(way).label) for way in self.ways]

    @property
    def referrer_names(self) -> list[str]:
        return [str(self.Referrer(referrer).label) for referrer in self.referrers]

    @property
    def tells_counsellors(self) -> bool:
        """Whether there is something that only a referring counsellor is told."""
        told = (self.referrers, self.referral_note, self.consent_wording, self.benefit_effect)
        return any(told) or bool(self.internal_contact)

    @property
    def language_names(self) -> list[str]:
        return names_of(self.languages)

    def facts_in_words(self) -> list[str]:
        return searched_names_of(self.languages)

    @property
    def is_bookable(self) -> bool:
        """Whether anyone may book a time."""
        is_for_anyone = self.booking == self.Booking.ANYONE and self.meeting != self.Meeting.OWN
        return is_for_anyone and self.published_at is not None

    @property
    def needs_invitation(self) -> bool:
        """Whether one books with a link that a counsellor has sent."""
        is_own = self.booking == self.Booking.ANYONE and self.meeting == self.Meeting.OWN
        return is_own or self.booking == self.Booking.INVITED
