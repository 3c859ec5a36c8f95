"""The participants of group sessions for those who hold them, and changes that are told to them.

Names such as C8 are cases of faults that other systems had.
"""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.models import GroupSession, Registration
from network.models.people import Role
from opinovi.models import AccessEvent, Letter
from tests.booking.registering import MONDAY, letters, states, wait
from tests.factories import (
    AffiliationFactory,
    GroupSessionFactory,
    RegistrationFactory,
    RegistrationQuestionFactory,
    ServicePointFactory,
    local,
)

OFFICE = "/en/office/events/"
LIST = f"{OFFICE}evening/participants/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(local(MONDAY, 8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(coordinator):
    """Tomorrow week, with room for two, held by the coordinator who is signed in."""
    return GroupSessionFactory(
        slug="evening",
        name_fi="Ilta",
        name_en="Evening",
        organisation=coordinator.affiliations.get().organisation,
        has_registration=True,
        capacity=2,
        starts_at=local(MONDAY + timedelta(days=8), 17),
    )


def filled(session, **changes):
    """What the form of a session holds when it is opened."""
    return {
        "name_fi": session.name_fi,
        "name_en": session.name_en,
        "kind": session.kind,
        "organisation": session.organisation_id,
        "starts_at": "2026-12-01T17:00",
        "ends_at": "2026-12-01T18:30",
        "place_fi": session.place_fi,
        "municipality": session.municipality_id,
        "service_point": session.service_point_id or "",
        "languages": ["fi"],
        "fee": "0",
        "capacity": session.capacity,
        "has_registration": "on",
        "has_waiting_list": "on",
        "offer_hours": 24,
        "cancel_hours": 0,
    } | changes


# The list


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.COORDINATOR])
def test_those_who_hold_the_session_see_its_people_and_it_is_recorded(browser, session, role):
    area = "desk" if role == Role.COUNSELLOR else "office"
    reader = AffiliationFactory(role=role, organisation=session.organisation).user
    browser.force_login(reader)
    registration = RegistrationFactory(session=session, answers=[{"asked": "Koska?", "answer": "yes"}])

    response = browser.get(f"/en/{area}/events/evening/participants/")

    for words in (registration.name, registration.email, "Koska?", "1 of 2 is free"):
        assertContains(response, words)
    assert AccessEvent.objects.about(registration).get().user == reader


def test_the_desk_lists_what_its_organisation_holds(browser, session):
    browser.force_login(AffiliationFactory(role=Role.COUNSELLOR, organisation=session.organisation).user)
    GroupSessionFactory(name_en="Elsewhere", has_registration=True)

    response = browser.get("/en/desk/events/")

    assertContains(response, "Evening")
    assertNotContains(response, "Elsewhere")


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_any_number_of_rows(browser, session, count, django_assert_num_queries):
    GroupSession.objects.update(capacity=10)
    RegistrationFactory.create_batch(count, session=session)
    browser.get(LIST)  # the content types are known from here on

    with django_assert_num_queries(11):
        browser.get(LIST)


def test_those_who_wait_stand_in_their_order(browser, session):
    RegistrationFactory.create_batch(2, session=session)
    first, second = wait(session, name="First"), wait(session, name="Second")

    response = browser.get(f"{LIST}?state=waiting")

    assert list(response.context["page"]) == [first, second]


def test_a_sheet_has_every_answer_and_no_formula(browser, session):
    question = RegistrationQuestionFactory(session=session, text_fi="Mitä?", text_en="What?")
    RegistrationFactory(
        session=session,
        name="=1+1",
        answers=[{"question": question.pk, "asked": "Mitä?", "answer": ["Aamu", "Ilta"]}],
    )

    text = browser.get(f"{LIST}participants.csv").content.decode("utf-8-sig")

    header, row = csv.reader(io.StringIO(text), delimiter=";")
    assert (header[2], row[2]) == ("Name", "'=1+1")
    assert (header[-1], row[-1]) == ("What?", "Aamu, Ilta")


