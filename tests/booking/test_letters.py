"""What a person is written about their booking, and what their calendar is told."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from icalendar import Calendar

from guidance.booking import actions, letters
from guidance.booking.ics import calendar_file
from guidance.booking.models import Appointment
from guidance.booking.slots import Timetable, Way
from guidance.catalogue.models import GuidanceService
from opinovi.actions import post_letters, send_due_letters
from opinovi.mail import email_of
from opinovi.models import Letter, User
from opinovi.models.letter import TOO_LATE
from opinovi.sms import septets
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


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service():
    service = GuidanceServiceFactory(
        name_en="Career guidance", name_fi="Uraohjaus", name_sv="Karriärvägledning", duration_minutes=60
    )
    user = AffiliationFactory(organisation=service.organisation, user__name="Outi Ohjaaja").user
    for day in (MONDAY, THURSDAY):
        AvailabilityFactory(service=service, counsellor=user, on=day)
    return service


def slot(service, starts_at, ignoring=None):
    return Timetable([service], ignoring=ignoring).at(service, Way(ChannelFactory().pk), starts_at)


def book(service, starts_at, free=None, **fields):
    person = {"name": "Aino Salainen", "email": "aino@example.fi", "phone": "+358 40 111 1111"}
    appointment = Appointment(
        guidance_service=service, channel=ChannelFactory(), **person | {"language": "en"} | fields
    )
    return actions.book(appointment, slot=free or slot(service, starts_at))


def letter(kind):
    return Letter.objects.get(kind=kind)


def event(text):
    calendar = Calendar.from_ical(text)
    return calendar["METHOD"], calendar.events[0]


def test_confirmation_tells_everything_but_in_the_subject(service):
    booked = book(service, local(THURSDAY, 10))

    confirmation = letter("appointment_booked")
    assert confirmation.subject == "Your guidance appointment is booked"
    for part in (confirmation.text, confirmation.html):
        assert "Thu 26 Nov, 10:00–11:00" in part
        assert "Career guidance" in part
        assert "Outi Ohjaaja" in part
        assert f"/en/bookings/{booked.key}/" in part
    assert confirmation.about == booked


def test_confirmation_keeps_the_wish_and_the_phone_to_itself(service):
    book(service, local(THURSDAY, 10), wish="My secret wish", special_needs="Secret need")

    for row in Letter.objects.all():
        for part in (row.subject, row.text, row.html, row.calendar):
            assert "ecret" not in part
            assert "111 1111" not in part
            assert "Salainen" not in part


@pytest.mark.parametrize(
    ("language", "name"), [("fi", "Uraohjaus"), ("sv", "Karriärvägledning"), ("en", "Career guidance")]
)
def test_letters_are_in_the_persons_language(service, language, name):
    book(service, local(THURSDAY, 10), language=language)

    for row in Letter.objects.all():
        assert row.language == language
        assert name in row.text
        assert f"/{language}/" in row.text
        assert f'lang="{language}"' in row.html


def test_subjects_are_the_same_for_everybody(service):
    book(service, local(THURSDAY, 10))
    book(service, local(THURSDAY, 11), name="Väinö", wish="Something else")

    assert Letter.objects.values("subject").distinct().count() == 2  # a confirmation and a reminder


def test_reminders_leave_two_days_before_at_nine_and_two_hours_before(service):
    book(service, local(THURSDAY, 10))

    assert letter("appointment_reminder").due_at == local(THURSDAY - timedelta(days=2), 9)
    assert letter("appointment_reminder_soon").due_at == local(THURSDAY, 8)


def test_service_says_when_to_remind(service):
    GuidanceService.objects.update(reminder_days=1, reminder_hours=None)
    service.refresh_from_db()

    book(service, local(THURSDAY, 10))

    assert letter("appointment_reminder").due_at == local(THURSDAY - timedelta(days=1), 9)
    assert not Letter.objects.filter(kind="appointment_reminder_soon").exists()


def test_e4_booking_after_the_time_of_a_reminder_has_none(service):
    """E4: whoever books after the reminder's time gets no reminder."""
    with time_machine.travel(local(THURSDAY, 7, 59), tick=False):
        book(service, local(THURSDAY, 10))

    assert [row.kind for row in Letter.objects.all()] == ["appointment_booked"]


def test_moving_replaces_the_reminder(service):
    booked = book(service, local(MONDAY, 11))
    assert not Letter.objects.filter(kind="appointment_reminder").exists()

    actions.move(booked, slot=slot(service, local(THURSDAY, 10), ignoring=booked))
    moved = Appointment.objects.get()
    with time_machine.travel(local(MONDAY, 9), tick=False):
        actions.move(moved, slot=slot(service, local(THURSDAY, 9), ignoring=moved))

    reminders = Letter.objects.filter(kind="appointment_reminder").order_by("pk")
    assert [row.state for row in reminders] == [Letter.State.CANCELLED, Letter.State.QUEUED]
    assert "9:00–10:00" in reminders[1].text


