"""The waiting list of a group session: offers, their end, and places given by hand.

Names such as D8 are cases of faults that other systems had.
"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.asserts import assertContains

from guidance.booking import registrations
from guidance.booking.models import GroupSession, Registration
from opinovi.models import Letter
from tests.booking.registering import (
    CLOCK,
    MONDAY,
    PERSON,
    SIGN_UP,
    fill,
    filled,
    letters,
    page_of,
    states,
    wait,
)
from tests.factories import (
    GroupSessionFactory,
    RegistrationFactory,
    local,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(local(MONDAY, 8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def session():
    """Ten days from now, with room for two."""
    return GroupSessionFactory(
        slug="evening",
        name_en="Evening",
        has_registration=True,
        capacity=2,
        starts_at=local(MONDAY + timedelta(days=10), 17),
    )


def test_d17_d13_a_freed_place_is_offered_to_the_first(session):
    """D17, D13: told at once, with a link to this very registration, and that it is not a booking yet."""
    holder, _other = fill(session)
    first, _second = wait(session), wait(session)

    registrations.cancel(holder, by=PERSON)

    assert states(session) == ["cancelled", "registered", "offered", "waiting"]
    letter = Letter.objects.get(kind="registration_offered")
    assert letter.recipient == first.email
    for text in (letter.text, letter.html):
        assert "It is not a booking yet" in text
        assert page_of(first) in text
        assert "Tue 24 November, 8:00" in text or "24" in text
    assert letter.calendar == ""


def test_d14_who_joins_gets_a_letter_by_which_one_can_leave(browser, session):
    """D14: one POST, and no GET, leaves the list."""
    fill(session)
    browser.post(SIGN_UP, filled(waits="on"))
    registration = Registration.objects.get(state="waiting")
    assert page_of(registration) in Letter.objects.get(kind="registration_waits").text

    browser.get(f"{page_of(registration)}cancel/")
    assert states(session)[-1] == "waiting"
    browser.post(f"{page_of(registration)}cancel/")

    assert states(session)[-1] == "cancelled"
    assertContains(browser.get(page_of(registration)), "Your registration is cancelled")


def test_the_rank_that_is_told_is_true(browser, session):
    fill(session)
    first, second = wait(session), wait(session)

    assertContains(browser.get(page_of(second)), "number 2 on the list")
    registrations.cancel(first, by=PERSON)
    assertContains(browser.get(page_of(second)), "number 1 on the list")


def test_an_offer_is_taken_with_one_post(browser, session):
    holder, _other = fill(session)
    first = wait(session)
    registrations.cancel(holder, by=PERSON)
    assertContains(browser.get(page_of(first)), "A place is kept for you")
    assert browser.get(f"{page_of(first)}accept/").status_code == 405

    for _time in range(2):
        browser.post(f"{page_of(first)}accept/")

    assert states(session) == ["cancelled", "registered", "registered"]
    assert letters().count(("registration_made", first.email)) == 1
    assertContains(browser.get(page_of(first)), "You have a place")


def test_an_offer_that_is_left_goes_to_the_next(browser, session):
    holder, _other = fill(session)
    first, _second = wait(session), wait(session)
    registrations.cancel(holder, by=PERSON)

    browser.post(f"{page_of(first)}cancel/")

    assert states(session) == ["cancelled", "registered", "cancelled", "offered"]


def test_d8_an_offer_without_an_answer_goes_to_the_next(clock, browser, session):
    """D8: after its hours the place is the next one's; both are told; a late answer is explained."""
    holder, _other = fill(session)
    first, second = wait(session), wait(session)
    registrations.cancel(holder, by=PERSON)
    clock.shift(timedelta(hours=23, minutes=59))
    registrations.settle_all()
    assert states(session) == ["cancelled", "registered", "offered", "waiting"]

    clock.shift(timedelta(minutes=1))
    assertContains(browser.get(page_of(first)), "The place was passed on")
    browser.post(f"{page_of(first)}accept/")  # the clock has ended it, whether or not the worker has come by
    for _worker in range(2):
        registrations.settle_all()

    assert states(session) == ["cancelled", "registered", "cancelled", "offered"]
    assert letters()[-2:] == [
        ("registration_offer_over", first.email),
        ("registration_offered", second.email),
    ]
    assert first.__class__.objects.get(pk=first.pk).cancelled_by == CLOCK


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        (timedelta(days=10), timedelta(hours=24)),
        (timedelta(hours=30), timedelta(hours=15)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (timedelta(minutes=50), None),
        (timedelta(minutes=-5), None),
    ],
)
def test_an_offer_is_shorter_when_the_session_is_near(before, kept):
    now = timezone.now()
    session = GroupSessionFactory.build(starts_at=now + before, organisation=None, municipality=None)

    until = session.offer_ends_at(now)

    assert (until - now if until else None) == kept


def test_more_places_are_offered_to_those_who_wait(session):
    fill(session)
    wait(session), wait(session), wait(session)
    GroupSession.objects.update(capacity=4)

    registrations.settle_all()

    assert states(session) == ["registered", "registered", "offered", "offered", "waiting"]


def test_what_goes_wrong_in_one_session_does_not_keep_the_others_waiting(session, caplog):
    lapsed = {"state": "offered", "offered_until": timezone.now() - timedelta(hours=1)}
    broken = RegistrationFactory(session__slug="no address!", session__has_registration=True, **lapsed)
    wait(session)

    registrations.settle_all()

    assert (states(broken.session), states(session)) == (["offered"], ["offered"])
    assert [record.message for record in caplog.records] == ["waiting list"]


def test_d7_a_place_given_by_hand_is_given_once(clock, session):
    """D7: when it is too late for offers, a counsellor gives the free place; a full session refuses."""
    fill(session, 1)
    first, second = wait(session), wait(session)
    clock.move_to(session.starts_at - timedelta(minutes=20))
    registrations.settle_all()

    registrations.promote(second)
    registrations.promote(second)

    assert states(session) == ["registered", "waiting", "registered"]
    with pytest.raises(registrations.SessionFull):
        registrations.promote(first)


def test_an_offer_can_be_taken_for_somebody_who_called(session):
    holder, _other = fill(session)
    first = wait(session, email="", phone="+358 40 000 0000")
    registrations.cancel(holder, by=PERSON)

    registrations.promote(first)

    assert states(session) == ["cancelled", "registered", "registered"]
    assert [kind for kind, _to in letters()] == ["registration_cancelled"]
