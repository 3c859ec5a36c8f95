"""Whoever finds no free time waits in line for one, or is called."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from guidance.booking import actions, call_backs, waiting
from guidance.booking.models import Appointment, CallBackRequest, Hold, WaitingEntry
from guidance.booking.slots import Timetable, Way
from opinovi.models import Letter
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    CallBackRequestFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    WaitingEntryFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def monday():
    with time_machine.travel(local(MONDAY, 8), tick=False) as clock:
        yield clock


@pytest.fixture
def service():
    """By phone, with one counsellor who is there on Thursday from 10 to 11: one time."""
    service = GuidanceServiceFactory(slug="career", name_en="Career guidance", duration_minutes=60)
    user = AffiliationFactory(organisation=service.organisation, user__name="Outi Ohjaaja").user
    AvailabilityFactory(service=service, counsellor=user, on=THURSDAY, starts_at=time(10), ends_at=time(11))
    return service


def booked(service, **words):
    counsellor = service.availabilities.get().counsellor
    return AppointmentFactory(
        guidance_service=service, counsellor=counsellor, starts_at=local(THURSDAY, 10), **words
    )


def line(service, count):
    return [WaitingEntryFactory(guidance_service=service) for _number in range(count)]


def letters(kind):
    return list(Letter.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


def free(service):
    return Timetable([service]).free(service, Way(ChannelFactory().pk), THURSDAY, THURSDAY)


def person(**words):
    return {
        "name": "Aino O'Brien-Äijälä",
        "email": "aino@example.fi",
        "first_on": "2026-11-23",
        "last_on": "2026-12-23",
        "spoken_language": "fi",
        "waits_anyway": "on",
        **words,
    }


# Joining


def test_d14_joining_gives_a_letter_with_a_link_that_leaves_by_one_post(monday, service, browser):
    """D14: the letter leads to a page that leaves the line by one POST."""
    answer = browser.post("/en/guidance/career/waiting-list/", person())

    assert answer["Location"] == "/en/guidance/career/waiting-list/joined/"
    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient) == ("waiting_joined", "aino@example.fi")
    address = re.search(r"/en/waiting/[^/]+/", letter.text)[0]
    page = browser.get(address)
    assert "Nobody waits before you." in page.content.decode()
    assert WaitingEntry.objects.live().count() == 1

    browser.post(f"{address}leave/")

    assert WaitingEntry.objects.live().count() == 0
    assert "You do not wait for this guidance any more." in browser.get(address).content.decode()


def test_d10_same_address_in_capitals_joins_once_and_is_answered_the_same(monday, service, browser):
    """D10: another letter case is the same person; and the page tells nobody that the address waits."""
    first = browser.post("/en/guidance/career/waiting-list/", person())
    second = browser.post("/en/guidance/career/waiting-list/", person(email="AINO@Example.FI"))

    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])
    assert WaitingEntry.objects.count() == 1


def test_d11_form_sent_twice_makes_one_entry(monday, service, browser):
    """D11: a double click joins once."""
    page = browser.get("/en/guidance/career/waiting-list/").content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]

    answers = [browser.post("/en/guidance/career/waiting-list/", person(nonce=nonce)) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert letters("waiting_joined") == ["aino@example.fi"]


def test_whoever_left_can_join_again(monday, service):
    entry = WaitingEntryFactory(guidance_service=service, email="aino@example.fi")
    waiting.leave(entry)

    again = waiting.join(
        WaitingEntryFactory.build(guidance_service=service, email="aino@example.fi", name="Aino")
    )

    assert again.pk != entry.pk
    assert WaitingEntry.objects.live().count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"email": ""}, "Write your e-mail address, so that we can offer you a time."),
        ({"last_on": "2026-11-01"}, "Choose a day that is still to come."),
        ({"last_on": "9999-12-01"}, "Check the year."),
        ({"phone": "call me"}, "Check the number: write it like 040 123 4567 or +358 40 123 4567."),
        ({"way": "channel=phone"}, "Write the number that the counsellor calls."),
    ],
)
def test_joining_with_something_wrong_says_what_to_do_and_keeps_what_was_typed(
    monday, service, browser, words, sentence
):
    ChannelFactory()
    service.channels.update(needs_phone=True)

    page = browser.post("/en/guidance/career/waiting-list/", person(**words)).content.decode()

    assert sentence in page
    assert "Aino O&#x27;Brien-Äijälä" in page
    assert not WaitingEntry.objects.exists()


# Being offered a time


def test_d17_freed_time_is_held_for_the_first_in_line_and_told(monday, service):
    """D17: when a time comes free, whoever waits is told; and nobody else can take it meanwhile."""
    appointment = booked(service)
    first, second = line(service, 2)
    waiting.pass_on()
    assert letters("waiting_offer") == []

    actions.cancel(appointment, by=Appointment.Canceller.PERSON)
    waiting.pass_on()

    first.refresh_from_db()
    assert letters("waiting_offer") == [first.email]
    assert first.is_offered
    assert first.offer_ends_at == local(MONDAY, 8) + timedelta(hours=24)
    assert free(service) == []
    second.refresh_from_db()
    assert not second.is_offered


def test_e1_offer_is_told_once_however_often_the_worker_comes_round(monday, service):
    """E1: two rounds, one letter."""
    (first,) = line(service, 1)

    waiting.pass_on()
    waiting.pass_on()

    assert letters("waiting_offer") == [first.email]


def test_d8_unanswered_offer_goes_on_to_the_next_and_the_first_is_told(monday, service):
    """D8: a day passes, the next is offered the time, and the first is told."""
    first, second = line(service, 2)
    waiting.pass_on()

    monday.shift(timedelta(hours=24))
    waiting.pass_on()

    assert letters("waiting_offer") == [first.email, second.email]
    assert letters("waiting_offer_ended") == [first.email]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_offered, second.is_offered) == (False, True)
    assert (second.ahead, first.ahead) == (0, 1)


def test_time_is_offered_to_nobody_twice(monday, service):
    (only,) = line(service, 1)
    waiting.pass_on()

    monday.shift(timedelta(hours=24))
    waiting.pass_on()
    waiting.pass_on()

    assert letters("waiting_offer") == [only.email]
    assert len(free(service)) == 1


def test_offer_near_the_meeting_leaves_half_of_what_is_left(monday, service):
    (first,) = line(service, 1)

    monday.move_to(local(THURSDAY, 4))
    waiting.pass_on()

    first.refresh_from_db()
    assert first.offer_ends_at == local(THURSDAY, 7)


def test_time_too_near_to_answer_is_offered_to_nobody(monday, service):
    line(service, 1)
    service.lead_hours = 0
    service.save()

    monday.move_to(local(THURSDAY, 9, 15))
    waiting.pass_on()

    assert letters("waiting_offer") == []


def test_offer_suits_the_days_the_way_and_the_language(monday, service):
    WaitingEntryFactory(guidance_service=service, first_on=THURSDAY + timedelta(days=1))
    WaitingEntryFactory(guidance_service=service, channel=ChannelFactory(code="video"))
    suited = WaitingEntryFactory(guidance_service=service, channel=ChannelFactory())

    waiting.pass_on()

    assert letters("waiting_offer") == [suited.email]


def test_d13_letter_leads_to_the_time_and_says_that_it_is_no_booking(monday, service, browser):
    """D13: the letter's link opens the very time that is offered, and both say: not a booking yet."""
    line(service, 1)
    waiting.pass_on()

    letter = Letter.objects.get(kind="waiting_offer")
    assert "This is not a booking yet." in letter.text
    page = browser.get(re.search(r"/en/waiting/[^/]+/", letter.text)[0]).content.decode()
    assert "Thu 26 Nov 2026, 10:00" in page
    assert "This is not a booking yet." in page


