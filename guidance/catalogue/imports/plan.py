"""What becomes of one record: compared with what the import last wrote, and with what stands here now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from guidance.catalogue.imports.clean import Values, cleaned, column_of, plain
from guidance.catalogue.imports.records import Fact, Record
from guidance.catalogue.imports.targets import Lookups, Target, part_key
from guidance.catalogue.models import ImportedRecord, ImportLine, SituationPart

Outcome = ImportLine.Outcome
PUBLISHED = "published"
UNKNOWN = object()


@dataclass
class Draft:
    """What would be done about a record."""

    record: Record
    imported: ImportedRecord | None = None
    row: Any = None
    owner: int | None = None
    wanted: Values = field(default_factory=dict)  # all that the source says, as columns can hold it
    changes: Values = field(default_factory=dict)  # what differs and is not kept
    kept: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    outcome: Outcome = Outcome.UNCHANGED

    @property
    def is_seen(self) -> bool:
        """Whether the source still has the record, here or with other eyes."""
        return self.outcome not in {Outcome.REFUSED, Outcome.FOREIGN, Outcome.LEFT_OUT}

    def refuse(self, outcome: Outcome, code: str, /, **words: Any) -> "Draft":
        self.outcome = outcome
        self.facts.append((code, words))
        return self


def wanted_values(record: Record, target: Target, lookups: Lookups) -> tuple[Values, list[Fact]]:
    """All that a record says, as the model's columns hold it, and what does not fit."""
    if not record.is_published:
        return {PUBLISHED: False}, []
    wanted, facts = cleaned(target.model, record.values)
    for name, codes in record.links.items():
        found, missing = _linked(target, name, codes, lookups)
        if name in target.one:
            if found:
                wanted[f"{name}_id"] = found[0]
        else:
            wanted[name] = found
        facts += [("unknown_code", {"field": name, "code": code}) for code in missing]
    for name, rows in record.parts.items():
        wanted[name], wrong = _parts(target, name, rows, lookups)
        facts += wrong
    wanted[PUBLISHED] = True
    return wanted, facts


def _linked(target: Target, name: str, codes: list[str], lookups: Lookups) -> tuple[list[int], list[str]]:
    return _keys(target.one.get(name) or target.many[name], codes, lookups)


def _keys(what: str, codes: Iterable[str], lookups: Lookups) -> tuple[list[int], list[str]]:
    """Primary keys of what codes stand for, and the codes that stand for nothing here."""
    found = {code: lookups.find(what, code) for code in codes if code}
    return (
        sorted({pk for pk in found.values() if pk is not None}),
        [code for code, pk in found.items() if pk is None],
    )


def _parts(
    target: Target, name: str, rows: list[Values], lookups: Lookups
) -> tuple[list[Values], list[Fact]]:
    part = target.parts[name]
    found: list[Values] = []
    facts: list[Fact] = []
    seen = set()
    for row in rows:
        keys = {column: lookups.find(what, str(row.get(column))) for column, what in part.one.items()}
        alone = {column: value for column, value in row.items() if column not in part.many}
        values, wrong = cleaned(part.model, {**alone, **keys})
        for column, what in part.many.items():
            values[column], missing = _keys(what, row.get(column, ()), lookups)
            wrong += [("unknown_code", {"field": column, "code": code}) for code in missing]
        facts += [fact for fact in wrong if fact not in facts]
        blank = {column: plain(column_of(part.model, column), None) for column in part.columns}
        values = {**blank, **values}
        key = tuple(values[column] for column in part.once)
        if (part.once and key in seen) or not _stands(part.columns, values):
            continue
        seen.add(key)
        found.append(values)
    return sorted(found, key=part_key), facts


def _stands(columns: tuple[str, ...], values: Values) -> bool:
    """Whether a part has what the database asks of it: its first day or time, and an end after it."""
    pairs = (
        ("opens_on", "closes_on"),
        ("opens_at", "closes_at"),
        ("valid_from", "valid_to"),
        ("since", "until"),
    )
    for first, last in pairs:
        if first in columns and values[first] and values[last] and values[last] < values[first]:
            return False
    if "opens_on" in columns and not values["opens_on"]:
        return False
    if "weekday" in columns:
        return bool(
            values["weekday"]
            and values["opens_at"]
            and values["closes_at"]
            and values["opens_at"] != values["closes_at"]
        )
    if "starts_at" in columns:
        moments = (values["starts_at"], values["ends_at"])
        return all(moments) and moments[0] < moments[1] and bool(values["municipality_id"])
    if "since" in columns:
        return bool(values["organisation_id"] and values["role"] and values["since"])
    if "query" in columns:
        is_search = values["kind"] in {SituationPart.Kind.TRAINING, SituationPart.Kind.GUIDANCE}
        return bool(values["kind"] and (values["query"] or not is_search))
    if "on" in columns:
        return bool(values["on"]) and bool(values["opens_at"]) == bool(values["closes_at"])
    return True


def compare(draft: Draft, target: Target, present: Values) -> None:
    """Decide about each value of a record whose row is here: change it, or keep what people wrote."""
    last = draft.imported.values if draft.imported else {}
    for name, new in draft.wanted.items():
        now = present_value(target, draft.row, name, present)
        if now == new:
            continue
        before = last.get(name, UNKNOWN)
        fills = before is UNKNOWN and now in ("", None, []) and name != PUBLISHED
        if now == before or fills:
            draft.changes[name] = new
        else:
            draft.kept.append(name)


def present_value(target: Target, row: Any, name: str, present: Values) -> Any:
    if name == PUBLISHED:
        return row.published_at is not None
    if name in present:
        return present[name]
    return plain(column_of(target.model, target.column(name)), getattr(row, name))


def conclude(draft: Draft) -> None:
    """Name what happens, in the report's words."""
    shown = sorted(name for name in draft.changes if name != PUBLISHED)
    if shown:
        draft.facts.insert(0, ("changed", {"fields": shown}))
        draft.outcome = Outcome.CHANGED
    if PUBLISHED in draft.changes:
        if draft.changes[PUBLISHED]:
            draft.outcome = Outcome.CHANGED
            draft.facts.insert(0, ("returned", {}))
        else:
            draft.outcome = Outcome.WITHDRAWN
    kept = sorted(draft.kept)
    if PUBLISHED in kept and not draft.wanted[PUBLISHED]:
        draft.facts.append(("kept_public", {}))
        kept.remove(PUBLISHED)
    if kept:
        draft.facts.append(("kept", {"fields": kept}))


def new_values(draft: Draft) -> Values:
    """What the import remembers to have written: for a value that is kept, what it wrote before.

    What somebody unpublished stays remembered as public, so that it is not published again.
    """
    last = dict(draft.imported.values) if draft.imported else {}
    written = (
        draft.wanted
        if draft.outcome == Outcome.NEW
        else {**{name: draft.wanted[name] for name in last if name in draft.wanted}, **draft.changes}
    )
    written = {name: value for name, value in written.items() if name not in draft.kept}
    if (
        draft.row is not None
        and PUBLISHED in written
        and PUBLISHED not in draft.changes
        and not written[PUBLISHED]
    ):
        del written[PUBLISHED]
    return {**last, **written}
