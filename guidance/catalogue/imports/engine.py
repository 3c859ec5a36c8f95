"""The engine behind every import: takes neutral records in batches, compares, writes and reports."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from guidance.catalogue.imports.clean import column_of
from guidance.catalogue.imports.organisations import same_addresses, same_organisations
from guidance.catalogue.imports.plan import Draft, Outcome, compare, conclude, wanted_values
from guidance.catalogue.imports.records import Reader, Record
from guidance.catalogue.imports.report import Report
from guidance.catalogue.imports.targets import BATCH, TARGETS, Lookups, Target, by_kind
from guidance.catalogue.imports.write import write
from guidance.catalogue.models import ImportedKind, ImportedRecord, SourcePart
from network.models import Organisation, ServicePoint
from opinovi.models import User

Thing = TypeVar("Thing")


def batches(things: Iterator[Thing], size: int = BATCH) -> Iterator[list[Thing]]:
    """The things, so many at a time."""
    while batch := list(islice(things, size)):
        yield batch


def waves(records: list[Record]) -> Iterator[list[Record]]:
    """The records, those that others are part of or end in first, so that they are here when they are named.

    In a ring nobody comes first: the rest comes together.
    """
    rest = records
    while rest:
        ids = {record.source_id for record in rest}
        later = [record for record in rest if ids & set(_named(record)) - {record.source_id}]
        if len(later) == len(rest):
            yield rest
            return
        waiting = {id(record) for record in later}
        yield [record for record in rest if id(record) not in waiting]
        rest = later


def _named(record: Record) -> list[str]:
    return [*record.links.get("parent", ()), *record.links.get("successors", ())]


class Importer:
    """Takes the records of one run. Everything happens in the caller's transaction."""

    def __init__(self, reader: Reader, *, at: datetime, user: User | None, is_complete: bool) -> None:
        self.reader = reader
        self.at = at
        self.is_complete = is_complete
        self.report = Report()
        self.lookups = Lookups(reader.code)
        self.seen: dict[ImportedKind, set[str]] = {kind: set() for kind in TARGETS}
        self.owners: dict[str, int] = {}  # organisations by the source's identifier
        self.editable = _editable(user)

    def take_all(self, records: Iterator[Record]) -> None:
        for batch in batches(records):
            found = by_kind(batch)
            for kind, target in TARGETS.items():
                if kind in found:
                    self._take(target, found[kind])
        if self.is_complete:
            for kind in (kind for kind in self.reader.withdraws if self.seen[kind]):
                self._withdraw_the_rest(TARGETS[kind])

    def _withdraw_the_rest(self, target: Target) -> None:
        """Take from the public what a complete input, which has some of this kind, did not name."""
        rest = ImportedRecord.objects.filter(
            source=self.reader.code, kind=target.kind, seen_at__lt=self.at, withdrawn_at__isnull=True
        ).order_by("pk")
        if self.editable is not None:  # what others keep is none of this run's business
            rest = rest.filter(**{f"{target.kind}_id__in": self._own_rows(target)})
        pks = [
            pk
            for pk, source_id in rest.values_list("pk", "source_id").iterator()
            if source_id not in self.seen[target.kind]
        ]
        for batch in batches(iter(pks)):
            ids = ImportedRecord.objects.filter(pk__in=batch).values_list("source_id", flat=True)
            gone = [Record(target.kind, source_id, is_published=False) for source_id in ids]
            for record in gone:
                record.facts.append(("withdrawn", {}))
            self._take(target, gone)
            SourcePart.objects.filter(source=self.reader.code, source_id__in=list(ids)).delete()

    def _take(self, target: Target, records: list[Record]) -> None:
        fresh = []
        for record in records:
            if record.source_id in self.seen[target.kind]:
                if not (record.is_wrong or target.kind == ImportedKind.ORGANISATION):
                    self._say(Draft(record).refuse(Outcome.LEFT_OUT, "twice"))
                continue
            self.seen[target.kind].add(record.source_id)
            fresh.append(record)
        for wave in waves(fresh):
            self._take_fresh(target, wave)

    def _take_fresh(self, target: Target, fresh: list[Record]) -> None:
        try:
            with transaction.atomic():
                drafts = self._process(target, fresh)
        except DatabaseError:
            drafts = [draft for record in fresh for draft in self._alone(target, record)]
        for draft in drafts:
            self._say(draft)

    def _alone(self, target: Target, record: Record) -> list[Draft]:
        """A record by itself, when the database has refused one among many."""
        try:
            with transaction.atomic():
                return self._process(target, [record])
        except DatabaseError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
            return [
                Draft(record).refuse(Outcome.REFUSED, "refused", error=constraint or type(error).__name__)
            ]

    def _process(self, target: Target, records: list[Record]) -> list[Draft]:
        drafts = [Draft(record, facts=list(record.facts)) for record in records]
        self._find_rows(target, drafts)
        self._find_owners(drafts)
        rows = [draft.row for draft in drafts if draft.row is not None]
        present = target.present([row.pk for row in rows])
        for draft in drafts:
            self._decide(target, draft, present)
        write([draft for draft in drafts if draft.is_seen], target, source=self.reader.code, at=self.at)
        if target.kind == ImportedKind.ORGANISATION:
            self.owners |= {draft.record.source_id: draft.row.pk for draft in drafts if draft.row is not None}
        return drafts

    def _find_rows(self, target: Target, drafts: list[Draft]) -> None:
        """Which rows the records became earlier; an organisation may have been here before."""
        known = {
            record.source_id: record
            for record in ImportedRecord.objects.filter(
                source=self.reader.code,
                kind=target.kind,
                source_id__in=[draft.record.source_id for draft in drafts],
            )
        }
        pks = {source_id: getattr(record, f"{target.kind}_id") for source_id, record in known.items()}
        strange = [draft.record for draft in drafts if draft.record.source_id not in known]
        if target.kind == ImportedKind.ORGANISATION:
            pks |= same_organisations(strange, source=self.reader.code)
        if target.is_known_by_slug:
            pks |= same_addresses(strange, target, source=self.reader.code)
        rows = target.rows(pks.values())
        for draft in drafts:
            draft.imported = known.get(draft.record.source_id)
            draft.row = rows.get(pks.get(draft.record.source_id, 0))

    def _find_owners(self, drafts: list[Draft]) -> None:
        wanted = {draft.record.owner for draft in drafts} - {"", *self.owners}
        found = ImportedRecord.objects.filter(
            source=self.reader.code, kind=ImportedKind.ORGANISATION, source_id__in=wanted
        )
        self.owners |= dict(found.values_list("source_id", "organisation"))
        for draft in drafts:
            draft.owner = self.owners.get(draft.record.owner)

    def _decide(self, target: Target, draft: Draft, present: dict[int, dict]) -> None:
        record = draft.record
        if record.is_wrong:
            draft.outcome = Outcome.REFUSED
            return
        if not record.is_published and draft.row is None:
            draft.refuse(Outcome.LEFT_OUT, "never_published")
            return
        if not self._may_touch(target, draft):
            draft.refuse(Outcome.FOREIGN, "not_yours")
            return
        draft.wanted, facts = wanted_values(record, target, self.lookups)
        draft.facts += facts
        if target.owner and draft.owner is not None and record.is_published:
            draft.wanted[f"{target.owner}_id"] = draft.owner
        if draft.row is None:
            _judge_new(target, draft)
            return
        if record.is_reference:
            return
        compare(draft, target, present[draft.row.pk])
        if draft.imported is None:
            draft.facts.append(("same_address" if target.is_known_by_slug else "matched", {}))
        conclude(draft)

    def _may_touch(self, target: Target, draft: Draft) -> bool:
        """Whether the user may write this row, and give it to the organisation the record names."""
        if self.editable is None:
            return True
        if target.is_shared:
            return True
        if not target.owner:
            return draft.row is not None and draft.row.pk in self.editable
        owners = {draft.owner} if draft.owner is not None else set()
        if draft.row is not None:
            owners.add(getattr(draft.row, f"{target.owner}_id"))
        return bool(owners) and owners <= self.editable

    def _own_rows(self, target: Target) -> QuerySet[Any]:
        """The rows of a kind that the user may write."""
        rows = target.model.objects.order_by()
        if not target.is_shared:
            rows = rows.filter(**{f"{target.owner or 'pk'}__in": self.editable})
        return cast("QuerySet[Any]", rows.values("pk"))

    def _say(self, draft: Draft) -> None:
        record = draft.record
        name = record.name if record.values or draft.row is None else str(draft.row)
        self.report.say(draft.outcome, record.kind, record.source_id, name, draft.facts)


