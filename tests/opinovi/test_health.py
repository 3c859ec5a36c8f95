from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from opinovi import health
from tests.factories import UserFactory


@pytest.fixture
def worker(db):
    """A worker that has just been heard of."""
    hear_worker(timezone.now())


def hear_worker(moment):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [moment])


def test_portal_that_works_says_so(browser, worker):
    response = browser.get("/health")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}


def test_portal_whose_worker_is_silent_is_unavailable(browser, worker):
    hear_worker(timezone.now() - timedelta(minutes=2))

    response = browser.get("/health")

    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


def test_portal_with_a_migration_to_apply_is_unavailable(browser, worker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'opinovi' AND name = '0001_first_release'")

    response = browser.get("/health")

    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


def test_portal_of_a_newer_database_is_well(browser, worker):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('opinovi', '9999_x', now())"
        )

    assert browser.get("/health").status_code == 200


def test_portal_without_its_tables_is_unavailable(browser, worker):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO elsewhere")

    response = browser.get("/health")

    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


def test_superuser_is_told_what_is_wrong(browser, worker):
    hear_worker(timezone.now() - timedelta(minutes=2))
    browser.force_login(
        UserFactory(is_superuser=True), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    response = browser.get("/health")

    assert response.json() == {
        "status": "unavailable",
        "findings": {"database": True, "worker": False, "migrations": True},
    }


def test_others_are_not_told_what_is_wrong(browser, db, administrator):
    hear_worker(timezone.now() - timedelta(minutes=2))

    assert browser.get("/health").json() == {"status": "unavailable"}


def test_health_costs_two_queries(browser, worker, django_assert_num_queries):
    with django_assert_num_queries(2):
        browser.get("/health")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_for_looking(browser, method, db):
    assert getattr(browser, method)("/health").status_code == 405


@pytest.mark.django_db
def test_migrations_are_those_that_django_finds():
    assert health.migrations_here() == set(MigrationLoader(None).disk_migrations)
