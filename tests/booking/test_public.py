"""Booking as a stranger does it: choose how, when, and give the details."""

import re
import uuid
from datetime import date, time, timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.models import Appointment
from network.models import RouteStop, ServicePoint
from opinovi.models import Letter
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AreaFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
START = "/en/guidance/career/book/"
TIMES = "/en/guidance/career/times/"
NINE = TIMES + "2026-11-23T09:00/?channel=phone"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8)):
        yield


@pytest.fixture
def service():
    return GuidanceServiceFactory(slug="career", name_en="Career guidance", duration_minutes=60, lead_hours=0)


@pytest.fixture
def counsellor_of(service):
    return AffiliationFactory(organisation=service.organisation, user__name="Outi Ohjaaja").user


@pytest.fixture
def offer(service, counsellor_of):
    """Monday from 9 to 12 by phone."""
    return AvailabilityFactory(service=service, counsellor=counsellor_of, on=MONDAY)


def details(**changes):
    """What a person writes into the last form."""
    return {
        "nonce": str(uuid.uuid4()),
        "name": "Aino Esimerkki",
        "email": "aino@example.fi",
        "phone": "+358 40 000 0000",
        "spoken_language": "fi",
        "special_needs": "",
        "wish": "",
    } | changes


def slots_on(response):
    """The times on the page: what the buttons or the choices say."""
    return re.findall(r'name="start"\s+value="([^"]+)"', response.content.decode())


def test_service_choose_lists_services_by_the_soonest_free_time(browser, offer):
    later = GuidanceServiceFactory(name_en="Study guidance", lead_hours=0)
    AvailabilityFactory(service=later, on=MONDAY + timedelta(days=1))
    GuidanceServiceFactory(name_en="Full guidance")
    GuidanceServiceFactory(name_en="Hidden guidance", published_at=None)
    GuidanceServiceFactory(name_en="Walk in", booking="none")

    response = browser.get("/en/book/")

    names = re.findall(r"row__title[^>]*>([^<]+)<", response.content.decode())
    assert names == ["Career guidance", "Study guidance", "Full guidance"]
    assertContains(response, "Mon 23 Nov 2026, 9:00")


@pytest.mark.parametrize("count", [1, 3])
def test_service_choose_costs_the_same_for_any_number_of_rows(browser, count, django_assert_num_queries):
    for service in GuidanceServiceFactory.create_batch(count):
        AvailabilityFactory(service=service)

    with django_assert_num_queries(4):
        browser.get("/en/book/")


def test_appointment_start_is_passed_over_when_there_is_one_way(browser, offer):
    response = browser.get(START)

    assertRedirects(response, TIMES + "?channel=phone")


def test_appointment_start_shows_each_way_with_its_first_time(browser, service, offer):
    on_site = ChannelFactory(on_site=True)
    service.channels.add(on_site)
    place = ServicePointFactory(name_en="Tampere desk", slug="tampere")
    AvailabilityFactory(
        service=service, on=MONDAY + timedelta(days=2), channels=[on_site], service_point=place
    )

    response = browser.get(START)

    page = response.content.decode()
    assert re.findall(r'href="([^"]+)">\s*(\w[\w ]+), ?(\w[\w ]+)?', page)
    assertContains(response, f'href="{TIMES}?channel=on-site&amp;place=tampere"')
    assertContains(response, f'href="{TIMES}?channel=phone"')
    assertContains(response, "Mon 23 Nov 2026, 9:00")
    assertContains(response, "Wed 25 Nov 2026, 9:00")
    assertContains(response, ">soonest<", count=1)
    assertContains(response, f'href="{TIMES}?channel=any"')


def test_appointment_start_without_times_says_what_to_do(browser, service):
    response = browser.get(START)

    assertContains(response, "There are no free times just now.")
    assertContains(response, "Call +358 00 000 0000")


@pytest.mark.parametrize("path", [START, TIMES, NINE])
@pytest.mark.parametrize("change", [{"published_at": None}, {"booking": "none"}, {"slug": "other"}])
def test_service_that_cannot_be_booked_is_not_found(browser, service, path, change):
    for field, value in change.items():
        setattr(service, field, value)
    service.save()

    assert browser.get(path).status_code == 404


