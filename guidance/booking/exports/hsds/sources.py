"""What counts as a service in open data: guidance, training, group sessions and ways to finance studies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from guidance.booking.exports.hsds import events
from guidance.catalogue.exports.hsds import fundings, guidance, places, trainings
from guidance.catalogue.exports.hsds.ids import id_of, pair_of
from guidance.catalogue.exports.hsds.situations import in_situation
from guidance.catalogue.exports.hsds.tables import Record
from guidance.catalogue.exports.hsds.terms import KIND, Taxonomy, Term
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Area, OpeningHours

Rows = QuerySet[Any]
Sorted = Callable[[str | None], Q]  # by a word of a list, or by any of them
Hours = Callable[[int | None, time | None, time | None], Q]  # weekday (ISO), from, until


@dataclass(frozen=True)
class Source:
    """One kind of rows that are services, and all that the API asks of it.

    `pairs` turns some of its rows into a row for each place where they are given; `service` and `location`
    lead from there to the two. `service` is empty where the row is the service itself.
    """

    kind: str
    rows: Callable[[], Rows]
    with_parts: Callable[[Any], Rows]
    short: Callable[[Any], Record]
    full: Callable[[Any], Record]
    organisation: str
    terms: dict[str, str | Sorted]  # by a list's code, the lookup for its words or what holds of its rows
    serving: Callable[[Any, Area], Rows]
    open_at: Hours
    pairs: Callable[[Rows], Rows]
    location: Callable[[Any], Record]
    points: str  # the lookup from a pair to its service point
    service: str = ""
    with_pair_parts: Callable[[Rows], Rows] = field(default=lambda rows: rows)

    def with_term(self, rows: Rows, term: Term) -> Rows:
        """The rows that a word sorts."""
        if term.taxonomy is KIND:
            return rows if term.code == self.kind else rows.none()
        lookup = self.terms.get(term.taxonomy.code)
        if lookup is None:
            return rows.none()
        if callable(lookup):
            return rows.filter(lookup(term.code))
        value: Any = [term.code] if lookup.endswith("__contains") else term.code
        return rows.filter(**{lookup: value})

    def with_taxonomy(self, rows: Rows, taxonomy: Taxonomy) -> Rows:
        """The rows that any word of a list sorts."""
        if taxonomy is KIND:
            return rows
        lookup = self.terms.get(taxonomy.code)
        if lookup is None:
            return rows.none()
        if callable(lookup):
            return rows.filter(lookup(None))
        path, _mark, last = lookup.partition("__")
        if last == "contains":
            return rows.filter(**{f"{path}__len__gt": 0})
        if last == "code":
            sorted_rows = rows.model._default_manager.filter(**{f"{path}__isnull": False})
            return rows.filter(pk__in=sorted_rows.values("pk"))
        return rows

    def short_pair(self, pair: Any) -> Record:
        """The short record of a service at a location."""
        row = self.row_of(pair)
        place = self.location(pair)
        me = id_of(self.kind, row.slug)
        return {
            "id": str(pair_of(me, UUID(place["id"]))),
            "service_id": str(me),
            "location_id": place["id"],
            "location": place,
            "service": self.short(row),
        }

    def full_pair(self, pair: Any) -> Record:
        """The full record of a service at a location; its service is loaded by `with_parts`."""
        row = self.row_of(pair)
        me = pair_of(id_of(self.kind, row.slug), UUID(self.location(pair)["id"]))
        found = pair_in(self.full(row), str(me))
        return found or self.short_pair(pair)

    def row_of(self, pair: Any) -> Any:
        return getattr(pair, self.service) if self.service else pair


def pair_in(service: Record, wanted: str) -> Record | None:
    """One of a full service's places, with the service inside it."""
    alone = {name: value for name, value in service.items() if name != "service_at_locations"}
    for place in service.get("service_at_locations", []):
        if place["id"] == wanted:
            return {**place, "service": alone}
    return None


def _guidance_pairs(services: Rows) -> Rows:
    through: Any = GuidanceService.service_points.through
    pairs = through.objects.filter(
        guidanceservice__in=services.order_by(), servicepoint__in=places.locations()
    )
    return pairs.order_by("pk")


def _training_pairs(options: Rows) -> Rows:
    through: Any = TrainingOption.municipalities.through
    return through.objects.filter(trainingoption__in=options.order_by()).order_by("pk")


def _guidance_open(weekday: int | None, since: time | None, until: time | None) -> Q:
    """Services at a service point with weekly hours, in force today, that hold some moment asked for."""
    today = timezone.localdate()
    hours = OpeningHours.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        service_point__guidance_services=OuterRef("pk"),
        service_point__in=places.locations(),
    )
    if weekday:
        hours = hours.filter(weekday=weekday)
    if since:
        hours = hours.filter(closes_at__gt=since)
    if until:
        hours = hours.filter(opens_at__lt=until)
    return Q(Exists(hours))


def _never_open(weekday: int | None, since: time | None, until: time | None) -> Q:
    """The hours of training are not known, and a way to finance studies has none."""
    return Q(pk__in=[])


def _nowhere(_pair: Any) -> Record:
    """Never asked: a way to finance studies is given at no location."""
    return {}


SOURCES = (
    Source(
        kind=guidance.GUIDANCE,
        rows=guidance.guidance_services,
        with_parts=guidance.with_guidance_parts,
        short=guidance.guidance_service,
        full=guidance.full_guidance_service,
        organisation="organisation",
        terms={
            "target-group": "target_groups__code",
            "topic": "topics__code",
            "channel": "channels__code",
            "way": "ways__contains",
            "situation": partial(in_situation, "services"),
        },
        serving=lambda rows, area: rows.serving(area),
        open_at=_guidance_open,
        pairs=_guidance_pairs,
        location=lambda pair: places.location(pair.servicepoint),
        points="servicepoint",
        service="guidanceservice",
        with_pair_parts=lambda pairs: pairs.prefetch_related(Prefetch("servicepoint", places.locations())),
    ),
    Source(
        kind=trainings.TRAINING,
        rows=trainings.trainings,
        with_parts=trainings.with_training_parts,
        short=trainings.training,
        full=trainings.full_training,
        organisation="provider",
        terms={
            "field": "field",
            "training-kind": "kind",
            "teaching-time": "teaching_times__contains",
            "teaching-mode": "mode",
        },
        serving=lambda rows, area: rows.within(area),
        open_at=_never_open,
        pairs=_training_pairs,
        location=lambda pair: places.municipality(pair.area),
        points="",
        service="trainingoption",
        with_pair_parts=lambda pairs: pairs.select_related("area"),
    ),
    Source(
        kind=events.EVENT,
        rows=events.events,
        with_parts=events.with_parts,
        short=events.event,
        full=events.full_event,
        organisation="organisation",
        terms={"event-kind": "kind"},
        serving=lambda rows, area: rows.within(area),
        open_at=lambda weekday, since, until: events.held(weekday=weekday, since=since, until=until),
        pairs=lambda sessions: sessions,
        location=events.place,
        points="service_point",
    ),
    Source(
        kind=fundings.FUNDING,
        rows=fundings.fundings,
        with_parts=fundings.with_funding_parts,
        short=fundings.funding,
        full=fundings.full_funding,
        organisation="payer",
        terms={"situation": partial(in_situation, "fundings")},
        serving=lambda rows, _area: rows,
        open_at=_never_open,
        pairs=lambda rows: rows.none(),
        location=_nowhere,
        points="",
    ),
)
