"""Many new rows at once, by PostgreSQL's COPY: no statement has to be built of their values."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Model, TextField
from psycopg import sql


def copy_in(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, and give each its primary key as `bulk_create` does.

    Triggers see the rows as with any INSERT, so their history is kept. The values must be plain ones, no
    expressions. Raises DatabaseError, as an INSERT does, when the database refuses one; then none is there.
    """
    if not rows:
        return
    database, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
    )
    with database.cursor() as cursor:
        _number(cursor, database.ops.quote_name(model._meta.db_table), model, rows)
        with database.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([_prepared(field, row, database) for field in fields])
    for row in rows:
        row._state.adding, row._state.db = False, database.alias


def _prepared(field: Any, row: Model, database: BaseDatabaseWrapper) -> Any:
    """A column's value as the database takes it; most are texts, which are as they are."""
    value = field.pre_save(row, add=True)
    if type(value) is str and isinstance(field, CharField | TextField):
        return value
    return field.get_db_prep_save(value, database)


def _number(cursor: Any, table: str, model: type[Model], rows: Sequence[Model]) -> None:
    """Give the rows the next numbers of their table."""
    key = model._meta.pk
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [table, key.column, len(rows)],
    )
    for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
        row.pk = number
