"""A stranger books a time, moves it and cancels it, waits for one, books for somebody else.

In three languages, on a phone and on a wide screen.
"""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from guidance.booking import waiting
from guidance.booking.models import Appointment, WaitingEntry
from opinovi.models import Letter
from tests.e2e.conftest import link_in, on_a_phone
from tests.factories import (
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    local,
)


@pytest.fixture
def day():
    return timezone.localdate() + timedelta(days=2)


@pytest.fixture
def service(day):
    """By phone in the morning and at a service point in the afternoon."""
    phone, on_site = ChannelFactory(), ChannelFactory(on_site=True)
    service = GuidanceServiceFactory(
        slug="career",
        name_fi="Uraohjaus",
        name_sv="Karriärvägledning",
        name_en="Career guidance",
        duration_minutes=60,
        has_interpreter=True,
        channels=[phone, on_site],
    )
    place = ServicePointFactory(
        organisation=service.organisation, slug="tampere", street_address="Esimerkkikatu 1"
    )
    AvailabilityFactory(service=service, on=day)
    AvailabilityFactory(
        service=service,
        on=day,
        starts_at=time(12),
        ends_at=time(16),
        channels=[on_site],
        service_point=place,
    )
    return service


def address(name, language, *args):
    with override(language):
        return reverse(f"booking:public:{name}", args=args)


def test_book_move_and_cancel(page, press, portal, assert_accessible, service, day, language):
    page.goto(address("service_choose", language))
    assert_accessible(page)

    press(page.locator("main .rows a").first)
    expect(page).to_have_url(portal.url + address("appointment_start", language, "career"))
    assert_accessible(page)

    press("main .rows a[href*='channel=on-site']")
    expect(page.locator(".slot")).to_have_count(4)
    assert_accessible(page)

    press(page.locator(".slot").nth(1))
    form = address("appointment_book", language, "career", local(day, 13))
    expect(page).to_have_url(f"{portal.url}{form}?channel=on-site&place=tampere")
    assert_accessible(page)

    press("main form .button--next")
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)

    page.locator("#id_name").fill("Aino Esimerkki")
    page.locator("#id_email").fill("aino@example.fi")
    page.locator("main details summary").first.click()
    page.locator("#id_wish").fill("Haluan vaihtaa alaa")
    page.locator("#id_needs_interpreter").check()
    press("main form .button--next")
    booked = Appointment.objects.get()
    detail = portal.url + address("appointment_detail", language, booked.key)
    expect(page).to_have_url(detail)
    assert_accessible(page)
    assert (booked.starts_at, booked.language) == (local(day, 13), language)
    assert booked.needs_interpreter
    assert Letter.objects.filter(kind="appointment_booked", language=language).count() == 1

    press(f"main a[href='{address('appointment_move', language, booked.key)}']")
    assert_accessible(page)
    press(page.locator("button.slot").last)
    expect(page).to_have_url(detail)
    assert_accessible(page)
    booked.refresh_from_db()
    assert booked.starts_at == local(day, 15)

    press(f"main a[href='{address('appointment_cancel', language, booked.key)}']")
    assert_accessible(page)
    press("main form .button--danger")
    expect(page).to_have_url(detail)
    assert_accessible(page)
    booked.refresh_from_db()
    assert booked.is_cancelled
    assert portal.errors() == []


@on_a_phone
def test_time_is_held_from_the_month_to_the_booking(page, press, assert_accessible, service, day):
    page.goto(f"{address('slot_month', 'en', 'career')}?channel=phone&month={day.isoformat()}")
    assert_accessible(page)
    page.locator(".month__day").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.locator(".slot").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#held")).to_be_visible()
    page.locator("#id_name").fill("Aino")
    press("main form button[name='longer']")
    expect(page.locator("#id_name")).to_have_value("Aino")
    expect(page.locator("main form button[name='longer']")).to_have_count(0)

    page.goto(f"{address('slot_list', 'en', 'career')}?channel=phone")
    expect(page.locator(".slot[aria-current]")).to_have_count(1)
    assert_accessible(page)
    press(page.locator(".slot[aria-current]"))
    page.locator("#id_name").fill("Aino")
    page.locator("#id_phone").fill("+358 40 000 0000")
    page.locator("#id_phone").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Appointment.objects.get().starts_at == local(day, 9)


def test_time_that_is_taken_meanwhile(page, press, portal, assert_accessible, service, day, language):
    nine = local(day, 9)
    page.goto(f"{address('appointment_book', language, 'career', nine)}?channel=phone")
    page.locator("#id_name").fill("Aino Esimerkki")
    page.locator("#id_phone").fill("+358 40 000 0000")
    page.locator("main details summary").first.click()
    page.locator("#id_wish").fill("Haluan vaihtaa alaa")
    counsellor = service.availabilities.get(starts_at=time(9)).counsellor
    AppointmentFactory(guidance_service=service, counsellor=counsellor, starts_at=nine)

    press("main form .button--next")

    expect(page.locator("#taken")).to_be_visible()
    expect(page.locator("#id_wish")).to_have_value("Haluan vaihtaa alaa")
    assert_accessible(page)
    page.locator("label.slot").first.click()
    press("main form .button--next")
    booked = Appointment.objects.get(name="Aino Esimerkki")
    expect(page).to_have_url(portal.url + address("appointment_detail", language, booked.key))
    assert booked.starts_at == local(day, 10)
    assert_accessible(page)
    assert portal.errors() == []


