"""What every test may ask for. The database server itself starts in tests/server.py."""

from collections.abc import Iterator

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from network.models import Affiliation
from opinovi.models import User
from tests.factories import AffiliationFactory


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Every test begins in English, whatever language the one before it ended in."""
    with override("en"):
        yield


@pytest.fixture
def browser() -> Browser:
    """A stranger's browser (Django's test client); `client` always means a person."""
    return Browser(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def counsellor(browser: Browser) -> User:
    """A counsellor, signed in on `browser`; `counsellor.affiliations.get().organisation` is theirs."""
    return _signed_in(browser, Affiliation.Role.COUNSELLOR)


@pytest.fixture
def coordinator(browser: Browser) -> User:
    """A coordinator, signed in on `browser`."""
    return _signed_in(browser, Affiliation.Role.COORDINATOR)


@pytest.fixture
def administrator(browser: Browser) -> User:
    """An administrator, signed in on `browser`."""
    return _signed_in(browser, Affiliation.Role.ADMINISTRATOR)


def _signed_in(browser: Browser, role: str) -> User:
    user = AffiliationFactory(role=role).user
    browser.force_login(user)
    return user


@pytest.fixture
def _own_files(settings, tmp_path):
    """Files that are kept are this test's alone."""
    settings.MEDIA_ROOT = tmp_path
