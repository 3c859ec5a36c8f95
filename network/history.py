"""The history of what coordinators edit: database triggers keep every version of a row."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import pghistory
import pghistory.models
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db.models import ForeignKey, Max, Model, QuerySet, Value
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from network.models import Contact
from opinovi.forms import IN_LANGUAGE
from opinovi.models import User
from opinovi.rows import rows_of

Part = tuple[type[Model], dict[str, Any]]  # a tracked model, and which of its rows
COMPUTED = ("search", "terms", "changed_at", "choice_bits")  # columns that follow from the others
Names = dict[type[Model], dict[Any, str]]  # what rows are called, by model and primary key


@dataclass(frozen=True)
class Change:
    """One value before and after, as people read it."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Version:
    """What somebody did to a row at a moment (UTC); `who` is empty for the portal itself."""

    at: datetime
    who: str
    what: str
    thing: str
    changes: list[Change]


def keep_history(*models: type[Model]) -> None:
    """Keep each version of the models' rows, with who changed it and when.

    Called from an app's translation.py, once the columns of the three languages are there. New rows are kept
    by one statement for all that came together: a trigger for each would look through every foreign key that
    waits for the transaction's end, once a row, so that an import slows down as it goes on.
    """
    for model in models:
        pghistory.track(
            pghistory.InsertEvent(level=pgtrigger.Statement),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}Event",
            exclude=[name for name in COMPUTED if hasattr(model, name)] or None,
        )(model)


def versions_of(*parts: Part, most: int = 500, since: str = "") -> list[Version]:
    """The newest versions of rows, newest first; only those after `since`, a word of `state_of`, if given.

    `versions_of((Network, {"pk": 1}), (NetworkMembership, {"network": 1}))`: each part names a tracked
    model and which of its rows; rows that were deleted are told of too.
    Costs four queries at most, however many parts there are, and one more for contacts who came by a link.
    """
    seen = _numbers(since, len(parts))
    newest = rows_of([_events_of(part).order_by("-pgh_id") for part in parts], most=most)
    names = _related_names({part[0]: events for part, events in zip(parts, newest, strict=True)})
    told = []
    for part, events, last_seen in zip(parts, newest, seen, strict=True):
        events.sort(key=lambda event: (event.pgh_obj_id, event.pgh_id))
        rows = _told(part[0], events, names)
        told += [(event, words) for event, words in rows if event.pgh_id > last_seen]
    told.sort(key=lambda row: (row[0].pgh_created_at, row[0].pgh_id), reverse=True)
    people = _people_behind([event for event, _words in told[:most]])
    return [
        Version(event.pgh_created_at, people.get(event.pgh_context_id, ""), what, thing, changes)
        for event, (what, thing, changes) in told[:most]
    ]


def state_of(*parts: Part) -> str:
    """A word that changes whenever one of the rows does; parts as for `versions_of`. One query.

    A form that carries it knows at saving whether somebody else saved in between.
    """
    first, *others = [
        _events_of(part).order_by().annotate(part=Value(number)).values("part").annotate(last=Max("pgh_id"))
        for number, part in enumerate(parts)
    ]
    last = {row["part"]: row["last"] for row in (first.union(*others, all=True) if others else first)}
    return "-".join(str(last.get(number, 0)) for number in range(len(parts)))


def _events_of(part: Part) -> QuerySet:
    model, which = part
    rows = {"pgh_obj_id" if name == "pk" else name: value for name, value in which.items()}
    return model.pgh_event_model.objects.filter(**rows)  # type: ignore[attr-defined]


def _numbers(state: str, count: int) -> list[int]:
    """The newest event of each part when the state was told; zeros for none or for another's word."""
    numbers = [int(number) for number in state.split("-") if number.isdecimal()]
    return numbers if len(numbers) == count else [0] * count


def _told(
    model: type[Model], events: list[Any], names: Names
) -> list[tuple[Any, tuple[str, str, list[Change]]]]:
    related = _names_behind(model, names)
    told = []
    for _pk, group in groupby(events, key=lambda event: event.pgh_obj_id):
        before: Any = None
        for event in group:
            changes: list[Change] = (
                _changes(model, before, event, related) if before and event.pgh_label == "update" else []
            )
            if changes or event.pgh_label != "update":
                told.append((event, (_verb(event.pgh_label), _thing(model, event, related), changes)))
            before = event
    return told


