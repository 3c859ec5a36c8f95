"""The counsellor's own times and absences, and one appointment as colleagues see it."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking.models import Absence, Appointment, Availability
from opinovi.models import AccessEvent, Letter
from tests.factories import (
    AbsenceFactory,
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db

LIST = "/en/desk/availability/"
ADD = "/en/desk/availability/add/"
ADD_ABSENCE = "/en/desk/absences/add/"
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def organisation(counsellor):
    return counsellor.affiliations.get().organisation


@pytest.fixture
def service(organisation):
    return GuidanceServiceFactory(
        organisation=organisation, name_en="Career guidance", channels=[ChannelFactory()]
    )


def weekly(service, **changes):
    """A time that the form takes: Tuesdays from 9 to 12 by phone."""
    return {
        "weekday": "2",
        "on": "",
        "starts_at": "09:00",
        "ends_at": "12:00",
        "services": [service.pk],
        "channels": [ChannelFactory().pk],
        "service_point": "",
        "valid_from": "",
        "valid_to": "",
    } | changes


def away(**changes):
    """An absence that the form takes: the whole of Thursday."""
    return {"first_on": "2026-11-26", "last_on": "2026-11-26", "from_clock": "", "to_clock": ""} | changes


def test_availability_list_shows_only_the_counsellors_own(browser, counsellor):
    AvailabilityFactory(counsellor=counsellor, on=None, weekday=2)
    AvailabilityFactory(counsellor=counsellor, on=MONDAY)
    AvailabilityFactory(counsellor=counsellor, on=MONDAY - timedelta(days=1))
    AvailabilityFactory(on=None, weekday=4)
    AbsenceFactory(counsellor=counsellor, note="Course")
    AbsenceFactory(note="Somebody else's")

    response = browser.get(LIST)

    offered = re.findall(r"(\w[\w ]+),\s+(9:00–12:00)", response.content.decode())
    assert offered == [("Tuesday", "9:00–12:00"), ("Mon 23 Nov 2026", "9:00–12:00")]
    assertNotContains(response, "Sun 22 Nov")
    assertNotContains(response, "Thursday")
    assertContains(response, "Course")
    assertNotContains(response, "Somebody else")


@pytest.mark.parametrize("count", [1, 3])
def test_availability_list_costs_the_same_for_any_number_of_rows(
    browser, counsellor, count, django_assert_num_queries
):
    AvailabilityFactory.create_batch(count, counsellor=counsellor)
    AbsenceFactory.create_batch(count, counsellor=counsellor)
    browser.get(LIST)

    with django_assert_num_queries(11):
        browser.get(LIST)


def test_availability_add_offers_the_time_at_once(browser, counsellor, service):
    response = browser.post(ADD, weekly(service))

    assertRedirects(response, LIST)
    availability = Availability.objects.get()
    assert availability.counsellor == counsellor
    assert (availability.weekday, availability.starts_at, availability.ends_at) == (2, time(9), time(12))
    assert list(availability.services.all()) == [service]
    shown = browser.get(f"/en/guidance/{service.slug}/times/?channel=phone")
    assertContains(shown, "Tuesday 24 November")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ends_at": "08:00"}, "The time must end after it starts."),
        ({"ends_at": "09:30"}, "this time is too short"),
        ({"on": "2026-11-24"}, "Choose a day of the week, one day, or a stop of the bus."),
        ({"weekday": ""}, "Choose a day of the week, one day, or a stop of the bus."),
        ({"weekday": "", "on": "0026-11-24"}, "Check the year."),
        ({"weekday": "", "on": "9999-11-24"}, "Check the year."),
        ({"valid_from": "2026-12-01", "valid_to": "2026-11-30"}, "The last day cannot be before the first."),
        ({"services": []}, "This field is required."),
        ({"channels": []}, "This field is required."),
        ({"starts_at": "x"}, "Enter a valid time."),
    ],
)
def test_availability_add_says_what_is_wrong(browser, service, change, error):
    response = browser.post(ADD, weekly(service, **change))

    assertContains(response, error)
    assert Availability.objects.count() == 0


def test_availability_add_needs_a_place_where_people_come(browser, service):
    on_site = ChannelFactory(on_site=True)
    service.channels.add(on_site)
    place = ServicePointFactory(organisation=service.organisation)

    without = browser.post(ADD, weekly(service, channels=[on_site.pk]))
    with_one = browser.post(ADD, weekly(service, channels=[on_site.pk], service_point=place.pk))

    assertContains(without, "Choose the service point where people come to meet you.")
    assertRedirects(with_one, LIST)


def test_availability_add_refuses_a_channel_the_service_does_not_use(browser, organisation, service):
    video = ChannelFactory(video=True)
    GuidanceServiceFactory(organisation=organisation, channels=[video])

    response = browser.post(ADD, weekly(service, channels=[video.pk]))

    assertContains(response, "Career guidance is not given in any of these ways.")


def test_availability_add_knows_only_the_organisations_services(browser, service):
    elsewhere = GuidanceServiceFactory(name_en="Elsewhere")

    shown = browser.get(ADD)
    sent = browser.post(ADD, weekly(service, services=[elsewhere.pk]))

    assertNotContains(shown, "Elsewhere")
    assertContains(sent, "Select a valid choice.")


def test_availability_edit_changes_the_time(browser, counsellor, service):
    availability = AvailabilityFactory(counsellor=counsellor, service=service, on=None, weekday=2)

    shown = browser.get(f"{LIST}{availability.pk}/")
    browser.post(f"{LIST}{availability.pk}/", weekly(service, weekday="3", ends_at="00:00"))

    assertContains(shown, 'value="09:00"')
    availability.refresh_from_db()
    assert (availability.weekday, availability.ends_at) == (3, time(0))


def test_availability_delete_asks_first(browser, counsellor):
    availability = AvailabilityFactory(counsellor=counsellor)

    asked = browser.get(f"{LIST}{availability.pk}/delete/")
    still_there = Availability.objects.exists()
    done = browser.post(f"{LIST}{availability.pk}/delete/")

    assertContains(asked, "Take this time away?")
    assert still_there
    assertRedirects(done, LIST)
    assert not Availability.objects.exists()


@pytest.mark.parametrize("page", ["", "delete/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_anothers_is_not_found(browser, counsellor, page, method):
    colleague = AffiliationFactory(organisation=counsellor.affiliations.get().organisation).user
    availability = AvailabilityFactory(counsellor=colleague)
    absence = AbsenceFactory(counsellor=colleague)

    for address in (f"{LIST}{availability.pk}/{page}", f"/en/desk/absences/{absence.pk}/{page}"):
        assert getattr(browser, method)(address).status_code == 404
    assert (Availability.objects.count(), Absence.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "starts_at", "ends_at"),
    [
        ({}, local(date(2026, 11, 26), 0), local(date(2026, 11, 27), 0)),
        (
            {"from_clock": "10:30", "to_clock": "12:15"},
            local(date(2026, 11, 26), 10, 30),
            local(date(2026, 11, 26), 12, 15),
        ),
        (
            {"last_on": "2026-12-04", "from_clock": "12:00"},
            local(date(2026, 11, 26), 12),
            local(date(2026, 12, 5), 0),
        ),
        (
            {"first_on": "2027-03-28", "last_on": "2027-03-28"},
            local(date(2027, 3, 28), 0),
            local(date(2027, 3, 29), 0),
        ),
    ],
)
def test_absence_add_keeps_days_and_times_by_the_clock_on_the_wall(
    browser, counsellor, changes, starts_at, ends_at
):
    response = browser.post(ADD_ABSENCE, away(**changes))

    assertRedirects(response, LIST)
    absence = Absence.objects.get()
    assert (absence.counsellor, absence.starts_at, absence.ends_at) == (counsellor, starts_at, ends_at)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "26 Nov 2026"),
        ({"last_on": "2026-11-27"}, "26 Nov 2026 – 27 Nov 2026"),
        ({"from_clock": "10:30", "to_clock": "12:15"}, "Thu 26 Nov, 10:30–12:15"),
    ],
)
def test_absence_is_listed_as_it_was_entered(browser, counsellor, changes, shown):
    browser.post(ADD_ABSENCE, away(**changes))

    response = browser.get(LIST)

    listed = re.search(r"absences/\d+/\"\s*>\s*(.+?)\s*</a>", response.content.decode())
    assert listed[1] == shown


def test_absence_edit_shows_what_was_entered(browser, counsellor):
    browser.post(ADD_ABSENCE, away(last_on="2026-11-27", from_clock="12:00", note="Course"))

    response = browser.get(f"/en/desk/absences/{Absence.objects.get().pk}/")

    for value in ("2026-11-26", "2026-11-27", "12:00", "Course"):
        assertContains(response, f'value="{value}"')
    assertNotContains(response, 'value="00:00"')


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"last_on": "2026-11-25"}, "An absence must end after it starts."),
        ({"from_clock": "12:00", "to_clock": "12:00"}, "An absence must end after it starts."),
        ({"first_on": "0019-11-26"}, "Check the year."),
        ({"last_on": "9999-12-31"}, "Check the year."),
        ({"first_on": ""}, "This field is required."),
    ],
)
def test_absence_add_says_what_is_wrong(browser, counsellor, changes, error):
    response = browser.post(ADD_ABSENCE, away(**changes))

    assertContains(response, error)
    assert Absence.objects.count() == 0


def test_absence_shows_the_meetings_in_it_before_it_is_saved(browser, counsellor, service):
    inside = AppointmentFactory(
        counsellor=counsellor,
        guidance_service=service,
        starts_at=local(date(2026, 11, 26), 10),
        name="Aino Inside",
    )
    AppointmentFactory(
        counsellor=counsellor,
        guidance_service=service,
        starts_at=local(date(2026, 11, 27), 10),
        name="Aino Outside",
    )
    AppointmentFactory(starts_at=local(date(2026, 11, 26), 10), name="Aino Elsewhere")

    warned = browser.post(ADD_ABSENCE, away())
    count_before = Absence.objects.count()
    saved = browser.post(ADD_ABSENCE, away(has_seen_clashes="on"))

    assertContains(warned, "1 meeting lies in this absence")
    assertContains(warned, "Aino Inside")
    assertNotContains(warned, "Aino Outside")
    assertNotContains(warned, "Aino Elsewhere")
    assertContains(warned, 'name="has_seen_clashes" value="on"')
    assert count_before == 0
    assertRedirects(saved, LIST)
    inside.refresh_from_db()
    assert not inside.is_cancelled
    assert Letter.objects.count() == 0


def test_absence_takes_its_times_off_the_list(browser, counsellor, service):
    AvailabilityFactory(counsellor=counsellor, service=service, on=date(2026, 11, 26))

    browser.post(ADD_ABSENCE, away())

    response = browser.get(f"/en/guidance/{service.slug}/times/?channel=phone")
    assertContains(response, "There are no free times in this way just now.")


def test_absence_delete_asks_first(browser, counsellor):
    absence = AbsenceFactory(counsellor=counsellor)

    asked = browser.get(f"/en/desk/absences/{absence.pk}/delete/")
    still_there = Absence.objects.exists()
    done = browser.post(f"/en/desk/absences/{absence.pk}/delete/")

    assertContains(asked, "Take this absence away?")
    assert still_there
    assertRedirects(done, LIST)
    assert not Absence.objects.exists()


def test_appointment_detail_shows_what_the_counsellor_needs_and_is_written_down(browser, counsellor, service):
    appointment = AppointmentFactory(
        guidance_service=service,
        name="Aino Esimerkki",
        email="aino@example.fi",
        wish="Finish my qualification",
        special_needs="Step-free access",
        needs_interpreter=True,
    )

    response = browser.get(f"/en/desk/appointments/{appointment.pk}/")

    for text in (
        "Aino Esimerkki",
        "aino@example.fi",
        "Finish my qualification",
        "Step-free access",
        "Needs an interpreter",
    ):
        assertContains(response, text)
    event = AccessEvent.objects.about(appointment).get()
    assert (event.user, event.action) == (counsellor, AccessEvent.Action.READ)


@pytest.mark.parametrize("page", ["", "cancel/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_appointment_of_another_organisation_is_not_found(browser, counsellor, page, method):
    appointment = AppointmentFactory()

    response = getattr(browser, method)(f"/en/desk/appointments/{appointment.pk}/{page}")

    assert response.status_code == (405 if (page, method) == ("", "post") else 404)
    appointment.refresh_from_db()
    assert not appointment.is_cancelled


def test_appointment_cancel_says_who_is_told_and_tells_them(browser, service):
    appointment = AppointmentFactory(guidance_service=service)

    asked = browser.get(f"/en/desk/appointments/{appointment.pk}/cancel/")
    done = browser.post(f"/en/desk/appointments/{appointment.pk}/cancel/")

    assertContains(asked, "The person gets a letter that the meeting is cancelled")
    assertRedirects(done, f"/en/desk/appointments/{appointment.pk}/")
    appointment.refresh_from_db()
    assert appointment.cancelled_by == Appointment.Canceller.COUNSELLOR
    assert [row.kind for row in Letter.objects.all()] == ["appointment_cancelled"]
    assert list(AccessEvent.objects.about(appointment).values_list("action", flat=True)) == [
        "read",
        "change",
        "read",
    ]


def test_appointment_cancel_says_when_nobody_can_be_written_to(browser, service):
    appointment = AppointmentFactory(guidance_service=service, email="", phone="+358 40 222 2222")

    response = browser.get(f"/en/desk/appointments/{appointment.pk}/cancel/")

    assertContains(response, "The person gave no e-mail address.")
    assertContains(response, "Call +358 40 222 2222.")


def test_appointment_cancel_is_refused_after_the_start(browser, service):
    appointment = AppointmentFactory(guidance_service=service, starts_at=local(MONDAY, 7, 30))

    response = browser.post(f"/en/desk/appointments/{appointment.pk}/cancel/", follow=True)

    assertContains(response, "This meeting has begun, or something else became of it meanwhile.")
    appointment.refresh_from_db()
    assert not appointment.is_cancelled


@pytest.mark.parametrize("path", [LIST, ADD, ADD_ABSENCE])
def test_desk_is_closed_to_strangers_and_coordinators(browser, coordinator, path):
    forbidden = browser.get(path)
    browser.logout()
    stranger = browser.get(path)

    assert forbidden.status_code == 403
    assert stranger.status_code == 302
