import copy
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from guidance.casework import actions
from guidance.casework.models import Client, GuidanceSession
from tests.factories import AppointmentFactory, ClientFactory

EMPTY = {"topics": [], "target_groups": []}


def unsaved_session(appointment):
    return GuidanceSession(
        organisation=appointment.organisation,
        counsellor=appointment.counsellor,
        appointment=appointment,
        guidance_service=appointment.guidance_service,
        channel=appointment.channel,
    )


@pytest.mark.django_db
def test_log_session_makes_the_new_client_with_it():
    session = unsaved_session(AppointmentFactory())
    client = Client(organisation=session.organisation, name="Aino Esimerkki")

    actions.log_session(session, new_client=client, **EMPTY)

    assert GuidanceSession.objects.get().client == Client.objects.get()


@pytest.mark.django_db
def test_log_session_of_a_logged_appointment_tells_what_stands_and_makes_no_client():
    appointment = AppointmentFactory()
    first = actions.log_session(unsaved_session(appointment), **EMPTY)
    second = unsaved_session(appointment)

    with pytest.raises(actions.EnteredAlready) as error:
        actions.log_session(second, new_client=Client(organisation=second.organisation, name="A"), **EMPTY)

    assert error.value.entry == first
    assert not Client.objects.exists()


@pytest.mark.django_db
def test_log_session_sent_twice_is_one_session():
    session = unsaved_session(AppointmentFactory())
    session.appointment = None
    again = copy.copy(session)
    actions.log_session(session, **EMPTY)

    with pytest.raises(actions.EnteredAlready) as error:
        actions.log_session(again, **EMPTY)

    assert error.value.entry == session


@pytest.mark.django_db
def test_log_session_takes_back_that_nobody_came():
    appointment = AppointmentFactory(attendance="no_show")

    actions.log_session(unsaved_session(appointment), **EMPTY)

    appointment.refresh_from_db()
    assert appointment.attendance == appointment.Attendance.SEEN


@pytest.mark.django_db
def test_note_attendance_is_refused_once_there_is_a_session():
    appointment = AppointmentFactory()
    actions.log_session(unsaved_session(appointment), **EMPTY)

    with pytest.raises(actions.SessionIsLogged):
        actions.note_attendance(appointment, appointment.Attendance.NO_SHOW)

    appointment.refresh_from_db()
    assert appointment.attendance == appointment.Attendance.SEEN


@pytest.mark.django_db
def test_change_client_never_writes_over_what_another_has_saved():
    mine = ClientFactory(phone="1")
    theirs = Client.objects.get(pk=mine.pk)
    theirs.phone = "2"
    actions.change_client(theirs, version=1)
    mine.phone = "3"

    with pytest.raises(actions.ChangedMeanwhile) as error:
        actions.change_client(mine, version=1)

    assert error.value.current.phone == "2"
    assert Client.objects.get().phone == "2"


@pytest.mark.django_db(transaction=True)
def test_log_session_from_many_tabs_at_once_makes_one_session():
    appointment = AppointmentFactory()

    def log(number):
        try:
            actions.log_session(
                unsaved_session(appointment),
                new_client=Client(organisation=appointment.organisation, name=f"Asiakas {number}"),
                **EMPTY,
            )
        except actions.EnteredAlready:
            return "already"
        else:
            return "logged"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as tabs:
        outcomes = list(tabs.map(log, range(8)))

    assert sorted(outcomes) == ["already"] * 7 + ["logged"]
    assert (GuidanceSession.objects.count(), Client.objects.count()) == (1, 1)
