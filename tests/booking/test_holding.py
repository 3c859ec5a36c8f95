"""A time is held while its form is filled in: for whom, how long, and what comes of it."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client as Browser
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.models import Appointment, Hold
from guidance.booking.views.public.held import address_word
from tests.booking.test_public import details, slots_on
from tests.factories import AffiliationFactory, AvailabilityFactory, GuidanceServiceFactory, local

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
TIMES = "/en/guidance/career/times/"
LIST = f"{TIMES}?channel=phone"
NINE = f"{TIMES}2026-11-23T09:00/?channel=phone"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(local(MONDAY, 8), tick=False) as clock:
        yield clock


@pytest.fixture
def service():
    """On Monday at 9, 10 and 11, with one counsellor."""
    service = GuidanceServiceFactory(
        slug="career", name_en="Career guidance", duration_minutes=60, lead_hours=0
    )
    counsellor = AffiliationFactory(organisation=service.organisation).user
    AvailabilityFactory(service=service, counsellor=counsellor, on=MONDAY)
    return service


@pytest.fixture
def stranger():
    return Browser(HTTP_ACCEPT_LANGUAGE="en")


def press(browser, start="2026-11-23T09:00", page=LIST):
    """Press a time, and follow the redirects to the form."""
    return browser.post(page, {"start": start}, follow=True)


def nonce_in(response):
    return re.search(r'name="nonce"[^>]* value="([^"]+)"', response.content.decode())[1]


def test_pressing_a_time_holds_it_and_leads_to_the_form(browser, service):
    response = press(browser)

    hold = Hold.objects.get()
    assert response.redirect_chain[-1][0] == NINE
    assertContains(response, "This time is kept for you until 8:10.")
    assert nonce_in(response) == str(hold.nonce)
    assert (hold.starts_at, hold.expires_at) == (local(MONDAY, 9), local(MONDAY, 8, 10))


def test_cookie_is_out_of_reach_for_scripts_and_other_sites(browser, service):
    cookie = browser.post(LIST, {"start": "2026-11-23T09:00"}).cookies["hold"]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 1800)
    assert cookie.value.startswith(f"{Hold.objects.get().nonce.hex}:")  # signed, so that nobody makes one


@pytest.mark.parametrize("value", ["x", "3f2c", "3f2c3f2c3f2c3f2c3f2c3f2c3f2c3f2c:1abc:xyz"])
def test_cookie_that_we_did_not_sign_is_nothing(browser, service, value):
    browser.cookies["hold"] = value

    assert slots_on(browser.get(LIST)) == [f"2026-11-23T{hour}:00" for hour in ("09", "10", "11")]


def test_f1_looking_holds_nothing(browser, service):
    for page in (LIST, NINE, f"{LIST}&start=2026-11-23T09:00"):
        browser.get(page)
        browser.head(page)

    assert Hold.objects.count() == 0


def test_a13_held_time_is_seen_by_its_holder_alone_until_the_clock_ends_it(browser, stranger, service, clock):
    press(browser)

    own, others = browser.get(LIST), stranger.get(LIST)
    refused = stranger.post(NINE, details(wish="I was there too"))
    clock.move_to(local(MONDAY, 8, 11))
    after = stranger.get(LIST)

    assertContains(own, "Mon 23 Nov 2026, 9:00 is kept for you until 8:10.")
    assert re.findall(r'value="([^"]+)"[^>]*aria-current', own.content.decode()) == ["2026-11-23T09:00"]
    assert slots_on(own)[0] == "2026-11-23T09:00"
    assert slots_on(others) == ["2026-11-23T10:00", "2026-11-23T11:00"]
    assertContains(refused, "is no longer free.")
    assertContains(refused, "I was there too")
    assert slots_on(after)[0] == "2026-11-23T09:00"


def test_another_time_moves_the_hold(browser, stranger, service):
    press(browser)
    press(browser, "2026-11-23T10:00")

    assert [hold.starts_at for hold in Hold.objects.all()] == [local(MONDAY, 10)]
    assert slots_on(stranger.get(LIST)) == ["2026-11-23T09:00", "2026-11-23T11:00"]


def test_booking_ends_the_hold_and_the_cookie(browser, service):
    form = press(browser)

    response = browser.post(NINE, details(nonce=nonce_in(form)))

    assert response.status_code == 302
    assert response.cookies["hold"]["max-age"] == 0
    assert Hold.objects.count() == 0
    assert Appointment.objects.get().starts_at == local(MONDAY, 9)


def test_going_back_to_the_form_tells_what_was_booked_for_a_few_minutes(browser, stranger, service, clock):
    done = browser.post(NINE, details(nonce=nonce_in(press(browser)), name="Aino Salainen"))
    cookie = done.cookies["booked"]

    back, others = browser.get(NINE), stranger.get(NINE)
    another = browser.get(NINE.replace("09:00", "10:00"))
    clock.move_to(local(MONDAY, 8, 11))
    later = browser.get(NINE)

    assert (cookie["httponly"], cookie["path"], cookie["max-age"]) == (True, "/", 600)
    assertContains(back, "This time was just booked from this browser")
    assertContains(back, f'href="{done["Location"]}"')
    assertNotContains(back, "Aino")
    assert back["Cache-Control"] == "private, no-store"
    assertContains(another, 'name="nonce"')
    for response in (others, later):
        assertContains(response, "is no longer free.")


def test_time_is_kept_longer_once_with_what_was_typed(browser, service, clock):
    form = press(browser)
    clock.move_to(local(MONDAY, 8, 5))
    typed = details(nonce=nonce_in(form), name="Aino", wish="Half a", letters="none", longer="1")

    answer = browser.post(NINE, typed)
    longer = browser.get(NINE)
    again = browser.post(NINE, typed, follow=True)

    assertRedirects(answer, NINE, fetch_redirect_response=False)
    assert longer["Cache-Control"] == "private, no-store"
    assertContains(longer, "This time is kept for you until 8:20.")
    assertContains(longer, 'value="Aino"')
    assertContains(longer, "Half a")
    assert nonce_in(longer) == nonce_in(form)
    assertNotContains(longer, 'name="longer"')
    assertNotContains(longer, "needs your attention")
    assertContains(longer, '<details class="more" open>', count=2)
    assertContains(again, "This time is kept for you until 8:20.")
    assert Appointment.objects.count() == 0


def test_a13_form_whose_hold_has_ended_says_so_and_books_if_it_can(browser, service, clock):
    form = press(browser)
    clock.move_to(local(MONDAY, 8, 11))

    shown = browser.get(NINE)
    booked = browser.post(NINE, details(nonce=nonce_in(form)))

    assertContains(shown, "The time is not kept for you any longer, but it is still free.")
    assert booked.status_code == 302


def test_a1_form_whose_hold_has_ended_and_was_lost_keeps_what_was_typed(browser, stranger, service, clock):
    form = press(browser)
    clock.move_to(local(MONDAY, 8, 11))
    stranger.post(NINE, details())

    lost = browser.post(NINE, details(nonce=nonce_in(form), name="Liisa", wish="Finish my studies"))

    assertContains(lost, "is no longer free.")
    assertContains(lost, "It was kept for you for a while")
    assertContains(lost, "Finish my studies")
    assert slots_on(lost) == ["2026-11-23T10:00", "2026-11-23T11:00"]


def test_a2_two_tabs_make_one_booking(browser, service):
    first, second = press(browser), press(browser, "2026-11-23T10:00")

    one = browser.post(NINE, details(nonce=nonce_in(first)))
    other = browser.post(NINE.replace("09:00", "10:00"), details(nonce=nonce_in(second)))

    assert nonce_in(first) == nonce_in(second)
    assert other["Location"] == f"{one['Location']}?instead_of=2026-11-23T10:00"
    assertContains(browser.get(other["Location"]), "Mon 23 Nov 2026, 10:00 was not booked")
    assert Appointment.objects.count() == 1


def test_f7_form_sent_again_without_its_cookie_makes_no_second_booking(browser, stranger, service):
    told = details(nonce=nonce_in(press(browser)))

    one = browser.post(NINE, told)
    again = stranger.post(NINE, told)

    assert again["Location"] == one["Location"]
    assert Appointment.objects.count() == 1


def test_after_a_booking_the_next_one_begins_anew(browser, service):
    first = press(browser)
    browser.post(NINE, details(nonce=nonce_in(first)))

    second = press(browser, "2026-11-23T10:00")

    assert nonce_in(second) != nonce_in(first)


def test_without_cookies_the_address_tells_of_the_hold(service):
    def ask(method, *args):  # a browser that keeps nothing
        return getattr(Browser(HTTP_ACCEPT_LANGUAGE="en"), method)(*args)

    pressed = ask("post", LIST, {"start": "2026-11-23T09:00"})
    form = ask("get", pressed["Location"])
    booked = ask("post", pressed["Location"], details(nonce=nonce_in(form)))
    again = ask("get", pressed["Location"])

    assertContains(form, "This time is kept for you until 8:10.")
    assert Appointment.objects.get().nonce.hex not in urlsplit(pressed["Location"]).query
    assert booked.status_code == 302
    assertContains(again, "is no longer free.")
    assert nonce_in(again) != nonce_in(form)


def test_time_that_is_gone_is_explained_by_the_form(browser, stranger, service):
    press(stranger)

    response = press(browser)

    assertContains(response, "Mon 23 Nov 2026, 9:00 is no longer free.")
    assert Hold.objects.count() == 1


@pytest.mark.parametrize("start", ["", "x", "2026-02-30T09:00"])
def test_pressing_no_time_leads_back_to_the_list(browser, service, start):
    assertRedirects(browser.post(LIST, {"start": start}), LIST)


def test_pressing_from_another_site_is_refused(browser, service):
    response = browser.post(
        LIST, {"start": "2026-11-23T09:00"}, headers={"Origin": "https://elsewhere.example.fi"}
    )

    assert response.status_code == 403
    assert Hold.objects.count() == 0


def test_hold_of_another_service_is_not_shown(browser, service):
    other = GuidanceServiceFactory(slug="other", lead_hours=0)
    AvailabilityFactory(service=other, on=MONDAY + timedelta(days=1))
    press(browser)

    response = browser.get(LIST.replace("career", "other"))

    assertNotContains(response, "kept for you")


def test_times_are_never_kept_by_the_cache_of_pages(browser, service, settings):
    settings.PAGE_SECONDS = 60

    for page in (LIST, f"{TIMES}month/?channel=phone", NINE):
        assert browser.get(page)["Cache-Control"] == "private, no-cache"


# A form that came back with faults


def test_a_form_with_faults_waits_at_its_address_for_who_goes_back(browser, stranger, service):
    form = press(browser)
    sent = details(nonce=nonce_in(form), name="", wish="My secret wish")

    answer = browser.post(NINE, sent)
    shown, again = browser.get(answer["Location"]), browser.get(NINE)
    elsewhere = stranger.get(NINE)

    assertRedirects(answer, NINE, fetch_redirect_response=False)
    for page in (shown, again):
        assertContains(page, "Write your name, so that the counsellor knows who comes.")
        assertContains(page, "My secret wish")
        assert nonce_in(page) == nonce_in(form)
        assert page["Cache-Control"] == "private, no-store"
    assertNotContains(elsewhere, "My secret wish")
    assert not Appointment.objects.exists()


def test_what_was_typed_rests_encrypted_and_goes_with_the_booking(browser, service):
    nonce = nonce_in(press(browser))
    browser.post(NINE, details(nonce=nonce, name="", wish="My secret wish"))
    kept = Hold.objects.get().typed

    done = browser.post(NINE, details(nonce=nonce, wish="My secret wish"))

    assert kept
    assert not any(secret in kept for secret in ("secret", "aino", "wish"))
    assert done.status_code == 302
    assert Appointment.objects.get().name == "Aino Esimerkki"
    assert not Hold.objects.exists()


def test_what_was_typed_is_shown_no_longer_than_the_time_is_held(browser, service, clock):
    nonce = nonce_in(press(browser))
    browser.post(NINE, details(nonce=nonce, name="", wish="My secret wish"))

    clock.shift(timedelta(minutes=11))

    assertNotContains(browser.get(NINE), "My secret wish")


def test_what_was_typed_is_not_shown_by_the_address_of_the_form_alone(browser, stranger, service):
    nonce = nonce_in(press(browser))
    browser.post(NINE, details(nonce=nonce, name="", wish="My secret wish"))
    word = address_word(Hold.objects.get())

    assertNotContains(stranger.get(f"{NINE}&{word}"), "My secret wish")


def test_without_a_held_time_a_form_with_faults_is_answered_at_once(browser, service):
    answer = browser.post(NINE, details(name="", wish="My secret wish"))

    assertContains(answer, "My secret wish")
    assert answer["Cache-Control"] == "private, no-store"
