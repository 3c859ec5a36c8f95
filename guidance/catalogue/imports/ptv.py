"""The Finnish Service Catalogue (PTV): services, their channels and organisations, versions 11 and 12.

A service is a guidance service; a channel that is a place is a service point; other channels (phone, web,
electronic service) give the service its ways, numbers and links. They may come in any order and on different
days: each is kept as it came.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guidance.catalogue.imports.facts import mapping, objects, text_of
from guidance.catalogue.imports.pieces import AT_ONCE, Pieces
from guidance.catalogue.imports.ptv_places import organisation_of, point_of
from guidance.catalogue.imports.ptv_services import service_of
from guidance.catalogue.imports.ptv_v12 import in_version_11
from guidance.catalogue.imports.reading import Document, values_of
from guidance.catalogue.imports.records import Record
from guidance.catalogue.models import ImportedKind

KEYS = (
    ("service", "serviceNames"),
    ("channel", "serviceChannelNames"),
    ("organisation", "organizationNames"),
)
NOISE = ("modified",)


class PtvReader:
    """Services, places and organisations of the catalogue."""

    code = "ptv"
    withdraws = (ImportedKind.SERVICE, ImportedKind.SERVICE_POINT)

    def __init__(self) -> None:
        self.pieces = Pieces(self.code)
        self.strange: list[Record] = []
        self.told: set[str] = set()

    def read(self, documents: Iterable[Document]) -> Iterator[Record]:
        """Raises Unreadable."""
        for document in documents:
            for number, (key, value) in enumerate(values_of(document), start=1):
                if key != "page":
                    self._keep(value, f"{document.name} {number}")
        self.pieces.flush()
        yield from self.strange
        for some in _slices(self.pieces.seen["organisation"]):
            for content in self.pieces.of("organisation", some).values():
                yield self._told(organisation_of(content))
        yield from self._points()
        yield from self._services()
        kinds = {"service": ImportedKind.SERVICE, "channel": ImportedKind.SERVICE_POINT}
        for kind, source_id in self.pieces.twice:
            yield Record(kinds.get(kind, ImportedKind.ORGANISATION), source_id)

    def _keep(self, value: Any, where: str) -> None:
        record = in_version_11(value) if isinstance(value, Mapping) else {}
        source_id = text_of(record.get("id"))
        kind = next((kind for kind, key in KEYS if key in record), "")
        if not kind or not source_id:
            code = "unknown_kind" if isinstance(value, Mapping) else "not_an_object"
            code = "no_id" if kind else code
            record_id = source_id or where
            self.strange.append(Record(ImportedKind.SERVICE, record_id, facts=[(code, {})], is_wrong=True))
            return
        channels = [
            text_of(mapping(each.get("serviceChannel")).get("id"))
            for each in objects(record.get("serviceChannels"))
        ]
        content = {key: each for key, each in record.items() if key not in NOISE and each is not None}
        self.pieces.put(kind, source_id, content, links=channels, is_whole=True)

    def _points(self) -> Iterator[Record]:
        for some in _slices(self.pieces.seen["channel"]):
            for channel in self.pieces.of("channel", some).values():
                if text_of(channel.get("serviceChannelType")) == "ServiceLocation":
                    yield from self._owner(text_of(channel.get("organizationId")), "")
                    yield point_of(channel)

    def _services(self) -> Iterator[Record]:
        changed = [
            name for name, _links in self.pieces.joined_names("service", self.pieces.changed["channel"])
        ]
        for some in _slices({*self.pieces.seen["service"], *changed}):
            services = self.pieces.of("service", some)
            ids = {
                text_of(mapping(each.get("serviceChannel")).get("id"))
                for service in services.values()
                for each in objects(service.get("serviceChannels"))
            }
            channels = self.pieces.of("channel", ids)
            for service in services.values():
                owner = _responsible(service)
                yield from self._owner(text_of(owner.get("id")), text_of(owner.get("name")))
                yield service_of(service, channels, owner=text_of(owner.get("id")))

    def _owner(self, source_id: str, name: str) -> Iterator[Record]:
        """An organisation that a service names, unless it has been told; known by its name if by no more."""
        if not source_id or source_id in self.told:
            return
        whole = self.pieces.of("organisation", [source_id]).get(source_id)
        if whole:
            yield self._told(organisation_of(whole))
        elif name:
            values = {"name_fi": name}
            links = {"sector": ["other-public"]}
            yield self._told(Record(ImportedKind.ORGANISATION, source_id, values=values, links=links))

    def _told(self, record: Record) -> Record:
        self.told.add(record.source_id)
        return record


def _responsible(service: Mapping[str, Any]) -> Mapping[str, Any]:
    """The organisation that answers for a service; else the first that is named."""
    entries = sorted(
        objects(service.get("organizations")), key=lambda entry: entry.get("roleType") != "Responsible"
    )
    return mapping(entries[0].get("organization")) if entries else {}


def _slices(ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
