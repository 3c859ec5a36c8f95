"""What the tests of the demo's content share."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction

FIXTURES = ("areas", "vocabularies", "organisations", "opin_ovi", "financing", "situations")


@pytest.fixture(scope="module")
def fixtures(django_db_setup, django_db_blocker) -> Iterator[None]:
    """What the portal starts from, loaded once for the tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FIXTURES, verbosity=0)
        yield
        transaction.set_rollback(True)
