from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.funding import Funding
from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.situation import LifeSituation
from guidance.catalogue.models.training_option import TrainingOption
from network.models import Network, Organisation, ServicePoint
from opinovi.models import User

PATIENCE = timedelta(minutes=10)  # the largest files that the office takes are read in less


class ImportedKind(models.TextChoices):
    """What a record of a source becomes here."""

    ORGANISATION = "organisation", _("organisation")
    SERVICE_POINT = "service_point", _("service point")
    SERVICE = "service", _("guidance service")
    TRAINING = "training", _("training option")
    FUNDING = "funding", _("way to finance studies")
    NETWORK = "network", _("network")
    SITUATION = "situation", _("life situation")
    EVENT = "event", _("event")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        """Runs the user started; all of them for an administrator."""
        return self.filter(Exists(user.affiliations.current().administrators()) | Q(by=user))

    def newest_first(self) -> Self:
        return self.order_by("-started_at", "-pk")

    def for_listing(self) -> Self:
        return self.select_related("by")


class ImportRun(models.Model):
    """One reading of a source (tuonti), with what it did or, in a dry run, would do."""

    source = models.SlugField(_("source"), max_length=30)
    files = ArrayField(models.CharField(max_length=500), default=list, verbose_name=_("files"))
    is_dry = models.BooleanField(_("dry run"), default=True)
    is_complete = models.BooleanField(_("all that the source has"), default=False)
    by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_runs",
        verbose_name=_("started by"),
        help_text=_("Empty: a command of the machine that runs the portal."),
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict)
    fingerprint = models.CharField(_("fingerprint of the report"), max_length=64, blank=True)
    refusal = models.JSONField(_("why nothing was read"), default=list, blank=True)
    shown = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="writings",
        verbose_name=_("dry run that was looked at"),
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="import_run_written_once_at_a_time",
                fields=["shown"],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("These records are being imported already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {timezone.localtime(self.started_at):%d.%m.%Y %H.%M}"

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None

    @property
    def is_overdue(self) -> bool:
        """Whether the run should have ended by now: whoever reads may have been stopped."""
        return self.is_under_way and self.started_at < timezone.now() - PATIENCE

    @property
    def is_out_of_date(self) -> bool:
        """Whether it was to write what had been shown, and something else would have happened."""
        return self.is_dry and self.shown_id is not None

    @property
    def count_of_changes(self) -> int:
        """How many records the run would write, or wrote."""
        return sum(self.counts.get(outcome, 0) for outcome in ("new", "changed", "withdrawn"))

    @property
    def can_be_written(self) -> bool:
        """Whether the run was a dry one whose files are still here, and changes something."""
        has_files = any(upload.file for upload in self.uploads.all())
        return self.is_dry and not self.refusal and self.count_of_changes > 0 and has_files


class ImportUpload(models.Model):
    """A file sent from the office, kept from the dry run until it is written or a day has passed."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="uploads")
    name = models.CharField(_("name"), max_length=500)
    file = models.FileField(_("file"), upload_to="imports/", max_length=200, blank=True)

    class Meta:
        verbose_name = _("file to import")
        verbose_name_plural = _("files to import")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """What a run says of one record; a record that is simply unchanged is only counted."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        WITHDRAWN = "withdrawn", _("unpublished")
        LEFT_OUT = "left_out", _("left out")
        FOREIGN = "foreign", _("not yours")
        REFUSED = "refused", _("not understood")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    outcome = models.CharField(_("what happens"), max_length=10, choices=Outcome)
    kind = models.CharField(_("kind"), max_length=15, choices=ImportedKind, blank=True)
    source_id = models.CharField(_("identifier in the source"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    facts = models.JSONField(_("facts"), default=list)

    class Meta:
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of a report")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_line_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


_COLUMNS = {kind: "event_id" if kind == ImportedKind.EVENT else kind.value for kind in ImportedKind}


def _exactly(kind: ImportedKind) -> Q:
    """Whether the column of this kind leads to a row, and no other column does."""
    empty = {f"{column}__isnull": other != kind for other, column in _COLUMNS.items()}
    return Q(kind=kind.value, **empty)


class ImportedRecord(models.Model):
    """Which row here a record of a source became, and what the import last wrote into it.

    A value in the row that differs from `values` was written by somebody here: imports leave it alone.
    """

    source = models.SlugField(_("source"), max_length=30)
    kind = models.CharField(_("kind"), max_length=15, choices=ImportedKind)
    source_id = models.CharField(_("identifier in the source"), max_length=200)
    url = models.URLField(_("address in the source"), max_length=500, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="imported_from"
    )
    service_point = models.ForeignKey(
        ServicePoint, models.CASCADE, null=True, blank=True, related_name="imported_from"
    )
    service = models.ForeignKey(
        GuidanceService, models.CASCADE, null=True, blank=True, related_name="imported_from"
    )
    training = models.ForeignKey(
        TrainingOption, models.CASCADE, null=True, blank=True, related_name="imported_from"
    )
    funding = models.ForeignKey(Funding, models.CASCADE, null=True, blank=True, related_name="imported_from")
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="imported_from")
    situation = models.ForeignKey(
        LifeSituation, models.CASCADE, null=True, blank=True, related_name="imported_from"
    )
    # A group session: booking, to the right of this app, makes a foreign key of it in the database.
    event_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    values = models.JSONField(_("what the import last wrote"), default=dict)
    seen_at = models.DateTimeField(_("last seen"))
    withdrawn_at = models.DateTimeField(_("gone from the source"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        ordering = ["source", "kind", "source_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "source_id"],
                name="imported_record_once",
                violation_error_message=_("This record of the source is here already."),
            ),
            models.CheckConstraint(
                name="imported_record_leads_to_one_row",
                condition=reduce(or_, map(_exactly, ImportedKind)),
                violation_error_message=_("An imported record leads to exactly one row, of its own kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class SourcePartQuerySet(models.QuerySet["SourcePart"]):
    def joined_with(self, ids: Iterable[str]) -> Self:
        """Pieces that name any of the identifiers.

        Each is looked up in the index by itself, which querysets cannot say: for an overlap with hundreds of
        them PostgreSQL reads the whole table.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT part.id FROM unnest(%s::varchar[]) AS wanted
                JOIN catalogue_sourcepart AS part ON part.links @> ARRAY[wanted]""",
                [list(ids)],
            )
            return self.filter(pk__in={pk for (pk,) in cursor.fetchall()})


class SourcePart(models.Model):
    """A piece of a source as it was read, kept because other pieces are joined with it: now or later."""

    source = models.SlugField(_("source"), max_length=30)
    kind = models.CharField(_("kind"), max_length=15)
    source_id = models.CharField(_("identifier in the source"), max_length=200)
    links = ArrayField(
        models.CharField(max_length=200), default=list, verbose_name=_("identifiers it is joined with")
    )
    content = models.JSONField(_("content"), default=dict)
    is_whole = models.BooleanField(_("whole record"), default=True)

    objects = SourcePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece of a source")
        verbose_name_plural = _("pieces of sources")
        ordering = ["source", "kind", "source_id"]
        # Without fastupdate: its list of what waits grows through an import, and each look-up reads all of it
        indexes = [GinIndex(fields=["links"], name="source_part_links", fastupdate=False)]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "source_id"], name="source_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"
