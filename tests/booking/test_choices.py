"""What one can choose and tell besides when booking, and what is refused."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from pytest_django.asserts import assertContains, assertNotContains

from guidance.booking.models import Appointment
from opinovi.models import Letter
from tests.booking.test_public import details, slots_on
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
START = "/en/guidance/career/book/"
TIMES = "/en/guidance/career/times/"
NINE = TIMES + "2026-11-23T09:00/?channel=phone"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service():
    return GuidanceServiceFactory(slug="career", name_en="Career guidance", duration_minutes=60, lead_hours=0)


@pytest.fixture
def counsellor_of(service):
    return AffiliationFactory(organisation=service.organisation).user


@pytest.fixture
def offer(service, counsellor_of):
    """Monday from 9 to 12 by phone."""
    return AvailabilityFactory(service=service, counsellor=counsellor_of, on=MONDAY)


def test_a17_own_meeting_at_the_same_time_asks_first(browser, service, offer):
    """A17: the browser that booked the first one is asked; see decision 27 for everybody else."""
    other = GuidanceServiceFactory(slug="other", lead_hours=0, duration_minutes=60)
    AvailabilityFactory(service=other, on=MONDAY)
    browser.post(NINE, details())
    page = NINE.replace("career", "other")

    asked = browser.post(page, details(wish="Both matter"))
    again = browser.post(page, details(accepts_overlap="on"))

    assertContains(asked, "You have booked another meeting at the same time.")
    assertContains(asked, 'name="accepts_overlap"')
    assertContains(asked, "Both matter")
    assertNotContains(asked, "Career guidance")
    assert again.status_code == 302
    assert Appointment.objects.count() == 2


@pytest.fixture
def stranger():
    """Another browser than the one that booked first."""
    return Browser(HTTP_ACCEPT_LANGUAGE="en")


@pytest.mark.parametrize("said", [{}, {"accepts_overlap": "on"}])
def test_a17_f8_another_browser_learns_nothing_of_a_meeting_at_the_same_time(
    browser, stranger, service, offer, said
):
    """A17, F8: the booking is made as any other, and the person's own letter tells of both."""
    other = GuidanceServiceFactory(slug="other", name_en="Other guidance", lead_hours=0, duration_minutes=60)
    AvailabilityFactory(service=other, on=MONDAY)
    browser.post(NINE, details(email="aino@example.fi"))
    first = Appointment.objects.get()

    answer = stranger.post(NINE.replace("career", "other"), details(email="Aino@Example.fi", **said))

    second = Appointment.objects.get(guidance_service=other)
    assert (answer.status_code, answer["Location"]) == (302, f"/en/bookings/{second.key}/")
    assertNotContains(stranger.get(answer["Location"]), "Career guidance")
    told = Letter.objects.get(kind="appointment_overlap")
    assert told.recipient.lower() == "aino@example.fi"
    for link in (first.key, second.key):
        assert f"/en/bookings/{link}/" in told.text
        assert f"/en/bookings/{link}/" in told.html
    assert "Other guidance" not in told.subject


def test_a17_who_knows_only_the_number_gets_no_letter_about_the_other_meeting(
    browser, stranger, service, offer
):
    other = GuidanceServiceFactory(slug="other", lead_hours=0, duration_minutes=60)
    AvailabilityFactory(service=other, on=MONDAY)
    browser.post(NINE, details(email="aino@example.fi"))

    stranger.post(NINE.replace("career", "other"), details(email="stranger@example.fi"))

    assert Appointment.objects.count() == 2
    assert not Letter.objects.filter(kind="appointment_overlap").exists()


def test_a17_who_has_said_that_they_know_gets_no_letter_about_it(browser, service, offer):
    other = GuidanceServiceFactory(slug="other", lead_hours=0, duration_minutes=60)
    AvailabilityFactory(service=other, on=MONDAY)
    browser.post(NINE, details())

    browser.post(NINE.replace("career", "other"), details(accepts_overlap="on"))

    assert Appointment.objects.count() == 2
    assert not Letter.objects.filter(kind="appointment_overlap").exists()


def test_going_on_to_another_service_at_the_same_time_is_not_told_that_it_is_booked(browser, service, offer):
    other = GuidanceServiceFactory(slug="other", lead_hours=0, duration_minutes=60)
    AvailabilityFactory(service=other, on=MONDAY)
    browser.post(NINE, details())

    assertContains(browser.get(NINE.replace("career", "other")), "Book this time")


