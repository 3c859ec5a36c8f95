"""Absences that come again, days left out, and those who stand in for somebody who is away."""

import re
from datetime import date, time

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import actions, substitutes
from guidance.booking.models import Absence, Appointment, Availability
from opinovi.models import AccessEvent, Letter
from tests.factories import (
    AbsenceFactory,
    AffiliationFactory,
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    RouteStopFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LIST, ADD = "/en/desk/availability/", "/en/desk/availability/add/"
ADD_ABSENCE = "/en/desk/absences/add/"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service(counsellor):
    return GuidanceServiceFactory(organisation=counsellor.affiliations.get().organisation)


@pytest.fixture
def colleague(service):
    """Somebody who offers the service on Tuesdays from 9 to 12."""
    user = AffiliationFactory(organisation=service.organisation, user__name="Kaija Kollega").user
    AvailabilityFactory(service=service, counsellor=user, on=None, weekday=2)
    return user


def away(**changes):
    """An absence that the form takes: Thursday from 10 to 12."""
    given = {"first_on": "2026-11-26", "last_on": "2026-11-26", "from_clock": "10:00", "to_clock": "12:00"}
    return given | changes


def thursdays(counsellor):
    """A series of four Thursdays: 26 November, and 3, 10 and 17 December."""
    return [
        AbsenceFactory(
            counsellor=counsellor,
            starts_at=local(on, 10),
            ends_at=local(on, 12),
            series="00000000-0000-0000-0000-000000000001",
        )
        for on in (date(2026, 11, 26), date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17))
    ]


def spans():
    return [(row.starts_at, row.ends_at) for row in Absence.objects.order_by("starts_at")]


def test_absence_add_repeats_by_the_clock_on_the_wall(browser, counsellor):
    browser.post(ADD_ABSENCE, away(first_on="2027-03-25", last_on="2027-03-25", repeats_until="2027-04-08"))

    days = (date(2027, 3, 25), date(2027, 4, 1), date(2027, 4, 8))
    assert spans() == [(local(on, 10), local(on, 12)) for on in days]
    assert len(set(Absence.objects.values_list("series", flat=True))) == 1


@pytest.mark.parametrize("until", ["0019-12-31", "9999-12-31", "2026-11-25", "2027-12-31", "x"], ids=str)
def test_b13_a_mistyped_last_day_makes_no_long_series(browser, counsellor, until):
    response = browser.post(ADD_ABSENCE, away(repeats_until=until))

    assert response.status_code == 200
    assertContains(response, "error")
    assert Absence.objects.count() == 0


@pytest.mark.parametrize("year", ["0019", "9999"])
def test_b13_a_mistyped_year_is_said_at_once(browser, counsellor, year):
    response = browser.post(
        ADD_ABSENCE, away(first_on=f"{year}-11-26", last_on=f"{year}-11-26", repeats_until="2027-01-01")
    )

    assertContains(response, "Check the year.")
    assert Absence.objects.count() == 0


def test_c8_a_series_is_added_without_the_days_on_which_meetings_lie(browser, counsellor, service):
    AppointmentFactory(
        guidance_service=service, counsellor=counsellor, starts_at=local(date(2026, 12, 3), 11)
    )
    form = away(repeats_until="2026-12-10")

    warned = browser.post(ADD_ABSENCE, form)
    browser.post(ADD_ABSENCE, form | {"has_seen_clashes": "on", "skips_clashes": "on"})

    assertContains(warned, "1 meeting lies in this absence")
    assertContains(warned, "Leave out the absences in which meetings lie")
    assert [starts_at for starts_at, _ends_at in spans()] == [
        local(date(2026, 11, 26), 10),
        local(date(2026, 12, 10), 10),
    ]


