"""A score as its keeper reads it: the worst loss first, with links to the fields that lack something."""

from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import QualityScore
from guidance.catalogue.quality.criterion import Criterion
from guidance.catalogue.quality.subjects import SUBJECTS
from network.history import field_label

Kind = QualityScore.Kind
ANCHORS = {"checked_on": "is_checked_today"}  # where an editor has another field for a column
PAGES: dict[str, tuple[str | Promise, str]] = {  # what is kept on a page of its own
    "contacts": (_("Contacts"), "network:office:contact_add"),
    "hours": (_("Opening hours"), "network:office:service_point_hours"),
    "stops": (_("Stops"), "network:office:stop_list"),
}


class Place(NamedTuple):
    """Where something lacks: the field's name, and its address."""

    label: str
    url: str


class Line(NamedTuple):
    name: str | Promise
    advice: str | Promise
    percent: int
    places: list[Place]


def editor_url(score: QualityScore) -> str:
    """The page where the record is edited."""
    return reverse(SUBJECTS[Kind(score.kind)].editor, args=[score.subject.slug])


def lines_of(score: QualityScore) -> tuple[list[Line], list[Line]]:
    """What lacks, the heaviest loss first, and what is all right."""
    subject = SUBJECTS[Kind(score.kind)]
    criteria = {criterion.code: criterion for criterion in subject.criteria}
    found = [(criteria[line["code"]], line) for line in score.lines if line["code"] in criteria]
    lacking = sorted(
        (pair for pair in found if pair[1]["share"] < 1),
        key=lambda pair: pair[0].weight * (1 - pair[1]["share"]),
        reverse=True,
    )
    good = [pair for pair in found if pair[1]["share"] >= 1]
    return [_line(score, *pair) for pair in lacking], [_line(score, *pair) for pair in good]


def _line(score: QualityScore, criterion: Criterion, line: dict[str, Any]) -> Line:
    places = [_place(score, name) for name in line["fields"]]
    return Line(criterion.name, criterion.advice, round(100 * line["share"]), places)


def _place(score: QualityScore, name: str) -> Place:
    if name in PAGES:
        label, page = PAGES[name]
        return Place(str(label), reverse(page, args=[score.subject.slug]))
    return Place(_label(type(score.subject), name), f"{editor_url(score)}#id_{ANCHORS.get(name, name)}")


def _label(model: type[Model], name: str) -> str:
    """A field's name; its own word for a field that is no longer there."""
    try:
        return capfirst(field_label(model._meta.get_field(name)))
    except FieldDoesNotExist:
        return name