def test_wait_and_accept_an_offer(page, press, visit, portal, assert_accessible, day, language):
    service = GuidanceServiceFactory(slug="career", duration_minutes=60, channels=[ChannelFactory()])
    full = AvailabilityFactory(service=service, on=day, ends_at=time(10))
    AppointmentFactory(guidance_service=service, counsellor=full.counsellor, starts_at=local(day, 9))

    visit(f"{address('slot_list', language, 'career')}?channel=phone")
    press(f"main a[href='{address('waiting_join', language, 'career')}']")
    page.locator("#id_name").fill("Aino Esimerkki")
    press("main form .button--next")
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    page.locator("#id_email").fill("aino@example.fi")
    press("main form .button--next")
    expect(page).to_have_url(portal.url + address("waiting_joined", language, "career"))
    assert_accessible(page)
    visit(link_in(Letter.objects.get(kind="waiting_joined")))

    AvailabilityFactory(
        service=service, counsellor=full.counsellor, on=day, starts_at=time(10), ends_at=time(11)
    )
    waiting.pass_on()
    visit(link_in(Letter.objects.get(kind="waiting_offer")))
    press(f"form[action='{address('waiting_accept', language, WaitingEntry.objects.get().key)}'] button")

    booked = Appointment.objects.get(name="Aino Esimerkki")
    expect(page).to_have_url(portal.url + address("appointment_detail", language, booked.key))
    assert_accessible(page)
    assert (booked.starts_at, booked.language) == (local(day, 10), language)
    assert Letter.objects.filter(kind="appointment_booked", language=language).count() == 1
    assert portal.errors() == []


def test_book_for_another(page, press, visit, portal, assert_accessible, service, day, language):
    visit(f"{address('appointment_book', language, 'career', local(day, 9))}?channel=phone")
    for_another = page.locator("details", has=page.locator("#id_booker_name"))
    for_another.locator("summary").click()
    page.locator("input[name=booker][value=close]").check()
    page.locator("#id_name").fill("Aino Esimerkki")
    page.locator("#id_phone").fill("+358 40 000 0000")
    press("main form .button--next")
    expect(page.locator("#id_booker_name")).to_be_visible()
    expect(page.locator("input[name=booker][value=close]")).to_be_checked()
    assert_accessible(page)

    page.locator("#id_booker_name").fill("Liisa Läheinen")
    press("main form .button--next")

    booked = Appointment.objects.get()
    expect(page).to_have_url(portal.url + address("appointment_detail", language, booked.key))
    assert_accessible(page)
    assert (booked.name, booked.booker, booked.booker_name) == ("Aino Esimerkki", "close", "Liisa Läheinen")
    assert portal.errors() == []


def test_book_with_javascript_on(lively, portal, service, day):
    """The scripts take nothing away, and a button that is pressed twice sends the form once."""
    lively.goto(address("service_choose", "en"))
    lively.get_by_role("link", name="Career guidance").click()
    lively.locator("main .rows a[href*='channel=on-site']").click()
    lively.locator(".slot").nth(1).click()
    lively.get_by_role("button", name="Book this time").click()
    expect(lively.locator(".error-summary")).to_be_visible()
    lively.get_by_label("Your name").fill("Aino Esimerkki")
    lively.get_by_role("textbox", name="E-mail address").fill("aino@example.fi")
    lively.get_by_text("Tell the counsellor more").click()
    lively.get_by_label("What would you like to talk about?").fill("Haluan vaihtaa alaa")
    lively.get_by_role("button", name="Book this time").dblclick()

    expect(lively.get_by_role("link", name="Choose another time")).to_be_visible()
    booked = Appointment.objects.get()
    expect(lively).to_have_url(portal.url + address("appointment_detail", "en", booked.key))
    expect(lively.get_by_text("You had sent the form already")).to_have_count(0)
    lively.get_by_role("link", name="Choose another time").click()
    lively.locator("button.slot").last.click()
    expect(lively).to_have_url(portal.url + address("appointment_detail", "en", booked.key))
    lively.get_by_role("link", name="Cancel the booking").click()
    lively.get_by_role("button", name="Cancel the booking").click()
    expect(lively.get_by_role("link", name="Book another time")).to_be_visible()
    booked.refresh_from_db()
    assert (booked.starts_at, booked.is_cancelled, booked.wish) == (
        local(day, 15),
        True,
        "Haluan vaihtaa alaa",
    )
    assert portal.errors() == []


def test_pages_without_times_and_links_without_bookings(page, assert_accessible, day, language):
    service = GuidanceServiceFactory(slug="full", email="ohjaus@example.fi")
    AvailabilityFactory(service=service, on=day - timedelta(days=30))

    for name, args, query in (
        ("service_choose", [], ""),
        ("appointment_start", ["full"], ""),
        ("slot_list", ["full"], "?channel=phone"),
        ("appointment_book", ["full", local(day, 9)], "?channel=phone"),
        ("appointment_detail", ["x" * 43], ""),
    ):
        page.goto(address(name, language, *args) + query)
        assert_accessible(page)