def test_slot_list_shows_times_under_their_days(browser, service, offer):
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=3), starts_at=time(16), ends_at=time(18))

    response = browser.get(TIMES + "?channel=phone")

    assert slots_on(response) == [
        "2026-11-23T09:00",
        "2026-11-23T10:00",
        "2026-11-23T11:00",
        "2026-11-26T16:00",
        "2026-11-26T17:00",
    ]
    assertContains(response, "Monday 23 November")
    assertContains(response, "Morning", count=1)
    assertContains(response, "Afternoon", count=1)
    assertContains(response, "Evening", count=1)


def test_slot_list_begins_at_the_first_free_day(browser, service):
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=30))

    response = browser.get(TIMES + "?channel=phone")

    assert slots_on(response)[0] == "2026-12-23T09:00"


def test_slot_list_of_an_empty_week_offers_the_next_free_day(browser, service):
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=30))

    response = browser.get(TIMES + "?channel=phone&week=2026-11-23")

    assert slots_on(response) == []
    assertContains(response, "The next free time is Wed 23 Dec 2026, 9:00.")
    assertContains(response, f'href="{TIMES}?channel=phone&amp;week=2026-12-23"')


def test_slot_list_without_times_offers_other_ways(browser, service):
    video = ChannelFactory(video=True)
    service.channels.add(video)
    AvailabilityFactory(service=service, on=MONDAY, channels=[video])
    AvailabilityFactory(service=service, on=MONDAY - timedelta(days=7))

    response = browser.get(TIMES + "?channel=phone")

    assertContains(response, "There are no free times in this way just now.")
    assertContains(response, f'href="{TIMES}?channel=video"')
    assertContains(response, "Call +358 00 000 0000")


@pytest.mark.parametrize("query", ["", "?channel=pigeon", "?channel=phone&place=nowhere"])
def test_slot_list_without_a_known_way_leads_to_the_first_page(browser, service, offer, query):
    response = browser.get(TIMES + query)

    assertRedirects(response, START, fetch_redirect_response=False)


@pytest.mark.parametrize("week", ["tomorrow", "0019-01-01", "9999-12-31", "2026-13-45", "2020-01-01"])
def test_slot_list_survives_any_week(browser, offer, week):
    response = browser.get(f"{TIMES}?channel=phone&week={week}")

    assert slots_on(response)[0] == "2026-11-23T09:00"


def test_slot_list_narrows_to_a_language(browser, service, offer):
    offer.languages = ["fi"]
    offer.save()
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=1), languages=["sv"])

    response = browser.get(TIMES + "?channel=phone&language=sv")

    assert slots_on(response) == ["2026-11-24T09:00", "2026-11-24T10:00", "2026-11-24T11:00"]
    assert re.findall(r'aria-current="page"\s*>(\w+)', response.content.decode()) == ["Swedish"]