def test_f8_another_name_with_a_known_number_is_told_of_no_overlap(browser, service, offer):
    other = GuidanceServiceFactory(slug="other", lead_hours=0, duration_minutes=60)
    AvailabilityFactory(service=other, on=MONDAY)
    browser.post(NINE, details())

    booked = browser.post(NINE.replace("career", "other"), details(name="Somebody Else"))

    assert booked.status_code == 302


def test_b22_only_coming_bookings_count(browser, service, counsellor_of, offer):
    service.most_open = 1
    service.save()
    told = {"name": "Aino Esimerkki", "email": "AINO@example.fi", "guidance_service": service}
    AppointmentFactory(**told, starts_at=local(MONDAY - timedelta(days=3), 10))
    AppointmentFactory(
        **told,
        starts_at=local(MONDAY + timedelta(days=3), 10),
        cancelled_at=local(MONDAY, 7),
        cancelled_by="person",
    )

    first = browser.post(NINE, details())
    second = browser.post(NINE.replace("09:00", "10:00"), details(wish="One more"))

    assert first.status_code == 302
    assertContains(second, "You have as many open bookings of this guidance as one person may have")
    assertContains(second, "One more")
    assert Appointment.objects.coming().count() == 1


def test_b17_a_meeting_begins_on_the_last_day_at_the_latest(browser, service):
    service.horizon_days = 7
    service.save()
    for days in (7, 8):
        AvailabilityFactory(
            service=service, on=MONDAY + timedelta(days=days), starts_at=time(9), ends_at=time(10)
        )

    shown = browser.get(TIMES + "?channel=phone")
    on_the_last, after = (
        browser.post(f"{TIMES}{day}T09:00/?channel=phone", details(email=f"{day}@example.fi"))
        for day in ("2026-11-30", "2026-12-01")
    )

    assert slots_on(shown) == ["2026-11-30T09:00"]
    assert (on_the_last.status_code, after.status_code) == (302, 200)
    assert [row.starts_at for row in Appointment.objects.all()] == [local(MONDAY + timedelta(days=7), 9)]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"booking": "counsellor"}, "A counsellor books the time for you."),
        ({"booking": "invited"}, "You book a time with a link that a counsellor has sent you."),
        ({"meeting": "own"}, "You book a time with a link that a counsellor has sent you."),
    ],
)
def test_service_that_not_everybody_may_book_says_how_one_gets_a_time(browser, service, offer, rules, says):
    for field, value in rules.items():
        setattr(service, field, value)
    service.save()

    for page in (START, TIMES + "?channel=phone", NINE):
        response = browser.get(page)
        assertContains(response, says)
        assertContains(response, "Call +358 00 000 0000")
    browser.post(NINE, details())
    assert Appointment.objects.count() == 0
    assertNotContains(browser.get("/en/book/"), "Career guidance")


def test_whatever_is_soonest_lists_each_time_once_with_its_channel(browser, service, offer):
    video = ChannelFactory(video=True)
    service.channels.add(video)
    AvailabilityFactory(service=service, on=MONDAY, starts_at=time(11), ends_at=time(13), channels=[video])

    response = browser.get(TIMES + "?channel=any")

    times = re.findall(
        r'value="2026-11-23T([^"]+)"\s+formaction="\?channel=(\w+)"', response.content.decode()
    )
    assert times == [("09:00", "phone"), ("10:00", "phone"), ("11:00", "phone"), ("12:00", "video")]
    assertContains(response, "Whatever is soonest")


def test_slot_month_counts_the_free_times_of_each_day(browser, service, offer):
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=3), starts_at=time(9), ends_at=time(10))

    response = browser.get(f"{TIMES}month/?channel=phone&month=2026-11-01")

    page = re.sub(r"\s+", " ", response.content.decode())
    days = re.findall(
        r'week=(2026-[\d-]+)"> <span class="visually-hidden">([^<]+)</span>.*?hidden"> ([^<]+) </span>', page
    )
    assert days == [
        ("2026-11-23", "Monday 23 November:", "3 free times"),
        ("2026-11-26", "Thursday 26 November:", "1 free time"),
    ]


