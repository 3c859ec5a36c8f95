from guidance.booking.models.appointment import Appointment
from guidance.booking.models.availability import Absence, Availability

__all__ = ["Absence", "Appointment", "Availability"]
