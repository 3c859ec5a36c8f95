"""Writing drafts in bulk: new rows, changed ones, what belongs to them, and what the import remembers."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from modeltranslation.fields import TranslationField

from guidance.catalogue.imports.clean import Values, column_of
from guidance.catalogue.imports.plan import PUBLISHED, Draft, Outcome, new_values
from guidance.catalogue.imports.targets import Part, Target
from guidance.catalogue.models import ImportedRecord
from network.slugs import free_slug
from opinovi.bulk import copy_in

ADDRESSES = 110  # characters of an address word that is made here
LONGEST = 120  # characters that the column takes


def write(drafts: list[Draft], target: Target, *, source: str, at: datetime) -> None:
    """Write what the drafts of one kind say. Raises DatabaseError when the database refuses one of them."""
    new = [draft for draft in drafts if draft.outcome == Outcome.NEW]
    changed = [draft for draft in drafts if draft.row is not None and draft.changes]
    _create(new, target)
    gone = [draft.row.pk for draft in changed if draft.changes == {PUBLISHED: False}]
    target.model.objects.filter(pk__in=gone).update(published_at=None, changed_at=timezone.now())
    for draft in changed:
        if draft.changes != {PUBLISHED: False}:
            _update(draft, target)
    _relate([*new, *changed], target, {draft.row.pk for draft in new})
    _remember(drafts, target, source=source, at=at)


def _create(drafts: list[Draft], target: Target) -> None:
    now = timezone.now()
    slugs = free_slugs(target, drafts)
    for draft, slug in zip(drafts, slugs, strict=True):
        row = _row(target.model, {"slug": slug, **_columns(target, draft.wanted)})
        row.published_at = now if draft.wanted.get(PUBLISHED) else None
        draft.row = row
    copy_in([draft.row for draft in drafts])


def _row(model: type[Model], values: Values) -> Any:
    """A new row, its columns given in their order: by name, each is asked for its translations once more."""
    blank = _blank_texts(model)
    names = ((field, field.attname) for field in model._meta.concrete_fields)
    return model(
        *(
            values[name] if name in values else blank[name] if name in blank else field.get_default()
            for field, name in names
        )
    )


@cache
def _blank_texts(model: type[Model]) -> dict[str, str | None]:
    """What texts are that a record does not tell; each changes the language to say so, which costs."""
    texts = (field for field in model._meta.concrete_fields if isinstance(field, TranslationField))
    return {field.name: field.get_default() for field in texts}


def _columns(target: Target, values: Values) -> dict[str, Any]:
    """The values that stand in the row itself, as the model has them."""
    found = {}
    for name, value in values.items():
        if name == PUBLISHED or name in target.many or name in target.parts:
            continue
        column = column_of(target.model, target.column(name))
        found[name] = value if name.endswith("_id") or value is None else column.to_python(value)
    return found


def _update(draft: Draft, target: Target) -> None:
    columns = _columns(target, draft.changes)
    for name, value in columns.items():
        setattr(draft.row, name, value)
    names = {target.column(name) for name in columns}
    names |= {name[:-3] for name in columns if name[-3:] in {"_fi", "_sv", "_en"}}
    if PUBLISHED in draft.changes:
        draft.row.published_at = timezone.now() if draft.changes[PUBLISHED] else None
        names.add("published_at")
    computed = {"terms", "changed_at"} & {column.name for column in target.model._meta.concrete_fields}
    draft.row.save(update_fields=names | computed)


def _relate(drafts: list[Draft], target: Target, new: set[int]) -> None:
    for name in target.many:
        told = {draft.row.pk: _told(draft, name, new) for draft in drafts if _tells(draft, name, new)}
        through = getattr(target.model, name).through
        own, other = target.through_columns(name)
        if old := [pk for pk in told if pk not in new]:
            through.objects.filter(**{f"{own}__in": old}).delete()
        copy_in([through(**{own: pk, other: value}) for pk, values in told.items() for value in values])
    for name, part in target.parts.items():
        told = {draft.row.pk: _told(draft, name, new) for draft in drafts if _tells(draft, name, new)}
        if old := [pk for pk in told if pk not in new]:
            part.model.objects.filter(**{f"{part.owner}__in": old}).delete()
        _create_parts(part, [(pk, values) for pk, rows in told.items() for values in rows])


def _create_parts(part: Part, told: list[tuple[int, Values]]) -> None:
    """New parts, each with the row it belongs to, and what their many-to-many fields lead to."""
    made = [part.model(**{f"{part.owner}_id": pk}, **_part_columns(part, values)) for pk, values in told]
    copy_in(made)
    for name in part.many:
        field = column_of(part.model, name)
        own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through = field.remote_field.through
        copy_in(
            [
                through(**{own: row.pk, other: key})
                for row, (_pk, values) in zip(made, told, strict=True)
                for key in values[name]
            ]
        )


def _part_columns(part: Part, values: Values) -> dict[str, Any]:
    return {
        column: column_of(part.model, column).to_python(value)
        for column, value in values.items()
        if column not in part.many
    }


def _tells(draft: Draft, name: str, new: set[int]) -> bool:
    return name in (draft.wanted if draft.row.pk in new else draft.changes)


def _told(draft: Draft, name: str, new: set[int]) -> list[Any]:
    return (draft.wanted if draft.row.pk in new else draft.changes)[name]


def _remember(drafts: list[Draft], target: Target, *, source: str, at: datetime) -> None:
    new, changed, same = [], [], []
    for draft in drafts:
        is_gone = not draft.record.is_published
        if draft.imported is None:
            record = ImportedRecord(
                source=source, kind=target.kind, source_id=draft.record.source_id, seen_at=at
            )
            setattr(record, f"{target.kind}_id", draft.row.pk)
            record.values, record.url = new_values(draft), draft.record.url
            new.append(record)
            continue
        record, values = draft.imported, new_values(draft)
        url = draft.record.url or record.url
        if record.values == values and record.url == url and (record.withdrawn_at is not None) == is_gone:
            same.append(record.pk)
            continue
        record.values, record.url, record.seen_at = values, url, at
        record.withdrawn_at = (record.withdrawn_at or at) if is_gone else None
        changed.append(record)
    copy_in(new)
    ImportedRecord.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["source", "kind", "source_id"],
        update_fields=["values", "url", "seen_at", "withdrawn_at"],
    )
    ImportedRecord.objects.filter(pk__in=same).update(seen_at=at)


def free_slugs(target: Target, drafts: list[Draft]) -> list[str]:
    """An address word for each new row: its name, else with the end of its identifier behind it."""
    wishes = []
    for draft in drafts:
        base = slugify(draft.record.name)[:ADDRESSES].strip("-") or str(target.kind).replace("_", "-")
        tail = slugify(draft.record.source_id.replace(".", "-"))[-20:].rpartition("-")[2].lstrip("0")[-12:]
        given = _word_of_source(draft.record.slug)
        wishes.append((given or base, f"{base[: ADDRESSES - 13]}-{tail or 'x'}"))
    taken = {"add", *_taken(target, {word for wish in wishes for word in wish})}
    found = []
    for wish in wishes:
        word = next((word for word in wish if word not in taken), "")
        word = word or _numbered(target, wish[1], taken)
        taken.add(word)
        found.append(word)
    return found


def _word_of_source(word: str) -> str:
    """The address word that the source gives, where it is one."""
    return word if len(word) <= LONGEST and slugify(word) == word else ""


def _taken(target: Target, words: Iterable[str]) -> set[str]:
    return set(target.model.objects.filter(slug__in=list(words)).values_list("slug", flat=True))


def _numbered(target: Target, base: str, taken: set[str]) -> str:
    word, number = free_slug(target.model, base), 2
    while word in taken:
        number += 1
        word = f"{base}-{number}"
    return word