def test_slot_list_names_the_place_where_several_are_possible(browser, service):
    on_site = ChannelFactory(on_site=True)
    service.channels.add(on_site)
    for name in ("Tampere", "Orivesi"):
        AvailabilityFactory(
            service=service,
            on=MONDAY,
            starts_at=time(9),
            ends_at=time(10),
            channels=[on_site],
            service_point=ServicePointFactory(name_en=name, slug=name.lower()),
        )

    response = browser.get(TIMES + "?channel=on-site")

    page = response.content.decode()
    assert re.findall(r'formaction="([^"]+)"[^<]*<span[^<]*</span>\s*9:00\s+<small>(\w+)', page) == [
        ("?channel=on-site&amp;place=tampere", "Tampere"),
        ("?channel=on-site&amp;place=orivesi", "Orivesi"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_slot_list_costs_the_same_for_any_number_of_rows(browser, service, count, django_assert_num_queries):
    for row in AvailabilityFactory.create_batch(count, service=service, on=MONDAY):
        AppointmentFactory(guidance_service=service, counsellor=row.counsellor, starts_at=local(MONDAY, 10))

    with django_assert_num_queries(4):
        browser.get(TIMES + "?channel=phone")


def test_appointment_book_shows_what_was_chosen(browser, offer):
    response = browser.get(NINE)

    assertContains(response, "Mon 23 Nov, 9:00–10:00")
    assertContains(response, "Career guidance")
    assertContains(response, "By phone")
    assertContains(response, f'href="{TIMES}?channel=phone"')


def test_appointment_book_is_not_kept_by_others_and_sets_no_cookie(browser, offer):
    seen = browser.get(NINE)
    sent = browser.post(NINE, details(name=""))

    assert seen["Cache-Control"] == "private, no-cache"
    assert sent["Cache-Control"] == "private, no-store"
    assert not seen.cookies
    assert not sent.cookies


def test_appointment_book_books(browser, service, counsellor_of, offer):
    response = browser.post(
        NINE,
        details(spoken_language="sv", special_needs="Step-free access", wish="Finish my qualification"),
    )

    appointment = Appointment.objects.get()
    assertRedirects(response, f"/en/bookings/{appointment.key}/")
    assert appointment.counsellor == counsellor_of
    assert appointment.organisation == service.organisation
    assert (appointment.starts_at, appointment.ends_at) == (local(MONDAY, 9), local(MONDAY, 10))
    assert (appointment.name, appointment.email) == ("Aino Esimerkki", "aino@example.fi")
    assert (appointment.language, appointment.spoken_language) == ("en", "sv")
    assert (appointment.special_needs, appointment.wish) == ("Step-free access", "Finish my qualification")
    assert appointment.key not in {appointment.key_hash, str(appointment.nonce)}


def test_a16_booked_time_is_off_the_list_at_once_and_refused_anyway(browser, offer):
    browser.post(NINE, details())

    listed = browser.get(TIMES + "?channel=phone")
    assert slots_on(listed) == ["2026-11-23T10:00", "2026-11-23T11:00"]
    assert listed["Cache-Control"] == "private, no-cache"
    assertContains(browser.post(NINE, details(email="other@example.fi")), "is no longer free.")
    assert Appointment.objects.count() == 1


def test_b19_deleted_offer_leaves_no_phantom_behind(browser, offer):
    before = slots_on(browser.get(TIMES + "?channel=phone"))
    offer.delete()

    after = browser.get(TIMES + "?channel=phone")
    browser.post(NINE, details())

    assert before[0] == "2026-11-23T09:00"
    assert slots_on(after) == []
    assert Appointment.objects.count() == 0


def test_appointment_book_writes_the_letter_and_the_reminder(browser, service, offer):
    tuesday = AvailabilityFactory(service=service, on=MONDAY + timedelta(days=3))

    browser.post(f"{TIMES}{tuesday.on}T09:00/?channel=phone", details())

    letters = Letter.objects.order_by("due_at")
    assert [(row.kind, row.recipient, row.language) for row in letters] == [
        ("appointment_booked", "aino@example.fi", "en"),
        ("appointment_reminder", "aino@example.fi", "en"),
        ("appointment_reminder_soon", "aino@example.fi", "en"),
    ]
    assert letters[1].due_at == local(MONDAY + timedelta(days=1), 9)


def test_appointment_book_without_email_writes_no_letter(browser, offer):
    response = browser.post(NINE, details(email=""), follow=True)

    assert Letter.objects.count() == 0
    assertContains(response, "Save its address or print it.")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": ""}, "Write your name, so that the counsellor knows who comes."),
        ({"phone": ""}, "Write the number that the counsellor calls."),
        ({"email": "aino@"}, "Enter a valid email address."),
        ({"spoken_language": "ru"}, "Select a valid choice."),
        ({"wish": "x" * 2001}, "Ensure this value has at most 2000 characters"),
    ],
)
def test_appointment_book_with_an_error_keeps_what_was_written(browser, offer, change, error):
    response = browser.post(NINE, details(special_needs="Quiet room", **change))

    assertContains(response, error)
    assertContains(response, "Nothing you wrote was lost.")
    assertContains(response, 'value="Quiet room"')
    assert Appointment.objects.count() == 0


