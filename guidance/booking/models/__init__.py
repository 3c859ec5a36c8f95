from guidance.booking.models.appointment import Appointment
from guidance.booking.models.availability import Absence, Availability
from guidance.booking.models.group_session import GroupSession

__all__ = ["Absence", "Appointment", "Availability", "GroupSession"]
