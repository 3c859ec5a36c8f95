from guidance.booking.models.appointment import Appointment
from guidance.booking.models.availability import Absence, Availability
from guidance.booking.models.feed import CalendarFeed
from guidance.booking.models.group_session import GroupSession
from guidance.booking.models.hold import Hold
from guidance.booking.models.notebook import (
    Notebook,
    NotebookDevice,
    NotebookItem,
    NotebookLink,
)

__all__ = [
    "Absence",
    "Appointment",
    "Availability",
    "CalendarFeed",
    "GroupSession",
    "Hold",
    "Notebook",
    "NotebookDevice",
    "NotebookItem",
    "NotebookLink",
]