def test_moving_tells_the_new_time(service):
    booked = book(service, local(THURSDAY, 10))

    actions.move(booked, slot=slot(service, local(THURSDAY, 11), ignoring=booked))

    assert "Thu 26 Nov, 11:00–12:00" in letter("appointment_moved").text
    assert f"/en/bookings/{booked.key}/" in letter("appointment_moved").text


@pytest.mark.parametrize(
    ("canceller", "words"),
    [
        (Appointment.Canceller.PERSON, "You cancelled this meeting."),
        (Appointment.Canceller.COUNSELLOR, "we had to cancel this meeting"),
    ],
)
def test_cancelling_tells_who_did_and_stops_the_reminder(service, canceller, words):
    booked = book(service, local(THURSDAY, 10))

    actions.cancel(booked, by=canceller)

    assert words in letter("appointment_cancelled").text
    assert letter("appointment_reminder").state == Letter.State.CANCELLED


def test_letter_that_is_overtaken_by_a_change_does_not_leave(service):
    booked = book(service, local(THURSDAY, 10))

    actions.cancel(booked, by=Appointment.Canceller.PERSON)

    assert letter("appointment_booked").state == Letter.State.CANCELLED
    assert letter("appointment_cancelled").state == Letter.State.QUEUED


def test_person_without_email_gets_no_letter(service):
    booked = book(service, local(THURSDAY, 10), email="")

    actions.cancel(booked, by=Appointment.Canceller.COUNSELLOR)

    assert Letter.objects.count() == 0


def test_e13_calendar_parts_are_one_event_whose_newest_word_counts(service, settings):
    settings.KEEP_SENT_LETTERS = True  # and cancelled ones
    booked = book(service, local(THURSDAY, 10))
    moved = actions.move(booked, slot=slot(service, local(THURSDAY, 11), ignoring=booked))

    actions.cancel(moved, by=Appointment.Canceller.PERSON)

    kinds = ("appointment_booked", "appointment_moved", "appointment_cancelled")
    parts = [event(letter(kind).calendar) for kind in kinds]
    assert [(method, row["SEQUENCE"], row["STATUS"], row["DTSTART"].dt.hour) for method, row in parts] == [
        ("REQUEST", 0, "CONFIRMED", 10),
        ("REQUEST", 1, "CONFIRMED", 11),
        ("CANCEL", 2, "CANCELLED", 11),
    ]
    assert {row["UID"] for _method, row in parts} == {f"appointment-{booked.pk}@127.0.0.1"}


def test_e14_calendar_holds_no_name_and_no_topic(service):
    booked = book(service, local(THURSDAY, 10), wish="My secret wish")

    text = letter("appointment_booked").calendar + calendar_file(booked)

    for secret in ("Salainen", "Aino", "secret", "Career guidance", "111 1111", booked.key):
        assert secret not in text
    _method, row = event(calendar_file(booked))
    assert row["SUMMARY"] == "Guidance appointment"
    assert "ATTENDEE" not in row
    assert "X-WR-CALNAME" not in text


def test_e13_letter_has_one_event_and_one_file(service):
    booked = book(service, local(THURSDAY, 10))
    actions.move(booked, slot=slot(service, local(THURSDAY, 11), ignoring=booked))

    email = email_of(letter("appointment_moved")).message()

    types = [part.get_content_type() for part in email.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]


# When letters leave


def leaves(at):
    """What the worker sends when it runs at a moment: kinds and recipients."""
    before = set(Letter.objects.filter(state="sent").values_list("pk", flat=True))
    with time_machine.travel(at, tick=False):
        send_due_letters()
    sent = Letter.objects.filter(state="sent").exclude(pk__in=before).order_by("pk")
    return list(sent.values_list("kind", "recipient"))


def test_e1_reminder_leaves_once_however_often_the_job_runs(service):
    book(service, local(THURSDAY, 10))

    runs = [leaves(local(THURSDAY - timedelta(days=1), 9, minute)) for minute in (0, 0, 1, 2)]

    both = [("appointment_booked", "aino@example.fi"), ("appointment_reminder", "aino@example.fi")]
    assert runs == [both, [], [], []]


def test_e2_reminder_is_late_when_the_worker_was_down(service):
    book(service, local(THURSDAY, 10))
    leaves(local(MONDAY, 8))

    assert leaves(local(THURSDAY - timedelta(days=1), 12)) == [("appointment_reminder", "aino@example.fi")]


