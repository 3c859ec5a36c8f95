"""What a counsellor reads of what people said after a meeting."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from guidance.booking.models import AppointmentFeedback
from tests.factories import AppointmentFactory, GuidanceServiceFactory, local

pytestmark = pytest.mark.django_db

LIST = "/en/desk/feedback/"


@pytest.fixture
def said(counsellor):
    """What was said some days ago of a meeting with the counsellor who is signed in."""
    service = GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)
    today = timezone.localdate()

    def say(text, *, days_ago=1, stars=4, **kwargs):
        given = {"guidance_service": service, "counsellor": counsellor} | kwargs
        count = AppointmentFeedback.objects.count()
        appointment = AppointmentFactory(starts_at=local(today - timedelta(days=count + 1), 10), **given)
        created_at = timezone.now() - timedelta(days=days_ago)
        return AppointmentFeedback.objects.create(
            appointment=appointment, stars=stars, text=text, created_at=created_at
        )

    return say


def texts(response):
    return [feedback.text for feedback in response.context["page"]]


def test_feedback_list_shows_words_on_own_meetings_newest_first_without_the_person(browser, said):
    person = {"name": "Aino Esimerkki", "email": "aino@example.fi", "phone": "+358 40 000 0000"}
    said("The older one", days_ago=2, stars=3, **person)
    said("The newer one", **person)
    said("", stars=5)
    other = GuidanceServiceFactory()
    said("To a colleague", counsellor=AppointmentFactory(guidance_service=other).counsellor)

    response = browser.get(LIST)

    assert texts(response) == ["The newer one", "The older one"]
    assertContains(response, "3 answers, 4.0 of 5 on average.")
    for word in person.values():
        assertNotContains(response, word)


def test_feedback_list_ends_with_the_role(browser, said, counsellor):
    elsewhere = GuidanceServiceFactory()
    said("To whom one was elsewhere", guidance_service=elsewhere)

    assertContains(browser.get(LIST), "Nobody has given feedback yet.")


def test_feedback_list_is_paginated_at_the_same_cost(browser, said, django_assert_num_queries):
    said("One")
    browser.get(LIST)
    with django_assert_num_queries(9) as few:
        browser.get(LIST)
    for number in range(25):
        said(f"Words {number}")

    with django_assert_num_queries(len(few)):
        response = browser.get(LIST)

    assert (len(texts(response)), response.context["page"].paginator.num_pages) == (25, 2)