def test_c8_a_series_is_changed_but_never_over_a_meeting(browser, counsellor, service):
    rows = thursdays(counsellor)
    AppointmentFactory(
        guidance_service=service, counsellor=counsellor, starts_at=local(date(2026, 12, 10), 13)
    )
    form = away(first_on="2026-12-03", last_on="2026-12-03", from_clock="13:00", to_clock="15:00")
    both = {"changes_following": "on", "has_seen_clashes": "on", "skips_clashes": "on"}

    browser.post(f"/en/desk/absences/{rows[1].pk}/", form | both)

    assert spans() == [
        (local(date(2026, 11, 26), 10), local(date(2026, 11, 26), 12)),
        (local(date(2026, 12, 3), 13), local(date(2026, 12, 3), 15)),
        (local(date(2026, 12, 10), 10), local(date(2026, 12, 10), 12)),
        (local(date(2026, 12, 17), 13), local(date(2026, 12, 17), 15)),
    ]


def test_absence_edit_changes_one_of_a_series_alone(browser, counsellor):
    rows = thursdays(counsellor)

    browser.post(f"/en/desk/absences/{rows[0].pk}/", away(to_clock="11:00"))

    assert [ends_at.hour - starts_at.hour for starts_at, ends_at in spans()] == [1, 2, 2, 2]


@pytest.mark.parametrize(("data", "left"), [({}, 3), ({"following": "on"}, 1)])
def test_absence_delete_takes_one_or_this_and_the_following(browser, counsellor, data, left):
    rows = thursdays(counsellor)

    asked = browser.get(f"/en/desk/absences/{rows[1].pk}/delete/")
    browser.post(f"/en/desk/absences/{rows[1].pk}/delete/", data)

    assertContains(asked, "Take this and the 2 that follow away")
    assert Absence.objects.count() == left


def test_b8_an_absence_inside_a_meeting_leaves_the_rest_of_the_day_open(browser, counsellor, service):
    AvailabilityFactory(counsellor=counsellor, service=service, on=date(2026, 11, 26))
    AppointmentFactory(
        guidance_service=service, counsellor=counsellor, starts_at=local(date(2026, 11, 26), 9)
    )

    browser.post(ADD_ABSENCE, away(from_clock="09:10", to_clock="09:30", has_seen_clashes="on"))

    response = browser.get(f"/en/guidance/{service.slug}/times/?channel=phone")
    assertContains(response, "9:45")


def test_availability_add_comes_round_every_other_week_and_on_holidays(browser, counsellor, service):
    form = {
        "weekday": "2",
        "every_weeks": "2",
        "is_on_holidays": "on",
        "starts_at": "09:00",
        "ends_at": "12:00",
        "services": [service.pk],
        "channels": [ChannelFactory().pk],
        "video_link": "https://video.example.fi/own",
    }

    refused = browser.post(ADD, form)
    browser.post(ADD, form | {"valid_from": "2026-11-23"})

    assertContains(refused, "Give the first day, from which the weeks are counted.")
    row = Availability.objects.get()
    assert (row.every_weeks, row.is_on_holidays, row.video_link) == (2, True, "https://video.example.fi/own")


def test_availability_add_at_a_stop_takes_the_hours_and_place_of_the_stop(browser, service):
    stop = RouteStopFactory(
        service_point__organisation=service.organisation,
        starts_at=local(TUESDAY, 13),
        ends_at=local(TUESDAY, 16),
    )

    shown = browser.get(ADD)
    browser.post(ADD, {"stop": stop.pk, "services": [service.pk], "channels": [ChannelFactory().pk]})

    assertContains(shown, stop.place)
    row = Availability.objects.get()
    assert (row.stop, row.service_point, row.starts_at, row.ends_at) == (
        stop,
        stop.service_point,
        time(13),
        time(16),
    )


def test_availability_days_leaves_one_day_out_and_takes_it_in_again(browser, counsellor, service):
    row = AvailabilityFactory(counsellor=counsellor, service=service, on=None, weekday=2)
    days = f"{LIST}{row.pk}/days/"

    browser.post(days, {"day": "2026-11-24", "skip": "on"})
    without = browser.get(f"/en/guidance/{service.slug}/times/?channel=phone")
    shown = browser.get(days)
    unknown = browser.post(days, {"day": "2026-11-25", "skip": "on"})
    browser.post(days, {"day": "2026-11-24"})

    assertNotContains(without, "Tuesday 24 November")
    assertContains(shown, "left out")
    assert unknown.status_code == 404
    row.refresh_from_db()
    assert row.skipped == []