def test_f1_looking_at_an_offer_answers_nothing(monday, service, browser):
    """F1: a scanner that opens every link of a letter changes nothing."""
    (entry,) = line(service, 1)
    waiting.pass_on()
    address = f"/en/waiting/{entry.key}/"

    answers = [
        browser.get(address + word).status_code for word in ("", "accept/", "not-this-time/", "leave/")
    ]

    assert answers == [200, 405, 405, 405]
    entry.refresh_from_db()
    assert entry.is_offered


def test_accepting_books_the_time_once(monday, service, browser):
    (entry,) = line(service, 1)
    waiting.pass_on()

    answers = [browser.post(f"/en/waiting/{entry.key}/accept/") for _click in range(2)]

    appointment = Appointment.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/en/bookings/{appointment.key}/"}
    assert (appointment.starts_at, appointment.email) == (local(THURSDAY, 10), entry.email)
    assert letters("appointment_booked") == [entry.email]
    assert not Hold.objects.exists()
    assert browser.get(f"/en/waiting/{entry.key}/")["Location"] == f"/en/bookings/{appointment.key}/"


def test_offer_can_be_accepted_when_strangers_could_not_book_any_more(monday, service):
    service.lead_hours = 48
    service.save()
    (entry,) = line(service, 1)
    waiting.pass_on()

    monday.shift(timedelta(hours=23, minutes=59))

    assert waiting.accept(entry).starts_at == local(THURSDAY, 10)


