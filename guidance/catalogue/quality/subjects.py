"""What is measured: for each kind of record its criteria, its links, its keeper and how to read it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, Prefetch, QuerySet

from guidance.catalogue.models import Funding, GuidanceService, QualityScore, Suggestion, TrainingOption
from guidance.catalogue.quality import funding, guidance, places, training
from guidance.catalogue.quality.criterion import Criterion
from network.models import Organisation, RouteStop, ServicePoint
from opinovi.models import User

Kind = QualityScore.Kind
Row = TypeVar("Row", QualityScore, Suggestion)


class Subject(NamedTuple):
    """A kind of record that is measured; see `SUBJECTS`."""

    kind: QualityScore.Kind
    model: type[Model]
    criteria: tuple[Criterion, ...]
    links: tuple[str, ...]
    keeper: Callable[[Any], Organisation | None]
    rows: Callable[[], QuerySet[Any]]  # those that are measured
    own: Callable[[User], QuerySet[Any]]  # those of them whose lines a person may read
    read: Callable[[QuerySet[Any]], QuerySet[Any]]  # with all that the criteria ask of a row
    editor: str  # the route of the page where one is edited, by its slug
    parts_change: bool = False  # whether rows that hang on it change without its own `changed_at`
    is_later: bool = False  # whether it is known to an app to the right, so that no join leads to it

    @property
    def key(self) -> str:
        """The column of a score, or of a suggestion, that holds the record's number."""
        return f"{self.kind}_id"

    @property
    def is_checked(self) -> bool:
        """Whether it is written down when somebody has checked the record."""
        return hasattr(self.model, "checked_on")


def with_records(rows: Iterable[Row]) -> list[Row]:
    """Scores, or suggestions, with the records of later apps they are of; a query for each kind there is.

    What is of a record that has just gone is left out.
    """
    found = list(rows)
    for subject in (subject for subject in SUBJECTS.values() if subject.is_later):
        if wanted := {getattr(row, subject.key) for row in found} - {None}:
            records: dict[Any, Any] = subject.read(subject.model._default_manager.all()).in_bulk(wanted)
            found = [row for row in found if getattr(row, subject.key) in {None, *records}]
            for row in found:
                setattr(row, subject.kind, records.get(getattr(row, subject.key)))
    return found


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


# Apps to the right add their own, in their `additions.py`.
SUBJECTS = {
    subject.kind: subject
    for subject in (
        Subject(
            Kind.TRAINING,
            TrainingOption,
            training.CRITERIA,
            training.LINKS,
            keeper=lambda row: row.provider,
            rows=TrainingOption.objects.all,
            own=TrainingOption.objects.editable_by,
            read=_read_training,
            editor="catalogue:office:training_edit",
        ),
        Subject(
            Kind.SERVICE,
            GuidanceService,
            guidance.CRITERIA,
            guidance.LINKS,
            keeper=lambda row: row.organisation,
            rows=GuidanceService.objects.all,
            own=GuidanceService.objects.editable_by,
            read=_read_service,
            editor="catalogue:office:guidance_edit",
        ),
        Subject(
            Kind.ORGANISATION,
            Organisation,
            places.ORGANISATION_CRITERIA,
            places.LINKS,
            keeper=lambda row: row,
            rows=Organisation.objects.all,
            own=Organisation.objects.editable_by,
            read=_read_organisation,
            editor="network:office:organisation_edit",
            parts_change=True,
        ),
        Subject(
            Kind.POINT,
            ServicePoint,
            places.POINT_CRITERIA,
            (),
            keeper=lambda row: row.organisation,
            rows=ServicePoint.objects.all,
            own=ServicePoint.objects.editable_by,
            read=_read_point,
            editor="network:office:service_point_edit",
            parts_change=True,
        ),
        Subject(
            Kind.FUNDING,
            Funding,
            funding.CRITERIA,
            funding.LINKS,
            keeper=lambda row: None,
            rows=Funding.objects.all,
            own=Funding.objects.editable_by,
            read=_read_funding,
            editor="catalogue:office:funding_edit",
        ),
    )
}