def _verb(label: str) -> str:
    return {"insert": _("added"), "update": _("changed"), "delete": _("removed")}[label]


def _thing(model: type[Model], event: Any, related: dict[tuple[str, Any], str]) -> str:
    """The kind of the row and the first words that tell which one it is."""
    kind = str(model._meta.verbose_name)
    for name in ("organisation", "user", "indicator", "group"):
        if which := related.get((name, getattr(event, f"{name}_id", None))):
            return f"{kind}: {which}"
    for name in ("name", "title", "heading", "text_fi", "text", "wording_fi", "place"):
        if which := getattr(event, f"{name}_fi", None) or getattr(event, name, None):
            return f"{kind}: {str(which)[:80]}"
    for name in ("area", "service_point", "project"):
        if which := related.get((name, getattr(event, f"{name}_id", None))):
            return f"{kind}: {which}"
    return kind


def _changes(
    model: type[Model], before: Any, after: Any, related: dict[tuple[str, Any], str]
) -> list[Change]:
    changes = []
    for field in model._meta.concrete_fields:
        if field.primary_key or not hasattr(after, field.attname) or hasattr(model, f"{field.name}_fi"):
            continue  # a translated text is told of in each language, not once more for itself
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            change = Change(field_label(field), _shown(field, old, related), _shown(field, new, related))
            if change.old != change.new:  # an empty text for none is no change to people
                changes.append(change)
    return changes


def field_label(field: Any) -> str:
    """What people call a column: its name, and its language where it has one."""
    if isinstance(field, TranslationField):
        return IN_LANGUAGE[field.language] % {"label": field.translated_field.verbose_name}
    return str(field.verbose_name)


def _shown(field: Any, value: Any, related: dict[tuple[str, Any], str]) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(field, ArrayField):
        words = dict(field.base_field.flatchoices)
        return ", ".join(str(words.get(each, each)) for each in value)
    if isinstance(field, ForeignKey):
        return related.get((field.name, value), str(value))
    if isinstance(field, ArrayField):
        return ", ".join(_shown(field.base_field, item, related) for item in value) or "–"
    return str(dict(field.flatchoices).get(value, value))


def _names_behind(model: type[Model], names: Names) -> dict[tuple[str, Any], str]:
    """What the model's foreign keys lead to, by the key's name and value."""
    return {
        (field.name, pk): name
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        for pk, name in names.get(field.related_model, {}).items()
    }


def _related_names(events_of: dict[type[Model], list[Any]]) -> Names:
    """The names behind the foreign keys of all events."""
    keys: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for model, events in events_of.items():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                keys[field.related_model] |= {getattr(event, field.attname, None) for event in events} - {
                    None
                }
    wanted = [model for model, numbers in keys.items() if numbers]
    found = rows_of([model._default_manager.filter(pk__in=keys[model]) for model in wanted])
    return {model: {row.pk: str(row) for row in rows} for model, rows in zip(wanted, found, strict=True)}


def _people_behind(events: list[Any]) -> dict[Any, str]:
    """Who changed something, by the context of the change; nobody where the portal did it itself.

    A contact without an account, who came by a private link, is named as that.
    """
    contexts = {event.pgh_context_id for event in events} - {None}
    if not contexts:
        return {}
    told = dict(
        pghistory.models.Context.objects.filter(
            pk__in=contexts, metadata__has_any_keys=["user", "contact"]
        ).values_list("pk", "metadata")
    )
    users = {pk: who["user"] for pk, who in told.items() if who.get("user") and not who.get("contact")}
    contacts = {pk: who["contact"] for pk, who in told.items() if who.get("contact")}
    names = dict(User.objects.filter(pk__in=users.values()).values_list("pk", "name")) if users else {}
    people = {context: names[user] for context, user in users.items() if user in names}
    return people | _contacts_behind(contacts)


def _contacts_behind(contacts: dict[Any, int]) -> dict[Any, str]:
    if not contacts:
        return {}
    names = dict(Contact.objects.filter(pk__in=contacts.values()).values_list("pk", "name"))
    unknown = _("a contact that is no longer there")
    return {
        context: _("%(name)s, by link") % {"name": names.get(pk, unknown)} for context, pk in contacts.items()
    }
