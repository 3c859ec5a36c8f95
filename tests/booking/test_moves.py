"""A booking moves to another way to meet by its private link."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from icalendar import Calendar
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions
from guidance.booking.models import Appointment
from guidance.booking.slots import Timetable, Way
from guidance.booking.ways import OtherWay
from opinovi.models import Letter
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
TEN, ELEVEN = "2026-11-26T10:00", "2026-11-26T11:00"


@pytest.fixture(autouse=True)
def _monday_at_eight(settings):
    settings.VIDEO_ROOMS = "https://video.example.fi/{room}"
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def phone():
    return ChannelFactory()


@pytest.fixture
def video():
    return ChannelFactory(video=True, needs_link=True)


@pytest.fixture
def booking(phone, video):
    """On Thursday at 10 face to face; until 12 the counsellor can also be met by phone and by video."""
    service = GuidanceServiceFactory(slug="career", duration_minutes=60)
    on_site = ChannelFactory(on_site=True)
    service.channels.set([on_site, phone, video])
    place = ServicePointFactory(name_en="Tampere desk", organisation=service.organisation)
    user = AffiliationFactory(organisation=service.organisation, user__name="Outi Ohjaaja").user
    AvailabilityFactory(
        service=service,
        counsellor=user,
        on=THURSDAY,
        channels=[on_site, phone, video],
        service_point=place,
    )
    return AppointmentFactory(
        guidance_service=service,
        counsellor=user,
        channel=on_site,
        service_point=place,
        starts_at=local(THURSDAY, 10),
        email="aino@example.fi",
        phone="",
    )


def page(booking, channel, start=""):
    to = f"{start}/" if start else ""
    return f"/en/bookings/{booking.key}/move/{to}?channel={channel}"


def location(letter):
    return str(Calendar.from_ical(letter.calendar).events[0]["LOCATION"])


def test_times_of_another_way_lead_to_a_question(browser, booking):
    own = browser.get(f"/en/bookings/{booking.key}/move/")
    by_phone = browser.get(page(booking, "phone"))

    assertContains(own, "By phone")
    assert re.findall(r'name="start"\s+value="([^"]+)"', own.content.decode()) == ["2026-11-26T09:00", ELEVEN]
    links = re.findall(r'href="\./([^/]+)/\?channel=phone', by_phone.content.decode())
    assert links == ["2026-11-26T09:00", TEN, ELEVEN]
    assertNotContains(by_phone, 'name="start"')


def test_question_tells_who_is_told_and_changes_nothing(browser, booking):
    asked = browser.get(page(booking, "phone", ELEVEN))

    assertContains(asked, "Who is told?")
    assertContains(asked, "You get a letter at the e-mail address of the booking.")
    assertContains(asked, "Thu 26 Nov, 11:00–12:00")
    assertNotContains(asked, "aino@example.fi")
    booking.refresh_from_db()
    assert (booking.channel.code, booking.sequence, Letter.objects.count()) == ("on-site", 0, 0)


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ({"letters": "none"}, "You get no letter, as you chose."),
        ({"email": "", "phone": "040 123 4567"}, "since we have no e-mail address"),
        (
            {"letters": "quiet", "letters_from": "09:00", "letters_until": "15:00"},
            "between 9:00 and 15:00",
        ),
    ],
)
def test_question_tells_when_no_letter_comes_or_only_at_hours(browser, booking, letters, words):
    Appointment.objects.update(**letters)

    assertContains(browser.get(page(booking, "video", TEN)), words)


def test_a_call_asks_for_the_number_that_is_not_known(browser, booking):
    without = browser.post(page(booking, "phone", ELEVEN), {"phone": ""})
    done = browser.post(page(booking, "phone", ELEVEN), {"phone": "040 765 4321"})

    assertContains(without, "Write the number that the counsellor calls.")
    assertRedirects(done, f"/en/bookings/{booking.key}/")
    booking.refresh_from_db()
    assert (booking.channel.code, booking.service_point, booking.phone) == ("phone", None, "040 765 4321")
    assert (booking.starts_at, booking.sequence) == (local(THURSDAY, 11), 1)


def test_a_call_keeps_the_number_that_is_known(browser, booking):
    Appointment.objects.update(phone="+358 40 111 1111")

    asked = browser.get(page(booking, "phone", ELEVEN))
    browser.post(page(booking, "phone", ELEVEN), {"phone": "040 999 9999"})

    assertNotContains(asked, 'name="phone"')
    assertNotContains(asked, "111 1111")
    booking.refresh_from_db()
    assert (booking.channel.code, booking.phone) == ("phone", "+358 40 111 1111")


def test_letter_and_calendar_follow_the_new_way(browser, booking):
    browser.post(page(booking, "phone", ELEVEN), {"phone": "040 765 4321"})

    letter = Letter.objects.get(kind="appointment_moved")
    event = Calendar.from_ical(letter.calendar).events[0]
    assert "By phone" in letter.text
    assert "Tampere desk" not in letter.text
    assert (str(event["LOCATION"]), event["SEQUENCE"]) == ("By phone", 1)


def test_the_same_time_in_another_way_is_told_as_a_change_and_not_as_a_move(browser, booking):
    browser.post(page(booking, "video", TEN))

    booking.refresh_from_db()
    letter = Letter.objects.get(kind="appointment_changed")
    assert (booking.starts_at, booking.moved_at) == (local(THURSDAY, 10), None)
    assert booking.video_link
    assert booking.video_link in letter.text
    assertContains(browser.get(f"/en/bookings/{booking.key}/"), booking.video_link)


def test_a_meeting_that_is_no_video_call_any_more_has_no_link(browser, booking):
    browser.post(page(booking, "video", TEN))
    room = Appointment.objects.get().video_link

    browser.post(page(booking, "on-site", TEN) + f"&place={booking.service_point.slug}")

    booking.refresh_from_db()
    assert (booking.channel.code, booking.service_point.name, booking.video_link) == (
        "on-site",
        "Tampere desk",
        "",
    )
    assertNotContains(browser.get(f"/en/bookings/{booking.key}/"), room)


def test_another_place_is_another_way(browser, booking):
    there = ServicePointFactory(name_en="Nokia desk", organisation=booking.organisation)
    AvailabilityFactory(
        service=booking.guidance_service, on=THURSDAY, channels=[booking.channel], service_point=there
    )
    url = f"{page(booking, 'on-site', TEN)}&place={there.slug}"

    asked = browser.get(url)
    browser.post(url)

    assertContains(asked, "Nokia desk")
    booking.refresh_from_db()
    assert (booking.service_point, booking.starts_at) == (there, local(THURSDAY, 10))
    assert "Nokia desk" in location(Letter.objects.get(kind="appointment_changed"))


def test_sent_twice_it_changes_once(browser, booking):
    for _time in range(2):
        browser.post(page(booking, "phone", ELEVEN), {"phone": "040 765 4321"})

    booking.refresh_from_db()
    assert booking.sequence == 1
    assert Letter.objects.filter(kind="appointment_moved").count() == 1


def test_going_back_to_the_question_after_the_change_leads_to_the_booking(browser, booking):
    browser.post(page(booking, "phone", ELEVEN), {"phone": "040 765 4321"})

    answer = browser.get(page(booking, "phone", ELEVEN))

    assertRedirects(answer, f"/en/bookings/{booking.key}/")


def test_a17_a_move_onto_another_meeting_of_ones_own_is_told_by_letter(browser, booking):
    """A17's neighbour: the page tells nothing of the other meeting, since a link opens one booking alone."""
    other = AppointmentFactory(
        name=booking.name, email="Aino@example.fi", phone="", starts_at=local(THURSDAY, 11)
    )

    answer = browser.post(f"/en/bookings/{booking.key}/move/", {"start": ELEVEN}, follow=True)

    assertNotContains(answer, other.key)
    told = Letter.objects.get(kind="appointment_overlap")
    assert told.recipient == "aino@example.fi"
    assert re.findall(r"/en/bookings/([^/]+)/", told.text) == [booking.key, other.key]


