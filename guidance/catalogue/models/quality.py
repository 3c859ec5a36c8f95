from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.freshness import is_stale, stale
from guidance.catalogue.models.funding import Funding
from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.training_option import TrainingOption
from network.models import Organisation, ServicePoint
from opinovi.models import User

BROKEN_FAILURES = 3
BROKEN_AFTER = timedelta(days=3)
ANSWER_HOLDS = timedelta(days=30)


class QualityScoreQuerySet(models.QuerySet["QualityScore"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def stale(self) -> Self:
        return self.filter(stale())

    def editable_by(self, user: User) -> Self:
        """Scores of what the user keeps: of the organisations where they coordinate, and of what every
        coordinator keeps; all for an administrator.
        """
        roles = user.affiliations.current()
        own = Q(keeper__in=roles.coordinators().values("organisation"))
        shared = Q(funding__isnull=False) & Exists(roles.coordinators())
        return self.filter(Exists(roles.administrators()) | own | shared)

    def worst_first(self) -> Self:
        return self.order_by("score", "pk")

    def for_listing(self) -> Self:
        """With the records and their keepers; `quality.subjects.with_records` reads those of later apps."""
        return self.select_related("keeper", "training", "service", "organisation", "point", "funding")


class QualityScore(models.Model):
    """How good what is known of a record is (tiedon laatu), measured by the named criteria of its kind.

    It follows from the record and is measured again and again; see docs/data-quality.md.
    """

    class Kind(models.TextChoices):
        """What is measured; the value is also the name by which the score leads to it."""

        TRAINING = "training", _("training")
        SERVICE = "service", _("guidance")
        ORGANISATION = "organisation", _("organisation")
        POINT = "point", _("service point")
        FUNDING = "funding", _("way to finance studies")
        EVENT = "event", _("event")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    training = models.OneToOneField(TrainingOption, models.CASCADE, null=True, related_name="quality")
    service = models.OneToOneField(GuidanceService, models.CASCADE, null=True, related_name="quality")
    organisation = models.OneToOneField(Organisation, models.CASCADE, null=True, related_name="quality")
    point = models.OneToOneField(ServicePoint, models.CASCADE, null=True, related_name="quality")
    funding = models.OneToOneField(Funding, models.CASCADE, null=True, related_name="quality")
    # A group session: booking, to the right of this app, makes a foreign key of it in the database.
    event_id = models.BigIntegerField(null=True, unique=True)
    keeper = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        related_name="kept_scores",
        verbose_name=_("kept by"),
        help_text=_("None: only administrators keep it."),
    )
    score = models.PositiveSmallIntegerField(_("score, 0 to 100"))
    lines = models.JSONField(_("lines"), default=list)
    checked_on = models.DateField(_("checked on"), null=True)
    broken_links = models.PositiveSmallIntegerField(_("broken links"), default=0)
    is_published = models.BooleanField(_("shown to everybody"))
    computed_at = models.DateTimeField(_("measured"))

    objects = QualityScoreQuerySet.as_manager()
    event: models.Model  # by `quality.subjects.with_records`

    class Meta:
        verbose_name = _("quality score")
        verbose_name_plural = _("quality scores")
        ordering = ["score", "pk"]
        indexes = [
            models.Index(fields=["score", "id"], name="quality_score_worst"),
            models.Index(fields=["kind", "score", "id"], name="quality_score_worst_of_kind"),
            models.Index(fields=["keeper", "score", "id"], name="quality_score_worst_of_keeper"),
        ]
        constraints = [
            models.CheckConstraint(
                name="quality_score_range",
                condition=Q(score__lte=100),
                violation_error_message=_("A score is from 0 to 100."),
            ),
            models.CheckConstraint(
                name="quality_score_of_one_record",
                condition=(
                    Q(kind="training", training__isnull=False)
                    | Q(kind="service", service__isnull=False)
                    | Q(kind="organisation", organisation__isnull=False)
                    | Q(kind="point", point__isnull=False)
                    | Q(kind="funding", funding__isnull=False)
                    | Q(kind="event", event_id__isnull=False)
                ),
                violation_error_message=_("A score belongs to a record of its kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.score}"

    @property
    def subject(self) -> Any:
        """The record; that of a later app only in scores that `quality.subjects.with_records` gave."""
        return getattr(self, self.kind)

    @property
    def is_stale(self) -> bool:
        return is_stale(self.checked_on)


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def broken(self) -> Self:
        """Links that failed three times, over three days or more."""
        long_ago = F("checked_at") - BROKEN_AFTER
        return self.filter(failures__gte=BROKEN_FAILURES, failing_since__lte=long_ago)

    def turn(self, pause: timedelta) -> Self:
        """Links not looked at for this long: failing ones first, then new ones, then the longest ago."""
        rested = Q(checked_at__isnull=True) | Q(checked_at__lte=timezone.now() - pause)
        failing_first = F("failing_since").asc(nulls_last=True)
        return self.filter(rested).order_by(failing_first, F("checked_at").asc(nulls_first=True), "pk")


class LinkCheck(models.Model):
    """What became of the last look at an address that published records lead to (linkin tarkistus)."""

    class Problem(models.TextChoices):
        """Why there was no answer."""

        NONE = "", _("none")
        NAME = "name", _("there is no such site")
        PRIVATE = "private", _("the address is not open to everybody")
        SILENT = "silent", _("no answer")
        SECURITY = "security", _("the site's certificate does not hold")
        ROUND = "round", _("it leads on and on")

    url = models.URLField(_("address"), max_length=500, unique=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    problem = models.CharField(_("problem"), max_length=10, choices=Problem, blank=True)
    checked_at = models.DateTimeField(_("looked at"), null=True)
    answered_at = models.DateTimeField(_("last answered"), null=True)
    failing_since = models.DateTimeField(_("fails since"), null=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["url"]
        constraints = [
            models.CheckConstraint(
                name="link_check_failing_since",
                condition=Q(failures=0, failing_since__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
                violation_error_message=_("A link that fails has failed since some moment."),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_broken(self) -> bool:
        if self.failing_since is None or self.checked_at is None:
            return False
        return self.failures >= BROKEN_FAILURES and self.checked_at - self.failing_since >= BROKEN_AFTER

    @property
    def answers(self) -> bool:
        """Whether it answered in the last thirty days and has not failed since."""
        return (
            self.answered_at is not None
            and not self.failures
            and self.answered_at >= timezone.now() - ANSWER_HOLDS
        )
