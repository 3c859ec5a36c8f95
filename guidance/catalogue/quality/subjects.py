"""What is measured: for each kind of record its criteria, its links, its keeper and how to read it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Model, Prefetch, QuerySet

from guidance.catalogue.models import Funding, GuidanceService, QualityScore, TrainingOption
from guidance.catalogue.quality import funding, guidance, places, training
from guidance.catalogue.quality.criterion import Criterion
from network.models import Organisation, RouteStop, ServicePoint

Kind = QualityScore.Kind


class Subject(NamedTuple):
    kind: QualityScore.Kind
    model: type[Model]
    criteria: tuple[Criterion, ...]
    links: tuple[str, ...]
    keeper: Callable[[Any], Organisation | None]
    read: Callable[[QuerySet[Any]], QuerySet[Any]]  # with all that the criteria ask of a row
    parts_change: bool  # whether rows that hang on it change without its own `changed_at`


def _coming_stops(way: str) -> Prefetch:
    return Prefetch(way, RouteStop.objects.coming().live())


def _read_training(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("provider").prefetch_related("municipalities", "rounds")


def _read_service(rows: QuerySet[Any]) -> QuerySet[Any]:
    points = Prefetch("service_points", ServicePoint.objects.open())
    parts = ("service_points__opening_hours", _coming_stops("service_points__stops"))
    return rows.select_related("organisation").prefetch_related("target_groups", "channels", points, *parts)


def _read_organisation(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.prefetch_related("contacts")


def _read_point(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("organisation").prefetch_related("opening_hours", _coming_stops("stops"))


def _read_funding(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


SUBJECTS = {
    subject.kind: subject
    for subject in (
        Subject(
            Kind.TRAINING,
            TrainingOption,
            training.CRITERIA,
            training.LINKS,
            lambda row: row.provider,
            _read_training,
            parts_change=False,
        ),
        Subject(
            Kind.SERVICE,
            GuidanceService,
            guidance.CRITERIA,
            guidance.LINKS,
            lambda row: row.organisation,
            _read_service,
            parts_change=False,
        ),
        Subject(
            Kind.ORGANISATION,
            Organisation,
            places.ORGANISATION_CRITERIA,
            places.LINKS,
            lambda row: row,
            _read_organisation,
            parts_change=True,
        ),
        Subject(
            Kind.POINT,
            ServicePoint,
            places.POINT_CRITERIA,
            (),
            lambda row: row.organisation,
            _read_point,
            parts_change=True,
        ),
        Subject(
            Kind.FUNDING,
            Funding,
            funding.CRITERIA,
            funding.LINKS,
            lambda row: None,
            _read_funding,
            parts_change=False,
        ),
    )
}
