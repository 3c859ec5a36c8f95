from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import DateField, Exists, ExpressionWrapper, F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models.area import Area
from network.models.organisation import Organisation
from opinovi.alphabet import name_key
from opinovi.fields import ChangedAtField
from opinovi.models import User


class DayRange(Func):
    """The days from the first to the last, both inside; an empty last day means without end."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, first: str, last: str) -> None:
        super().__init__(first, last, RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class NetworkQuerySet(models.QuerySet["Network"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def editable_by(self, user: User) -> Self:
        """Networks led by an organisation where the user is coordinator; all of them for an administrator."""
        roles = user.affiliations.current()
        own = Q(lead__in=roles.coordinators().values("organisation"))
        return self.filter(Exists(roles.administrators()) | own)

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("area", "lead")

    def get_by_natural_key(self, slug: str) -> "Network":
        return self.get(slug=slug)


class Network(models.Model):
    """Organisations that guide adults together (verkosto)."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="networks", verbose_name=_("area"))
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="led_networks", verbose_name=_("lead organisation")
    )
    description = models.TextField(_("description"), blank=True)
    organisations = models.ManyToManyField(
        Organisation, through="network.NetworkMembership", related_name="networks"
    )
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class NetworkMembershipQuerySet(models.QuerySet["NetworkMembership"]):
    def on(self, day: date | None = None) -> Self:
        """Memberships in force on a day (local; today, unless given)."""
        day = day or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def for_listing(self) -> Self:
        return self.select_related("organisation__sector", "organisation__home_municipality", "network")

    def get_by_natural_key(self, network: str, organisation: str, since: str) -> "NetworkMembership":
        return self.get(network__slug=network, organisation__slug=organisation, since=since)


class NetworkMembership(models.Model):
    """An organisation's part in a network (verkoston jäsenyys), with its dates."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead organisation")
        MEMBER = "member", _("member")
        EXPERT = "expert", _("expert")
        OBSERVER = "observer", _("observer")

    class Status(models.TextChoices):
        INVITED = "invited", _("invited")
        AGREED = "agreed", _("agreed by word")
        SIGNED = "signed", _("signed")

    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.AGREED)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = NetworkMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["network", "organisation__slug", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until__gte=F("since")) | Q(until__isnull=True),
                violation_error_message=_("A membership cannot end before it begins."),
            ),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("network", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (DayRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The organisation is already in the network at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.network}"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.network.slug, self.organisation.slug, self.since.isoformat())

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def running_out(self, day: date | None = None) -> Self:
        """Agreements still in force whose reminder is due on a day (local; today, unless given)."""
        day = day or timezone.localdate()
        due = ExpressionWrapper(F("valid_to") - F("remind_days"), DateField())
        return self.annotate(remind_on=due).filter(valid_to__gte=day, remind_on__lte=day)


class Agreement(models.Model):
    """What organisations have agreed on paper (sopimus), until when, and when to talk of it again."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="agreements")
    title = models.CharField(_("title"), max_length=200)
    parties = models.ManyToManyField(Organisation, related_name="agreements", verbose_name=_("parties"))
    file = models.FileField(_("file"), upload_to="agreements/%Y/", blank=True)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(
        _("remind"), default=60, help_text=_("How many days before the end the coordinators are reminded.")
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_begins",
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_to__isnull=True),
                violation_error_message=_("An agreement cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
