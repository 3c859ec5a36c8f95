"""Human Services Data (HSDS 3.1, its UK profile and its tabular package): organisations, places, services.

Another portal of this kind sends its own record inside each full one (`opinovi`): then all languages and
columns come back as they were, and so do networks and life situations, which are words with such a record.
Of any other the plain record is read. Records are kept as they came: a
mention inside another record never replaces a whole one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guidance.catalogue.exports.hsds.guidance import GUIDANCE
from guidance.catalogue.exports.hsds.ids import id_of
from guidance.catalogue.exports.hsds.tables import PORTAL_TERMS as OWN
from guidance.catalogue.exports.hsds.terms import TAXONOMIES
from guidance.catalogue.imports.facts import mapping, objects, text_of
from guidance.catalogue.imports.hsds_own import (
    OWN_SERVICES,
    OWN_WORDS,
    OwnReader,
    own_organisation,
    own_point,
)
from guidance.catalogue.imports.hsds_package import is_package, package_records
from guidance.catalogue.imports.hsds_plain import is_place, plain_organisation, plain_point, plain_service
from guidance.catalogue.imports.pieces import AT_ONCE, Pieces
from guidance.catalogue.imports.reading import Document, values_of
from guidance.catalogue.imports.records import Record
from guidance.catalogue.models import ImportedKind
from network.models import Sector

Step = Mapping[str, Any]
SERVICE_FIELDS = {"status", "organization", "organization_id", "service_at_locations"}
VERSION_3 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
WORD_FIELDS = {"taxonomy_id", "taxonomy_detail"}
WORD_LISTS = {str(taxonomy.id) for taxonomy in TAXONOMIES.values()}


class HsdsReader:
    """All but projects that a portal like this publishes; of others organisations, places and guidance."""

    code = "hsds"
    withdraws = tuple(kind for kind in ImportedKind if kind != ImportedKind.ORGANISATION)

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
        yield from self._words(is_late=False)
        for source_id, content in self._seen("location"):
            is_own = isinstance(content.get(OWN), Mapping)
            yield (own_point if is_own else plain_point)(source_id, content)
        yield from self._services()
        yield from self._words(is_late=True)

    def _services(self) -> Iterator[Record]:
        """Services, those that name others last; and those that came twice once more, which is reported."""
        late = []
        twice = {source_id for kind, source_id in self.pieces.twice if kind == "service"}
        again = []
        for source_id, content in self._seen("service"):
            reader = OWN_SERVICES.get(_sort(content))
            if reader and reader.is_late:
                late.append(source_id)
                continue
            record = _service(source_id, content)
            again += [Record(record.kind, source_id)] if source_id in twice else []
            yield record
        for source_id, content in self._among("service", late):
            record = _service(source_id, content)
            again += [Record(record.kind, source_id)] if source_id in twice else []
            yield record
        yield from again

    def _words(self, *, is_late: bool) -> Iterator[Record]:
        """Words that are pages of the portal."""
        for source_id, content in self._seen("taxonomy_term"):
            reader = _word_reader(content)
            if reader and reader.is_late is is_late:
                yield reader.read(source_id, content)

    def _seen(self, kind: str) -> Iterator[tuple[str, Step]]:
        yield from self._among(kind, sorted(self.pieces.seen[kind]))

    def _among(self, kind: str, ids: list[str]) -> Iterator[tuple[str, Step]]:
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
        elif kind != "taxonomy_term" or not _is_known_word(record):
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
        if not (OWN in location or (is_place(location) and not _sort(service))):
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
    if WORD_FIELDS & record.keys():
        is_page = _word_reader(record) is not None
        return "taxonomy_term" if is_page or text_of(record.get("taxonomy_id")) in WORD_LISTS else ""
    is_list = "version" in record
    return "organization" if "name" in record and "description" in record and not is_list else ""


def _word_reader(word: Step) -> OwnReader | None:
    """Who reads a word of a list that is a page of the portal."""
    return OWN_WORDS.get(text_of(mapping(word.get(OWN)).get("kind")))


def _is_known_word(word: Step) -> bool:
    """Whether a word only sorts: it comes with what it sorts, and is reported there if unknown."""
    return _word_reader(word) is None


def _with_place(place: Step) -> tuple[Step, str, str]:
    """The service of a service at a location, which is there."""
    service = dict(mapping(place.get("service")))
    rest = {key: value for key, value in place.items() if key != "service"}
    service.setdefault("service_at_locations", [rest])
    return service, text_of(service.get("id")), "service"


def _sort(record: Step) -> str:
    """Whether a service is guidance, training or another kind; empty where it comes from elsewhere."""
    if own := mapping(record.get(OWN)):
        return text_of(own.get("kind"))
    terms = {text_of(each.get("taxonomy_term_id")) for each in objects(record.get("attributes"))}
    return next((kind for kind in OWN_SERVICES if str(id_of("term", f"kind:{kind}")) in terms), "")


def _service(source_id: str, content: Step) -> Record:
    sort = _sort(content)
    if not isinstance(content.get(OWN), Mapping):
        if sort in {"", GUIDANCE} and not _is_short_here(source_id, content):
            return plain_service(source_id, content)
        return _wrong(source_id, content, sort, "no_own_record")
    if sort not in OWN_SERVICES:
        return _wrong(source_id, content, sort, "unknown_kind")
    return OWN_SERVICES[sort].read(source_id, content)


def _wrong(source_id: str, content: Step, sort: str, code: str) -> Record:
    kind = OWN_SERVICES[sort].kind if sort in OWN_SERVICES else ImportedKind.SERVICE
    values, facts = {"name_fi": text_of(content.get("name"))}, [(code, dict[str, Any]())]
    return Record(kind, source_id, values=values, facts=facts, is_wrong=True)


def _is_short_here(source_id: str, content: Step) -> bool:
    """Whether a record is the short one of a portal like this, which does not tell guidance from training.

    Their identifiers are of UUID's version 3, and full records have a word for their kind.
    """
    return bool(VERSION_3.fullmatch(source_id)) and not content.get("attributes")
