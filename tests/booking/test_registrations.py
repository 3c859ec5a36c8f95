"""Signing up for a group session: the form, the waiting list, offers, and the private link.

Names such as D1 are cases of faults that other systems had.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import registrations, retention
from guidance.booking.models import GroupSession, Registration
from guidance.booking.models.registration import KEPT_FOR
from opinovi.models import AccessEvent, Letter
from opinovi.refusals import explain
from tests.booking.registering import (
    EVENT,
    MONDAY,
    PERSON,
    SENT,
    SIGN_UP,
    fill,
    filled,
    letters,
    new,
    page_of,
    states,
    wait,
)
from tests.factories import (
    GroupSessionFactory,
    RegistrationFactory,
    RegistrationQuestionFactory,
    UserFactory,
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


# Signing up


def test_signing_up_gives_a_place_a_letter_and_a_private_page(browser, session):
    assertContains(browser.get(EVENT), f'href="{SIGN_UP}"')
    assertContains(browser.get(EVENT), "2 of 2 are free")

    response = browser.post(SIGN_UP, filled())

    registration = Registration.objects.get()
    assertRedirects(response, SENT)
    assert (registration.state, registration.session, registration.attendance) == ("registered", session, "")
    assert letters() == [
        ("registration_made", "aino@example.fi"),
        ("registration_reminder", "aino@example.fi"),
    ]
    assertContains(browser.get(page_of(registration)), "You have a place")
    assertContains(browser.get(EVENT), "1 of 2 is free")


@pytest.mark.parametrize(("language", "path"), [("fi", "ilmoittaudu"), ("sv", "anmalan")])
def test_the_form_has_an_address_in_each_language(browser, session, language, path):
    events = {"fi": "tapahtumat", "sv": "evenemang"}[language]

    assert browser.get(f"/{language}/{events}/evening/{path}/").status_code == 200


def test_bad_input_is_explained_and_what_was_typed_is_kept(browser, session):
    RegistrationQuestionFactory(session=session, text_en="Any allergies?", is_required=True)

    response = browser.post(SIGN_UP, filled(email="", phone="12", is_for_another="on", special_needs="Ramp"))

    assert set(response.context["form"].errors) == {
        "phone",
        "registered_by",
        f"question_{session.questions.get().pk}",
    }
    assertContains(response, 'value="Ramp"')
    assertContains(browser.post(SIGN_UP, filled(email="")), "Give an e-mail address or a phone number.")
    assert not Registration.objects.exists()


def test_each_kind_of_question_is_asked_and_kept_in_the_first_language(browser, session):
    choices = {"choices_fi": "Aamu\nIlta", "choices_en": "Morning\nEvening"}
    text = RegistrationQuestionFactory(session=session, text_fi="Mistä?", order=1)
    yes_no = RegistrationQuestionFactory(session=session, text_fi="Tuletko?", kind="yes_no", order=2)
    one = RegistrationQuestionFactory(session=session, text_fi="Koska?", kind="one_of", order=3, **choices)
    several = RegistrationQuestionFactory(
        session=session, text_fi="Mitä?", kind="several_of", order=4, **choices
    )

    assertContains(browser.get(SIGN_UP), "Morning", count=2)
    browser.post(
        SIGN_UP,
        filled(
            **{
                f"question_{text.pk}": "From a friend",
                f"question_{yes_no.pk}": "yes",
                f"question_{one.pk}": "Ilta",
                f"question_{several.pk}": ["Aamu", "Ilta"],
            }
        ),
    )

    assert Registration.objects.get().answers == [
        {"question": text.pk, "asked": "Mistä?", "answer": "From a friend"},
        {"question": yes_no.pk, "asked": "Tuletko?", "answer": "yes"},
        {"question": one.pk, "asked": "Koska?", "answer": "Ilta"},
        {"question": several.pk, "asked": "Mitä?", "answer": ["Aamu", "Ilta"]},
    ]


def test_one_says_how_one_takes_part_and_seats_are_counted_apart(browser, session):
    GroupSession.objects.update(online_link="https://www.example.fi/room", online_capacity=1, capacity=1)

    browser.post(SIGN_UP, filled(presence="online"))
    response = browser.post(SIGN_UP, filled(presence="online", email="b@example.fi"))
    browser.post(SIGN_UP, filled(presence="on_site", email="c@example.fi"))

    assertContains(response, "The last place has just gone")
    assert list(Registration.objects.values_list("presence", "email")) == [
        ("online", "aino@example.fi"),
        ("on_site", "c@example.fi"),
    ]


def test_who_is_signed_in_finds_their_name_in_the_form(browser, session):
    browser.force_login(UserFactory(name="Olli Ohjaaja", email="olli@example.fi"))

    response = browser.get(SIGN_UP)

    assertContains(response, 'value="Olli Ohjaaja"')
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"registration_opens_at": local(MONDAY, 12)}, "Signing up opens"),
        ({"registration_closes_at": local(MONDAY, 7)}, "Signing up has closed."),
        ({"has_registration": False}, "You need not sign up. Just come."),
    ],
)
def test_outside_the_window_nobody_signs_up(browser, session, values, told):
    GroupSession.objects.update(**values)

    assertRedirects(browser.get(SIGN_UP), EVENT)
    assertRedirects(browser.post(SIGN_UP, filled()), EVENT)
    assertContains(browser.get(EVENT), told)
    assert not Registration.objects.exists()


def test_several_people_are_signed_up_by_one(browser, session):
    for name in ("Lapsi Yksi", "Lapsi Kaksi", "lapsi kaksi"):
        browser.post(SIGN_UP, filled(name=name, is_for_another="on", registered_by="Äiti"))

    assert list(Registration.objects.values_list("name", flat=True)) == ["Lapsi Yksi", "Lapsi Kaksi"]


# One person, one registration


def test_a2_d11_one_form_sent_twice_is_one_registration(browser, session):
    """A2, D11: a double click, a reload or a second tab shows the first registration."""
    form = filled()

    first, second = browser.post(SIGN_UP, form), browser.post(SIGN_UP, form | {"name": "Changed"})

    registration = Registration.objects.get()
    assertRedirects(first, SENT)
    assertRedirects(second, SENT)
    assert registration.name == "Aino Esimerkki"
    assert [kind for kind, _to in letters()].count("registration_made") == 1


def test_a2_without_an_email_address_one_form_sent_twice_shows_the_first_registration(browser, session):
    form = filled(email="", phone="040 123 4567")

    first, second = browser.post(SIGN_UP, form), browser.post(SIGN_UP, form | {"name": "Changed"})

    registration = Registration.objects.get()
    assertRedirects(first, page_of(registration))
    assertRedirects(second, f"{page_of(registration)}?sent=before")


def test_a_form_sent_again_with_a_corrected_address_sends_the_letter_there(browser, session):
    form = filled(email="anio@example.fi")

    browser.post(SIGN_UP, form)
    response = browser.post(SIGN_UP, form | {"email": "aino@example.fi"})

    assertRedirects(response, SENT)
    assert Registration.objects.get().email == "aino@example.fi"
    queued = Letter.objects.queued().values_list("kind", "recipient")
    assert sorted(queued) == [
        ("registration_made", "aino@example.fi"),
        ("registration_reminder", "aino@example.fi"),
    ]


def test_a_form_corrected_to_a_known_address_takes_nothing_over(browser, session):
    known = fill(session, 1)[0]
    form = filled()

    browser.post(SIGN_UP, form)
    response = browser.post(SIGN_UP, form | {"email": known.email})

    assertRedirects(response, SENT)
    assert sorted(Registration.objects.values_list("email", flat=True)) == sorted(
        ["aino@example.fi", known.email]
    )
    assert ("registration_known", known.email) in letters()


def test_d10_d2_the_same_address_in_other_letters_joins_once(browser, session):
    """D10, D2: whoever is in the group already gets a letter with the link, and no second row."""
    new_one = browser.post(SIGN_UP, filled())

    response = browser.post(SIGN_UP, filled(email="AINO@Example.FI"))
    browser.post(SIGN_UP, filled(email="Aino@example.fi"))

    assert (response.status_code, response["Location"]) == (new_one.status_code, new_one["Location"])
    assertRedirects(response, SENT)
    assertNotContains(browser.get(SENT), Registration.objects.get().key)
    assert [kind for kind, _to in letters()].count("registration_known") == 1  # one a day


@pytest.mark.parametrize("waits", [{}, {"waits": "on"}])
def test_f8_a_full_event_answers_the_same_to_a_known_address_as_to_a_new_one(browser, session, waits):
    """F8: whether the event is full is decided before it is looked whose the address is."""
    known = fill(session)[0]

    answers = [
        browser.post(SIGN_UP, filled(email=email, **waits)) for email in ("new@example.fi", known.email)
    ]

    assert [answer.status_code for answer in answers] == ([302, 302] if waits else [200, 200])
    for answer in answers:
        if waits:
            assertRedirects(answer, SENT)
        else:
            assertContains(answer, "The last place has just gone")
    kinds = [kind for kind, _to in letters()]
    assert kinds == (["registration_waits", "registration_known"] if waits else [])


def test_f8_a_closed_event_answers_the_same_to_a_known_address_as_to_a_new_one(browser, session):
    known = fill(session, 1)[0]
    GroupSession.objects.update(registration_closes_at=local(MONDAY, 7))

    for email in ("new@example.fi", known.email):
        assertRedirects(browser.post(SIGN_UP, filled(email=email)), EVENT)
    assert letters() == []


def test_d16_event_at_a_place_of_its_own_is_booked_by_its_link(browser):
    """D16: the link opens at once, and the place stands on every page and in the letter."""
    GroupSessionFactory(
        slug="evening", has_registration=True, place_en="The old dairy", street_address="Meijeritie 1"
    )

    opened = browser.get(SIGN_UP)
    browser.post(SIGN_UP, filled())
    booked = browser.get(page_of(Registration.objects.get()))

    letter = Letter.objects.get(kind="registration_made")
    for told in (opened.content.decode(), booked.content.decode(), letter.text, letter.html):
        assert "The old dairy" in told
        assert "Meijeritie 1" in told


def test_d10_the_database_refuses_a_second_one():
    """D10: also where no form asks."""
    first = RegistrationFactory(email="aino@example.fi")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        RegistrationFactory(session=first.session, email="AINO@example.fi")

    assert explain(refused.value, Registration) == "This address is signed up already."


def test_a8_who_cancelled_can_sign_up_again(browser, session):
    """A8."""
    browser.post(SIGN_UP, filled())
    browser.post(f"{page_of(Registration.objects.get())}cancel/")

    browser.post(SIGN_UP, filled())

    assert states(session) == ["cancelled", "registered"]


# Full


def test_d1_the_last_place_goes_between_view_and_submit(browser, session):
    """D1: the form comes back, says so, keeps what was typed, and leads to the waiting list."""
    fill(session, 1)
    assertContains(browser.get(SIGN_UP), "Sign up")
    fill(session, 1)
    form = filled(special_needs="A ramp, please")

    response = browser.post(SIGN_UP, form)

    assertContains(response, "The last place has just gone")
    assertContains(response, "Join the waiting list")
    assertContains(response, 'value="A ramp, please"')
    assert states(session) == ["registered", "registered"]

    response = browser.post(SIGN_UP, form | {"waits": "on"})

    registration = Registration.objects.latest("pk")
    assertRedirects(response, SENT)
    assert registration.state == "waiting"
    assert letters() == [("registration_waits", "aino@example.fi")]


def test_without_a_waiting_list_full_is_full(browser, session):
    GroupSession.objects.update(has_waiting_list=False)
    fill(session)

    response = browser.post(SIGN_UP, filled(waits="on"))

    assertContains(response, "There is no waiting list.")
    assertContains(browser.get(EVENT), "All places are taken.")
    assert states(session) == ["registered", "registered"]


def test_who_would_wait_gets_a_place_that_has_become_free(browser, session):
    browser.post(SIGN_UP, filled(waits="on"))

    assert states(session) == ["registered"]


def test_nobody_overtakes_those_who_wait(browser, session):
    """A place that is free while others wait, as after a change by hand in the database, goes to them."""
    first = wait(session)

    browser.post(SIGN_UP, filled(waits="on"))

    assert states(session) == ["offered", "registered"]  # room for two: the first who waits has one of them
    assert letters()[0] == ("registration_offered", first.email)


def test_d4_one_rule_counts_seats_everywhere(browser, session):
    """D4: who has a place and who is offered one take a seat; list, page, model and database agree."""
    fill(session, 1)
    RegistrationFactory(session=session, state="offered", offered_until=timezone.now() + timedelta(hours=1))
    wait(session)
    RegistrationFactory(
        session=session, state="cancelled", cancelled_at=timezone.now(), cancelled_by="person"
    )

    loaded = GroupSession.objects.for_listing().get()

    assert Registration.objects.seats().count() == loaded.taken("on_site") == 2
    assert (loaded.free("on_site"), loaded.is_full, loaded.waiting_count) == (0, True, 1)
    assertContains(browser.get("/en/events/"), '<span class="tag">Full</span>')
    assertContains(browser.get(EVENT), "2, all taken")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        RegistrationFactory(session=session)
    assert explain(refused.value, Registration) == "No place is free."


def test_d5_capacity_is_not_lowered_under_those_who_have_a_place(session):
    """D5: refused with words, by the model and by the database."""
    fill(session)
    session.capacity = 1

    with pytest.raises(ValidationError, match="2 people have a place"):
        session.full_clean()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        session.save()
    assert "More people have a place" in explain(refused.value, GroupSession)
    assert GroupSession.objects.for_listing().get().free("on_site") == 0


def test_a_place_is_not_taken_away_from_those_who_come_to_it(session):
    fill(session)

    with pytest.raises(IntegrityError), transaction.atomic():
        GroupSession.objects.update(municipality=None, online_link="https://www.example.fi/room")


# Leaving


def test_c2_a_place_is_freed_exactly_once(session):
    """C2."""
    holder, _other = fill(session)
    wait(session), wait(session)

    for _time in range(3):
        registrations.cancel(holder, by=PERSON)

    assert states(session) == ["cancelled", "registered", "offered", "waiting"]
    assert letters().count(("registration_cancelled", holder.email)) == 1


def test_c4_one_who_cancels_is_the_only_one(browser, session):
    """C4: the event stays, the others stay, and the text says so."""
    holder, _other = fill(session)

    assertContains(browser.get(f"{page_of(holder)}cancel/"), "Only this registration is cancelled.")
    browser.post(f"{page_of(holder)}cancel/")

    session.refresh_from_db()
    assert (states(session), session.is_cancelled) == (["cancelled", "registered"], False)
    assert letters() == [("registration_cancelled", holder.email)]
    assert "That is yours alone" in Letter.objects.get().text


def test_c5_after_the_deadline_there_is_no_way_to_cancel(clock, browser, session):
    """C5: neither button nor text, and the POST is refused."""
    GroupSession.objects.update(cancel_hours=48)
    holder = fill(session)[0]
    clock.move_to(session.starts_at - timedelta(hours=47))

    response = browser.get(page_of(holder))
    browser.post(f"{page_of(holder)}cancel/")

    assertNotContains(response, "Cancel the registration")
    assertContains(response, "It is too late to cancel here.")
    assert states(session) == ["registered", "registered"]


def test_e5_nothing_is_sent_to_who_has_cancelled(session):
    """E5: the reminder that waits for its day does not leave."""
    registration = registrations.register(new(session))

    registrations.cancel(registration, by=PERSON)

    assert set(Letter.objects.queued().values_list("kind", flat=True)) == {"registration_cancelled"}


def test_e7_e8_a_cancelled_session_is_told_once_to_those_who_would_come(session):
    """E7, E8: not to those who had cancelled before, and in one letter."""
    gone, stays = (registrations.register(new(session)) for _person in range(2))
    waiting = registrations.register(new(session), waits=True)
    registrations.cancel(gone, by=PERSON)
    Letter.objects.all().delete()

    assert [registrations.cancel_session(session) for _time in range(2)] == [2, 0]

    assert letters() == [
        ("registration_session_cancelled", stays.email),
        ("registration_session_cancelled", waiting.email),
    ]
    assert states(session) == ["cancelled", "cancelled", "cancelled"]
    assert not Registration.objects.waiting().exists()


def test_a_moved_session_is_told_to_everybody_whose_registration_stands(session):
    seated = registrations.register(new(session))
    GroupSession.objects.update(
        starts_at=session.starts_at + timedelta(days=1), ends_at=session.ends_at + timedelta(days=1)
    )

    assert registrations.tell_of_move(session) == 1

    queued = Letter.objects.queued().order_by("pk").values_list("kind", "recipient", "due_at__day")
    assert list(queued) == [
        ("registration_made", seated.email, 23),
        ("registration_reminder", seated.email, 3),
        ("registration_moved", seated.email, 23),
    ]


# The link, and how long


def test_a_foreign_link_explains_itself_and_an_old_one_opens_nothing(clock, browser, session):
    registration = fill(session, 1)[0]
    assert browser.get("/en/registrations/nothing/").status_code == 404
    assert browser.get(page_of(registration)).status_code == 200

    clock.move_to(session.ends_at + timedelta(days=31))

    response = browser.get(page_of(registration))
    assertContains(response, "This link opens no registration", status_code=404)


def test_the_private_page_is_not_kept_and_leaves_a_trace(browser, session):
    registration = fill(session, 1)[0]

    response = browser.get(page_of(registration))

    assert response["Cache-Control"] == "private, no-store"
    assert AccessEvent.objects.about(registration).count() == 1
    assertNotContains(response, registration.email)


def test_c11_attendance_is_unknown_until_it_is_marked(clock, session):
    """C11: also when the session is over."""
    registration = fill(session, 1)[0]
    clock.move_to(session.ends_at + timedelta(days=1))

    registration.refresh_from_db()

    assert (registration.attendance, registration.get_attendance_display()) == ("", "not marked")


def test_i5_whose_registration_it_was_is_forgotten_and_counts_stay(clock, session):
    """I5, I2: places on the waiting list too."""
    registrations.register(new(session, special_needs="Ramp", answers=[{"answer": "x"}]))
    registrations.register(new(session))
    registrations.register(new(session, email="", phone="040 123 4567"), waits=True)
    clock.move_to(session.ends_at + KEPT_FOR)
    assert retention.erase_old_registrations() == 0

    clock.shift(timedelta(minutes=1))

    assert (retention.erase_old_registrations(), retention.erase_old_registrations()) == (3, 0)
    rows = Registration.objects.values_list("name", "email", "phone", "special_needs", "answers")
    assert set(map(str, rows)) == {"('', '', '', '', [])"}
    assert states(session) == ["registered", "registered", "waiting"]
    assert not Letter.objects.exists()
