"""Rows of different models, read in one query."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

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
    return _asked_of(querysets, "SELECT count(*) FROM ({rows}) rows", where_empty="0")


def finds_of(querysets: Sequence[QuerySet]) -> list[bool]:
    """Whether each queryset has a row, in one query.

    Each is planned as if all its rows were wanted, and ends with the first: for the first row alone,
    PostgreSQL would read a table from its beginning, which takes longest where there is none.
    """
    question = "WITH rows AS MATERIALIZED ({rows}) SELECT EXISTS (SELECT FROM rows)"
    return _asked_of(querysets, question, where_empty="false")


def _asked_of(querysets: Sequence[QuerySet], question: str, *, where_empty: str) -> list[Any]:
    """The answer to a question about the rows of each queryset, in one query."""
    columns: list[str] = []
    params: list[Any] = []
    for rows in querysets:
        try:
            sql, values = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            columns.append(where_empty)
            continue
        columns.append(f"({question.format(rows=sql)})")
        params += values
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        return list(cursor.fetchone() or ())


class Head(NamedTuple):
    """How many rows there are, and the primary keys of the first of them: what is not past, and what is."""

    total: int
    present: list[int]
    past: list[int]


def heads_of(querysets: Sequence[QuerySet], most: int) -> list[Head]:
    """The heads of querysets, in one query that reads each once; no more than `most` keys of either part.

    The annotation `past` of each tells by 0 and 1 which part a row belongs to.
    """
    columns: list[str] = []
    params: list[Any] = []
    for rows in querysets:
        try:
            sql, values = rows.order_by().values_list("pk", "past").query.sql_with_params()
        except EmptyResultSet:
            columns.append("NULL")
            continue
        parts = [
            f"to_jsonb((array_agg(pk ORDER BY pk) FILTER (WHERE past = {past}))[:{most}])" for past in (0, 1)
        ]
        told = f"jsonb_build_array(count(*), {', '.join(parts)})"
        columns.append(f"(SELECT {told} FROM ({sql}) rows)")  # noqa: S608 - as in counts_of
        params += values
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        found = cursor.fetchone() or ()
    told_heads = (json.loads(one) if isinstance(one, str) else one or (0, None, None) for one in found)
    return [Head(total, present or [], past or []) for total, present, past in told_heads]


def grouped(rows: QuerySet, sets: Sequence[Sequence[str]]) -> list[list[tuple[Any, ...]]]:
    """For each set of annotations, their values with how many rows have just these: `(*values, number)`.

    The rows are read once for all sets. No annotation may be NULL. The groups are thought to be few; OFFSET
    keeps PostgreSQL from expecting as many as the columns behind them have, and sorting all rows first.
    """
    names = list(dict.fromkeys(name for names in sets for name in names))
    found: list[list[tuple[Any, ...]]] = [[] for _names in sets]
    try:
        sql, params = rows.order_by().values_list(*names).query.sql_with_params()
    except EmptyResultSet:
        return found
    quoted = {name: f'"{name}"' for name in names}
    by = ", ".join(f"({', '.join(quoted[name] for name in names)})" for names in sets)
    wanted = ", ".join(quoted.values())
    told = f"SELECT GROUPING({wanted}), {wanted}, count(*) FROM ({sql} OFFSET 0) rows"  # noqa: S608 - as above
    with connection.cursor() as cursor:
        cursor.execute(f"{told} GROUP BY GROUPING SETS ({by})", params)
        counted = cursor.fetchall()
    masks = {
        sum(1 << place for place, name in enumerate(reversed(names)) if name not in one): number
        for number, one in enumerate(sets)
    }
    places = [[names.index(name) + 1 for name in one] for one in sets]
    for row in counted:
        number = masks[row[0]]
        found[number].append((*(row[place] for place in places[number]), row[-1]))
    return found


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
