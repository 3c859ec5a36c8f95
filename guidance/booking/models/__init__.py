from guidance.booking.models.appointment import Appointment
from guidance.booking.models.availability import Absence, Availability
from guidance.booking.models.group_session import GroupSession
from guidance.booking.models.notebook import (
    Notebook,
    NotebookDevice,
    NotebookItem,
    NotebookLink,
)
from guidance.booking.models.registration import Presence, Registration, RegistrationQuestion, State

__all__ = [
    "Absence",
    "Appointment",
    "Availability",
    "GroupSession",
    "Notebook",
    "NotebookDevice",
    "NotebookItem",
    "NotebookLink",
    "Presence",
    "Registration",
    "RegistrationQuestion",
    "State",
]
