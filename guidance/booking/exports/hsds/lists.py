"""The lists of the API: which records fit what was asked, in a stable order, a page or a stream at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import asin, ceil, cos, radians, sin, sqrt
from statistics import fmean
from typing import Any, SupportsFloat
from uuid import UUID

from django.db.models import Q

from guidance.booking.exports.hsds.parameters import PER_PAGE, Answers, UnknownPlace
from guidance.booking.exports.hsds.sources import SOURCES, Rows, Source, pair_in
from guidance.booking.models import GroupSession
from guidance.catalogue.exports.hsds import organisations, places
from guidance.catalogue.exports.hsds.ids import id_of, with_first_half, with_id
from guidance.catalogue.exports.hsds.networks import own_networks
from guidance.catalogue.exports.hsds.situations import own_situations
from guidance.catalogue.exports.hsds.tables import Record
from guidance.catalogue.exports.hsds.terms import (
    NETWORK,
    SECTOR,
    TAXONOMIES,
    Taxonomy,
    Term,
    all_terms,
    taxonomy_record,
    term_record,
)
from network.models import Area, NetworkMembership, Organisation, Postcode, ServicePoint
from network.search import Search, kind_of, understand

BATCH = 500  # rows read at a time for a stream
MOST_SERVICES = 1000  # in one answer about organisations
EARTH = 6_371_000  # metres; mean radius
Spot = tuple[float, float]  # latitude and longitude, in degrees

Reader = Callable[[list[Any]], list[Record]]


@dataclass(frozen=True)
class Part:
    """Rows in the order of their primary keys, and how they become records."""

    rows: Rows
    read: Reader


class Listing:
    """Several parts as one list: each in its own order, one after the other."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = list(parts)

    def page(self, number: int, size: int) -> Record:
        """A page as HSDS frames it. Each part is counted and at most once read."""
        counts = [part.rows.count() for part in self.parts]
        first = (number - 1) * size
        contents: list[Record] = []
        skipped = 0
        for part, count in zip(self.parts, counts, strict=True):
            begin, end = max(first - skipped, 0), min(first + size - skipped, count)
            if begin < end:
                contents += part.read(list(part.rows[begin:end]))
            skipped += count
        return framed(contents, total=sum(counts), number=number, size=size)

    def stream(self) -> Iterator[Record]:
        """Every record, read a batch at a time by primary key."""
        for part in self.parts:
            last = 0
            while rows := list(part.rows.filter(pk__gt=last)[:BATCH]):
                yield from part.read(rows)
                last = rows[-1].pk


