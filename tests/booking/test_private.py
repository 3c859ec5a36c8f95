"""The private link: it shows, moves and cancels one booking, and tells a stranger nothing."""

import re
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions
from guidance.booking.models import Appointment, AppointmentFeedback
from guidance.booking.models.appointment import key_for
from opinovi.models import AccessEvent, Letter
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
THURSDAY = MONDAY + timedelta(days=3)
PAGES = [
    "appointment_detail",
    "appointment_move",
    "appointment_cancel",
    "appointment_feedback",
    "appointment_calendar",
]
POSTS = {"appointment_move", "appointment_cancel", "appointment_feedback"}


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def booking():
    """On Thursday at 10, with other times free from 9 to 12."""
    service = GuidanceServiceFactory(slug="career", name_en="Career guidance", duration_minutes=60)
    user = AffiliationFactory(organisation=service.organisation, user__name="Outi Ohjaaja").user
    AvailabilityFactory(service=service, counsellor=user, on=THURSDAY)
    return AppointmentFactory(
        guidance_service=service,
        counsellor=user,
        starts_at=local(THURSDAY, 10),
        name="Aino Salainen",
        email="aino@example.fi",
        phone="+358 40 111 1111",
        wish="My secret wish",
    )


def address(page, key):
    with override("en"):
        return reverse(f"booking:public:{page}", args=[key])


def move(browser, booking, start):
    return browser.post(address("appointment_move", booking.key), {"start": start})


def cancel(browser, booking):
    return browser.post(address("appointment_cancel", booking.key))


def test_appointment_detail_shows_the_booking(browser, booking):
    response = browser.get(address("appointment_detail", booking.key))

    assertContains(response, "Your time is booked")
    assertContains(response, "Thu 26 Nov, 10:00–11:00")
    assertContains(response, "Career guidance")
    assertContains(response, "Outi Ohjaaja")
    assertContains(response, "Aino")


def test_appointment_detail_and_its_calendar_lead_to_the_video_call_until_it_is_cancelled(browser, booking):
    room = "https://video.example.fi/room"
    Appointment.objects.update(video_link=room, letters="none", needs_interpreter=True)

    page = browser.get(address("appointment_detail", booking.key))
    calendar = browser.get(address("appointment_calendar", booking.key))
    with time_machine.travel(local(THURSDAY, 10, 5), tick=False):
        begun = browser.get(address("appointment_detail", booking.key))
    cancel(browser, booking)
    cancelled = browser.get(address("appointment_detail", booking.key))

    for shown in (page, begun):
        link = f'<a class="button" href="{room}" rel="noreferrer">Join the video meeting</a>'
        assertContains(shown, link, html=True)
        assertContains(shown, "We arrange an interpreter.")
    assertContains(calendar, f"DESCRIPTION:{room}")
    assertNotContains(cancelled, room)
    assertNotContains(cancelled, "We arrange an interpreter.")


@pytest.mark.parametrize("page", PAGES)
def test_c7_page_by_link_tells_no_more_than_the_first_name(browser, booking, page):
    response = browser.get(address(page, booking.key), follow=True)

    for secret in ("Salainen", "aino@", "111 1111", "My secret wish"):
        assertNotContains(response, secret)


@pytest.mark.parametrize("page", PAGES)
def test_page_by_link_is_kept_by_nobody(browser, booking, page):
    response = browser.get(address(page, booking.key))

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_f2_link_that_opens_nothing_explains_itself(browser, booking, page, method):
    if method == "post" and page not in POSTS:
        return

    foreign = getattr(browser, method)(address(page, "x" * 43))
    hash_as_key = getattr(browser, method)(address(page, booking.key_hash))
    with time_machine.travel(local(THURSDAY, 11) + timedelta(days=30), tick=False):
        expired = getattr(browser, method)(address(page, booking.key))

    for response in (foreign, hash_as_key, expired):
        assertContains(response, "This link opens no booking", status_code=404)
        assertContains(response, 'href="/en/book/"', status_code=404)
    booking.refresh_from_db()
    assert not booking.is_cancelled


@pytest.mark.parametrize("page", PAGES)
def test_f1_looking_changes_nothing(browser, booking, page):
    before = Appointment.objects.values().get()

    browser.get(address(page, booking.key))
    browser.head(address(page, booking.key))

    assert Appointment.objects.values().get() == before
    assert Letter.objects.count() == 0


