"""What is done with clients and sessions, so that nothing is entered twice or written over."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from guidance.booking.actions import mark
from guidance.booking.models import Appointment
from guidance.casework.models import Client, Entry, GuidanceSession
from guidance.catalogue.models import GuidanceTopic
from projects.models import TargetGroup


class EnteredAlready(Exception):
    """The same form was sent twice, or somebody else has logged the appointment; `entry` is what stands."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


class ChangedMeanwhile(Exception):
    """Somebody has saved the row since the form was opened; `current` is what stands."""

    def __init__(self, current: Entry) -> None:
        super().__init__()
        self.current = current


class SessionIsLogged(Exception):
    """The person did come: there is a session of the appointment."""


def add_client(client: Client) -> Client:
    """Record a new client. Raises EnteredAlready when the form has been sent before."""
    try:
        with transaction.atomic():
            client.save(force_insert=True)
    except IntegrityError as error:
        raise EnteredAlready(_earlier(client, Q(nonce=client.nonce), error)) from error
    return client


def change_client(client: Client, *, version: int) -> Client:
    """Save a client whose form showed `version`. Raises ChangedMeanwhile when that is not the newest."""
    with transaction.atomic():
        _save_over(client, version)
    return client


def log_session(
    session: GuidanceSession,
    *,
    topics: Iterable[GuidanceTopic],
    target_groups: Iterable[TargetGroup],
    new_client: Client | None = None,
) -> GuidanceSession:
    """Log a session, with the new client it was held with if there is one; the person has come after all.

    Raises EnteredAlready when the form has been sent before, or the appointment has its session.
    """
    same = Q(nonce=session.nonce)
    if session.appointment_id:
        same |= Q(appointment=session.appointment_id)
    try:
        with transaction.atomic():
            _take_client(session, new_client)
            session.save(force_insert=True)
            session.topics.set(topics)
            session.target_groups.set(target_groups)
            if session.appointment_id:
                appointment = Appointment.objects.filter(pk=session.appointment_id)
                appointment.update(attendance=Appointment.Attendance.SEEN)
    except IntegrityError as error:
        raise EnteredAlready(_earlier(session, same, error)) from error
    return session


def change_session(
    session: GuidanceSession,
    *,
    version: int,
    topics: Iterable[GuidanceTopic],
    target_groups: Iterable[TargetGroup],
    new_client: Client | None = None,
) -> GuidanceSession:
    """Save a session whose form showed `version`. Raises ChangedMeanwhile when that is not the newest."""
    with transaction.atomic():
        _take_client(session, new_client)
        _save_over(session, version)
        session.topics.set(topics)
        session.target_groups.set(target_groups)
    return session


def note_attendance(appointment: Appointment, attendance: Appointment.Attendance) -> None:
    """Note whether the person came; it can be changed and taken back.

    Raises SessionIsLogged when there is a session, so that they came, and TooLate as `mark` does.
    """
    with transaction.atomic():
        Appointment.objects.select_for_update().get(pk=appointment.pk)
        if GuidanceSession.objects.filter(appointment=appointment).exists():
            raise SessionIsLogged
        mark(appointment, attendance)


def _take_client(session: GuidanceSession, new_client: Client | None) -> None:
    """Give the session its client, and the municipality that is known of the client."""
    if new_client:
        new_client.save()
        session.client = new_client
    if session.client and not session.municipality_id:
        session.municipality_id = session.client.home_municipality_id
    if session.appointment_id:
        Appointment.objects.select_for_update().get(pk=session.appointment_id)


def _save_over(row: Entry, version: int) -> None:
    current = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if current.version != version:
        raise ChangedMeanwhile(current)
    row.version = version + 1
    row.save()


def _earlier(entry: Entry, same: Q, error: IntegrityError) -> Entry:
    """The row that was there first; the error itself when it was about something else."""
    earlier: Model | None = type(entry)._default_manager.filter(same).first()
    if not isinstance(earlier, Entry):
        raise error
    return earlier
