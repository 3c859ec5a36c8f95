"""The portal's own records inside HSDS ones: the columns that `exports.hsds` names, read back."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Model

from guidance.catalogue.exports.hsds import (
    fundings,
    guidance,
    networks,
    organisations,
    places,
    situations,
    trainings,
)
from guidance.catalogue.exports.hsds.ids import id_of
from guidance.catalogue.exports.hsds.tables import PORTAL_TERMS as OWN
from guidance.catalogue.imports.clean import column_of
from guidance.catalogue.imports.facts import Facts, mapping, objects, text_of, unknown_keys
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.texts import LANGUAGES, Words, columns
from guidance.catalogue.models import (
    Funding,
    GuidanceService,
    ImportedKind,
    LifeSituation,
    SituationPart,
    TrainingOption,
)
from network.models import Network, NetworkMembership, Organisation, ServicePoint

Step = Mapping[str, Any]


def own_organisation(source_id: str, content: Step, sectors: set[str]) -> Record:
    """An organisation; one whose sector is not known here counts among other public ones."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("sector", "parent", "home_municipality", "successors", "contacts")
    values = own_values(Organisation, own, organisations.TEXTS, organisations.VALUES, linked, facts)
    sector = text_of(own.get("sector"))
    if sector not in sectors:
        facts.say("unknown_code", field="sector", code=sector)
        sector = "other-public"
    parent = text_of(own.get("parent"))
    links = {
        "sector": [sector],
        "parent": [_id("organization", parent)] if parent else [],
        "home_municipality": towns([own.get("home_municipality")]),
        "successors": [_id("organization", slug) for slug in _words(own.get("successors"))],
    }
    contacts = [
        {
            "name": text_of(each.get("name")),
            **columns("title", _texts(each.get("title"))),
            "email": text_of(each.get("email")),
            "phone": text_of(each.get("phone")),
            "is_public": True,
        }
        for each in objects(own.get("contacts"))
        if each.get("email") or each.get("phone")
    ]
    return Record(
        ImportedKind.ORGANISATION,
        source_id,
        values=values,
        links=links,
        parts={"contacts": contacts},
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def own_point(source_id: str, content: Step) -> Record:
    """A service point with its hours and, of one that goes round, its coming stops."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("moves", "municipality", "opening_hours", "exceptions", "stops")
    values = own_values(ServicePoint, own, places.TEXTS, places.VALUES, linked, facts)
    kinds = ServicePoint.Kind
    values["kind"] = kinds.MOBILE.value if own.get("moves") is True else kinds.FIXED.value
    hours = ("weekday", "opens_at", "closes_at", "valid_from", "valid_to")
    days = ("on", "opens_at", "closes_at", "reason")
    moments = ("place", "street_address", "starts_at", "ends_at", "cancelled_at")
    places_of_stops = [towns([each.get("municipality")]) for each in objects(own.get("stops"))]
    stops = zip(_rows(own.get("stops"), moments), map("".join, places_of_stops), strict=True)
    return Record(
        ImportedKind.SERVICE_POINT,
        source_id,
        values=values,
        owner=text_of(content.get("organization_id")),
        links={"municipality": towns([own.get("municipality")])},
        parts={
            "opening_hours": _rows(own.get("opening_hours"), hours),
            "opening_exceptions": _rows(own.get("exceptions"), days),
            "stops": [{**each, "municipality_id": town} for each, town in stops],
        },
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def own_service(source_id: str, content: Step) -> Record:
    """A guidance service."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("organisation", "channels", "areas", "topics", "target_groups", "service_points")
    return Record(
        ImportedKind.SERVICE,
        source_id,
        values=own_values(GuidanceService, own, guidance.TEXTS, guidance.VALUES, linked, facts),
        owner=owner_of(content, own.get("organisation")),
        links={
            "channels": _words(own.get("channels")),
            "areas": [area.replace(":", " ", 1) for area in _words(own.get("areas"))],
            "topics": _words(own.get("topics")),
            "target_groups": _words(own.get("target_groups")),
            "service_points": [_id("location", slug) for slug in _words(own.get("service_points"))],
        },
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def own_training(source_id: str, content: Step) -> Record:
    """A training option with its rounds and further information."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("training_kind", "provider", "municipalities", "rounds", "notes")
    values = own_values(TrainingOption, own, trainings.TEXTS, trainings.VALUES, linked, facts)
    notes = [
        {
            **columns("heading", _texts(each.get("heading"))),
            **columns("text", _texts(each.get("text"))),
            "order": each.get("order", order),
        }
        for order, each in enumerate(objects(own.get("notes")), start=1)
    ]
    return Record(
        ImportedKind.TRAINING,
        source_id,
        values={**values, "kind": own.get("training_kind")},
        owner=owner_of(content, own.get("provider")),
        links={"municipalities": towns(_words(own.get("municipalities")))},
        parts={"rounds": _rows(own.get("rounds"), ("name", "opens_on", "closes_on")), "notes": notes},
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def own_funding(source_id: str, content: Step) -> Record:
    """A way to finance studies; its payer need not be known."""
    own, facts = mapping(content.get(OWN)), Facts()
    values = own_values(Funding, own, fundings.TEXTS, fundings.VALUES, ("payer",), facts)
    links = {"payer": identifiers("organization", own.get("payer"))}
    return Record(
        ImportedKind.FUNDING,
        source_id,
        values=values | none_of(links),
        links=links,
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def own_network(source_id: str, content: Step) -> Record:
    """A network with its members; that they agreed is what a published membership says."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("area", "lead", "memberships")
    members = objects(own.get("memberships"))
    rows = _rows(members, ("role", "since", "until"))
    owners = [_id("organization", text_of(each.get("organisation"))) for each in members]
    status = NetworkMembership.Status.AGREED.value
    return Record(
        ImportedKind.NETWORK,
        source_id,
        values=own_values(Network, own, networks.TEXTS, networks.VALUES, linked, facts),
        owner=_id("organization", text_of(own.get("lead"))),
        links={"area": [text_of(own.get("area")).replace(":", " ", 1)]},
        parts={
            "memberships": [
                {**row, "status": status, "organisation_id": owner}
                for row, owner in zip(rows, owners, strict=True)
            ]
        },
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def own_situation(source_id: str, content: Step) -> Record:
    """A life situation with the parts of its page."""
    own, facts = mapping(content.get(OWN)), Facts()
    linked = ("part_kind", "services", "fundings")
    parts = [
        {
            **own_values(SituationPart, each, situations.PART_TEXTS, situations.PART_VALUES, linked, facts),
            "kind": each.get("part_kind"),
            "services": [_id("guidance", slug) for slug in _words(each.get("services"))],
            "fundings": [_id("funding", slug) for slug in _words(each.get("fundings"))],
        }
        for each in objects(own.get("parts"))
    ]
    return Record(
        ImportedKind.SITUATION,
        source_id,
        values=own_values(LifeSituation, own, situations.TEXTS, situations.VALUES, ("parts",), facts),
        parts={"parts": parts},
        slug=text_of(own.get("slug")),
        facts=facts.list,
    )


def identifiers(kind: str, slug: Any) -> list[str]:
    """The identifier of the other row that an address word leads to; none without one."""
    return [_id(kind, text_of(slug))] if text_of(slug) else []


def none_of(links: Mapping[str, list[str]]) -> dict[str, Any]:
    """The columns of links that lead nowhere: it is said that there is nothing."""
    return {f"{name}_id": None for name, codes in links.items() if not codes}


def own_values(
    model: type[Model],
    own: Step,
    texts: Iterable[str],
    values: Iterable[str],
    linked: Iterable[str],
    facts: Facts,
) -> dict[str, Any]:
    """Texts and columns of a row. What is left out is empty, unless the column must have something."""
    found: dict[str, Any] = {}
    for name in texts:
        found |= columns(name, _texts(own.get(name)))
    for name in values:
        column = column_of(model, name)
        if name != "slug" and (name in own or column.null or column.blank):
            found[name] = own.get(name)
    for key in unknown_keys(own, {"kind", *texts, *values, *linked}):
        facts.say("unknown_field", field=key)
    return found


def _texts(value: Any) -> Words:
    """A text in its languages, as it is: it comes from a column like the one it goes to."""
    words = mapping(value)
    return {code: words[code] for code in LANGUAGES if isinstance(words.get(code), str)}


def _words(value: Any) -> list[str]:
    return [text_of(each) for each in value if text_of(each)] if isinstance(value, list) else []


def towns(keys: Iterable[Any]) -> list[str]:
    """Codes of municipalities out of keys such as `municipality:837`."""
    return [text_of(key).removeprefix("municipality:") for key in keys if text_of(key)]


def _rows(value: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: each[name] for name in names if name in each} for each in objects(value)]


def _id(kind: str, slug: str) -> str:
    return str(id_of(kind, slug))


def owner_of(content: Step, slug: Any) -> str:
    return text_of(content.get("organization_id")) or _id("organization", text_of(slug))


class OwnReader(NamedTuple):
    """How the portal's own records of a kind are read, and what they become."""

    kind: ImportedKind
    read: Callable[[str, Step], Record]
    is_late: bool = False  # names services, so it comes after all of them


OWN_SERVICES = {  # by the kind that the own record of a service tells; apps to the right add theirs
    guidance.GUIDANCE: OwnReader(ImportedKind.SERVICE, own_service),
    trainings.TRAINING: OwnReader(ImportedKind.TRAINING, own_training),
    fundings.FUNDING: OwnReader(ImportedKind.FUNDING, own_funding),
}
OWN_WORDS = {
    networks.KIND: OwnReader(ImportedKind.NETWORK, own_network),
    situations.KIND: OwnReader(ImportedKind.SITUATION, own_situation, is_late=True),
}