def test_looking_is_written_down(browser, booking):
    browser.get(address("appointment_detail", booking.key))

    event = AccessEvent.objects.about(booking).get()
    assert (event.user, event.action, event.page) == (
        None,
        AccessEvent.Action.READ,
        "booking:public:appointment_detail",
    )


def test_appointment_move_gives_another_time(browser, booking):
    response = move(browser, booking, "2026-11-26T11:00")

    assertRedirects(response, address("appointment_detail", booking.key))
    booking.refresh_from_db()
    assert (booking.starts_at, booking.ends_at) == (local(THURSDAY, 11), local(THURSDAY, 12))
    assert (booking.busy.lower, booking.busy.upper) == (booking.starts_at, booking.ends_at)
    assert booking.sequence == 1
    assertContains(browser.get(response["Location"]), "Your booking has a new time")


def test_appointment_move_offers_free_times_and_not_its_own(browser, booking):
    response = browser.get(address("appointment_move", booking.key))

    times = re.findall(r'name="start"\s+value="([^"]+)"', response.content.decode())
    assert times == ["2026-11-26T09:00", "2026-11-26T11:00"]


def test_appointment_move_frees_the_old_time(browser, booking):
    move(browser, booking, "2026-11-26T11:00")

    times = browser.get("/en/guidance/career/times/?channel=phone").content.decode()
    assert re.findall(r'name="start"\s+value="([^"]+)', times) == ["2026-11-26T09:00", "2026-11-26T10:00"]


def test_appointment_move_to_a_taken_time_keeps_the_old_one(browser, booking):
    AppointmentFactory(
        guidance_service=booking.guidance_service,
        counsellor=booking.counsellor,
        starts_at=local(THURSDAY, 11),
    )

    response = move(browser, booking, "2026-11-26T11:00")

    assertContains(response, "You still have your old time.")
    booking.refresh_from_db()
    assert booking.starts_at == local(THURSDAY, 10)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("start", ["", "x", "2026-11-26T10:30", "2026-11-20T10:00"])
def test_appointment_move_to_no_time_keeps_the_old_one(browser, booking, start):
    response = move(browser, booking, start)

    assertContains(response, "That time is no longer free")
    booking.refresh_from_db()
    assert booking.starts_at == local(THURSDAY, 10)


def test_appointment_move_twice_to_one_time_moves_once(browser, booking):
    move(browser, booking, "2026-11-26T11:00")
    move(browser, booking, "2026-11-26T11:00")

    booking.refresh_from_db()
    assert booking.sequence == 1
    assert Letter.objects.filter(kind="appointment_moved").count() == 1


def test_appointment_move_goes_to_a_colleague_when_the_counsellor_is_busy(browser, booking):
    colleague = AffiliationFactory(organisation=booking.organisation).user
    AvailabilityFactory(service=booking.guidance_service, counsellor=colleague, on=THURSDAY)
    AppointmentFactory(
        guidance_service=booking.guidance_service,
        counsellor=booking.counsellor,
        starts_at=local(THURSDAY, 11),
    )

    move(browser, booking, "2026-11-26T11:00")

    booking.refresh_from_db()
    assert (booking.starts_at, booking.counsellor) == (local(THURSDAY, 11), colleague)


def test_appointment_move_keeps_the_counsellor_where_it_can(browser, booking):
    colleague = AffiliationFactory(organisation=booking.organisation).user
    AvailabilityFactory(service=booking.guidance_service, counsellor=colleague, on=THURSDAY)

    move(browser, booking, "2026-11-26T11:00")

    kept = booking.counsellor
    booking.refresh_from_db()
    assert booking.counsellor == kept


def test_appointment_move_keeps_the_place(browser, booking):
    on_site = ChannelFactory(on_site=True)
    here, there = ServicePointFactory.create_batch(2)
    booking.guidance_service.channels.set([on_site])
    booking.channel, booking.service_point = on_site, here
    booking.save()
    for place, day in ((here, 1), (there, 2)):
        AvailabilityFactory(
            service=booking.guidance_service,
            on=MONDAY + timedelta(days=day),
            channels=[on_site],
            service_point=place,
        )

    response = browser.get(address("appointment_move", booking.key))

    times = re.findall(r'name="start"\s+value="([^T]+)', response.content.decode())
    assert set(times) == {"2026-11-24"}


