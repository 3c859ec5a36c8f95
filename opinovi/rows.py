"""Rows of different models, read in one query."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, Model, QuerySet, TextField, Value, Window
from django.db.models.functions import RowNumber

from opinovi.terms import TermsField


def rows_of(querysets: Sequence[QuerySet], *, most: int | None = None) -> list[list[Any]]:
    """The rows of each queryset, in its own order, and no more of each than `most`.

    PostgreSQL hands each row over as JSON, so that rows of different tables stand in one answer. What a
    queryset selects beside its model's own columns (related rows, annotations) is left out.
    """
    lists: list[list[Any]] = [[] for _queryset in querysets]
    if not querysets:
        return lists
    first, *others = [_numbered(rows, number, most) for number, rows in enumerate(querysets)]
    union = first.union(*others, all=True).order_by("list_number", "list_place") if others else first
    for number, _place, row in union:
        lists[number].append(_rebuilt(querysets[number].model, row))
    return lists


def counts_of(querysets: Sequence[QuerySet]) -> list[int]:
    """How many rows each queryset has, in one query."""
    columns: list[str] = []
    params: list[Any] = []
    for rows in querysets:
        try:
            sql, values = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            columns.append("0")
            continue
        columns.append(f"(SELECT count(*) FROM ({sql}) rows)")  # noqa: S608 - a queryset's own statement
        params += values
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        return list(cursor.fetchone() or ())


def prefetch_together(row: Model, *names: str) -> None:
    """Read what many-to-many fields of a row lead to, in one query; `row.field.all()` then asks no more."""
    querysets = [getattr(row, name).all() for name in names]
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})  # as prefetch_related() leaves it
    for name, queryset, rows in zip(names, querysets, rows_of(querysets), strict=True):
        queryset._result_cache = rows
        queryset._prefetch_done = True
        cache[name] = queryset


def _fields(model: type[Model]) -> list[Any]:
    """The model's columns but those that are never read."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, TermsField)]


def _numbered(rows: QuerySet, number: int, most: int | None) -> QuerySet:
    order: Any = rows.query.order_by or rows.model._meta.ordering or ["pk"]
    place = Window(RowNumber(), order_by=order)
    table = f'"{rows.model._meta.db_table}"'
    columns = ", ".join(f'{table}."{field.column}"' for field in _fields(rows.model))
    json = f"(SELECT to_jsonb(one)::text FROM (SELECT {columns}) one)"  # noqa: S608 - a model's columns
    row = Func(template=json, output_field=TextField())
    numbered = rows.select_related(None).prefetch_related(None)
    numbered = numbered.annotate(list_number=Value(number), list_place=place, row_json=row)
    # modeltranslation's own querysets mix up the columns
    plain: QuerySet = QuerySet(rows.model, query=numbered.order_by("list_place").query)
    return plain.values_list("list_number", "list_place", "row_json")[:most]


def _rebuilt(model: type[Model], row: str) -> Model:
    values = json.loads(row, parse_float=Decimal)
    fields = _fields(model)
    return model.from_db(
        model._default_manager.db,
        [field.attname for field in fields],
        [None if (value := values[field.column]) is None else field.to_python(value) for field in fields],
    )