def _judge_new(target: Target, draft: Draft) -> None:
    if not any(draft.wanted.get(f"name_{code}") for code in ("fi", "sv", "en")):
        draft.refuse(Outcome.REFUSED, "no_name")
    elif draft.record.is_reference:
        draft.refuse(Outcome.REFUSED, "unknown_organisation")
    elif target.owner and draft.owner is None:
        draft.refuse(Outcome.REFUSED, "no_owner")
    elif _lies_nowhere(target, draft):
        draft.refuse(Outcome.REFUSED, "no_municipality")
    elif missing := _missing(target, draft):
        draft.refuse(Outcome.REFUSED, "not_here", field=missing)
    else:
        draft.outcome = Outcome.NEW


def _lies_nowhere(target: Target, draft: Draft) -> bool:
    """Whether a service point has no municipality; one that goes round needs none."""
    if target.kind != ImportedKind.SERVICE_POINT or draft.wanted.get("municipality_id"):
        return False
    return draft.wanted.get("kind") != ServicePoint.Kind.MOBILE


def _missing(target: Target, draft: Draft) -> str:
    """What every row of this kind has, and this one does not: an area it belongs to, or a choice such as
    its kind. Empty if nothing is missing.
    """
    needed = [f"{name}_id" for name in target.one if not column_of(target.model, name).null]
    needed += [
        column.name
        for column in target.model._meta.concrete_fields
        if column.choices and not column.blank and not column.has_default()
    ]
    missing = next((name for name in needed if not draft.wanted.get(name)), "")
    return target.column(missing)


def _editable(user: User | None) -> set[int] | None:
    """The organisations whose rows a user may write; None for all, as for a command and an administrator."""
    if user is None or user.affiliations.current().administrators().exists():
        return None
    return set(Organisation.objects.editable_by(user).values_list("pk", flat=True))