def test_e2_nothing_leaves_once_the_meeting_has_begun(service):
    book(service, local(THURSDAY, 10))

    assert leaves(local(THURSDAY, 10)) == []
    states = Letter.objects.values_list("kind", "state", "error").order_by("kind")
    assert list(states) == [
        ("appointment_booked", "cancelled", TOO_LATE),
        ("appointment_reminder", "cancelled", TOO_LATE),
        ("appointment_reminder_soon", "cancelled", TOO_LATE),
    ]


def test_e5_cancelled_meeting_is_not_reminded_of(service):
    booked = book(service, local(THURSDAY, 10))
    leaves(local(MONDAY, 8))
    actions.cancel(booked, by=Appointment.Canceller.COUNSELLOR)

    assert leaves(local(THURSDAY - timedelta(days=1), 9)) == [("appointment_cancelled", "aino@example.fi")]


def test_e7_cancelling_twice_tells_once(service):
    booked = book(service, local(THURSDAY, 10))

    actions.cancel(booked, by=Appointment.Canceller.PERSON)
    actions.cancel(booked, by=Appointment.Canceller.COUNSELLOR)

    assert leaves(local(MONDAY, 8)) == [("appointment_cancelled", "aino@example.fi")]
    assert Letter.objects.filter(kind="appointment_cancelled").count() == 1


def test_e8_form_that_is_sent_twice_is_confirmed_once(service):
    nonce = uuid.uuid4()

    free = slot(service, local(THURSDAY, 10))
    for _ in range(2):
        book(service, local(THURSDAY, 10), free, nonce=nonce)

    assert leaves(local(MONDAY, 8)) == [("appointment_booked", "aino@example.fi")]


def test_e10_letters_leave_without_a_phone_and_without_a_place(service):
    booked = book(service, local(THURSDAY, 10), phone="")

    assert (booked.service_point, booked.phone) == (None, "")
    assert [kind for kind, _to in leaves(local(THURSDAY, 9))] == [
        "appointment_booked",
        "appointment_reminder_soon",  # the first one is late, and makes way
    ]


def test_e11_letters_reach_the_person_alone_also_when_the_counsellor_has_left(service):
    booked = book(service, local(THURSDAY, 10))
    User.objects.filter(pk=booked.counsellor_id).update(is_active=False)

    actions.cancel(booked, by=Appointment.Canceller.COUNSELLOR)

    assert leaves(local(MONDAY, 8)) == [("appointment_cancelled", "aino@example.fi")]


# Text messages


@pytest.fixture
def gateway(settings, tmp_path):
    """A portal that keeps its text messages in a folder."""
    settings.SMS_FOLDER = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Ohjausaikasi: to 26.11. klo 10.00, Puhelin. Opinovi"),
        ("sv", "Din vägledningstid: to 26.11 kl. 10.00, Telefon. Opinovi"),
        ("en", "Your guidance appointment: Thu 26 Nov, 10:00, Phone. Opinovi"),
    ],
)
def test_person_with_a_phone_alone_is_reminded_by_text_message(service, gateway, language, text):
    channel = ChannelFactory()
    type(channel).objects.filter(pk=channel.pk).update(name_fi="Puhelin", name_sv="Telefon", name_en="Phone")
    book(service, local(THURSDAY, 10), email="", phone="040 123 4567", language=language)

    reminder = letter("appointment_reminder")
    assert (reminder.kind, reminder.medium, reminder.recipient) == (
        "appointment_reminder",
        "sms",
        "+358401234567",
    )
    assert reminder.text == text
    assert septets(reminder.text) <= 160
    assert leaves(local(THURSDAY - timedelta(days=2), 9)) == [("appointment_reminder", "+358401234567")]
    (file,) = gateway.iterdir()
    assert text in file.read_text()


def test_text_message_says_where_and_nothing_else(service, gateway):
    place = ServicePointFactory(
        name_en="Tampere desk", street_address="Esimerkkikatu 1", municipality__name_fi="Tampere"
    )
    appointment = AppointmentFactory(
        guidance_service=service,
        channel=ChannelFactory(on_site=True),
        service_point=place,
        starts_at=local(THURSDAY, 10),
        email="",
        phone="040 123 4567",
        wish="My secret wish",
    )

    post_letters(list(letters._reminders(appointment)))

    expected = "Your guidance appointment: Thu 26 Nov, 10:00, Tampere desk, Esimerkkikatu 1. Opinovi"
    assert letter("appointment_reminder").text == expected


