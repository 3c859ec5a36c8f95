"""Whether the portal can do its work."""

import importlib
import pkgutil
from datetime import timedelta
from functools import cache

from django.apps import apps
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

SILENCE = timedelta(seconds=60)  # after which a worker, which speaks every ten seconds, counts as gone


def examine() -> dict[str, bool]:
    """What is well: the database answers, a worker lives, every migration has been applied."""
    try:
        return {"database": True, "worker": worker_lives(), "migrations": is_migrated()}
    except Error:  # no answer, or not our tables
        return {"database": False, "worker": False, "migrations": False}


def worker_lives() -> bool:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - SILENCE).exists()


def is_migrated() -> bool:
    applied = MigrationRecorder(connection).migration_qs.values_list("app", "name")
    return migrations_here() <= set(applied)


@cache
def migrations_here() -> frozenset[tuple[str, str]]:
    """Every migration of the installed apps, by its file: loading them all would take memory for nothing."""
    return frozenset(
        (config.label, module.name)
        for config in apps.get_app_configs()
        for module in pkgutil.iter_modules(_migrations_folders(config.label))
        if module.name[0] not in "_~"
    )


def _migrations_folders(app: str) -> list[str]:
    name, _is_explicit = MigrationLoader.migrations_module(app)
    if name is None:  # switched off by the settings
        return []
    try:
        package = importlib.import_module(name)
    except ModuleNotFoundError:
        return []
    return list(getattr(package, "__path__", []))  # a module of that name has other things in it