def test_f2_offer_that_ran_out_cannot_be_accepted(monday, service, browser):
    """F2: the clock ends an offer, whether or not the worker has come round."""
    (entry,) = line(service, 1)
    waiting.pass_on()

    monday.shift(timedelta(hours=24))
    answer = browser.post(f"/en/waiting/{entry.key}/accept/", follow=True)

    assert "That time is no longer kept for you." in answer.content.decode()
    assert not Appointment.objects.exists()


def test_offer_of_a_counsellor_who_is_away_after_all_cannot_be_accepted(monday, service, browser):
    first, _second = line(service, 2)
    waiting.pass_on()
    service.availabilities.get().delete()

    answer = browser.post(f"/en/waiting/{first.key}/accept/", follow=True)

    assertContains(answer, "That time is no longer kept for you.")
    assertContains(answer, "Nobody waits before you.")
    assertNotContains(answer, "Book this time")
    assert not Appointment.objects.exists()
    assert not Hold.objects.exists()


def test_offer_of_a_counsellor_who_is_away_after_all_is_taken_back_and_told_once(monday, service):
    first, second = line(service, 2)
    waiting.pass_on()
    service.availabilities.get().delete()

    waiting.pass_on()
    waiting.pass_on()

    assert letters("waiting_offer_withdrawn") == [first.email]
    assert letters("waiting_offer_ended") == []
    first.refresh_from_db()
    assert (first.is_offered, first.ahead, second.ahead) == (False, 0, 1)


def test_offer_waits_for_who_has_too_many_bookings_and_the_page_says_so(monday, service, browser):
    service.most_open = 1
    service.save()
    (entry,) = line(service, 1)
    waiting.pass_on()
    AppointmentFactory(
        guidance_service=service, starts_at=local(MONDAY, 14), email=entry.email, name=entry.name
    )

    answer = browser.post(f"/en/waiting/{entry.key}/accept/", follow=True)

    assertContains(answer, "You have as many bookings of this guidance as one can have at once.")
    assertContains(answer, "Book this time")


def test_times_that_were_free_are_not_offered_to_who_would_rather_wait(monday, service, browser):
    browser.post("/en/guidance/career/waiting-list/", person())
    waiting.pass_on()
    still_free = len(free(service))
    AvailabilityFactory(
        service=service,
        counsellor=service.availabilities.get().counsellor,
        on=THURSDAY + timedelta(days=1),
        starts_at=time(10),
        ends_at=time(11),
    )
    waiting.pass_on()

    assert still_free == 1
    assert WaitingEntry.objects.get().hold.starts_at == local(THURSDAY + timedelta(days=1), 10)


def test_a_time_that_is_free_is_told_before_somebody_waits(monday, service, browser):
    page = "/en/guidance/career/waiting-list/"
    told = person()
    del told["waits_anyway"]

    answer = browser.post(page, told)
    other_days = browser.post(page, told | {"first_on": "2026-12-01"})

    assertContains(answer, "You need not wait: these times are free")
    assertContains(answer, 'href="/en/guidance/career/times/2026-11-26T10:00/?channel=phone&amp;language=fi"')
    assertContains(answer, "A time is free already. Choose it above, or tick the box.")
    assert other_days.status_code == 302
    assert browser.post(page, person(email="other@example.fi")).status_code == 302
    assert WaitingEntry.objects.count() == 2


def test_only_who_waits_for_the_same_days_stands_before_one(monday, service):
    line(service, 1)
    WaitingEntry.objects.update(first_on="2026-11-26", last_on="2026-11-30")
    (later,) = line(service, 1)

    for first_on, last_on, ahead in [
        ("2026-12-01", "2026-12-03", 0),
        ("2026-11-30", "2026-12-03", 1),
        ("2026-11-24", "2026-11-25", 0),
    ]:
        later.first_on, later.last_on = date.fromisoformat(first_on), date.fromisoformat(last_on)
        later.__dict__.pop("ahead", None)
        assert later.ahead == ahead