# Acts of those who hold it


def test_a_participant_is_added_also_after_signing_up_has_closed(browser, coordinator, session):
    GroupSession.objects.update(registration_closes_at=local(MONDAY, 7))
    form = {"presence": "on_site", "name": "Soittaja", "phone": "040 123 4567", "spoken_language": "fi"}

    assertRedirects(browser.post(f"{LIST}add/", form), LIST)

    added = Registration.objects.get()
    assert (added.name, added.state, added.added_by) == ("Soittaja", "registered", coordinator)


def test_d2_who_is_in_the_group_is_not_added_again(browser, session):
    """D2."""
    RegistrationFactory(session=session, email="aino@example.fi")
    form = {"presence": "on_site", "name": "Aino", "email": "AINO@example.fi", "spoken_language": "fi"}

    response = browser.post(f"{LIST}add/", form, follow=True)

    assertContains(response, "The person was signed up already.")
    assert states(session) == ["registered"]


def test_a_full_session_offers_the_waiting_list_to_who_is_added(browser, session):
    RegistrationFactory.create_batch(2, session=session)
    form = {"presence": "on_site", "name": "Aino", "email": "a@example.fi", "spoken_language": "fi"}

    assertContains(browser.post(f"{LIST}add/", form), "Put on the waiting list")
    browser.post(f"{LIST}add/", form | {"waits": "on"})

    assert states(session) == ["registered", "registered", "waiting"]


def test_c4_cancelling_one_says_who_is_told_and_touches_no_other(browser, session):
    """C4."""
    one, _other = RegistrationFactory.create_batch(2, session=session)
    next_one = wait(session)

    asked = browser.get(f"{LIST}{one.pk}/cancel/")
    assertContains(asked, "The person gets a letter at once")
    assertContains(asked, "The place is offered to the next on the waiting list")
    assert states(session) == ["registered", "registered", "waiting"]
    browser.post(f"{LIST}{one.pk}/cancel/")

    assert states(session) == ["cancelled", "registered", "offered"]
    assert letters() == [("registration_cancelled", one.email), ("registration_offered", next_one.email)]
    assert "the organiser had to cancel" in Letter.objects.order_by("pk")[0].text


def test_d7_a_place_is_given_by_hand_only_where_one_is_free(browser, clock, coordinator, session):
    """D7."""
    first, second = RegistrationFactory.create_batch(2, session=session), wait(session)
    clock.move_to(session.starts_at - timedelta(minutes=10))
    browser.force_login(coordinator)

    response = browser.post(f"{LIST}{second.pk}/place/", follow=True)
    assertContains(response, "No place is free.")
    browser.post(f"{LIST}{first[0].pk}/cancel/")
    browser.post(f"{LIST}{second.pk}/place/")

    assert states(session) == ["cancelled", "registered", "registered"]


def test_another_sessions_registration_is_not_found(browser, session):
    other = RegistrationFactory()

    assert browser.get(f"{LIST}{other.pk}/cancel/").status_code == 404


def test_c11_attendance_is_marked_on_the_day_and_unknown_before(browser, clock, coordinator, session):
    """C11."""
    GroupSession.objects.update(capacity=4)
    here, away, unknown = RegistrationFactory.create_batch(3, session=session)
    marks = {f"attendance-{here.pk}": "present", f"attendance-{away.pk}": "no_show"}
    wrong = {f"attendance-{unknown.pk}": "maybe"}

    assertContains(browser.get(f"{LIST}attendance/"), "not marked", count=3)
    browser.post(f"{LIST}attendance/", marks)
    assert not Registration.objects.exclude(attendance="").exists()
    clock.move_to(session.starts_at)
    browser.force_login(coordinator)
    response = browser.post(f"{LIST}attendance/", marks | wrong, follow=True)

    assertContains(response, "2 people were marked.")
    assert list(Registration.objects.order_by("pk").values_list("attendance", flat=True)) == [
        "present",
        "no_show",
        "",
    ]
    changes = AccessEvent.objects.filter(action="change")
    assert set(changes.values_list("subject_id", flat=True)) == {here.pk, away.pk}


