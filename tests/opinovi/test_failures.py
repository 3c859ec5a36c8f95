"""What a reader is answered when something failed."""

import pytest
from pytest_django.asserts import assertContains

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _failing_pages(browser, settings):
    settings.ROOT_URLCONF = "tests.opinovi.addresses"
    browser.raise_request_exception = False


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", "Meillä meni jotain vikaan"),
        ("sv", "Något gick fel hos oss"),
        ("en", "Something went wrong with us"),
    ],
)
def test_failure_is_told_in_the_language_of_the_page(browser, language, says):
    response = browser.get(f"/{language}/tried/failing/somebody/")

    assertContains(response, f"<h1>{says}</h1>", status_code=500, html=True)
    assert not response.has_header("Retry-After")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", "Palvelu on hetken poissa käytöstä"),
        ("sv", "Tjänsten är ur bruk en liten stund"),
        ("en", "We are out of reach for a moment"),
    ],
)
def test_database_that_does_not_answer_is_worth_another_try(browser, language, says):
    response = browser.get(f"/{language}/tried/out-of-reach/")

    assertContains(response, f"<h1>{says}</h1>", status_code=503, html=True)
    assert response["Retry-After"] == "10"