def test_declining_lets_the_time_go_on_and_waits_on(monday, service, browser):
    first, second = line(service, 2)
    waiting.pass_on()

    monday.shift(timedelta(hours=1))
    browser.post(f"/en/waiting/{first.key}/not-this-time/")
    waiting.pass_on()

    assert letters("waiting_offer") == [first.email, second.email]
    assert letters("waiting_offer_ended") == []
    first.refresh_from_db()
    assert (first.is_live, first.ahead) == (True, 1)


def test_leaving_voids_the_offer_and_its_letter(monday, service):
    (entry,) = line(service, 1)
    waiting.pass_on()
    Letter.objects.update(state=Letter.State.QUEUED)

    waiting.leave(entry)

    assert set(Letter.objects.values_list("state", flat=True)) == {Letter.State.CANCELLED}
    assert len(free(service)) == 1


def test_i5_wait_that_is_over_is_told_and_erased_a_month_later(monday, service):
    """I5: erasing reaches the waiting list and its letters."""
    (entry,) = line(service, 1)
    service.availabilities.all().delete()

    monday.move_to(datetime.combine(entry.last_on + timedelta(days=1), time(12), local(MONDAY, 8).tzinfo))
    waiting.close_ended()
    waiting.close_ended()
    assert letters("waiting_ended") == [entry.email]

    monday.shift(timedelta(days=31))
    waiting.close_ended()
    assert not WaitingEntry.objects.exists()
    assert not Letter.objects.exists()


# At the desk


def test_counsellor_adds_a_client_and_sees_the_line(monday, service, browser):
    counsellor = service.availabilities.get().counsellor
    browser.force_login(counsellor)

    form = browser.get("/en/desk/waiting/add/career/").content.decode()
    browser.post("/en/desk/waiting/add/career/", person())

    assert [words in form for words in ("Client&#x27;s name", "Your name", "Join the waiting list")] == [
        True,
        False,
        False,
    ]
    entry = WaitingEntry.objects.get()
    assert entry.added_by == counsellor
    page = browser.get("/en/desk/waiting/").content.decode()
    assert "Aino O&#x27;Brien-Äijälä" in page


def test_list_of_the_line_costs_the_same_for_three_as_for_one(service, browser):
    browser.force_login(service.availabilities.get().counsellor)
    line(service, 1)
    browser.get("/en/desk/waiting/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/en/desk/waiting/")
    line(service, 2)
    browser.get("/en/desk/waiting/")  # the first look of a day at a person is written down

    with CaptureQueriesContext(connection) as three:
        browser.get("/en/desk/waiting/")

    assert len(three) == len(one)


# Being called


def test_asking_for_a_call_twice_with_one_form_asks_once(service, browser):
    page = browser.get("/en/guidance/career/call/").content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]
    words = {"nonce": nonce, "name": "Helmi", "phone": "040 123 4567", "times": ["morning"]}

    answers = [
        browser.post("/en/guidance/career/call/", {**words, "spoken_language": "fi"}) for _click in range(2)
    ]

    assert {answer["Location"] for answer in answers} == {"/en/guidance/career/call/asked/"}
    assert CallBackRequest.objects.get().times == ["morning"]


def test_call_is_noted_once_and_can_be_taken_back(service, browser):
    call = CallBackRequestFactory(guidance_service=service)
    counsellor = service.availabilities.get().counsellor
    browser.force_login(counsellor)

    answers = [browser.post(f"/en/desk/calls/{call.pk}/done/", follow=True) for _click in range(2)]

    assert "Noted as called." in answers[0].content.decode()
    assert "A colleague has called already." in answers[1].content.decode()
    call.refresh_from_db()
    assert call.done_by == counsellor
    browser.post(f"/en/desk/calls/{call.pk}/open/")
    assert CallBackRequest.objects.open().get() == call


def test_calls_are_erased_a_month_after_the_answer(service):
    answered, waits = (CallBackRequestFactory(guidance_service=service) for _number in range(2))
    call_backs.note_answer(answered, by=service.availabilities.get().counsellor)
    CallBackRequest.objects.filter(pk=answered.pk).update(done_at=timezone.now() - timedelta(days=31))

    call_backs.erase_old()

    assert list(CallBackRequest.objects.all()) == [waits]


def test_form_offers_two_months_from_today(monday, service, browser):
    page = browser.get("/en/guidance/career/waiting-list/").content.decode()

    assert 'value="2026-11-23"' in page
    assert 'value="2027-01-22"' in page
