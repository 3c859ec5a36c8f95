"""Guidance about a thing: the subject goes along from its page to the counsellor's."""

import re
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.ics import calendar_file
from guidance.booking.models import Appointment
from guidance.catalogue.models import TrainingOption
from opinovi.models import Letter
from tests.booking.test_public import details
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AreaFactory,
    AvailabilityFactory,
    ChannelFactory,
    FundingFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    ServicePointFactory,
    TrainingOptionFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
BOOK, START, TIMES = "/en/book/", "/en/guidance/career/book/", "/en/guidance/career/times/"
NINE = f"{TIMES}2026-11-23T09:00/?channel=phone&about=cook"


UNSEEN = [
    "nothing-like-it",
    "draft",
    "hidden",
    "%00",
    "x" * 3000,
    "a&about=b",
    "event.draft",
    "funding.draft",
    "training.cook",
    "event.",
    "funding.cook",
    ".cook",
    "event.a.b",
]


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8)):
        yield


@pytest.fixture
def training() -> TrainingOption:
    return TrainingOptionFactory(slug="cook", name_en="Cook of the house")


@pytest.fixture
def service(training):
    """A service of the training's provider, with a time at nine by phone."""
    service = GuidanceServiceFactory(
        slug="career", name_en="Career guidance", organisation=training.provider, lead_hours=0
    )
    counsellor = AffiliationFactory(organisation=training.provider).user
    AvailabilityFactory(service=service, counsellor=counsellor, on=MONDAY)
    return service


def names_under_headings(browser, address: str) -> list[tuple[str, list[str]]]:
    page = browser.get(address).content.decode().split("</h1>")[1]
    parts = page.split("<h2>")[1:]
    return [(part.split("<")[0], re.findall(r"row__title[^>]*>([^<]+)<", part)) for part in parts]


def test_service_choose_offers_the_providers_first_then_those_near(browser, training, service):
    nokia = AreaFactory(parent=AreaFactory(kind="region"))
    training.municipalities.add(nokia, AreaFactory())
    regional, elsewhere, anywhere = (
        GuidanceServiceFactory(name_en=name, lead_hours=0) for name in ("Near", "Far", "Anywhere")
    )
    regional.areas.add(nokia.parent)
    elsewhere.areas.add(AreaFactory())
    for other in (regional, elsewhere, anywhere):
        AvailabilityFactory(service=other, on=MONDAY)
    GuidanceServiceFactory(name_en="By counsellors", booking="counsellor", organisation=training.provider)

    assert names_under_headings(browser, f"{BOOK}?about=cook") == [
        ("From the provider", ["Career guidance"]),
        ("For people where the training is given", ["Near"]),
        ("Other guidance", ["Anywhere", "Far"]),
    ]
    assertContains(browser.get(f"{BOOK}?about=cook"), 'href="/en/guidance/career/book/?about=cook"')


@pytest.mark.parametrize("about", UNSEEN)
@pytest.mark.parametrize("page", [BOOK, START, f"{TIMES}?channel=phone", NINE.replace("&about=cook", "")])
def test_a_subject_nobody_may_see_is_left_out_quietly(browser, service, page, about):
    TrainingOptionFactory(slug="draft", name_en="Secret draft", published_at=None)
    TrainingOptionFactory(slug="hidden", name_en="Secret draft", provider__published_at=None)
    GroupSessionFactory(slug="draft", name_en="Secret draft", published_at=None)
    FundingFactory(slug="draft", name_en="Secret draft", published_at=None)

    response = browser.get(f"{page}{'&' if '?' in page else '?'}about={about}", follow=True)

    assert response.status_code in {200, 400}  # a NUL is refused on every page
    assertNotContains(response, "Secret draft", status_code=response.status_code)
    assertNotContains(response, "To talk about", status_code=response.status_code)


def test_the_subject_goes_along_when_there_is_one_way_to_meet(browser, service):
    response = browser.get(f"{START}?about=cook")

    assertRedirects(response, f"{TIMES}?channel=phone&about=cook")


