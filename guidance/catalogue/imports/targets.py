"""Where the neutral records go: the models, what they hold, and rows that are known by codes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guidance.catalogue.imports.clean import Values, column_of, plain
from guidance.catalogue.models import (
    ApplicationRound,
    Channel,
    Funding,
    GuidanceService,
    GuidanceTopic,
    ImportedKind,
    ImportedRecord,
    LifeSituation,
    SituationPart,
    TrainingNote,
    TrainingOption,
)
from network.models import (
    Area,
    Contact,
    Network,
    NetworkMembership,
    OpeningException,
    OpeningHours,
    Organisation,
    RouteStop,
    Sector,
    ServicePoint,
)
from projects.models import TargetGroup

IN_LANGUAGES = ("fi", "sv", "en")
BATCH = 500
IMPORTED = (  # known by the source's identifiers
    *(ImportedKind.ORGANISATION, ImportedKind.SERVICE_POINT, ImportedKind.SERVICE, ImportedKind.FUNDING),
)


@dataclass(frozen=True)
class Part:
    """Rows that belong to one row alone."""

    model: Any
    owner: str
    columns: tuple[str, ...]
    once: tuple[str, ...] = ()  # columns that two rows of one owner may not share
    one: dict[str, str] = field(default_factory=dict)  # foreign keys: column → what its codes are of
    many: dict[str, str] = field(default_factory=dict)  # many-to-many fields likewise


@dataclass(frozen=True)
class Target:
    """What a kind of record becomes.

    Portals begin with the same ways to finance studies and life situations: there `is_known_by_slug` says
    that a row with the address word of the source is the source's, though no import brought it.
    """

    kind: ImportedKind
    model: Any
    owner: str = ""  # the column that names its organisation
    one: dict[str, str] = field(default_factory=dict)  # foreign keys: column → what its codes are of
    many: dict[str, str] = field(default_factory=dict)  # many-to-many fields likewise
    parts: dict[str, Part] = field(default_factory=dict)
    is_known_by_slug: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether the rows belong to no organisation: every coordinator may edit them."""
        return not self.owner and self.kind != ImportedKind.ORGANISATION

    def column(self, name: str) -> str:
        """The model's column that a value's name leads to: `provider_id` to `provider`."""
        bare = name.removesuffix("_id")
        return bare if bare in self.one or bare == self.owner else name

    def rows(self, pks: Iterable[int]) -> dict[int, Any]:
        """The rows, which nobody else changes until the transaction ends."""
        return self.model.objects.select_for_update(no_key=True).in_bulk(list(pks))

    def present(self, pks: list[int]) -> dict[int, Values]:
        """What many-to-many fields and parts of the rows hold now, as records have it."""
        found: dict[int, Values] = {pk: {name: [] for name in (*self.many, *self.parts)} for pk in pks}
        for name in self.many:
            through = getattr(self.model, name).through
            own, other = self.through_columns(name)
            pairs = through.objects.filter(**{f"{own}__in": pks}).order_by(other).values_list(own, other)
            for pk, value in pairs:
                found[pk][name].append(value)
        for name, part in self.parts.items():
            rows = part.model.objects.filter(**{f"{part.owner}__in": pks})
            for row in rows.prefetch_related(*part.many):
                values = {
                    column: plain(column_of(part.model, column), getattr(row, column))
                    for column in part.columns
                }
                for column in part.many:
                    values[column] = sorted(each.pk for each in getattr(row, column).all())
                found[getattr(row, f"{part.owner}_id")][name].append(values)
        for values in found.values():
            for name in self.parts:
                values[name].sort(key=part_key)
        return found

    def through_columns(self, name: str) -> tuple[str, str]:
        """The columns of a many-to-many field's own table: of this row, of the other."""
        relation = self.model._meta.get_field(name)
        return f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"


def part_key(values: Values) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in values.items())


