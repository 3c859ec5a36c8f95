"""Times that a counsellor gives by hand: among those that are offered, or any other."""

from datetime import datetime

from django.utils.translation import gettext as _

from guidance.booking.models import Absence, Appointment, GroupSession
from guidance.booking.models.appointment import busy_around
from guidance.booking.models.appointment_queryset import AppointmentQuerySet
from guidance.booking.slots import Opening, Slot, Timetable, Way
from guidance.booking.wall_clock import LOCAL
from network.opening import holiday_name


def own_way(appointment: Appointment) -> Way:
    """How the appointment's own counsellor meets its person."""
    return Way(
        appointment.channel_id,
        appointment.service_point_id,
        appointment.spoken_language,
        appointment.counsellor_id,
    )


def slot_by_hand(appointment: Appointment, starts_at: datetime) -> Slot:
    """A time (UTC) with the appointment's counsellor, where it is, whether it is offered or not."""
    own = Opening(appointment.counsellor_id, frozenset())
    ends_at = starts_at + appointment.guidance_service.duration
    return Slot(starts_at, ends_at, appointment.service_point_id, find=lambda: [own])


def warnings_of(appointment: Appointment, starts_at: datetime) -> list[str]:
    """What one should know before the appointment is put at a time (UTC): nothing of it forbids it."""
    service, way = appointment.guidance_service, own_way(appointment)
    ends_at = starts_at + service.duration
    timetable = Timetable([service], ignoring=appointment if appointment.pk else None)
    warnings = []
    if timetable.at(service, way, starts_at) is None:
        warnings.append(_("People cannot book this time themselves: it is not among the offered ones."))
        away = Absence.objects.filter(counsellor=appointment.counsellor_id)
        if away.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
            warnings.append(_("The counsellor is away then."))
        led = GroupSession.objects.live().led_by(appointment.counsellor)
        if session := led.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first():
            warnings.append(_("The counsellor leads an event then: %(name)s.") % {"name": session})
        if name := holiday_name(starts_at.astimezone(LOCAL).date()):
            warnings.append(_("It is a public holiday: %(name)s.") % {"name": name})
    if appointment.pk:
        own = Appointment.objects.live().of_person(appointment)
        if own.overlapping(starts_at, ends_at).exists():
            warnings.append(_("The person has another meeting at that time."))
    return warnings


def in_the_way(appointment: Appointment, starts_at: datetime) -> AppointmentQuerySet:
    """The other meetings that keep the appointment's counsellor busy at a time (UTC)."""
    busy = busy_around(appointment.guidance_service, starts_at)
    clashing = Appointment.objects.filter(counsellor=appointment.counsellor_id)
    return clashing.clashing_with(busy.lower, busy.upper).exclude(pk=appointment.pk).for_listing()