# Somebody is away


@pytest.fixture
def absence(counsellor):
    return AbsenceFactory(counsellor=counsellor)


def page(absence, rest=""):
    return f"/en/desk/absences/{absence.pk}/meetings/{rest}"


def test_substitute_add_closes_the_times_and_leads_to_the_meetings(browser, counsellor, colleague):
    form = {"counsellor": colleague.pk, "first_on": "2026-11-24", "last_on": "2026-11-25"}

    response = browser.post("/en/desk/substitute/", form)
    browser.post("/en/desk/substitute/", form)

    absence = Absence.objects.get()
    assertRedirects(response, page(absence))
    assert (absence.counsellor, absence.starts_at) == (colleague, local(TUESDAY, 0))


def test_substitute_add_knows_only_fellow_counsellors(browser, counsellor):
    stranger = AffiliationFactory(user__name="Elsa Elsewhere").user

    shown = browser.get("/en/desk/substitute/")
    sent = browser.post(
        "/en/desk/substitute/",
        {"counsellor": stranger.pk, "first_on": "2026-11-24", "last_on": "2026-11-24"},
    )

    assertNotContains(shown, "Elsa Elsewhere")
    assertContains(sent, "Select a valid choice.")
    assert Absence.objects.count() == 0


def test_absence_meetings_lists_everybody_affected_with_who_is_free(
    browser, counsellor, service, colleague, absence
):
    inside = AppointmentFactory(guidance_service=service, counsellor=counsellor)
    outside = AppointmentFactory(
        guidance_service=service, counsellor=counsellor, starts_at=local(date(2026, 11, 26), 10)
    )
    elsewhere = AppointmentFactory(counsellor=counsellor, starts_at=local(TUESDAY, 14))

    response = browser.get(page(absence))

    assertContains(response, inside.name)
    option = re.search(r"<option[^>]*>(.+?)</option>", response.content.decode(), re.DOTALL)[1]
    assert " ".join(option.split()) == "Kaija Kollega (offers this time)"
    assertNotContains(response, outside.name)
    assertNotContains(response, elsewhere.name)
    assert AccessEvent.objects.about(inside).count() == 1


def test_absence_of_somebody_of_another_organisation_is_not_found(browser, counsellor):
    absence = AbsenceFactory()

    assert [browser.get(page(absence, rest)).status_code for rest in ("", "all/")] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_absence_meetings_costs_the_same_for_any_number_of_rows(
    browser, counsellor, service, colleague, absence, count, django_assert_num_queries
):
    for number in range(count):
        AppointmentFactory(
            guidance_service=service, counsellor=counsellor, starts_at=local(TUESDAY, 9 + number)
        )
    browser.get(page(absence))

    with django_assert_num_queries(13):
        browser.get(page(absence))


def test_absence_meetings_hands_one_over_and_tells_once(browser, counsellor, service, colleague, absence):
    meeting = AppointmentFactory(guidance_service=service, counsellor=counsellor)
    form = {"appointment": meeting.pk, "colleague": colleague.pk}

    first = browser.post(page(absence), form, follow=True)
    second = browser.post(page(absence), form, follow=True)

    assertContains(first, "Kaija Kollega has the meeting now.")
    assertContains(second, "Nothing was changed")
    assert told() == ["appointment_changed"]


def test_absence_meeting_cancel_asks_and_tells_once(browser, counsellor, service, absence):
    meeting = AppointmentFactory(guidance_service=service, counsellor=counsellor, language="fi")
    cancel = page(absence, f"{meeting.pk}/cancel/")

    asked = browser.get(cancel)
    meeting.refresh_from_db()
    was_cancelled = meeting.is_cancelled
    for _time in range(2):
        browser.post(cancel)

    assertContains(asked, "Cancel this meeting?")
    assertContains(asked, "with a link to other times")
    meeting.refresh_from_db()
    assert (was_cancelled, meeting.is_cancelled) == (False, True)
    assert told() == ["appointment_cancelled"]
    assert f"/{service.slug}/" in Letter.objects.get().text


