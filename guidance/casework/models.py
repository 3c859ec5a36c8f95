"""The people who were guided, and what was done with them."""

import unicodedata
import uuid
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment
from guidance.casework.names import found_as, phone_key, phone_key_of, words_to_find
from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceService, GuidanceTopic
from network.models import Area, Organisation, ServicePoint
from opinovi.alphabet import SortKey
from opinovi.models import User
from projects.models import Project, TargetGroup


class Entry(models.Model):
    """A row somebody types in a form: never entered twice, never saved over what another wrote since."""

    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: User) -> Self:
        """Clients of the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(organisation__in=roles.values("organisation"))

    def named(self, words: str) -> Self:
        """Clients whose name holds every word, in any order and case, with or without accents."""
        clients = self
        for word in words_to_find(words):
            clients = clients.filter(found_as__contains=word)
        return clients

    def reached_by(self, *, email: str = "", phone: str = "") -> Self:
        """Clients with this e-mail address or this phone number, however it is written."""
        same = Q()
        if email:
            same |= Q(email__iexact=email)
        if key := phone_key(phone):
            same |= Q(phone_key=key)
        return self.alias(phone_key=phone_key_of("phone")).filter(same) if same else self.none()

    def by_name(self) -> Self:
        return self.order_by(SortKey("name"), "pk")

    def for_listing(self) -> Self:
        """With `session_count` and `last_session_on`, counted only for the rows that are fetched."""
        grouped = GuidanceSession.objects.filter(client=OuterRef("pk")).order_by().values("client")
        return self.select_related("organisation", "home_municipality").annotate(
            session_count=Coalesce(Subquery(grouped.annotate(number=Count("pk")).values("number")), 0),
            last_session_on=Subquery(grouped.annotate(last=Max("held_on")).values("last")),
        )


class Client(Entry):
    """A person or a company that is guided (asiakas, ohjattava); the portal keeps as little as it can."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="clients", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=150)
    found_as = models.GeneratedField(
        expression=found_as("name"), output_field=models.TextField(), db_persist=True
    )
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
            models.Index("organisation", SortKey("name"), "id", name="client_organisation_name"),
            GinIndex(fields=["found_as"], opclasses=["gin_trgm_ops"], name="client_name_part"),
        ]
        constraints = [
            models.CheckConstraint(
                name="client_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the client's name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.name = " ".join(unicodedata.normalize("NFC", self.name).split())
        self.email = self.email.strip().lower()
        self.phone = self.phone.strip()

    def is_named(self, name: str) -> bool:
        """Whether a name is this client's, however it is written."""
        return sorted(words_to_find(name)) == sorted(words_to_find(self.name))


class GuidanceSessionQuerySet(models.QuerySet["GuidanceSession"]):
    def visible_to(self, user: User) -> Self:
        """Sessions held at the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(organisation__in=roles.values("organisation"))

    def editable_by(self, user: User) -> Self:
        """A counsellor corrects what they wrote themselves."""
        return self.visible_to(user).filter(counsellor=user)

    def held_between(self, since: date | None, until: date | None) -> Self:
        """Sessions from the first day to the last, both inside; a missing day is no limit."""
        sessions = self.filter(held_on__gte=since) if since else self
        return sessions.filter(held_on__lte=until) if until else sessions

    def for_listing(self) -> Self:
        return self.select_related("client", "counsellor", "channel", "guidance_service", "service_point")

    def for_detail(self) -> Self:
        related = ("organisation", "project", "municipality", "appointment")
        return self.for_listing().select_related(*related).prefetch_related("topics", "target_groups")


class GuidanceSession(Entry):
    """One time of guidance (ohjauskerta), also with a person who gave no name."""

    OLDEST = timedelta(days=2 * 365)  # how long after it was held a session can still be logged

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
    language = models.CharField(
        _("language of the meeting"),
        max_length=2,
        choices=GuidanceLanguage,
        default=GuidanceLanguage.FINNISH,
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
            models.Index(fields=["counsellor", "-held_on"], name="session_counsellor_day"),
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

    def clean(self) -> None:
        super().clean()
        today = timezone.localdate()
        if self.held_on and self.held_on > today:
            raise ValidationError({"held_on": _("This day has not come yet. Log the session when it has.")})
        if self.held_on and self._state.adding and self.held_on < today - self.OLDEST:
            raise ValidationError({"held_on": _("This day is more than two years ago. Check the year.")})
        if self.held_on and self.project and self.project.ends_on and self.project.ends_on < self.held_on:
            raise ValidationError({"project": _("The project had ended by that day.")})
        if self.client and self.client.organisation_id != self.organisation_id:
            raise ValidationError(_("The client belongs to another organisation."))
        if self.appointment and self.appointment.organisation_id != self.organisation_id:
            raise ValidationError(_("The appointment belongs to another organisation."))
