from guidance.booking.forms.absence import AbsenceForm
from guidance.booking.forms.appointment import AppointmentForm
from guidance.booking.forms.availability import AvailabilityForm

__all__ = ["AbsenceForm", "AppointmentForm", "AvailabilityForm"]
