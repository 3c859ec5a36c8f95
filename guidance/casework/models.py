"""The people who were guided, and what was done with them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment
from guidance.catalogue.models import Channel, GuidanceService, GuidanceTopic
from network.models import Area, Organisation, ServicePoint
from opinovi.models import User
from projects.models import Project, TargetGroup


class ClientQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Clients of the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(organisation__in=roles.values("organisation"))

    def named(self, words: str) -> Self:
        """Clients whose name holds every word, in any order and case."""
        clients = self
        for word in words.split():
            clients = clients.filter(name__icontains=word)
        return clients

    def for_listing(self) -> Self:
        return self.select_related("organisation", "home_municipality").annotate(
            session_count=Count("sessions"), last_session_on=Max("sessions__held_on")
        )


class Client(models.Model):
    """A person or a company that is guided (asiakas, ohjattava); the portal keeps as little as it can."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="clients", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    home_municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        verbose_name=_("home municipality"),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    created_at = models.DateTimeField(_("first recorded"), default=timezone.now, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["organisation", "name"], name="client_organisation_name"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="client_name_part"),
        ]

    def __str__(self) -> str:
        return self.name


class GuidanceSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Sessions held at the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(organisation__in=roles.values("organisation"))

    def editable_by(self, user: User) -> Self:
        """A counsellor corrects what they wrote themselves."""
        return self.visible_to(user).filter(counsellor=user)

    def for_listing(self) -> Self:
        return self.select_related(
            "client", "counsellor", "channel", "guidance_service", "service_point"
        ).prefetch_related("topics")


class GuidanceSession(models.Model):
    """One time of guidance (ohjauskerta), also with a person who gave no name."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="sessions", verbose_name=_("organisation")
    )
    counsellor = models.ForeignKey(
        User, models.PROTECT, related_name="sessions", verbose_name=_("counsellor")
    )
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("client"),
        help_text=_("Empty when the person gave no name."),
    )
    appointment = models.OneToOneField(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="session",
        verbose_name=_("appointment"),
    )
    guidance_service = models.ForeignKey(
        GuidanceService, models.PROTECT, related_name="sessions", verbose_name=_("guidance service")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("project")
    )
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="sessions", verbose_name=_("channel"))
    service_point = models.ForeignKey(
        ServicePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("service point"),
    )
    held_on = models.DateField(_("day"), default=timezone.localdate)
    minutes = models.PositiveSmallIntegerField(
        _("length, minutes"), default=45, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        verbose_name=_("person's municipality"),
    )
    target_groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="sessions", verbose_name=_("target groups")
    )
    topics = models.ManyToManyField(
        GuidanceTopic, blank=True, related_name="sessions", verbose_name=_("topics")
    )
    notes = models.TextField(_("notes"), blank=True, max_length=10000)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("logged"), default=timezone.now, editable=False)

    objects = GuidanceSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance session")
        verbose_name_plural = _("guidance sessions")
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-held_on"], name="session_organisation_day"),
            models.Index(fields=["client", "-held_on"], name="session_client_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="session_minutes",
                condition=Q(minutes__gte=1, minutes__lte=600),
                violation_error_message=_("A session lasts from 1 minute to 10 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%d.%m.%Y}"