# Changes that are told


def test_a_move_says_first_who_will_be_told(browser, session):
    RegistrationFactory(session=session)
    RegistrationFactory(session=session, email="", phone="040 123 4567")
    moved = filled(session, starts_at="2026-12-02T17:00", ends_at="2026-12-02T18:30")

    asked = browser.post(f"{OFFICE}evening/", moved)

    assertContains(asked, "1 person who is signed up or waits gets a letter that tells of it.")
    assertContains(asked, "1 person gave no e-mail address: call them.")
    session.refresh_from_db()
    assert (session.starts_at, letters()) == (local(date(2026, 12, 1), 17), [])

    browser.post(f"{OFFICE}evening/", moved | {"is_told": "on"})

    session.refresh_from_db()
    assert session.starts_at == local(date(2026, 12, 2), 17)
    assert [kind for kind, _to in letters()] == ["registration_reminder", "registration_moved"]


def test_other_changes_are_saved_at_once(browser, session):
    RegistrationFactory(session=session)

    browser.post(f"{OFFICE}evening/", filled(session, name_en="Night"))

    session.refresh_from_db()
    assert (session.name_en, letters()) == ("Night", [])


def test_d5_a_smaller_room_than_people_is_refused_with_words(browser, session):
    """D5."""
    RegistrationFactory.create_batch(2, session=session)

    response = browser.post(f"{OFFICE}evening/", filled(session, capacity=1))

    assertContains(response, "2 people have a place (on site) and there would be 1.")
    session.refresh_from_db()
    assert session.capacity == 2


def test_signing_up_is_not_turned_off_under_those_who_are_signed_up(browser, session):
    RegistrationFactory(session=session)

    response = browser.post(f"{OFFICE}evening/", filled(session, has_registration=""))

    assertContains(response, "People are signed up here.")


def test_d17_a_larger_room_is_offered_at_once(browser, session):
    """D17."""
    RegistrationFactory.create_batch(2, session=session)
    wait(session)

    browser.post(f"{OFFICE}evening/", filled(session, capacity=3))

    assert states(session) == ["registered", "registered", "offered"]


def test_e7_cancelling_the_event_says_first_who_will_be_told(browser, session):
    """E7."""
    RegistrationFactory(session=session)

    assertContains(browser.get(f"{OFFICE}evening/cancel/"), "1 person who is signed up or waits")
    for _time in range(2):
        browser.post(f"{OFFICE}evening/cancel/")

    assert states(session) == ["cancelled"]
    assert [kind for kind, _to in letters()] == ["registration_session_cancelled"]


# A series


def test_a_session_is_repeated_with_its_questions_by_the_clock_on_the_wall(browser, session):
    RegistrationQuestionFactory(session=session, text_fi="Mitä?")

    browser.post(f"{OFFICE}evening/repeat/", {"every": 2, "times": 3})

    series = GroupSession.objects.filter(series=GroupSession.objects.get(pk=session.pk).series)
    assert [row.starts_at for row in series] == [
        local(date(2026, 12, 1) + timedelta(weeks=weeks), 17) for weeks in (0, 2, 4, 6)
    ]
    assert [row.questions.count() for row in series] == [1, 1, 1, 1]
    assert {row.organisation for row in series} == {session.organisation}