def test_text_message_has_the_link_of_a_video_call(service, gateway):
    room = "https://video.example.fi/room"
    AppointmentFactory(guidance_service=service, starts_at=local(THURSDAY, 10), video_link=room)
    appointment = Appointment.objects.for_listing().get()
    appointment.email, appointment.phone = "", "040 123 4567"

    post_letters(list(letters._reminders(appointment)))

    assert letter("appointment_reminder").text.endswith(f" {room} Opinovi")


def test_letter_about_a_cancelled_video_call_has_no_link_to_it(service):
    room = "https://video.example.fi/room"
    appointment = AppointmentFactory(guidance_service=service, starts_at=local(THURSDAY, 10), video_link=room)

    actions.cancel(appointment, by=Appointment.Canceller.PERSON)

    told = letter("appointment_cancelled")
    assert (room in told.text, room in told.html, room in told.calendar) == (False, False, False)


@pytest.mark.parametrize("phone", ["03 123 4567", "12345"])
def test_phone_that_takes_no_text_message_gets_none(service, gateway, phone):
    book(service, local(THURSDAY, 10), email="", phone=phone)

    assert Letter.objects.count() == 0


def quiet(starts="09:00", ends="17:00"):
    """What is said by who wants letters at certain hours only."""
    times = (time.fromisoformat(clock) for clock in (starts, ends))
    return {"letters": "quiet"} | dict(zip(("letters_from", "letters_until"), times, strict=True))


def test_who_wants_letters_at_certain_hours_gets_no_text_message(service, gateway):
    book(service, local(THURSDAY, 10), email="", phone="040 123 4567", **quiet())

    assert Letter.objects.count() == 0


def test_who_wants_letters_at_certain_hours_gets_them_at_the_email_address_alone(service, gateway):
    book(service, local(THURSDAY, 10), phone="040 123 4567", **quiet())

    assert set(Letter.objects.values_list("medium", "recipient")) == {("email", "aino@example.fi")}


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [("09:00", "17:00", (9, 17)), ("09:30", "17:30", (10, 17)), ("09:10", "09:50", (9, 10))],
)
def test_letters_leave_inside_the_hours_that_were_asked_for(service, starts, ends, hours):
    book(service, local(THURSDAY, 10), **quiet(starts, ends))

    booked = letter("appointment_booked")
    assert (booked.first_hour, booked.last_hour) == hours


def test_person_with_an_email_address_gets_no_text_message(service, gateway):
    book(service, local(THURSDAY, 10), phone="040 123 4567")

    assert set(Letter.objects.values_list("medium", flat=True)) == {"email"}


def test_calendar_says_where(service):
    place = ServicePointFactory(
        name_en="Tampere desk", street_address="Esimerkkikatu 1", municipality__name_fi="Tampere"
    )
    appointment = AppointmentFactory(
        guidance_service=service, channel=ChannelFactory(on_site=True), service_point=place
    )

    _method, row = event(calendar_file(appointment))

    assert row["LOCATION"] == "Tampere desk, Esimerkkikatu 1, Tampere"


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 3, 28), 7),
        (date(2026, 3, 30), 6),
        (date(2026, 10, 23), 6),
        (date(2026, 10, 26), 7),
        (date(2045, 7, 3), 6),
    ],
)
def test_calendar_has_the_right_time_on_both_sides_of_a_change_of_the_clock(day, utc):
    appointment = AppointmentFactory(starts_at=local(day, 9))

    text = calendar_file(appointment)

    _method, row = event(text)
    assert row["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert row["DTSTART"].dt.replace(tzinfo=None) == datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001
    assert row["DTSTART"].dt.astimezone(UTC).hour == utc
    calendar = Calendar.from_ical(text)
    zone = calendar.timezones[0].to_tz()
    assert local(day, 9).astimezone(zone).hour == 9
    assert calendar.get_missing_tzids() == set()


def test_calendar_file_of_a_cancelled_booking_takes_it_out(service):
    booked = book(service, local(THURSDAY, 10))
    cancelled = actions.cancel(booked, by=Appointment.Canceller.PERSON)

    method, row = event(calendar_file(cancelled))

    assert (method, row["STATUS"], row["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)


def test_request_nobody_answers_is_declined_an_hour_before_the_meeting(service):
    GuidanceService.objects.update(needs_confirmation=True)
    service.refresh_from_db()
    asked = book(service, local(THURSDAY, 10))

    with time_machine.travel(local(THURSDAY, 8, 59), tick=False):
        actions.decline_unanswered()
    assert Appointment.objects.requested().get() == asked

    with time_machine.travel(local(THURSDAY, 9), tick=False):
        actions.decline_unanswered()
        actions.decline_unanswered()

    declined = Appointment.objects.get()
    assert declined.cancelled_by == Appointment.Canceller.CLOCK
    assert Letter.objects.filter(kind="appointment_declined").count() == 1
