from guidance.booking.forms.appointment import AppointmentForm
from guidance.booking.forms.availability import AbsenceForm, AvailabilityForm

__all__ = ["AbsenceForm", "AppointmentForm", "AvailabilityForm"]
