"""The history of what coordinators edit: database triggers keep every version of a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import pghistory
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from opinovi.models import User


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

    Called from an app's translation.py, once the columns of the three languages are there.
    """
    for model in models:
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}Event",
            exclude=["search"] if hasattr(model, "search") else None,
        )(model)


def versions_of(*parts: tuple[type[Model], dict[str, Any]], most: int = 500) -> list[Version]:
    """The newest versions of rows, newest first.

    `versions_of((Network, {"pk": 1}), (NetworkMembership, {"network": 1}))`: each part names a tracked
    model and which of its rows; rows that were deleted are told of too.
    Costs two queries a part, and one for each model that foreign keys lead to.
    """
    told = []
    for model, which in parts:
        rows = {"pgh_obj_id" if name == "pk" else name: value for name, value in which.items()}
        events = model.pgh_event_model.objects.filter(**rows).select_related("pgh_context")  # type: ignore[attr-defined]
        newest = list(events.order_by("-pgh_id")[:most])
        told += _told(model, sorted(newest, key=lambda event: (event.pgh_obj_id, event.pgh_id)))
    people = _names_of(event for event, _version in told)
    versions = [
        Version(event.pgh_created_at, people.get(_user_of(event), ""), what, thing, changes)
        for event, (what, thing, changes) in told
    ]
    return sorted(versions, key=lambda version: version.at, reverse=True)[:most]


def _told(model: type[Model], events: list[Any]) -> list[tuple[Any, tuple[str, str, list[Change]]]]:
    related = _related_names(model, events)
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
    for name in ("name", "title", "text_fi", "text", "wording_fi", "place"):
        if which := getattr(event, f"{name}_fi", None) or getattr(event, name, None):
            return f"{kind}: {str(which)[:80]}"
    return kind


def _changes(
    model: type[Model], before: Any, after: Any, related: dict[tuple[str, Any], str]
) -> list[Change]:
    changes = []
    for field in model._meta.concrete_fields:
        if field.primary_key or not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            shown = [_shown(field, value, related) for value in (old, new)]
            changes.append(Change(str(field.verbose_name), *shown))
    return changes


def _shown(field: Any, value: Any, related: dict[tuple[str, Any], str]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(field, ForeignKey):
        return related.get((field.name, value), str(value))
    return str(dict(field.flatchoices).get(value, value))


def _related_names(model: type[Model], events: list[Any]) -> dict[tuple[str, Any], str]:
    """The names behind the foreign keys of the events."""
    names: dict[tuple[str, Any], str] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            keys = {getattr(event, field.attname, None) for event in events} - {None}
            rows = field.related_model._default_manager.filter(pk__in=keys) if keys else []
            names.update({(field.name, row.pk): str(row) for row in rows})
    return names


def _names_of(events: Iterable[Any]) -> dict[int | None, str]:
    users = {_user_of(event) for event in events} - {None}
    return dict(User.objects.filter(pk__in=users).values_list("pk", "name")) if users else {}


def _user_of(event: Any) -> int | None:
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None
