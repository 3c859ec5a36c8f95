"""Null characters, which no database row can hold."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/en/search/?q=%00", "/en/office/trainings/?q=a%00b", "/en/office/projects/?q=%00"]
)
def test_query_with_a_null_character_is_answered_in_words(browser, coordinator, address):
    response = browser.get(address)

    assert response.status_code == 400
    assert "We did not understand that request" in response.content.decode()


def test_form_with_a_null_character_is_answered_in_words(browser, counsellor):
    response = browser.post("/en/desk/sessions/add/", {"find": "a\x00b"})

    assert response.status_code == 400
