"""A stranger signs up for a group session, answers what it asks, and cancels by the link in the letter."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from guidance.booking.models import Registration
from opinovi.models import Letter
from tests.e2e.conftest import link_in
from tests.factories import GroupSessionFactory, RegistrationQuestionFactory, local


@pytest.fixture
def session():
    """On site and online, in two languages; it asks a question of each kind."""
    session = GroupSessionFactory(
        slug="evening",
        name_fi="Rahoitusilta",
        name_sv="Finansieringskväll",
        name_en="Financing evening",
        starts_at=local(timezone.localdate() + timedelta(days=9), 17),
        languages=["fi", "sv"],
        has_registration=True,
        capacity=10,
        online_link="https://www.example.fi/huone",
        online_capacity=10,
    )
    topics = "Aikuiskoulutustuki\nOpintoraha\nLaina"
    RegistrationQuestionFactory(session=session, text_fi="Mistä kuulit?", is_required=True, order=1)
    RegistrationQuestionFactory(session=session, text_fi="Oletko töissä?", kind="yes_no", order=2)
    RegistrationQuestionFactory(
        session=session, text_fi="Mistä ensin?", kind="one_of", choices_fi=topics, order=3
    )
    RegistrationQuestionFactory(
        session=session, text_fi="Mistä muusta?", kind="several_of", choices_fi=topics, order=4
    )
    return session


def address(name, language, *args):
    with override(language):
        return reverse(f"booking:public:{name}", args=args)


def answer(page, session):
    """Fill in everything the form asks."""
    said, works, first, others = (f"question_{question.pk}" for question in session.questions.all())
    page.locator(f"#id_{said}").fill("Kaverilta")
    page.locator(f"input[name={works}][value=yes]").check()
    page.locator(f"input[name={first}]").nth(1).check()
    for number in (0, 2):
        page.locator(f"input[name={others}]").nth(number).check()
    page.locator("input[name=presence][value=online]").check()
    page.locator("#id_name").fill("Aino Esimerkki")
    page.locator("#id_email").fill("aino@example.fi")


def answers(registration):
    return [told["answer"] for told in registration.answers]


ANSWERS = ["Kaverilta", "yes", "Opintoraha", ["Aikuiskoulutustuki", "Laina"]]


def test_sign_up_and_cancel(page, press, visit, portal, assert_accessible, session, language):
    visit(address("group_session_detail", language, "evening"))
    press(f"main a[href='{address('registration_add', language, 'evening')}']")
    assert_accessible(page)
    press("main form .button--next")
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    answer(page, session)
    press("main form .button--next")

    made = Registration.objects.get()
    expect(page).to_have_url(portal.url + address("registration_sent", language, "evening"))
    assert_accessible(page)
    assert (made.presence, made.language, answers(made)) == ("online", language, ANSWERS)

    visit(link_in(Letter.objects.get(kind="registration_made", language=language)))
    assert_accessible(page)
    press(f"main a[href='{address('registration_cancel', language, made.key)}']")
    assert_accessible(page)
    press("main form .button--danger")
    assert_accessible(page)
    made.refresh_from_db()
    assert made.is_cancelled
    assert portal.errors() == []


def test_sign_up_with_javascript_on(lively, portal, session):
    """The scripts take nothing away, and a button that is pressed twice sends the form once."""
    lively.goto(address("group_session_list", "en"))
    lively.get_by_role("link", name="Financing evening").first.click()
    lively.get_by_role("link", name="Sign up").first.click()
    lively.get_by_role("button", name="Sign up").click()
    expect(lively.locator(".error-summary")).to_be_visible()
    answer(lively, session)
    lively.get_by_role("button", name="Sign up").dblclick()

    expect(lively.get_by_role("heading", name="Look at your letters")).to_be_visible()
    made = Registration.objects.get()
    lively.goto(link_in(Letter.objects.get(kind="registration_made")))
    expect(lively.get_by_text("You had sent the form already")).to_have_count(0)
    assert answers(made) == ANSWERS
    lively.get_by_role("link", name="Cancel the registration").click()
    lively.get_by_role("button", name="Cancel the registration").click()
    expect(lively.get_by_role("link", name="See what else is coming")).to_be_visible()
    made.refresh_from_db()
    assert made.is_cancelled
    assert portal.errors() == []
