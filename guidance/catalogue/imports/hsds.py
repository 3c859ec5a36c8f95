"""Human Services Data (HSDS 3.1, its UK profile and its tabular package): organisations, locations, services.

Another portal of this kind sends its own record inside each full one (`opinovi`): then all languages and
columns come back as they were. Of any other the plain record is read. Records are kept as they came: a
mention inside another record never replaces a whole one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guidance.catalogue.exports.hsds.ids import id_of
from guidance.catalogue.exports.hsds.tables import PORTAL_TERMS as OWN
from guidance.catalogue.imports.facts import mapping, objects, text_of
from guidance.catalogue.imports.hsds_own import own_organisation, own_point, own_service, own_training
from guidance.catalogue.imports.hsds_package import is_package, package_records
from guidance.catalogue.imports.hsds_plain import is_place, plain_organisation, plain_point, plain_service
from guidance.catalogue.imports.pieces import AT_ONCE, Pieces
from guidance.catalogue.imports.reading import Document, values_of
from guidance.catalogue.imports.records import Fact, Record
from guidance.catalogue.models import ImportedKind
from network.models import Sector

Step = Mapping[str, Any]
SERVICE_FIELDS = {"status", "organization", "organization_id", "service_at_locations"}
VERSION_3 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
KIND_TERMS = {str(id_of("term", f"kind:{kind}")): kind for kind in ("guidance", "training", "event")}


class HsdsReader:
    """Organisations, service points, guidance and training out of HSDS records."""

    code = "hsds"
    withdraws = (ImportedKind.SERVICE, ImportedKind.SERVICE_POINT, ImportedKind.TRAINING)

    def __init__(self) -> None:
        self.pieces = Pieces(self.code)
        self.strange: list[Record] = []

    def read(self, documents: Iterable[Document]) -> Iterator[Record]:
        """Raises Unreadable."""
        for document in documents:
            for number, value in enumerate(_values(document), start=1):
                self._keep(value, f"{document.name} {number}")
        self.pieces.flush()
        sectors = set(Sector.objects.values_list("code", flat=True))
        yield from self.strange
        for is_part in (False, True):  # what others are part of comes first
            for source_id, content in self._seen("organization"):
                if bool(content.get("parent_organization_id")) is is_part:
                    is_own = isinstance(content.get(OWN), Mapping)
                    yield (own_organisation if is_own else plain_organisation)(source_id, content, sectors)
        for source_id, content in self._seen("location"):
            is_own = isinstance(content.get(OWN), Mapping)
            yield (own_point if is_own else plain_point)(source_id, content)
        for source_id, content in self._seen("service"):
            yield _service(source_id, content)
        for kind, source_id in self.pieces.twice:
            if kind == "service":
                yield Record(ImportedKind.SERVICE, source_id)

    def _seen(self, kind: str) -> Iterator[tuple[str, Step]]:
        ids = sorted(self.pieces.seen[kind])
        for start in range(0, len(ids), AT_ONCE):
            found = self.pieces.of(kind, ids[start : start + AT_ONCE])
            yield from sorted(found.items())

    def _keep(self, value: Any, where: str) -> None:
        record = mapping(value)
        source_id = text_of(record.get("id"))
        kind = _kind(record)
        is_mention = False
        if kind == "service_at_location":
            record, source_id, kind = _with_place(record)
            is_mention = True
        if not kind or not source_id:
            code = "unknown_kind" if isinstance(value, Mapping) else "not_an_object"
            code = "no_id" if kind else code
            self._say(source_id or where, code, record)
        elif kind == "service" and _sort(record) == "event":
            self._say(source_id, "event", record)
        else:
            has_parts = any(isinstance(each, list) and each for each in record.values())
            self._put(kind, record, is_whole=OWN in record or (has_parts and not is_mention))

    def _say(self, source_id: str, code: str, record: Step) -> None:
        values = {"name_fi": text_of(record.get("name"))}
        strange = Record(ImportedKind.SERVICE, source_id, values=values, facts=[(code, {})], is_wrong=True)
        self.strange.append(strange)

    def _put(self, kind: str, record: Step, *, is_whole: bool) -> None:
        """Keep a record and, by themselves, the organisations, locations and services inside it."""
        source_id = text_of(record.get("id"))
        noise = {"last_modified", "services"} | ({"locations"} if kind == "organization" else set())
        content = {key: each for key, each in record.items() if key not in noise and each is not None}
        if kind == "service":
            owner = mapping(record.get("organization"))
            if text_of(owner.get("id")):
                content.setdefault("organization_id", owner["id"])
                self._put("organization", owner, is_whole=False)
            if _sort(record) != "training":
                for place in objects(record.get("service_at_locations")):
                    self._keep_place({"service": record, **place})
        if kind == "organization":
            self._keep_inside(record, source_id)
        self.pieces.put(kind, source_id, content, links=(), is_whole=is_whole)

    def _keep_inside(self, organization: Step, source_id: str) -> None:
        """Keep the locations and services of an organisation, which are its own whatever they say."""
        owner = {"organization_id": source_id}
        for location in objects(organization.get("locations")):
            if text_of(location.get("id")):
                self._put("location", {**location, **owner}, is_whole=OWN in location)
        for service in objects(organization.get("services")):
            bare = {key: each for key, each in service.items() if key != "organization"}
            self._keep({**bare, **owner}, source_id)

    def _keep_place(self, place: Step) -> None:
        """Keep the location where a service is; HSDS tells of its hours beside it."""
        location, service = mapping(place.get("location")), mapping(place.get("service"))
        if not (OWN in location or is_place(location)):
            return
        owner = text_of(service.get("organization_id")) or text_of(
            mapping(service.get("organization")).get("id")
        )
        told = {"organization_id": owner, "schedules": objects(place.get("schedules"))}
        self._put("location", location if OWN in location else {**told, **location}, is_whole=OWN in location)


def _values(document: Document) -> Iterator[Any]:
    """The records of a document. Raises Unreadable."""
    if is_package(document):
        yield from package_records(document)
        return
    for key, value in values_of(document):
        if key != "page":
            yield value


def _kind(record: Step) -> str:
    """The table of HSDS that a record is of; empty for those that are not read."""
    if "location" in record and "service" in record:
        return "service_at_location"
    if "location_type" in record:
        return "location"
    if SERVICE_FIELDS & record.keys() and "name" in record:
        return "service"
    is_word = {"taxonomy_id", "taxonomy_detail", "version"} & record.keys()
    return "organization" if "name" in record and "description" in record and not is_word else ""


def _with_place(place: Step) -> tuple[Step, str, str]:
    """The service of a service at a location, which is there."""
    service = dict(mapping(place.get("service")))
    rest = {key: value for key, value in place.items() if key != "service"}
    service.setdefault("service_at_locations", [rest])
    return service, text_of(service.get("id")), "service"


def _sort(record: Step) -> str:
    """Whether a service is guidance, training or an event; empty where it comes from elsewhere."""
    if own := mapping(record.get(OWN)):
        return text_of(own.get("kind"))
    terms = (text_of(each.get("taxonomy_term_id")) for each in objects(record.get("attributes")))
    return next((KIND_TERMS[term] for term in terms if term in KIND_TERMS), "")


def _service(source_id: str, content: Step) -> Record:
    sort = _sort(content)
    if not isinstance(content.get(OWN), Mapping):
        if sort != "training" and not _is_short_here(source_id, content):
            return plain_service(source_id, content)
        facts: list[Fact] = [("no_own_record", {})]
        kind = ImportedKind.TRAINING if sort == "training" else ImportedKind.SERVICE
        values = {"name_fi": text_of(content.get("name"))}
        return Record(kind, source_id, values=values, facts=facts, is_wrong=True)
    if sort == "training":
        return own_training(source_id, content)
    return own_service(source_id, content)


def _is_short_here(source_id: str, content: Step) -> bool:
    """Whether a record is the short one of a portal like this, which does not tell guidance from training.

    Their identifiers are of UUID's version 3, and full records have a word for their kind.
    """
    return bool(VERSION_3.fullmatch(source_id)) and not content.get("attributes")