def framed(contents: list[Record], *, total: int, number: int, size: int) -> Record:
    pages = max(1, ceil(total / size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def page_of(records: list[Record], asked: Answers) -> Record:
    """A page of a list that is in memory anyway."""
    number, size = asked.get("page", 1), asked.get("per_page", PER_PAGE)
    first = (number - 1) * size
    return framed(records[first : first + size], total=len(records), number=number, size=size)


# Services


def services(asked: Answers) -> Listing:
    """Services that fit all that was asked."""
    return Listing(_service_part(source, rows, asked) for source, rows in _narrowed(asked))


def _service_part(source: Source, rows: Rows, asked: Answers) -> Part:
    if asked.get("minimal"):
        return Part(
            rows.select_related(None).only("pk", "slug", "changed_at"), partial(_minimal, source.kind)
        )
    if asked.get("full"):
        return Part(source.with_parts(rows), lambda found: [source.full(row) for row in found])
    return Part(rows, lambda found: [source.short(row) for row in found])


def _minimal(kind: str, rows: list[Any]) -> list[Record]:
    return [{"id": str(id_of(kind, row.slug)), "last_modified": row.changed_at.isoformat()} for row in rows]


def service(wanted: UUID) -> Record | None:
    """One full service, or nothing."""
    for source in SOURCES:
        if row := source.with_parts(with_id(source.rows(), source.kind, wanted)).first():
            return source.full(row)
    return None


def _narrowed(asked: Answers) -> Iterator[tuple[Source, Rows]]:
    """Each source with those of its rows that fit all that was asked."""
    wish = understand(asked["search"]) if "search" in asked else None
    term = term_with(asked["taxonomy_term_id"]) if "taxonomy_term_id" in asked else None
    area = area_of(asked["postcode"]) if "postcode" in asked and "proximity" not in asked else None
    for source in SOURCES:
        rows = source.rows()
        if "organization_id" in asked:
            owner = with_id(Organisation.objects.all(), organisations.KIND, asked["organization_id"])
            rows = rows.filter(**{f"{source.organisation}__in": owner})
        if "modified_after" in asked:
            rows = rows.filter(changed_at__gte=asked["modified_after"])
        if "taxonomy_term_id" in asked:
            rows = source.with_term(rows, term) if term else rows.none()
        if "taxonomy_id" in asked:
            rows = _with_taxonomy(source, rows, asked["taxonomy_id"])
        if wish is not None:
            kind = kind_of(rows.model)
            rows = Search(wish, kind).matching(rows) if wish and kind else rows.none()
        if area:
            rows = source.serving(rows, area)
        if {"day", "start_time", "end_time"} & asked.keys():
            rows = rows.filter(
                source.open_at(asked.get("day"), asked.get("start_time"), asked.get("end_time"))
            )
        yield source, rows.order_by("pk")


def _with_taxonomy(source: Source, rows: Rows, wanted: UUID) -> Rows:
    taxonomy = taxonomy_with(wanted)
    return source.with_taxonomy(rows, taxonomy) if taxonomy else rows.none()


# Services at locations


def service_at_locations(asked: Answers) -> Listing:
    """Services at each of their locations. `modified_after` looks at the service."""
    near = near_points(asked["postcode"], asked["proximity"]) if "proximity" in asked else None
    parts = []
    for source, rows in _narrowed(asked):
        pairs = source.pairs(rows)
        if near is not None:
            pairs = pairs.filter(**{f"{source.points}__in": near}) if source.points else pairs.none()
        parts.append(_pair_part(source, pairs, is_full=bool(asked.get("full"))))
    return Listing(parts)


def _pair_part(source: Source, pairs: Rows, *, is_full: bool) -> Part:
    """Pairs with their services, each service read once a page."""

    def read(found: list[Any]) -> list[Record]:
        wanted = {getattr(pair, f"{source.service}_id") if source.service else pair.pk for pair in found}
        services = source.with_parts(source.rows()) if is_full else source.rows()
        known = services.in_bulk(wanted)
        for pair in found:
            if source.service:
                setattr(pair, source.service, known[getattr(pair, f"{source.service}_id")])
        if not is_full:
            return [source.short_pair(pair) for pair in found]
        return [source.full_pair(pair if source.service else known[pair.pk]) for pair in found]

    return Part(source.with_pair_parts(pairs), read)


def service_at_location(wanted: UUID) -> Record | None:
    """One full service at a location, or nothing."""
    for source in SOURCES:
        for row in source.with_parts(with_first_half(source.rows(), source.kind, wanted)):
            if found := pair_in(source.full(row), str(wanted)):
                return found
    return None


def area_of(postcode: str) -> Area:
    """The municipality of a postcode. Raises UnknownPlace when there is no such postcode."""
    row = Postcode.objects.select_related("municipality").filter(code=postcode).first()
    if row is None:
        raise UnknownPlace("postcode", "There is no such postcode in Finland. Check the digits.")
    return row.municipality


def near_points(postcode: str, metres: int) -> list[int]:
    """Service points within so many metres of the middle of a postcode.

    The middle is that of the service points with this postcode, or else of its municipality. A service point
    without coordinates counts from the middle of its municipality. Raises UnknownPlace.
    """
    municipality = area_of(postcode)
    points = list(places.locations())
    around = [point for point in points if point.postcode == postcode and point.latitude is not None]
    here = _middle([_spot(point.latitude, point.longitude) for point in around] or [_centre(municipality)])
    if here is None:
        return []
    return [point.pk for point in points if (spot := _place_of(point)) and _distance(here, spot) <= metres]


def _place_of(point: ServicePoint) -> Spot | None:
    """Where a service point is, as near as the portal knows."""
    if point.latitude is not None:
        return _spot(point.latitude, point.longitude)
    return _centre(point.municipality) if point.municipality else None


def _centre(municipality: Area) -> Spot | None:
    return _spot(municipality.latitude, municipality.longitude)


def _spot(latitude: SupportsFloat | None, longitude: SupportsFloat | None) -> Spot | None:
    return None if latitude is None or longitude is None else (float(latitude), float(longitude))


def _middle(spots: list[Spot | None]) -> Spot | None:
    known = [spot for spot in spots if spot]
    return (fmean(north for north, _ in known), fmean(east for _, east in known)) if known else None


def _distance(here: Spot, there: Spot) -> float:
    """Metres along the surface, by the haversine formula."""
    (here_latitude, here_longitude), (latitude, longitude) = map(radians, here), map(radians, there)
    half = sin((latitude - here_latitude) / 2) ** 2
    half += cos(latitude) * cos(here_latitude) * sin((longitude - here_longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


# Organisations


def all_organizations(asked: Answers) -> Listing:
    """Organisations that fit all that was asked."""
    rows: Rows = organisations.organizations()
    if "modified_after" in asked:
        rows = rows.filter(changed_at__gte=asked["modified_after"])
    if "organization_id" in asked:
        rows = with_id(rows, organisations.KIND, asked["organization_id"])
    for word in asked.get("search", "").split():
        rows = rows.matching(word)  # type: ignore[attr-defined]  # Organisation's own queryset
    if "taxonomy_term_id" in asked:
        term = term_with(asked["taxonomy_term_id"])
        rows = rows.filter(_sorted_by(term)) if term else rows.none()
    if "taxonomy_id" in asked:
        rows = rows.filter(_sorted_in(asked["taxonomy_id"]))
    rows = rows.order_by("pk")
    if asked.get("minimal"):
        read: Reader = partial(_minimal, organisations.KIND)
    elif asked.get("full") or asked.get("full_service"):
        rows = organisations.with_parts(rows)  # type: ignore[arg-type]
        read = partial(_full_organizations, with_services=bool(asked.get("full_service")))
    else:
        read = partial(map_records, organisations.organization)
    return Listing([Part(rows, read)])


def _sorted_by(term: Term) -> Q:
    """What holds of the organisations that a word sorts: of a sector, or in a network today."""
    if term.taxonomy is SECTOR:
        return Q(sector__code=term.code)
    if term.taxonomy is NETWORK:
        return Q(pk__in=NetworkMembership.objects.on().filter(network__slug=term.code).values("organisation"))
    return Q(pk__in=[])


def _sorted_in(taxonomy: UUID) -> Q:
    """What holds of the organisations that any word of a list sorts."""
    if taxonomy == NETWORK.id:
        members = NetworkMembership.objects.on().filter(network__published_at__isnull=False)
        return Q(pk__in=members.values("organisation"))
    return Q() if taxonomy == SECTOR.id else Q(pk__in=[])


def map_records(record: Callable[[Any], Record], rows: list[Any]) -> list[Record]:
    return [record(row) for row in rows]


def organization(wanted: UUID, *, with_services: bool) -> Record | None:
    """One full organisation, or nothing."""
    rows = organisations.with_parts(with_id(organisations.organizations(), organisations.KIND, wanted))
    found = _full_organizations(list(rows), with_services=with_services)
    return found[0] if found else None


def _full_organizations(rows: list[Organisation], *, with_services: bool) -> list[Record]:
    """Full records with their locations, and with their services if asked for."""
    if not rows:
        return []
    points: dict[int, list[Record]] = {row.pk: [] for row in rows}
    for point in places.with_parts(places.locations().filter(organisation__in=rows)):
        points[point.organisation_id].append(places.full_location(point))
    records = {row.pk: organisations.full_organization(row, locations=points[row.pk]) for row in rows}
    if with_services:
        for owner, record in _services_of(rows):
            records[owner].setdefault("services", []).append(record)
    return list(records.values())


def _services_of(rows: list[Organisation]) -> Iterator[tuple[int, Record]]:
    room = MOST_SERVICES
    for source in SOURCES:
        owned = source.rows().filter(**{f"{source.organisation}__in": rows})
        found = list(source.with_parts(owned)[:room]) if room else []
        room -= len(found)
        for row in found:
            yield getattr(row, f"{source.organisation}_id"), source.full(row)


# Taxonomies


def terms() -> list[Term]:
    return all_terms(GroupSession.Kind)


def own_pages() -> dict[UUID, Record]:
    """The portal's own records of the words that are pages, by the identifiers of the words."""
    return {**own_situations(), **own_networks()}


def term_with(wanted: UUID) -> Term | None:
    return next((term for term in terms() if term.id == wanted), None)


def taxonomy_with(wanted: UUID) -> Taxonomy | None:
    return next((taxonomy for taxonomy in TAXONOMIES.values() if taxonomy.id == wanted), None)


def taxonomies(asked: Answers) -> list[Record]:
    words = asked.get("search", "").lower().split()
    records = [taxonomy_record(taxonomy) for taxonomy in TAXONOMIES.values()]
    return [record for record in records if all(word in record["name"].lower() for word in words)]


def taxonomy_terms(asked: Answers) -> list[Record]:
    """Terms that fit; the lists are flat, so every term is a top one and none has a parent.

    Full ones that are pages (situations, networks) bring the portal's own record.
    """
    words = asked.get("search", "").lower().split()
    wanted = asked.get("taxonomy_id")
    if "parent_id" in asked:
        return []
    own = own_pages() if asked.get("full") else {}
    return [
        term_record(term, is_full=bool(asked.get("full")), own=own.get(term.id))
        for term in terms()
        if wanted in {None, term.taxonomy.id} and all(word in term.name.lower() for word in words)
    ]
