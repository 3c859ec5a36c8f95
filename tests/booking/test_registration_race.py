"""Many people want the last place of a session, over real HTTP and a real database."""

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count, F
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from guidance.booking import registrations
from guidance.booking.models import GroupSession, Registration
from opinovi.models import Letter
from tests.booking.registering import fill, wait
from tests.booking.test_race import all_at_once
from tests.factories import GroupSessionFactory, local
from tests.portal import Portal, committed_rows, running_portal

CROWD = 24

SIGN_UP = "/en/events/evening/sign-up/"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(autouse=True)
def transactional_db(portal: Portal, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with committed_rows(django_db_blocker):
        yield


def held(capacity):
    starts_at = local(timezone.localdate() + timedelta(days=5), 17)
    return GroupSessionFactory(slug="evening", has_registration=True, capacity=capacity, starts_at=starts_at)


def signs_up(number, nonce=None, **changes):
    """A person who sends the form."""
    form = {
        "nonce": str(nonce or uuid.uuid4()),
        "presence": "on_site",
        "name": f"Aino Esimerkki {number}",
        "email": f"person{number}@example.fi",
        "spoken_language": "fi",
    }
    return lambda browser: browser.post(SIGN_UP, data=form | changes)


def acts(action, *arguments):
    """Something done by the worker or a counsellor in this process, on a connection of its own."""

    def act(browser):
        try:
            with suppress(registrations.SessionFull, registrations.OfferOver, registrations.TooLate):
                action(*arguments)
        finally:
            connection.close()
        return browser.get("/static/img/favicon.svg")

    return act


def is_never_overbooked():
    sessions = GroupSession.objects.with_seats()
    assert not sessions.filter(taken_on_site__gt=F("capacity")).exists()
    keys = Letter.objects.values("kind", "subject_id", "key").annotate(number=Count("pk"))
    assert not keys.filter(number__gt=1).exists()


def test_a20_the_last_place_has_one_winner(portal):
    """A20: the session is locked before the count, so that two who come at once are told apart."""
    fill(held(4), 3)

    answers = all_at_once(portal, [signs_up(number) for number in range(CROWD)])

    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: CROWD - 1}
    for number, answer in enumerate(answers):
        if answer.status_code == 200:
            assert "The last place has just gone" in answer.text
            assert f'value="person{number}@example.fi"' in answer.text
    assert Registration.objects.seats().count() == 4
    assert Counter(Letter.objects.values_list("kind", flat=True))["registration_made"] == 1
    assert portal.errors() == []


def test_everybody_who_waits_at_once_stands_in_one_line(portal):
    fill(held(1), 1)

    answers = all_at_once(portal, [signs_up(number, waits="on") for number in range(8)])

    assert {answer.status_code for answer in answers} == {302}
    pages = [f"/en/registrations/{row.key}/" for row in Registration.objects.waiting()]
    ranks = [re.search(r"number (\d+) on the list", _get(portal, page)).group(1) for page in pages]
    assert sorted(map(int, ranks)) == list(range(1, 9))


def test_d11_one_form_sent_many_times_at_once_is_one_registration(portal):
    """D11, D10: also when the address is written in other letters each time."""
    held(20)
    nonce = uuid.uuid4()

    same_form = all_at_once(portal, [signs_up(1, nonce) for _time in range(8)])
    spelt = [f"{'AINO' if number % 2 else 'aino'}@example.fi" for number in range(8)]
    same_person = all_at_once(portal, [signs_up(number, email=email) for number, email in enumerate(spelt)])

    assert {answer.status_code for answer in (*same_form, *same_person)} == {302}
    assert len({answer.headers["Location"] for answer in same_form}) == 1
    assert Registration.objects.count() == 2
    assert Counter(Letter.objects.values_list("kind", flat=True))["registration_made"] == 2
    assert portal.errors() == []


def test_d7_accepting_expiring_promoting_and_cancelling_at_once_never_overbook(portal):
    """D7, C2: with two workers, a larger room and new people in between; every freed place is used once."""
    session = held(4)
    leaving = fill(session, 2)
    late, answering = [_offered(session, hours=-1)], [_offered(session, hours=5)]
    line = [wait(session) for _person in range(6)]

    answers = all_at_once(
        portal,
        [
            *[_posts(row, "cancel") for row in leaving],
            *[_posts(row, "accept") for row in (*late, *answering, *answering)],
            *[acts(registrations.settle_all) for _worker in range(2)],
            *[acts(registrations.promote, row) for row in line[:3]],
            acts(_enlarge, session),
            *[signs_up(number, waits="on") for number in range(3)],
        ],
    )
    registrations.settle_all()

    assert {answer.status_code for answer in answers} <= {200, 302}
    is_never_overbooked()
    assert Registration.objects.seats().count() == 5  # the larger room is full: no phantom place
    assert Registration.objects.get(pk=answering[0].pk).state == "registered"
    assert Registration.objects.get(pk=late[0].pk).cancelled_by == "clock"
    assert portal.errors() == []


def test_a_smaller_room_and_people_who_sign_up_at_once_agree(portal):
    """D5: either the room is smaller, or the people are in; never both."""
    session = held(6)

    all_at_once(
        portal, [*[signs_up(number) for number in range(6)], *[acts(_shrink, session) for _time in range(3)]]
    )

    is_never_overbooked()
    assert portal.errors() == []


def _enlarge(session):
    GroupSession.objects.filter(pk=session.pk).update(capacity=5)


def _shrink(session):
    with suppress(IntegrityError):
        GroupSession.objects.filter(pk=session.pk).update(capacity=2)


def _offered(session, hours):
    until = timezone.now() + timedelta(hours=hours)
    return fill(session, 1, state="offered", offered_until=until)[0]


def _posts(registration, what):
    return lambda browser: browser.post(f"/en/registrations/{registration.key}/{what}/")


def _get(portal, path):
    return all_at_once(portal, [lambda browser: browser.get(path)])[0].text