def test_slot_month_without_times_offers_the_next_free_day(browser, service):
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=30))

    response = browser.get(f"{TIMES}month/?channel=phone&month=2026-11-01")

    assertContains(response, "There are no free times in this month.")
    assertContains(response, f'href="{TIMES}?channel=phone&amp;week=2026-12-23"')


@pytest.mark.parametrize("month", ["", "x", "0019-01-01", "9999-12-31", "2027-11-30"])
def test_slot_month_survives_any_month(browser, offer, month):
    assert browser.get(f"{TIMES}month/?channel=phone&month={month}").status_code == 200


def test_appointment_book_for_somebody_else_tells_the_counsellor(browser, service, counsellor_of, offer):
    without_name = browser.post(NINE, details(booker="close"))
    browser.post(NINE, details(booker="close", booker_name="Maija Läheinen"))

    appointment = Appointment.objects.get()
    assertContains(without_name, "Write your own name too")
    assert (appointment.booker, appointment.booker_name) == ("close", "Maija Läheinen")
    browser.force_login(counsellor_of)
    assertContains(browser.get(f"/en/desk/appointments/{appointment.pk}/"), "Maija Läheinen")


def test_nobody_says_to_be_a_counsellor_of_the_service(browser, offer):
    response = browser.post(NINE, details(booker="counsellor", booker_name="X"))

    assertContains(response, "Select a valid choice.")


def test_appointment_book_takes_hours_for_letters(browser, service, offer):
    wrong = browser.post(NINE, details(letters="quiet", letters_from="17:00", letters_until="09:00"))
    browser.post(NINE, details(letters="quiet", letters_from="09:00", letters_until="17:00"))

    appointment = Appointment.objects.get()
    assertContains(wrong, "Write two full hours, the later one last")
    assert (appointment.letters, appointment.letters_from, appointment.letters_until) == (
        "quiet",
        time(9),
        time(17),
    )


def test_letters_at_certain_hours_need_an_email_address(browser, service, offer):
    at_hours = {"letters": "quiet", "letters_from": "09:00", "letters_until": "17:00"}

    without = browser.post(NINE, details(email="", phone="040 123 4567", **at_hours))

    assertContains(without, "Write the address to which letters may come, or choose no letters.")
    assert not Appointment.objects.exists()


def test_form_and_page_say_where_letters_go_and_when(browser, service, offer):
    form = browser.get(NINE)
    booked = browser.post(
        NINE, details(letters="quiet", letters_from="09:00", letters_until="17:00"), follow=True
    )

    assertContains(form, "only to the e-mail address above and only at certain hours, no text messages")
    assertContains(form, "write theirs, or your own if you are to get the letters")
    assertContains(booked, "only between 9:00 and 17:00")


def test_letters_of_who_books_for_somebody_else_go_to_the_address_of_the_form(browser, service, offer):
    browser.post(NINE, details(booker="close", booker_name="Maija Läheinen", email="maija@example.fi"))

    assert set(Letter.objects.values_list("recipient", flat=True)) == {"maija@example.fi"}


def test_appointment_without_letters_tells_the_link(browser, service, offer):
    response = browser.post(NINE, details(letters="none"), follow=True)

    appointment = Appointment.objects.get()
    assert Letter.objects.count() == 0
    assertContains(response, "Write down this address")
    assertContains(response, f"http://testserver/en/bookings/{appointment.key}/")


def test_home_visit_needs_an_address(browser, service):
    visit = ChannelFactory(
        code="visit", name_en="At your home", needs_phone=False, needs_place=False, needs_address=True
    )
    service.channels.set([visit])
    AvailabilityFactory(service=service, on=MONDAY, channels=[visit])
    page = NINE.replace("phone", "visit")

    without = browser.post(page, details())
    booked = browser.post(page, details(visit_address="Kotikatu 1 A 2, Nokia"), follow=True)

    assertContains(without, "Write the address where the counsellor comes.")
    assertContains(booked, "Kotikatu 1 A 2, Nokia")


def test_request_says_that_it_waits(browser, service, offer):
    service.needs_confirmation = True
    service.save()

    form = browser.get(NINE)
    sent = browser.post(NINE, details(), follow=True)

    assertContains(form, "Send the request")
    assertContains(sent, "Your request waits for an answer")
    assertNotContains(sent, "I am coming")
    assert Letter.objects.get().kind == "appointment_requested"