def test_each_page_shows_the_subject_and_leads_on_with_it_and_without_it(browser, service):
    on_site = ChannelFactory(on_site=True)
    service.channels.add(on_site)
    AvailabilityFactory(
        service=service, on=MONDAY, channels=[on_site], service_point=ServicePointFactory(slug="desk")
    )

    for page, onwards, without in [
        (f"{BOOK}?about=cook", f"{START}?about=cook", BOOK),
        (f"{START}?about=cook", f"{TIMES}?channel=phone&about=cook", START),
        (
            f"{TIMES}?channel=phone&about=cook",
            f"{TIMES}month/?channel=phone&about=cook&month=2026-11-23",
            f"{TIMES}?channel=phone",
        ),
        (NINE, f"{TIMES}?channel=phone&about=cook", NINE.replace("&about=cook", "")),
    ]:
        response = browser.get(page)
        assertContains(response, "Cook of the house")
        for address in (onwards, without):
            assertContains(response, f'href="{address.replace("&", "&amp;")}"')


def test_earlier_and_later_days_keep_the_subject(browser, service):
    response = browser.get(f"{TIMES}?channel=phone&about=cook&week=2026-11-23")

    links = re.findall(r'href="([^"]*week=[^"]*)" rel', response.content.decode())
    assert links
    assert all("about=cook" in link for link in links)


def test_appointment_book_keeps_the_subject_and_shows_it_to_both(browser, training, service):
    response = browser.post(NINE, details(), follow=True)

    appointment = Appointment.objects.get()
    assert appointment.training == training
    assertContains(response, 'href="/en/trainings/cook/">Cook of the house</a>')

    browser.force_login(appointment.counsellor)
    desk = browser.get(f"/en/desk/appointments/{appointment.pk}/")
    assertContains(desk, 'href="/en/trainings/cook/">Cook of the house</a>')


def test_a_form_with_a_mistake_keeps_the_subject(browser, service):
    assertContains(browser.post(NINE, details(name="")), "Cook of the house")

    browser.post(NINE, details())

    assert Appointment.objects.get().training.slug == "cook"


def test_a_form_whose_time_is_gone_keeps_the_subject(browser, training, service):
    counsellor = service.availabilities.get().counsellor
    AppointmentFactory(guidance_service=service, counsellor=counsellor, starts_at=local(MONDAY, 9))

    response = browser.post(NINE, details())
    again = re.search(r'name="start"\s+value="([^"]+)"', response.content.decode())
    assertContains(response, "Cook of the house")
    browser.post(NINE, details(start=again[1]))

    assert Appointment.objects.filter(training=training).count() == 1


def test_a_form_sent_twice_books_once_with_its_subject(browser, training, service):
    told = details()
    browser.post(NINE, told)

    again = browser.post(NINE, told, follow=True)

    assert Appointment.objects.get().training == training
    assertNotContains(again, "You had sent the form already")


def test_a_form_sent_again_about_nothing_after_going_back_changes_nothing(browser, training, service):
    told = details()
    browser.post(NINE, told)

    again = browser.post(NINE.replace("&about=cook", ""), told, follow=True)

    assert Appointment.objects.get().training == training
    assertContains(again, "You had sent the form already")


def test_the_subject_is_in_no_letters_subject_and_no_calendar(browser, service):
    browser.post(NINE, details())

    appointment = Appointment.objects.get()
    assert Letter.objects.exists()
    assert [letter for letter in Letter.objects.all() if "Cook" in letter.subject + letter.calendar] == []
    assert "Cook" not in calendar_file(appointment)


def test_a_training_taken_off_the_portal_is_named_but_not_linked_to(browser, training, service):
    browser.post(NINE, details())
    appointment = Appointment.objects.get()
    TrainingOption.objects.update(published_at=None)

    response = browser.get(f"/en/bookings/{appointment.key}/")

    assertContains(response, "Cook of the house")
    assertNotContains(response, "/en/trainings/cook/")