def _texts(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{code}" for name in names for code in IN_LANGUAGES)


HOURS = Part(
    OpeningHours,
    "service_point",
    ("weekday", "opens_at", "closes_at", "valid_from", "valid_to"),
    ("weekday", "opens_at", "valid_from"),
)
EXCEPTIONS = Part(OpeningException, "service_point", ("on", "opens_at", "closes_at", "reason"), ("on",))
CONTACTS = Part(Contact, "organisation", ("name", *_texts("title"), "email", "phone", "is_public"))
STOPS = Part(
    RouteStop,
    "service_point",
    ("place", "street_address", "municipality_id", "starts_at", "ends_at", "cancelled_at"),
    ("place", "starts_at"),
    {"municipality_id": "municipality"},
)
ROUNDS = Part(ApplicationRound, "training", ("name", "opens_on", "closes_on"), ("opens_on", "closes_on"))
NOTES = Part(TrainingNote, "training", (*_texts("heading", "text"), "order"))
MEMBERSHIPS = Part(
    NetworkMembership,
    "network",
    ("organisation_id", "role", "status", "since", "until"),
    ("organisation_id", "since"),
    {"organisation_id": "organisation"},
)
SITUATION_PARTS = Part(
    SituationPart,
    "situation",
    ("kind", *_texts("heading", "text"), "query", "order"),
    many={"services": "service", "fundings": "funding"},
)

TARGETS = {
    target.kind: target
    for target in (
        Target(
            ImportedKind.ORGANISATION,
            Organisation,
            one={"home_municipality": "municipality", "sector": "sector", "parent": "organisation"},
            many={"successors": "organisation"},
            parts={"contacts": CONTACTS},
        ),
        Target(
            ImportedKind.SERVICE_POINT,
            ServicePoint,
            "organisation",
            one={"municipality": "municipality"},
            parts={"opening_hours": HOURS, "opening_exceptions": EXCEPTIONS, "stops": STOPS},
        ),
        Target(
            ImportedKind.SERVICE,
            GuidanceService,
            "organisation",
            many={
                "channels": "channel",
                "areas": "area",
                "target_groups": "target_group",
                "topics": "topic",
                "service_points": "service_point",
            },
        ),
        Target(
            ImportedKind.TRAINING,
            TrainingOption,
            "provider",
            many={"municipalities": "municipality"},
            parts={"rounds": ROUNDS, "notes": NOTES},
        ),
        Target(ImportedKind.FUNDING, Funding, one={"payer": "organisation"}, is_known_by_slug=True),
        Target(
            ImportedKind.NETWORK,
            Network,
            "lead",
            one={"area": "area"},
            parts={"memberships": MEMBERSHIPS},
            is_known_by_slug=True,
        ),
        Target(
            ImportedKind.SITUATION,
            LifeSituation,
            parts={"parts": SITUATION_PARTS},
            is_known_by_slug=True,
        ),
    )
}


class Lookups:
    """Rows by the codes that records name them with; read once, when first asked."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._imported: dict[tuple[str, str], int] = {}

    def find(self, what: str, code: str) -> int | None:
        """The primary key of what a code stands for."""
        if what in IMPORTED:
            return self._row(what, code)
        table = self._tables[what]
        return table.get(code) or table.get(code.casefold())

    @cached_property
    def _tables(self) -> dict[str, dict[str, int]]:
        areas: dict[str, int] = {}
        municipalities: dict[str, int] = {}
        columns = ("pk", "kind", "code", "name_fi", "name_sv", "name_en")
        for pk, kind, code, *names in Area.objects.order_by("valid_from", "pk").values_list(*columns):
            areas[f"{kind} {code}"] = pk
            found = {name.casefold(): pk for name in names if name}
            areas |= {**found, **areas}
            if kind == Area.Kind.MUNICIPALITY:
                municipalities |= {**found, code: pk}
        channels = Channel.objects.values_list("pk", "code", "name_fi", "name_sv", "name_en")
        topics = GuidanceTopic.objects.values_list("pk", "code", "name_fi", "name_sv", "name_en")
        groups = TargetGroup.objects.order_by("-order").values_list("pk", "code", "ptv_code")
        return {
            "area": areas,
            "municipality": municipalities,
            "channel": {word.casefold(): pk for pk, *words in channels for word in words if word},
            "sector": dict(Sector.objects.values_list("code", "pk")),
            "target_group": {word: pk for pk, *words in groups for word in words if word},
            "topic": {word.casefold(): pk for pk, *words in topics for word in words if word},
        }

    def _row(self, what: str, source_id: str) -> int | None:
        """An organisation or a service point by the source's identifier."""
        key = (what, source_id)
        if key not in self._imported:
            record = ImportedRecord.objects.filter(source=self.source, kind=what, source_id=source_id)
            found = record.values_list(what, flat=True).first()
            if found is None:
                return None
            self._imported[key] = found
        return self._imported[key]


def by_kind(records: Iterable[Any]) -> dict[ImportedKind, list[Any]]:
    found: dict[ImportedKind, list[Any]] = defaultdict(list)
    for record in records:
        found[record.kind].append(record)
    return found