def test_settle_never_cancels_what_somebody_else_took_over_meanwhile(counsellor, service, colleague):
    meeting = AppointmentFactory(guidance_service=service, counsellor=counsellor)
    actions.hand_over(meeting, to=colleague)

    result = substitutes.offer_others(meeting)

    assert result.outcome == substitutes.Outcome.SETTLED
    assert not Appointment.objects.get().is_cancelled


def test_absence_meetings_all_gives_each_to_the_fairest_and_says_what_was_done(
    browser, counsellor, service, colleague, absence
):
    second = AffiliationFactory(organisation=service.organisation, user__name="Sampo Sijainen").user
    AvailabilityFactory(service=service, counsellor=second, on=TUESDAY)
    early, late, evening = (
        AppointmentFactory(guidance_service=service, counsellor=counsellor, starts_at=local(TUESDAY, hour))
        for hour in (9, 10, 18)
    )
    for user in (colleague, second):
        AppointmentFactory(guidance_service=service, counsellor=user, starts_at=local(TUESDAY, 18))

    asked = browser.get(page(absence, "all/"))
    done = browser.post(page(absence, "all/"), {"rest": "offer"})
    again = browser.post(page(absence, "all/"), {"rest": "offer"})

    assertContains(asked, "1 meeting goes to: Kaija Kollega.")
    assertContains(asked, "1 meeting goes to: Sampo Sijainen.")
    assertContains(asked, "For 1 meeting no colleague is free.")
    words = " ".join(done.content.decode().split())
    assert [one for one in ("Kaija Kollega", "Sampo Sijainen") if f"handed to {one}" in words] == [
        "Kaija Kollega",
        "Sampo Sijainen",
    ]
    assertContains(done, "<span>cancelled</span>")
    assertContains(again, "No meeting waits here.")
    for meeting in (early, late, evening):
        meeting.refresh_from_db()
    assert {early.counsellor, late.counsellor} == {colleague, second}
    assert evening.is_cancelled
    assert told() == ["appointment_cancelled", "appointment_changed", "appointment_changed"]


def test_absence_meetings_all_hands_to_whom_the_list_offers_and_says_so_before(
    browser, counsellor, service, colleague, absence
):
    """A colleague who is free but does not offer the time: both pages know them, and nothing is cancelled."""
    evening = AppointmentFactory(
        guidance_service=service, counsellor=counsellor, starts_at=local(TUESDAY, 18)
    )

    listed = browser.get(page(absence))
    asked = browser.get(page(absence, "all/"))
    browser.post(page(absence, "all/"), {"rest": "offer"})

    assertContains(listed, "Kaija Kollega")
    assertContains(asked, "1 of them is at a time that they do not offer, though they are free.")
    assertNotContains(asked, "no colleague is free")
    evening.refresh_from_db()
    assert (evening.counsellor, evening.is_cancelled) == (colleague, False)


def test_absence_meetings_all_lists_whom_to_call(browser, counsellor, service, absence):
    AppointmentFactory(guidance_service=service, counsellor=counsellor, email="", phone="040 555 0101")

    response = browser.post(page(absence, "all/"), {"rest": "offer"})

    assertContains(response, "Call these people")
    assertContains(response, "040 555 0101")
    assert told() == []


def test_absence_meetings_all_leaves_what_nobody_can_take(browser, counsellor, service, absence):
    meeting = AppointmentFactory(guidance_service=service, counsellor=counsellor)

    response = browser.post(page(absence, "all/"), {"rest": "leave"})

    assertContains(response, "left as it is: no colleague is free then")
    meeting.refresh_from_db()
    assert (meeting.counsellor, meeting.is_cancelled) == (counsellor, False)
    assert told() == []


def told():
    """The letters that went out, without reminders."""
    kinds = Letter.objects.exclude(kind__contains="reminder").order_by("kind")
    return list(kinds.values_list("kind", flat=True))
