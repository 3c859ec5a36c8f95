from guidance.booking.models.appointment import Appointment
from guidance.booking.models.availability import Absence, Availability
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

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentFeedback",
    "Availability",
    "BookingInvitation",
    "GroupSession",
    "Hold",
    "Notebook",
    "NotebookDevice",
    "NotebookItem",
    "NotebookLink",
]
