"""Writing the index anew: the terms of every row, the vocabulary, and a mark of who wrote them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from network.search.vocabulary import Entry, entries_of, learn
from opinovi.models import IndexMark, VocabularyWord
from opinovi.terms import TermsField, terms_of
from opinovi.words import signature
from opinovi.words.vectors import vector_of

BATCH = 1000  # rows read and written at once


def searched_models() -> list[type[Any]]:
    """Every model whose rows carry terms."""
    return [model for model in apps.get_models() if terms_of(model)]


def rebuild(*models: type[Any]) -> dict[type[Any], int]:
    """Write the terms of all rows, or of these models', and say how many rows each model has.

    Rows that have just these terms already are left alone. All models together also renew the vocabulary.
    """
    numbers: Counter[Entry] = Counter()
    written = {model: _rebuild(model, numbers) for model in models or searched_models()}
    with transaction.atomic():
        if not models:
            VocabularyWord.objects.all().delete()
        learn(numbers)
    return written


def stale_models() -> list[tuple[type[Any], str]]:
    """Models whose rows another analyser wrote, or nobody, with that analyser's name (empty: nobody)."""
    marks = dict(IndexMark.objects.values_list("table", "analyser"))
    now = signature()
    return [
        (model, analyser)
        for model in searched_models()
        if (analyser := marks.get(model._meta.db_table, "")) != now or _has_unwritten(model)
    ]


def _has_unwritten(model: type[Any]) -> bool:
    return cast("bool", model._base_manager.filter(terms__isnull=True).exists())


def _rebuild(model: type[Any], numbers: Counter[Entry]) -> int:
    field = cast("TermsField", terms_of(model))
    total = 0
    for rows in _batches(model):
        public = _published_among(model, rows)
        texts = {row.pk: list(field.parts_of(row)) for row in rows}
        _write(model, field, {pk: vector_of(parts) for pk, parts in texts.items()})
        for pk in public:
            numbers.update(entries_of(texts[pk]))
        total += len(rows)
    mark = {"analyser": signature(), "rows": total, "written_at": timezone.now()}
    IndexMark.objects.update_or_create(table=model._meta.db_table, defaults=mark)
    return total


def _batches(model: type[Any]) -> Iterator[list[Any]]:
    last = 0
    while rows := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


def _published_among(model: type[Any], rows: list[Any]) -> list[int]:
    """Only words that everybody may read are suggested to everybody."""
    manager = model._default_manager
    public = manager.published() if hasattr(manager, "published") else manager.all()
    return list(public.filter(pk__in=[row.pk for row in rows]).order_by().values_list("pk", flat=True))


def _write(model: type[Any], field: TermsField, terms: dict[int, str]) -> None:
    statement = sql.SQL("""
        UPDATE {table} SET {column} = new.terms
        FROM (SELECT id, terms::tsvector FROM unnest(%s::bigint[], %s::text[]) AS given(id, terms)) AS new
        WHERE {table}.id = new.id AND {table}.{column} IS DISTINCT FROM new.terms
    """).format(table=sql.Identifier(model._meta.db_table), column=sql.Identifier(str(field.column)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(terms), list(terms.values())])
