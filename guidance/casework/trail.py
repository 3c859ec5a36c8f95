"""Who has seen what of a person, as the client's page about it tells it."""

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment
from guidance.casework.models import Client
from opinovi.models import AccessEvent
from opinovi.models.access import AccessEventQuerySet

PAGES: dict[str, str | Promise] = {
    "casework:desk:my_day": _("My day"),
    "casework:desk:colleague_day": _("The day of colleagues"),
    "casework:desk:session_list": _("List of sessions"),
    "casework:desk:session_add": _("Logging a session"),
    "casework:desk:appointment_log": _("Logging a session"),
    "casework:desk:appointment_mark": _("Noting whether the person came"),
    "booking:desk:appointment_detail": _("Appointment"),
    "booking:desk:appointment_confirm": _("Confirming a request"),
    "booking:desk:appointment_cancel": _("Cancelling an appointment"),
    "booking:desk:appointment_reinstate": _("Taking a cancellation back"),
    "booking:desk:appointment_move": _("Moving an appointment"),
    "booking:desk:appointment_hand_over": _("Handing an appointment to a colleague"),
    "booking:desk:appointment_link": _("Link of a video meeting"),
    "booking:desk:appointment_add": _("Booking for a client"),
    "booking:desk:appointment_walk_in": _("Meeting without a booking"),
    "booking:desk:request_list": _("Requests to answer"),
    "booking:desk:calendar_week": _("Calendar"),
    "booking:desk:calendar_day": _("Calendar"),
    "booking:desk:absence_add": _("Adding an absence"),
    "booking:desk:absence_edit": _("Changing an absence"),
    "booking:desk:absence_meetings": _("Meetings in an absence"),
    "booking:desk:absence_meetings_all": _("Meetings in an absence"),
    "booking:desk:absence_meeting_cancel": _("Cancelling an appointment"),
    "casework:desk:session_detail": _("Session"),
    "casework:desk:session_edit": _("Changing a session"),
    "casework:desk:client_list": _("List of clients"),
    "casework:desk:client_detail": _("Client"),
    "casework:desk:client_add": _("Adding a client"),
    "casework:desk:client_edit": _("Changing a client"),
    "casework:desk:client_access_list": _("Who has used the record"),
}


def trail_of(client: Client) -> AccessEventQuerySet:
    """What has been read or changed of the client's record and of the appointments that became sessions."""
    appointment = ContentType.objects.get_for_model(Appointment)
    theirs = client.sessions.exclude(appointment=None).values("appointment")
    events = AccessEvent.objects.about(client) | AccessEvent.objects.filter(
        subject_type=appointment, subject_id__in=theirs
    )
    return events.for_listing()