def test_c8_repeating_leaves_out_what_clashes_and_never_overwrites(browser, session):
    """C8: without the wish to skip, nothing is added at all."""
    point = ServicePointFactory()
    GroupSession.objects.update(service_point=point)
    there = GroupSessionFactory(service_point=point, starts_at=local(date(2026, 12, 8), 18), name_fi="Muu")
    form = {"every": 1, "times": 2}

    assertContains(browser.post(f"{OFFICE}evening/repeat/", form), "Tue 8 Dec, 17:00. Nothing was added.")
    assert GroupSession.objects.count() == 2
    browser.post(f"{OFFICE}evening/repeat/", form | {"skips": "on"})

    there.refresh_from_db()
    assert (there.name_fi, there.starts_at) == ("Muu", local(date(2026, 12, 8), 18))
    days = GroupSession.objects.exclude(pk=there.pk).values_list("starts_at", flat=True)
    assert list(days) == [local(date(2026, 12, day), 17) for day in (1, 15)]


def test_c8_a_series_edited_together_skips_what_clashes(browser, session):
    """C8: the meeting that would meet another stays as it was, with its people; so does the other one."""
    point = ServicePointFactory()
    GroupSession.objects.update(service_point=point, municipality=point.municipality)
    session.refresh_from_db()
    browser.post(f"{OFFICE}evening/repeat/", {"every": 1, "times": 2})
    _first, second, third = GroupSession.objects.order_by("starts_at")
    GroupSessionFactory(service_point=point, starts_at=second.starts_at + timedelta(hours=3))
    RegistrationFactory(session=second), RegistrationFactory(session=third)
    form = filled(
        session, starts_at="2026-12-01T19:00", ends_at="2026-12-01T20:30", with_later="on", is_told="on"
    )

    assertContains(browser.post(f"{OFFICE}evening/", form), "Tue 8 Dec, 17:00")
    assert (Letter.objects.count(), GroupSession.objects.get(pk=session.pk).starts_at) == (
        0,
        session.starts_at,
    )
    browser.post(f"{OFFICE}evening/", form | {"skips": "on"})

    times = GroupSession.objects.filter(series__isnull=False).values_list("starts_at", "ends_at")
    assert list(times) == [
        (local(date(2026, 12, 1), 19), local(date(2026, 12, 1), 20, 30)),
        (local(date(2026, 12, 8), 17), local(date(2026, 12, 8), 18, 30)),
        (local(date(2026, 12, 15), 19), local(date(2026, 12, 15), 20, 30)),
    ]
    assert {to for _kind, to in letters()} == {third.registrations.get().email}


def test_a_copy_takes_the_questions_along_and_no_registration(browser, session):
    RegistrationQuestionFactory(session=session, text_fi="Mitä?")
    RegistrationFactory(session=session)

    browser.post(
        f"{OFFICE}evening/copy/", filled(session, starts_at="2026-12-08T17:00", ends_at="2026-12-08T18:30")
    )

    copy = GroupSession.objects.exclude(pk=session.pk).get()
    assert [question.text_fi for question in copy.questions.all()] == ["Mitä?"]
    assert not copy.registrations.exists()


def test_questions_have_the_same_choices_in_every_language(browser, session):
    row = {"text_fi": "Koska?", "kind": "one_of", "choices_fi": "Aamu\nIlta", "order": 1}
    counts = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0}

    def sent(**changes):
        form = {f"questions-0-{name}": value for name, value in (row | changes).items()}
        return form | {f"questions-{name}": value for name, value in counts.items()}

    response = browser.post(f"{OFFICE}evening/questions/", sent(choices_sv="Morgon"))
    assertContains(response, "Write as many choices as in Finnish, in the same order.")
    response = browser.post(f"{OFFICE}evening/questions/", sent(choices_fi=""))
    assertContains(response, "Write the choices, one on each line.")
    browser.post(f"{OFFICE}evening/questions/", sent(choices_sv="Morgon\nKväll"))

    assert session.questions.get().options == [("Aamu", "Aamu"), ("Ilta", "Ilta")]


def test_tell_me_about_the_next_one_follows_the_series(browser, session):
    browser.post(f"{OFFICE}evening/repeat/", {"every": 1, "times": 1})

    assertContains(browser.get("/en/events/evening/"), "/en/alerts/add/events/?series=evening")
    found = browser.get("/en/events/?series=evening").context["page"]
    assert len(found) == 2
