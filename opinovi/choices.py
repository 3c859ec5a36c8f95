"""Choices of several fields of a form, read together."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache, partial
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet, Value, Window
from django.db.models.functions import RowNumber

COLUMNS = ("id", "name_fi", "name_sv", "name_en")

Lists = dict[int, list[Model]]


def read_together(form: forms.BaseForm, *names: str) -> None:
    """Let the fields of a form read their choices in one query, when the first of them is drawn.

    The fields are model choices whose rows are called by their name alone. Call it last, once the fields
    have their querysets; what is sent is checked against the same querysets, as always.
    """
    fields = [cast("forms.ModelChoiceField", form.fields[name]) for name in names]
    querysets: list[QuerySet] = [field.queryset for field in fields if field.queryset is not None]
    read = cache(lambda: _rows(querysets))
    for number, field in enumerate(fields):
        field.choices = partial(_choices, field, number, read)


def _rows(querysets: list[QuerySet]) -> Lists:
    """The rows of each queryset in its own order, with no more of them than their names."""
    first, *others = [_numbered(rows, number) for number, rows in enumerate(querysets)]
    lists: Lists = defaultdict(list)
    for number, _place, *values in first.union(*others, all=True).order_by("number", "place"):
        lists[number].append(querysets[number].model.from_db(querysets[number].db, COLUMNS, values))
    return lists


def _numbered(rows: QuerySet, number: int) -> QuerySet:
    order: Any = rows.query.order_by or rows.model._meta.ordering
    place = Window(RowNumber(), order_by=order)
    return (
        rows.order_by().annotate(number=Value(number), place=place).values_list("number", "place", *COLUMNS)
    )


def _choices(
    field: forms.ModelChoiceField, number: int, read: Callable[[], Lists]
) -> list[tuple[object, str]]:
    nothing = [] if field.empty_label is None else [("", field.empty_label)]
    return nothing + [(field.prepare_value(row), field.label_from_instance(row)) for row in read()[number]]