def test_a_move_to_a_time_of_ones_own_is_told_by_no_other_letter(browser, booking):
    AppointmentFactory(name=booking.name, email=booking.email, phone="", starts_at=local(THURSDAY, 12))

    browser.post(f"/en/bookings/{booking.key}/move/", {"start": ELEVEN})

    assert not Letter.objects.filter(kind="appointment_overlap").exists()


def test_a_taken_time_keeps_the_old_one_and_its_way(browser, booking, phone):
    AppointmentFactory(
        guidance_service=booking.guidance_service,
        counsellor=booking.counsellor,
        channel=phone,
        starts_at=local(THURSDAY, 11),
    )

    response = browser.post(page(booking, "phone", ELEVEN), {"phone": "040 765 4321"}, follow=True)

    assertContains(response, "You still have your old time.")
    booking.refresh_from_db()
    assert (booking.starts_at, booking.channel.code) == (local(THURSDAY, 10), "on-site")
    assert Letter.objects.count() == 0


def test_a10_two_who_saw_the_same_free_time_do_not_both_get_it(booking, phone):
    other = AppointmentFactory(
        guidance_service=booking.guidance_service, counsellor=booking.counsellor, starts_at=local(THURSDAY, 9)
    )
    ways = [
        Timetable([booking.guidance_service], ignoring=one).at(
            booking.guidance_service, Way(phone.pk), local(THURSDAY, 11)
        )
        for one in (booking, other)
    ]

    actions.move(booking, slot=ways[0], other_way=OtherWay(phone, phone="040 765 4321"))
    with pytest.raises(actions.SlotTaken):
        actions.move(other, slot=ways[1])

    other.refresh_from_db()
    assert other.starts_at == local(THURSDAY, 9)


def test_a_time_of_the_old_way_is_refused_once_the_way_has_changed(booking, phone):
    service, old_way = booking.guidance_service, Way(booking.channel_id, booking.service_point_id)
    seen = Timetable([service], ignoring=booking).at(service, old_way, local(THURSDAY, 11))
    by_phone = Timetable([service], ignoring=booking).at(service, Way(phone.pk), local(THURSDAY, 9))
    actions.move(booking, slot=by_phone, other_way=OtherWay(phone, phone="040 765 4321"))

    with pytest.raises(actions.SlotTaken):
        actions.move(booking, slot=seen)

    booking.refresh_from_db()
    assert (booking.channel, booking.service_point) == (phone, None)


@pytest.mark.parametrize("start", ["2026-11-26T10:30", "2026-11-20T10:00"])
def test_a_time_that_is_not_free_leads_back_to_the_times(browser, booking, start):
    response = browser.get(page(booking, "phone", start), follow=True)

    assertContains(response, "That time is no longer free")


def test_c5_after_the_deadline_the_way_stays_as_it_is(browser, booking):
    with time_machine.travel(local(THURSDAY, 10), tick=False):
        response = browser.post(page(booking, "phone", ELEVEN), {"phone": "040 765 4321"})

    assertRedirects(response, f"/en/bookings/{booking.key}/", fetch_redirect_response=False)
    booking.refresh_from_db()
    assert booking.channel.code == "on-site"


def test_a_channel_the_service_does_not_offer_leads_to_ones_own_times(browser, booking):
    response = browser.get(page(booking, "letter"))

    assert re.findall(r'name="start"\s+value="([^"]+)"', response.content.decode()) == [
        "2026-11-26T09:00",
        ELEVEN,
    ]
