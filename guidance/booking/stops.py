"""Meetings at a stop of the bus: they move with it, or people are told and offered other times."""

from django.db import transaction

from guidance.booking import actions
from guidance.booking.models import Appointment
from guidance.booking.models.appointment_queryset import AppointmentQuerySet
from network.models import RouteStop

PLACE = ("place", "street_address", "municipality_id")


def booked_at(stop: RouteStop) -> AppointmentQuerySet:
    """Appointments that are still to come and wait for the bus at the stop."""
    coming = Appointment.objects.coming().filter(service_point=stop.service_point_id)
    return coming.filter(starts_at__gte=stop.starts_at, ends_at__lte=stop.ends_at).for_listing()


def count_booked(stop: RouteStop) -> int:
    return booked_at(stop).count()


def stop_changed(before: RouteStop, stop: RouteStop) -> None:
    """Tell those who booked at the stop what has become of it.

    Who meets at a time when the bus does not stand there any more has the meeting cancelled, with a letter
    that leads to other times; who meets somewhere else now is told where.
    """
    is_elsewhere = any(getattr(before, name) != getattr(stop, name) for name in PLACE)
    with transaction.atomic():
        for appointment in booked_at(before):
            stands = stop.starts_at <= appointment.starts_at and appointment.ends_at <= stop.ends_at
            if stop.cancelled_at or not stands:
                _cancel(appointment)
            elif is_elsewhere:
                actions.tell_new_place(appointment)


def _cancel(appointment: Appointment) -> None:
    """Cancel it unless it has begun: then the person stands where the bus stood."""
    if not appointment.has_started:
        actions.cancel(appointment, by=Appointment.Canceller.STOP)
