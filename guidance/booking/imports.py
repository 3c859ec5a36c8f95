"""Events out of the open data of another portal, which the catalogue's import hands to booking."""

from collections.abc import Mapping
from typing import Any

from guidance.booking.exports.hsds import events
from guidance.booking.models import GroupSession
from guidance.catalogue.exports.hsds.tables import PORTAL_TERMS as OWN
from guidance.catalogue.imports.facts import Facts, mapping, text_of
from guidance.catalogue.imports.hsds_own import (
    OWN_SERVICES,
    OwnReader,
    identifiers,
    none_of,
    own_values,
    owner_of,
    towns,
)
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.targets import TARGETS, Target
from guidance.catalogue.models import ImportedKind


def own_event(source_id: str, content: Mapping[str, Any]) -> Record:
    """A group session or an information event, where and when it is held."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("event_kind", "organisation", "service", "service_point", "municipality")
    values = own_values(GroupSession, own, events.TEXTS, events.VALUES, linked, facts)
    links = {
        "service": identifiers("guidance", own.get("service")),
        "service_point": identifiers("location", own.get("service_point")),
        "municipality": towns([own.get("municipality")]),
    }
    return Record(
        ImportedKind.EVENT,
        source_id,
        values={**values, "kind": own.get("event_kind"), **none_of(links)},
        owner=owner_of(content, own.get("organisation")),
        links=links,
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def add_to_imports() -> None:
    """Called when the portal starts: the catalogue cannot import from this app."""
    OWN_SERVICES[events.EVENT] = OwnReader(ImportedKind.EVENT, own_event, is_late=True)
    TARGETS[ImportedKind.EVENT] = Target(
        ImportedKind.EVENT,
        GroupSession,
        "organisation",
        one={"service": "service", "service_point": "service_point", "municipality": "municipality"},
    )