def test_appointment_cancel_asks_and_then_cancels(browser, booking):
    asked = browser.get(address("appointment_cancel", booking.key))
    done = cancel(browser, booking)

    assertContains(asked, "Cancel the booking?")
    assertRedirects(done, address("appointment_detail", booking.key))
    booking.refresh_from_db()
    assert booking.cancelled_by == Appointment.Canceller.PERSON
    assertContains(browser.get(done["Location"]), "Your booking is cancelled")


def test_a8_cancelled_time_is_free_for_anyone_even_the_same_person(browser, booking):
    cancel(browser, booking)

    again = browser.post(
        "/en/guidance/career/times/2026-11-26T10:00/?channel=phone",
        {"name": booking.name, "email": booking.email, "phone": booking.phone, "spoken_language": "fi"},
    )

    assert again.status_code == 302
    assert Appointment.objects.live().get().starts_at == local(THURSDAY, 10)


def test_appointment_cancel_twice_tells_once(browser, booking):
    cancel(browser, booking)
    second = cancel(browser, booking)

    assertRedirects(second, address("appointment_detail", booking.key))
    assert Letter.objects.filter(kind="appointment_cancelled").count() == 1


@pytest.mark.parametrize("page", ["appointment_move", "appointment_cancel"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_meeting_that_has_begun_cannot_be_changed(browser, booking, page, method):
    with time_machine.travel(local(THURSDAY, 10, 1), tick=False):
        response = getattr(browser, method)(address(page, booking.key), {"start": "2026-11-26T11:00"})
        shown = browser.get(address("appointment_detail", booking.key))

    assertRedirects(response, address("appointment_detail", booking.key), fetch_redirect_response=False)
    assertContains(shown, "This meeting has begun")
    assertNotContains(shown, "Cancel the booking")
    assert Letter.objects.count() == 0


def test_past_meeting_leads_to_a_new_time(browser, booking):
    with time_machine.travel(local(THURSDAY, 12), tick=False):
        response = browser.get(address("appointment_detail", booking.key))

    assertContains(response, "This meeting is over")
    assertContains(response, 'href="/en/guidance/career/book/"')


@pytest.mark.parametrize("page", ["appointment_move", "appointment_cancel"])
def test_form_from_another_site_changes_nothing(browser, booking, page):
    response = browser.post(
        address(page, booking.key),
        {"start": "2026-11-26T11:00"},
        headers={"Origin": "https://elsewhere.example.fi"},
    )

    assert response.status_code == 403
    assert Letter.objects.count() == 0


def test_change_is_written_down(browser, booking):
    move(browser, booking, "2026-11-26T11:00")
    cancel(browser, booking)

    actions = AccessEvent.objects.about(booking).order_by("pk").values_list("action", "page")
    assert list(actions) == [
        ("change", "booking:public:appointment_move"),
        ("change", "booking:public:appointment_cancel"),
    ]


def test_appointment_calendar_is_a_file(browser, booking):
    response = browser.get(address("appointment_calendar", booking.key))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="opinovi.ics"'
    assert response.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_c1_time_of_a_meeting_that_the_service_cancelled_is_free_again(browser, booking):
    actions.cancel(booking, by=Appointment.Canceller.COUNSELLOR, reason="The counsellor is ill")

    times = browser.get("/en/guidance/career/times/?channel=phone").content.decode()
    detail = browser.get(address("appointment_detail", booking.key))
    assert "2026-11-26T10:00" in re.findall(r'name="start"\s+value="([^"]+)', times)
    assertContains(detail, "we had to cancel this meeting")
    assertContains(detail, "The counsellor is ill")


def test_c5_after_the_deadline_nothing_offers_a_change(browser, booking):
    booking.guidance_service.change_hours = 24
    booking.guidance_service.phone = "+358 00 111 2222"
    booking.guidance_service.save()

    with time_machine.travel(local(THURSDAY - timedelta(days=1), 11), tick=False):
        shown = browser.get(address("appointment_detail", booking.key))
        for page in ("appointment_move", "appointment_cancel"):
            for ask in (browser.get, browser.post):
                answer = ask(address(page, booking.key), {"start": "2026-11-26T11:00"})
                assertRedirects(answer, address("appointment_detail", booking.key))

    booking.refresh_from_db()
    assert (booking.is_cancelled, booking.starts_at) == (False, local(THURSDAY, 10))
    assertContains(shown, "Call +358 00 111 2222")
    for words in ("Cancel the booking", "Choose another time", "can move or cancel", "/cancel/", "/move/"):
        assertNotContains(shown, words)


def test_f4_a_changed_key_opens_nothing(browser, booking):
    other = AppointmentFactory(name="Other Person")
    changed = f"{booking.key[:-2]}{'AA' if booking.key[-2:] != 'AA' else 'BB'}"

    for key in (changed, str(other.pk), str(other.nonce), other.nonce.hex):
        assert browser.get(address("appointment_detail", key)).status_code == 404


def test_f5_keys_never_meet():
    keys = {key_for(uuid.uuid4()) for _number in range(100_000)}

    assert len(keys) == 100_000
    assert {len(key) for key in keys} == {43}


def test_appointment_cancel_keeps_the_reason_for_the_counsellors(browser, booking):
    too_long = browser.post(address("appointment_cancel", booking.key), {"reason": "x" * 301})
    done = browser.post(address("appointment_cancel", booking.key), {"reason": "A new job"})

    booking.refresh_from_db()
    assertContains(too_long, "Ensure this value has at most 300 characters")
    assert booking.cancel_reason == "A new job"
    assertNotContains(browser.get(done["Location"]), "A new job")


def test_appointment_coming_answers_the_reminder_once(browser, booking):
    first = browser.post(address("appointment_coming", booking.key))
    said_at = Appointment.objects.get().coming_at
    with time_machine.travel(local(MONDAY, 9), tick=False):
        browser.post(address("appointment_coming", booking.key))

    assertRedirects(first, address("appointment_detail", booking.key))
    assert said_at == Appointment.objects.get().coming_at == local(MONDAY, 8)
    assertContains(browser.get(first["Location"]), "You have said that you are coming.")


def test_appointment_coming_is_no_answer_to_a_cancelled_meeting(browser, booking):
    cancel(browser, booking)

    browser.post(address("appointment_coming", booking.key))

    assert Appointment.objects.get().coming_at is None


def test_f1_looking_at_the_answer_to_a_reminder_does_nothing(browser, booking):
    response = browser.get(address("appointment_coming", booking.key))

    assert response.status_code == 405
    assert Appointment.objects.get().coming_at is None


def test_appointment_feedback_is_given_after_the_meeting_and_changed_for_a_week(browser, booking):
    page = address("appointment_feedback", booking.key)
    before = browser.post(page, {"stars": "5"})
    with time_machine.travel(local(THURSDAY, 12), tick=False):
        shown = browser.get(address("appointment_detail", booking.key))
        empty = browser.post(page, {"stars": "", "text": "Warm"})
        browser.post(page, {"stars": "4", "text": "Warm and clear"})
        browser.post(page, {"stars": "5", "text": "Warm and clear"})
    with time_machine.travel(local(THURSDAY + timedelta(days=8), 12), tick=False):
        late = browser.post(page, {"stars": "1"})

    assertRedirects(before, address("appointment_detail", booking.key))
    assertContains(shown, f'href="{page}"')
    assertContains(empty, "Choose from one to five.")
    assertContains(empty, "Warm")
    assertRedirects(late, address("appointment_detail", booking.key), fetch_redirect_response=False)
    assert list(AppointmentFeedback.objects.values_list("appointment", "stars", "text")) == [
        (booking.pk, 5, "Warm and clear")
    ]


def test_feedback_list_shows_words_without_a_name_to_own_coordinators(browser, booking):
    with time_machine.travel(local(THURSDAY, 12), tick=False):
        actions.give_feedback(booking, stars=4, text="Warm and clear")
    own = AffiliationFactory(organisation=booking.organisation, role="coordinator").user
    other = AffiliationFactory(role="coordinator").user

    browser.force_login(own)
    seen = browser.get("/en/office/feedback/")
    browser.force_login(other)
    unseen = browser.get("/en/office/feedback/")

    assertContains(seen, "Warm and clear")
    assertContains(seen, "4.0")
    assertNotContains(seen, "Aino")
    assertNotContains(unseen, "Warm and clear")


@pytest.mark.parametrize("count", [1, 3])
def test_feedback_list_costs_the_same_for_any_number_of_rows(
    browser, coordinator, count, django_assert_num_queries
):
    organisation = coordinator.affiliations.get().organisation
    service = GuidanceServiceFactory(organisation=organisation)
    for row in AppointmentFactory.create_batch(count, guidance_service=service):
        AppointmentFeedback.objects.create(appointment=row, stars=5, text="Good")
    browser.get("/en/office/feedback/")

    with django_assert_num_queries(9):
        browser.get("/en/office/feedback/")
