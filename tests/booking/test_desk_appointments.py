"""What a counsellor does with one appointment: each change says first who will be told what."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions
from guidance.booking.models import Appointment
from opinovi.models import AccessEvent, Letter
from tests.factories import (
    AbsenceFactory,
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service(counsellor):
    return GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)


@pytest.fixture
def appointment(counsellor, service):
    """Tomorrow from 10 to 10.45 with the counsellor."""
    return AppointmentFactory(guidance_service=service, counsellor=counsellor, email="aino@example.fi")


@pytest.fixture
def colleague(service):
    return AffiliationFactory(organisation=service.organisation, user__name="Kaija Kollega").user


def at(page, appointment):
    with_pk = {"kwargs": {"pk": appointment.pk}}
    return reverse(f"booking:desk:appointment_{page}", **with_pk)


def kinds():
    return list(Letter.objects.queued().exclude(kind__contains="reminder").values_list("kind", flat=True))


def request_of(appointment):
    Appointment.objects.filter(pk=appointment.pk).update(confirmed_at=None)
    appointment.refresh_from_db()
    return appointment


def test_appointment_detail_offers_what_can_be_done(browser, appointment):
    standing = browser.get(at("detail", appointment))
    request_of(appointment)
    requested = browser.get(at("detail", appointment))

    for page in ("move", "hand_over", "cancel"):
        assertContains(standing, at(page, appointment))
        assertContains(requested, at(page, appointment))
    assertNotContains(standing, at("confirm", appointment))
    assertContains(requested, at("confirm", appointment))


def test_appointment_confirm_says_who_is_told_what_and_tells_them(browser, appointment):
    request_of(appointment)

    asked = browser.get(at("confirm", appointment))
    untouched = Appointment.objects.get().is_requested
    done = browser.post(at("confirm", appointment))

    assertContains(asked, "The person gets a confirmation of the booking, at a…@example.fi.")
    assert untouched
    assertRedirects(done, at("detail", appointment))
    assert not Appointment.objects.get().is_requested
    assert kinds() == ["appointment_booked"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"letters": "none"}, "The person wants no letters."),
        ({"email": ""}, "The person gave no e-mail address."),
        (
            {"letters": "quiet", "letters_from": "09:00", "letters_until": "15:00"},
            "They want letters only between 9:00 and 15:00.",
        ),
    ],
)
def test_appointment_confirm_says_when_nobody_is_told_or_only_at_some_hours(
    browser, appointment, changes, said
):
    Appointment.objects.filter(pk=request_of(appointment).pk).update(**changes)

    assertContains(browser.get(at("confirm", appointment)), said)


def test_appointment_cancel_declines_a_request_with_the_reason(browser, appointment):
    request_of(appointment)

    asked = browser.get(at("cancel", appointment))
    browser.post(at("cancel", appointment), {"cancel_reason": "We are closed that day."})

    assertContains(asked, "Decline this request?")
    appointment.refresh_from_db()
    assert (appointment.cancelled_by, appointment.cancel_reason) == ("counsellor", "We are closed that day.")
    assert kinds() == ["appointment_declined"]
    assert "We are closed that day." in Letter.objects.get(kind="appointment_declined").text


def test_appointment_cancel_keeps_a_reason_that_is_too_long(browser, appointment):
    response = browser.post(at("cancel", appointment), {"cancel_reason": "x" * 301})

    assertContains(response, "x" * 301)
    assertContains(response, "at most 300 characters")
    appointment.refresh_from_db()
    assert not appointment.is_cancelled


def test_request_list_shows_the_organisations_requests(browser, appointment, service, colleague):
    request_of(appointment)
    theirs = request_of(AppointmentFactory(guidance_service=service, counsellor=colleague))
    request_of(AppointmentFactory(name="Somebody elsewhere"))
    answered = AppointmentFactory(guidance_service=service)

    response = browser.get("/en/desk/requests/")

    assertContains(response, appointment.name)
    assertContains(response, theirs.name)
    assertNotContains(response, "Somebody elsewhere")
    assertNotContains(response, answered.name)
    assert AccessEvent.objects.about(theirs).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_request_list_costs_the_same_for_any_number_of_rows(
    browser, service, count, django_assert_num_queries
):
    AppointmentFactory.create_batch(count, guidance_service=service, confirmed_at=None)
    browser.get("/en/desk/requests/")

    with django_assert_num_queries(9):
        browser.get("/en/desk/requests/")


def test_a7_a_request_keeps_its_time_and_only_one_is_confirmed(browser, appointment, service, counsellor):
    request_of(appointment)
    actions.cancel(appointment, by=Appointment.Canceller.PERSON)
    rival = AppointmentFactory(guidance_service=service, counsellor=counsellor, confirmed_at=None)

    first = browser.post(at("confirm", rival), follow=True)
    second = browser.post(at("confirm", appointment), follow=True)

    assertContains(first, "The meeting is confirmed.")
    assertContains(second, "something else became of it meanwhile")
    appointment.refresh_from_db()
    assert appointment.is_cancelled


def test_appointment_reinstate_lets_a_cancelled_meeting_stand_again(browser, appointment):
    actions.cancel(appointment, by=Appointment.Canceller.COUNSELLOR)

    asked = browser.get(at("reinstate", appointment))
    browser.post(at("reinstate", appointment))

    assertContains(asked, "The person gets a confirmation of the booking")
    appointment.refresh_from_db()
    assert not appointment.is_cancelled
    assert kinds() == ["appointment_booked"]


def test_a11_a_cancellation_is_not_taken_back_when_the_time_was_retaken_and_the_clash_is_named(
    browser, appointment, service, counsellor
):
    actions.cancel(appointment, by=Appointment.Canceller.COUNSELLOR)
    AppointmentFactory(guidance_service=service, counsellor=counsellor, name="Rauha Rivaali")

    response = browser.post(at("reinstate", appointment))

    assert response.status_code == 409
    assertContains(response, "Rauha Rivaali", status_code=409)
    assertContains(response, "Nothing was changed, and nobody was told.", status_code=409)
    appointment.refresh_from_db()
    assert appointment.is_cancelled
    assert kinds() == ["appointment_cancelled"]


def test_appointment_move_lists_the_counsellors_own_free_times(browser, appointment, service, counsellor):
    AvailabilityFactory(service=service, counsellor=counsellor, on=TUESDAY)
    AvailabilityFactory(service=service, on=TUESDAY, starts_at="13:00", ends_at="15:00")

    response = browser.get(at("move", appointment))

    assertContains(response, "?on=2026-11-24&amp;at=11:15")
    assertNotContains(response, "at=13:00")


def test_appointment_move_asks_once_more_and_moves(browser, appointment, service, counsellor):
    AvailabilityFactory(service=service, counsellor=counsellor, on=TUESDAY)
    time = {"on": "2026-11-24", "at": "11:15"}

    asked = browser.get(at("move", appointment), time)
    browser.post(at("move", appointment), time)

    assertContains(asked, "The person gets a letter with the new time, at a…@example.fi.")
    assertNotContains(asked, "Are you sure?")
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.sequence) == (local(TUESDAY, 11, 15), 1)
    assert kinds() == ["appointment_moved"]


def test_appointment_move_outside_the_offered_hours_needs_a_second_word(browser, appointment, counsellor):
    AbsenceFactory(counsellor=counsellor, starts_at=local(date(2026, 12, 6), 0))
    time = {"on": "2026-12-06", "at": "19:00"}

    warned = browser.post(at("move", appointment), time)
    stayed = Appointment.objects.get().starts_at
    browser.post(at("move", appointment), time | {"has_seen_warnings": "on"})

    for words in ("not among the offered ones", "The counsellor is away then", "Independence Day"):
        assertContains(warned, words)
    assert stayed == appointment.starts_at
    assert Appointment.objects.get().starts_at == local(date(2026, 12, 6), 19)


def test_appointment_move_onto_another_meeting_is_refused_with_its_name(
    browser, appointment, service, counsellor
):
    AppointmentFactory(
        guidance_service=service,
        counsellor=counsellor,
        starts_at=local(TUESDAY, 13),
        name="Rauha Rivaali",
    )

    response = browser.post(
        at("move", appointment), {"on": "2026-11-24", "at": "13:15", "has_seen_warnings": "on"}
    )

    assertContains(response, "Rauha Rivaali")
    assertContains(response, "cannot be moved here")
    appointment.refresh_from_db()
    assert appointment.starts_at == local(TUESDAY, 10)


@pytest.mark.parametrize(
    ("on", "at_", "error"),
    [
        ("2027-03-28", "03:30", "There is no such time"),
        ("2026-11-20", "10:00", "This time has passed already."),
        ("0019-11-24", "10:00", "Check the year."),
        ("9999-11-24", "10:00", "Check the year."),
        ("x", "10:00", "Enter a valid date."),
        ("2026-11-24", "", "This field is required."),
    ],
)
def test_appointment_move_says_what_is_wrong_with_a_time(browser, appointment, on, at_, error):
    assertContains(browser.get(at("move", appointment), {"on": on, "at": at_}), error)


def test_appointment_hand_over_offers_colleagues_who_are_free(browser, appointment, service, colleague):
    AvailabilityFactory(service=service, counsellor=colleague, on=TUESDAY)
    busy = AffiliationFactory(organisation=service.organisation, user__name="Bea Busy").user
    AppointmentFactory(guidance_service=service, counsellor=busy)
    away = AffiliationFactory(organisation=service.organisation, user__name="Anton Away").user
    AbsenceFactory(counsellor=away)
    AffiliationFactory(user__name="Elsa Elsewhere")
    AffiliationFactory(organisation=service.organisation, user__name="Lauri Left", since=MONDAY, until=MONDAY)

    response = browser.get(at("hand_over", appointment))

    assertContains(response, "Kaija Kollega (offers this time, 0 meetings that week)")
    for name in ("Bea Busy", "Anton Away", "Elsa Elsewhere", "Lauri Left"):
        assertNotContains(response, name)


def test_appointment_hand_over_gives_the_meeting_to_the_colleague(browser, appointment, colleague):
    asked = browser.get(at("hand_over", appointment))
    browser.post(at("hand_over", appointment), {"colleague": colleague.pk})
    again = browser.post(at("hand_over", appointment), {"colleague": colleague.pk})

    assertContains(asked, "The person gets a letter that tells what is different")
    assertContains(again, "not free any more")
    appointment.refresh_from_db()
    assert (appointment.counsellor, appointment.sequence) == (colleague, 1)
    assert kinds() == ["appointment_changed"]


def test_appointment_hand_over_knows_the_team_of_the_service(browser, appointment, service, colleague):
    service.meeting = "team"
    service.save()

    assertContains(browser.get(at("hand_over", appointment)), "No colleague is free at that time.")


def test_hand_over_never_takes_a_meeting_from_somebody_who_got_it_meanwhile(appointment, service, colleague):
    other = AffiliationFactory(organisation=service.organisation).user
    actions.hand_over(appointment, to=other)

    handed = actions.hand_over(appointment, to=colleague)

    assert handed.counsellor == other
    assert kinds() == ["appointment_changed"]


def test_appointment_link_gives_a_video_meeting_its_link(browser, appointment):
    appointment.channel = ChannelFactory(video=True, needs_link=True)
    appointment.save()
    link = {"video_link": "https://video.example.fi/room"}

    refused = browser.post(at("link", appointment), {"video_link": "javascript:alert(1)"})
    browser.post(at("link", appointment), link)
    browser.post(at("link", appointment), link)

    assertContains(refused, "Enter a valid URL.")
    appointment.refresh_from_db()
    assert (appointment.video_link, appointment.sequence) == ("https://video.example.fi/room", 1)
    assert kinds() == ["appointment_changed"]
    assert "https://video.example.fi/room" in Letter.objects.get(kind="appointment_changed").text


def test_e13_each_change_makes_the_next_version_of_one_event(browser, appointment, colleague):
    browser.post(at("hand_over", appointment), {"colleague": colleague.pk})
    browser.post(at("move", appointment), {"on": "2026-11-25", "at": "12:00", "has_seen_warnings": "on"})
    browser.post(at("cancel", appointment))

    parts = [letter.calendar for letter in Letter.objects.order_by("pk") if "reminder" not in letter.kind]
    newest = Letter.objects.get(kind="appointment_cancelled").calendar
    assert len(parts) == 3
    assert "METHOD:CANCEL" in newest
    assert "SEQUENCE:3" in newest
    assert f"UID:appointment-{appointment.pk}@" in newest