def test_appointment_book_asks_for_one_way_to_be_reached(browser, service):
    video = ChannelFactory(video=True)
    service.channels.set([video])
    AvailabilityFactory(service=service, on=MONDAY, channels=[video])
    page = TIMES + "2026-11-23T09:00/?channel=video"

    neither = browser.post(page, details(email="", phone=""))
    phone_only = browser.post(page, details(email=""))

    assertContains(neither, "Give an e-mail address or a phone number.")
    assertRedirects(phone_only, f"/en/bookings/{Appointment.objects.get().key}/")


def test_appointment_book_offers_an_interpreter_where_there_is_one(browser, service, offer):
    without = browser.get(NINE)
    service.has_interpreter = True
    service.save()
    with_one = browser.get(NINE)

    assertNotContains(without, "I need an interpreter")
    assertContains(with_one, "I need an interpreter")


def test_appointment_book_offers_only_languages_spoken_then(browser, offer):
    offer.languages = ["sv", "en"]
    offer.save()

    response = browser.get(NINE)

    choices = re.findall(r'<option value="(\w+)"( selected)?', response.content.decode())
    assert choices == [("sv", ""), ("en", " selected")]


def test_a2_same_form_sent_twice_leads_to_one_booking(browser, offer):
    form = details()

    first, second = browser.post(NINE, form), browser.post(NINE, form)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1
    assert Letter.objects.filter(kind="appointment_booked").count() == 1


def test_form_corrected_after_it_was_sent_says_that_the_booking_stands(browser, offer):
    form = details(phone="040 000 0000")
    browser.post(NINE, form)

    again = browser.post(NINE, form | {"phone": "040 123 4567"}, follow=True)

    assertContains(again, "What you changed in the form after that was not saved.")
    assert Appointment.objects.get().phone == "040 000 0000"


def test_same_form_sent_for_another_time_leads_to_the_first_booking(browser, offer):
    form = details()

    first = browser.post(NINE, form)
    second = browser.post(NINE.replace("09:00", "10:00"), form)

    assert second["Location"] == f"{first['Location']}?instead_of=2026-11-23T10:00"
    assert [row.starts_at for row in Appointment.objects.all()] == [local(MONDAY, 9)]


def test_a1_taken_time_keeps_what_was_written_and_shows_the_nearest(browser, service, counsellor_of, offer):
    AppointmentFactory(guidance_service=service, counsellor=counsellor_of, starts_at=local(MONDAY, 10))

    response = browser.post(NINE.replace("09:00", "10:00"), details(wish="Finish my qualification"))

    assert response.status_code == 200
    assertContains(response, "Mon 23 Nov 2026, 10:00 is no longer free.")
    assertContains(response, "Finish my qualification")
    assertContains(response, 'value="Aino Esimerkki"')
    assert slots_on(response) == ["2026-11-23T09:00", "2026-11-23T11:00"]


def test_nearest_time_is_booked_with_the_same_form(browser, service, counsellor_of, offer):
    AppointmentFactory(guidance_service=service, counsellor=counsellor_of, starts_at=local(MONDAY, 10))

    response = browser.post(NINE.replace("09:00", "10:00"), details(start="2026-11-23T11:00"))

    booked = Appointment.objects.get(name="Aino Esimerkki")
    assertRedirects(response, f"/en/bookings/{booked.key}/")
    assert booked.starts_at == local(MONDAY, 11)


def test_taken_time_shows_the_nearest_on_get_too(browser, service, counsellor_of, offer):
    AppointmentFactory(guidance_service=service, counsellor=counsellor_of, starts_at=local(MONDAY, 9))

    response = browser.get(NINE)

    assertContains(response, "That time is no longer free")
    assert slots_on(response) == ["2026-11-23T10:00", "2026-11-23T11:00"]


def test_time_that_is_gone_with_no_other_left_says_where_to_look(browser, service, counsellor_of, offer):
    offer.ends_at = time(10)
    offer.save()
    AppointmentFactory(guidance_service=service, counsellor=counsellor_of, starts_at=local(MONDAY, 9))

    response = browser.get(NINE)

    assertContains(response, "There are no other free times in this way just now.")
    assertContains(response, f'href="{START}"')