def test_an_appointment_outlives_the_training_it_is_about(browser, training, service):
    browser.post(NINE, details())
    training.delete()

    assert Appointment.objects.get().training is None


def test_a_cancelled_booking_leads_to_another_about_the_same(browser, training, service):
    appointment = AppointmentFactory(
        guidance_service=service,
        training=training,
        cancelled_at=local(MONDAY, 7),
        cancelled_by=Appointment.Canceller.PERSON,
    )

    response = browser.get(f"/en/bookings/{appointment.key}/")

    assertContains(response, f'href="{START}?about=cook"')


@pytest.fixture(params=["event", "funding"])
def other(request, service):
    """Something else to talk about: a row, the word it has in an address, and its page."""
    if request.param == "event":
        event = GroupSessionFactory(slug="open-doors", name_en="Open doors")
        return event, "event.open-doors", "/en/events/open-doors/"
    funding = FundingFactory(slug="grant", name_en="A grant")
    return funding, "funding.grant", "/en/financing/grant/"


def test_an_event_and_a_way_to_pay_lead_to_guidance_about_them(browser, other):
    _thing, word, page = other

    assertContains(browser.get(page), f'href="{BOOK}?about={word}"')


def test_appointment_book_keeps_another_subject_and_shows_it_to_both(browser, other):
    thing, word, page = other
    nine = NINE.replace("cook", word)
    assertContains(browser.get(nine), thing.name_en)

    response = browser.post(nine, details(), follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.subject, appointment.training) == (thing, None)
    link = f'href="{page}">{thing.name_en}</a>'
    assertContains(response, link)
    browser.force_login(appointment.counsellor)
    assertContains(browser.get(f"/en/desk/appointments/{appointment.pk}/"), link)
    letters = Letter.objects.values_list("subject", "calendar")
    assert [told for told in letters if thing.name_en in "".join(told)] == []


def test_another_subject_taken_off_the_portal_is_named_but_not_linked_to(browser, other):
    thing, word, page = other
    browser.post(NINE.replace("cook", word), details())
    type(thing).objects.update(published_at=None)

    response = browser.get(f"/en/bookings/{Appointment.objects.get().key}/")

    assertContains(response, thing.name_en)
    assertNotContains(response, page)


def test_service_choose_offers_the_organisers_first_then_those_near_the_event(browser, service):
    event = GroupSessionFactory(slug="open-doors", organisation=service.organisation)
    near, anywhere = (GuidanceServiceFactory(name_en=name, lead_hours=0) for name in ("Near", "Anywhere"))
    near.areas.add(event.municipality)
    for row in (near, anywhere):
        AvailabilityFactory(service=row, on=MONDAY)

    assert names_under_headings(browser, f"{BOOK}?about=event.open-doors") == [
        ("From the organiser", ["Career guidance"]),
        ("For people where the event is held", ["Near"]),
        ("Other guidance", ["Anywhere"]),
    ]


def test_service_choose_offers_guidance_about_money_first_for_a_way_to_pay(browser, service):
    FundingFactory(slug="grant")
    money = GuidanceServiceFactory(name_en="Money matters", lead_hours=0)
    money.topics.add(GuidanceTopicFactory(code="financing"))
    AvailabilityFactory(service=money, on=MONDAY)

    assert names_under_headings(browser, f"{BOOK}?about=funding.grant") == [
        ("Guidance about money", ["Money matters"]),
        ("Other guidance", ["Career guidance"]),
    ]


def test_an_event_that_is_over_offers_no_guidance_about_it(browser):
    GroupSessionFactory(slug="open-doors", starts_at=local(date(2026, 11, 2), 9))

    assertNotContains(browser.get("/en/events/open-doors/"), "about=event")


def test_an_appointment_is_about_one_thing_at_most(training, service):
    with pytest.raises(IntegrityError, match="appointment_about_one_thing_at_most"):
        AppointmentFactory(guidance_service=service, training=training, funding=FundingFactory())
