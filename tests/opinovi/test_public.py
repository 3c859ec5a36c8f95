import pytest
from django.urls import reverse
from django.utils import translation

from tests.routes import all_routes

PUBLIC = [
    route.full_name
    for route in all_routes()
    if route.is_ours and not route.arguments and ".views.public" in route.view.__module__
]


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_public_page_is_the_same_for_every_stranger_and_sets_no_cookie(db, browser, name, language):
    with translation.override(language):
        address = reverse(name)

    first = browser.get(address, HTTP_USER_AGENT="one", REMOTE_ADDR="192.0.2.1")
    second = browser.get(address, HTTP_USER_AGENT="other", HTTP_ACCEPT_LANGUAGE="sv", REMOTE_ADDR="192.0.2.2")

    assert first.cookies == second.cookies == {}
    assert first.content == second.content
    assert first.get("ETag") == second.get("ETag")