@pytest.mark.parametrize(
    "start", ["2026-11-23T09:30", "2026-11-23T08:00", "2026-11-22T09:00", "2027-11-23T09:00"]
)
def test_time_nobody_offers_cannot_be_booked(browser, offer, start):
    response = browser.post(f"{TIMES}{start}/?channel=phone", details())

    assertContains(response, "is no longer free.")
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize("start", ["2026-11-23", "2026-02-30T09:00", "2026-11-23T25:00", "x"])
def test_address_without_a_time_is_not_found(browser, offer, start):
    assert browser.get(f"{TIMES}{start}/?channel=phone").status_code == 404


def test_b16_lead_time_is_checked_again_when_the_form_is_sent(browser, service, offer):
    service.lead_hours = 1
    service.save()
    seen = browser.get(NINE)

    with time_machine.travel(local(MONDAY, 8, 1), tick=False):
        response = browser.post(NINE, details())

    assertContains(seen, "Your details")
    assertContains(response, "is no longer free.")
    assert Appointment.objects.count() == 0


def test_any_counsellor_means_the_one_with_least_to_do_that_week(browser, service, counsellor_of, offer):
    idle = AffiliationFactory(organisation=service.organisation).user
    AvailabilityFactory(service=service, counsellor=idle, on=MONDAY)
    AppointmentFactory(
        guidance_service=service, counsellor=counsellor_of, starts_at=local(MONDAY + timedelta(days=4), 9)
    )

    browser.post(NINE, details())

    assert Appointment.objects.get(name="Aino Esimerkki").counsellor == idle


def test_counsellor_who_speaks_the_language_is_given(browser, service, offer):
    offer.languages = ["fi"]
    offer.save()
    swede = AffiliationFactory(organisation=service.organisation).user
    AvailabilityFactory(service=service, counsellor=swede, on=MONDAY, languages=["sv"])

    browser.post(NINE, details(spoken_language="sv"))

    assert Appointment.objects.get().counsellor == swede


def test_f8_person_who_is_known_already_is_told_nothing(browser, service, offer):
    AppointmentFactory(email="aino@example.fi", name="Aino Salainen")

    response = browser.post(NINE, details(), follow=True)

    assertNotContains(response, "Salainen")
    assertContains(response, "Your time is booked")


def test_form_from_another_site_is_refused(browser, offer):
    response = browser.post(NINE, details(), headers={"Origin": "https://elsewhere.example.fi"})

    assert response.status_code == 403
    assert Appointment.objects.count() == 0


def test_bus_is_booked_where_it_stops(browser, service):
    on_site = ChannelFactory(on_site=True)
    service.channels.set([on_site])
    bus = ServicePointFactory(
        kind=ServicePoint.Kind.MOBILE, municipality=None, name_en="Guidance bus", slug="bus"
    )
    RouteStop.objects.create(
        service_point=bus,
        municipality=AreaFactory(name_fi="Sastamala"),
        place="Market square",
        starts_at=local(MONDAY, 10),
        ends_at=local(MONDAY, 14),
    )
    AvailabilityFactory(service=service, on=MONDAY, ends_at=time(16), channels=[on_site], service_point=bus)

    shown = browser.get(TIMES + "?channel=on-site&place=bus")
    booked = browser.post(TIMES + "2026-11-23T10:00/?channel=on-site&place=bus", details(), follow=True)

    assert slots_on(shown)[0] == "2026-11-23T10:00"
    assertContains(booked, "Market square")
    assertContains(booked, "Sastamala")


@pytest.mark.parametrize("count", [1, 3])
def test_appointment_book_costs_no_more_than_twenty_queries(
    browser, service, count, django_assert_max_num_queries
):
    AvailabilityFactory.create_batch(count, service=service, on=MONDAY)
    browser.post(NINE.replace("09:00", "11:00"), details())  # content types are remembered from now on

    with django_assert_max_num_queries(20) as queries:
        response = browser.post(NINE, details())

    assert response.status_code == 302, queries.captured_queries
