from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.training_option import TrainingOption
from network.models import Contact, Organisation
from network.models.people import hash_key
from opinovi.models import User

LINK_LASTS = timedelta(days=60)


def link_end() -> datetime:
    """When a link sent now runs out (UTC)."""
    return timezone.now() + LINK_LASTS


class CheckRequestQuerySet(models.QuerySet["CheckRequest"]):
    def with_key(self, key: str) -> Self:
        """The request whose link has the key, if the contact still has the address it was sent to."""
        return self.filter(key_hash=hash_key(key), contact__email=F("recipient"))

    def opened_by(self, key: str) -> Self:
        """The same, while the link lasts and the organisation is there."""
        current = Q(organisation__published_at__isnull=False, organisation__ended_on__isnull=True)
        return self.with_key(key).filter(current, expires_at__gt=timezone.now())


class CheckRequest(models.Model):
    """A letter that asks an organisation's contact to check its records by a link (tarkistuspyyntö)."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="check_requests", verbose_name=_("organisation")
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, related_name="check_requests", verbose_name=_("contact")
    )
    recipient = models.EmailField(_("sent to"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("good until"), default=link_end)
    answered_at = models.DateTimeField(_("first answered"), null=True)

    objects = CheckRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to check")
        verbose_name_plural = _("requests to check")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month"],
                name="check_request_one_a_month",
                violation_error_message=_("The organisation has been asked this month already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.month:%m/%Y}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)

    def about(self, records: Mapping[str, models.QuerySet[Any]]) -> Self:
        """Suggestions about any of the rows, given by the kind of record."""
        pks = {kind: rows.order_by().values("pk") for kind, rows in records.items()}
        return self.filter(reduce(or_, (Q(**{f"{kind}_id__in": rows}) for kind, rows in pks.items())))

    def for_listing(self) -> Self:
        """With the records and their keepers; `quality.subjects.with_records` reads those of later apps."""
        return self.select_related("training__provider", "service__organisation")


ABOUT = {"training": "training", "service": "service", "event": "event_id"}  # the column for each kind


def _about_only(kind: str) -> Q:
    return Q(**{f"{column}__isnull": other != kind for other, column in ABOUT.items()})


class Suggestion(models.Model):
    """What a contact would change by their link, and a coordinator decides (muutosehdotus)."""

    class Kind(models.TextChoices):
        END = "end", _("no longer offered")
        VALUE = "value", _("other words")
        NOTE = "note", _("message")

    training = models.ForeignKey(
        TrainingOption, models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    service = models.ForeignKey(
        GuidanceService, models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    # A group session: booking, to the right of this app, makes a foreign key of it in the database.
    event_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    request = models.ForeignKey(CheckRequest, models.SET_NULL, null=True, related_name="suggestions")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    field = models.CharField(_("what"), max_length=50, blank=True)
    value = models.TextField(_("words"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("suggested"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="suggestions_decided", verbose_name=_("decided by")
    )
    is_accepted = models.BooleanField(_("accepted"), null=True)

    objects = SuggestionQuerySet.as_manager()
    event: models.Model  # by `quality.subjects.with_records`

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="suggestion_about_one_record",
                condition=reduce(or_, map(_about_only, ABOUT)),
                violation_error_message=_("A suggestion is about one record."),
            ),
            models.CheckConstraint(
                name="suggestion_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_accepted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_accepted__isnull=False),
                violation_error_message=_("A decided suggestion has somebody who decided it."),
            ),
            models.UniqueConstraint(
                "training",
                "service",
                "event_id",
                "kind",
                "field",
                MD5("value"),
                name="suggestion_waits_once",
                nulls_distinct=False,
                condition=Q(decided_at__isnull=True),
                violation_error_message=_("This suggestion is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.created_at):%d.%m.%Y}"

    @property
    def about(self) -> str:
        """The kind of record, as in `QualityScore.Kind`."""
        return next(kind for kind in ABOUT if getattr(self, f"{kind}_id") is not None)

    @property
    def record(self) -> Any:
        """The record; that of a later app only in suggestions that `quality.subjects.with_records` gave."""
        return getattr(self, self.about)
