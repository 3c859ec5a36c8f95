"""How gunicorn serves the portal; `WEB_CONCURRENCY` and gunicorn's own options change it.

Everything is loaded once and then forked, so that the workers share its memory. Threads keep one slow client
from holding a worker. No database connection may pass a fork: two processes would talk on one line.
"""

import gc
import os
from pathlib import Path

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from opinovi.words import preload

wsgi_app = "opinovi.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True
timeout = 30  # seconds
graceful_timeout = 20  # seconds
keepalive = 5  # seconds
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a heartbeat must not wait for a disk


def pre_fork(server: object, worker: object) -> None:
    """Before every fork: end what loading the portal left open, and let the workers share the lexicons."""
    close_connections()
    preload()
    gc.freeze()


def worker_exit(server: object, worker: object) -> None:
    close_connections()


def close_connections() -> None:
    """Close this process's connections and the pools behind them, threads included."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
