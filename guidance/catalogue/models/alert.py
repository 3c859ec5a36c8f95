import uuid
from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opinovi import private_links
from opinovi.private_links import hash_of

CONFIRM_WITHIN = timedelta(days=7)
LASTS = timedelta(days=365)
ASK_BEFORE = timedelta(days=14)  # the end: then the renewal letter leaves
KEEP_FINDS = timedelta(days=60)  # longer than the longest rhythm, so that none is missed
LONGEST_QUERY = 1000  # characters


class FollowedSearchQuerySet(models.QuerySet["FollowedSearch"]):
    def looked_at(self, day: date) -> Self:
        return self.filter(checked_at__gte=timezone.make_aware(datetime.combine(day, time.min)))

    def due(self, day: date) -> Self:
        """Searches that somebody is to be told about on the day and nobody has looked at since it began."""
        alerts = Alert.objects.due(day).filter(search=OuterRef("pk"))
        begun = timezone.make_aware(datetime.combine(day, time.min))
        return self.filter(Exists(alerts), checked_at__lt=begun)

    def followed_by_nobody(self) -> Self:
        return self.filter(~Exists(Alert.objects.filter(search=OuterRef("pk"))))


class FollowedSearch(models.Model):
    """A search of a list that people follow (hakuvahti); equal searches are one row, looked at once for all.

    `known` are the rows that have ever matched: what comes to match later, newly published, edited or opened
    for applications, is found once and never again.
    """

    is_on_public_pages = False

    source = models.SlugField(_("list"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    query = models.CharField(_("query"), max_length=LONGEST_QUERY, blank=True)
    known = ArrayField(models.BigIntegerField(), default=list, editable=False)
    checked_at = models.DateTimeField(_("looked at"), default=timezone.now, editable=False)

    objects = FollowedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed search")
        verbose_name_plural = _("followed searches")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "language", "query"],
                name="followed_search_once",
                violation_error_message=_("This search is followed already."),
            ),
        ]

    def __str__(self) -> str:
        return f"search {self.pk}"


class Find(models.Model):
    """A row that came to match a followed search."""

    is_on_public_pages = False

    search = models.ForeignKey(FollowedSearch, models.CASCADE, related_name="finds")
    row = models.PositiveBigIntegerField(_("row"))
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("find")
        verbose_name_plural = _("finds")
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["search", "row"],
                name="find_once",
                violation_error_message=_("This row was found already."),
            ),
        ]
        indexes = [models.Index(fields=["search", "found_at"], name="find_newest")]

    def __str__(self) -> str:
        return f"find {self.pk}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def due(self, day: date) -> Self:
        """Alerts that are told on the day (local) if there is something new."""
        running = self.confirmed().filter(paused_at__isnull=True, expires_on__gte=day)
        return running.filter(due_on__lte=day)

    def with_nothing_new(self) -> Self:
        """Alerts whose search has found nothing since they were told."""
        finds = Find.objects.filter(search=OuterRef("search"), found_at__gt=OuterRef("told_until"))
        return self.filter(~Exists(finds))

    def opened_by(self, key: str) -> Self:
        """The alert that a private link leads to, unless it was left unconfirmed for too long."""
        fresh = Q(confirmed_at__isnull=False) | Q(created_at__gt=timezone.now() - CONFIRM_WITHIN)
        return self.filter(fresh, key_hash=hash_of(key))

    def never_confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=True, created_at__lt=timezone.now() - CONFIRM_WITHIN)

    def ended(self, day: date) -> Self:
        return self.confirmed().filter(expires_on__lt=day)

    def ending(self, day: date) -> Self:
        """Alerts whose end is near and was not yet told."""
        near = self.confirmed().filter(expires_on__gte=day, expires_on__lte=day + ASK_BEFORE)
        return near.filter(asked_at__isnull=True)


class Alert(models.Model):
    """Somebody's wish to be told by e-mail when a search finds something new (hakuvahti)."""

    is_on_public_pages = False

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("once a day at most")
        WEEKLY = "weekly", _("once a week at most")

    search = models.ForeignKey(FollowedSearch, models.CASCADE, related_name="alerts")
    email = models.EmailField(_("e-mail address"))
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    told_until = models.DateTimeField(_("told until"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("next told"), null=True, blank=True, editable=False)
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked whether to go on"), null=True, blank=True, editable=False)
    letters = models.PositiveIntegerField(_("letters"), default=0, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due_on"], name="alert_due", condition=Q(confirmed_at__isnull=False)),
            models.Index(fields=["email"], name="alert_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["search", "email"],
                name="alert_once_for_an_address",
                violation_error_message=_("This search is followed already."),
            ),
            models.CheckConstraint(
                name="alert_confirmed_has_its_dates",
                condition=Q(confirmed_at__isnull=True)
                | Q(told_until__isnull=False, due_on__isnull=False, expires_on__isnull=False),
                violation_error_message=_("A confirmed alert knows when it is told next and when it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"

    @property
    def language(self) -> str:
        return self.search.language

    @property
    def key(self) -> str:
        """The key of the private link."""
        return private_links.key_for("catalogue.alert", self.nonce)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def ends_soon(self) -> bool:
        """Whether it is time to ask if it should go on."""
        return self.expires_on is not None and self.expires_on <= timezone.localdate() + ASK_BEFORE

    def set_key(self) -> None:
        """Let the private link that belongs to the nonce open it."""
        self.key_hash = hash_of(self.key)

    def next_after(self, day: date) -> date:
        """The first day after this one on which it may be told again."""
        return day + timedelta(days=1 if self.rhythm == Alert.Rhythm.DAILY else 7)
