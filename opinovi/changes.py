"""When the content of public pages changes, and how every process hears of it.

A trigger on each table that public pages are made from sends one notification a transaction, which
PostgreSQL delivers once that transaction is committed and its rows can be seen. Each process that serves
pages listens on a connection of its own.
"""

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Collection

import pghistory.models
import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

CHANNEL = "opinovi_content"
TRIGGER = "content_changed"
PATIENCE = 30.0  # seconds of silence after which the connection is tried
PAUSE = 1.0  # seconds before a lost connection is made again

logger = logging.getLogger(__name__)


def content_tables() -> list[str]:
    """The tables of the apps in `CONTENT_APPS`, those of many-to-many fields too, without their histories.

    A model that says `is_on_public_pages = False` is left out: no stranger's page shows its rows.
    """
    return sorted(
        model._meta.db_table
        for label in settings.CONTENT_APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if getattr(model, "is_on_public_pages", True)
        and model._meta.managed
        and not model._meta.proxy
        and not issubclass(model, pghistory.models.Event)
    )


def unwatched_tables(database: BaseDatabaseWrapper | psycopg.Connection) -> list[str]:
    """The content tables whose changes nobody would hear of."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = %s",
            [TRIGGER],
        )
        watched = {name for (name,) in cursor.fetchall()}
    return [table for table in content_tables() if table not in watched]


def watch_tables(database: BaseDatabaseWrapper) -> None:
    """Put the trigger on every content table that has none. `manage.py migrate` ends with this."""
    apart = ", ".join(f"'{table}'" for table in settings.CONTENT_APART)  # these tell their name
    with database.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_notify(
                    '{CHANNEL}', CASE WHEN TG_TABLE_NAME IN ({apart}) THEN TG_TABLE_NAME ELSE '' END
                );
                RETURN NULL;
            END $$
            """
        )
        for table in unwatched_tables(database):
            statement = sql.SQL(
                "CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION {trigger}()"
            )
            cursor.execute(statement.format(trigger=sql.Identifier(TRIGGER), table=sql.Identifier(table)))


class ContentClock:
    """Counts the changes that this process hears of. It begins to listen when it is first asked."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()  # of all tables under no name, but of each in CONTENT_APART
        self._hears = False
        self._process = 0
        self._lock = threading.Lock()

    def moment(self, apart_from: Collection[str] = ()) -> int | None:
        """The number of the last change, if need be apart from those of some tables.

        None while changes would go unheard.
        """
        if self._process != os.getpid():  # a thread does not survive a fork
            with self._lock:
                if self._process != os.getpid():
                    self._hears = False
                    self._process = os.getpid()
                    threading.Thread(target=self._listen, name="content-clock", daemon=True).start()
        if not self._hears:
            return None
        return sum(count for table, count in list(self._counts.items()) if table not in apart_from)

    def _listen(self) -> None:
        while True:
            try:
                self._hear()
            except psycopg.Error as error:
                if self._hears:
                    logger.warning("content clock lost", extra={"facts": {"error": type(error).__name__}})
            self._hears = False
            time.sleep(PAUSE)

    def _hear(self) -> None:
        """Count until the connection breaks. Raises psycopg.Error."""
        parameters = connection.get_connection_params()
        parameters.pop("cursor_factory")
        parameters.pop("context")
        with psycopg.connect(**parameters, autocommit=True) as line:
            while unwatched_tables(line):  # not migrated, or not yet
                time.sleep(PATIENCE)
            line.execute(f"LISTEN {CHANNEL}")
            self._counts[""] += 1  # whatever happened while nobody listened
            self._hears = True
            while True:
                for change in line.notifies(timeout=PATIENCE):
                    self._counts[change.payload] += 1
                line.execute("SELECT 1")


clock = ContentClock()
