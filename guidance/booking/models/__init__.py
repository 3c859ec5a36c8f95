from guidance.booking.models.appointment import Appointment
from guidance.booking.models.availability import Absence, Availability
from guidance.booking.models.call_back import CallBackRequest
from guidance.booking.models.feed import CalendarFeed
from guidance.booking.models.feedback import AppointmentFeedback
from guidance.booking.models.group_session import GroupSession
from guidance.booking.models.hold import Hold
from guidance.booking.models.invitation import BookingInvitation
from guidance.booking.models.notebook import (
    Notebook,
    NotebookDevice,
    NotebookItem,
    NotebookLink,
)
from guidance.booking.models.registration import Presence, Registration, RegistrationQuestion, State
from guidance.booking.models.waiting_entry import WaitingEntry

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentFeedback",
    "Availability",
    "BookingInvitation",
    "CalendarFeed",
    "CallBackRequest",
    "GroupSession",
    "Hold",
    "Notebook",
    "NotebookDevice",
    "NotebookItem",
    "NotebookLink",
    "Presence",
    "Registration",
    "RegistrationQuestion",
    "State",
    "WaitingEntry",
]
