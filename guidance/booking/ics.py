"""An appointment as an iCalendar object (RFC 5545), so that it finds its way into the person's calendar."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from guidance.booking.models import Appointment
from opinovi.ics import Happening, add_guest, add_sender, add_time, empty_calendar, event_of


def calendar_file(appointment: Appointment) -> str:
    """A file that a person puts into a calendar; a cancelled appointment takes itself out of it."""
    return _calendar(appointment, "CANCEL" if appointment.is_cancelled else "PUBLISH").to_ical().decode()


def calendar_part(appointment: Appointment) -> str:
    """The part of a letter that mail programs offer to the calendar (RFC 5546)."""
    calendar = _calendar(appointment, "CANCEL" if appointment.is_cancelled else "REQUEST")
    add_guest(calendar.events[0], appointment.email)
    return calendar.to_ical().decode()


def counsellor_file(appointments: Iterable[Appointment], led: Iterable[Happening] = ()) -> bytes:
    """A counsellor's own calendar: who comes by initials, and where; nothing of what it is about.

    The public events that the counsellor leads are in it as everybody may read of them. It has no name of
    its own (X-WR-CALNAME): programs would show that to whoever shares the calendar.
    """
    calendar = empty_calendar("Calendar")
    for appointment in appointments:
        event = _event(appointment)
        point = appointment.service_point
        event.add("SUMMARY", appointment.initials)
        event.add("LOCATION", str(point) if point else appointment.channel.name)
        calendar.add_component(event)
    for happening in led:
        calendar.add_component(event_of(happening))
    return calendar.to_ical()


def _calendar(appointment: Appointment, method: str) -> Calendar:
    """One event. Calendars are shared and shown on walls: it tells neither the person nor the topic.

    The event stays the same one as long as the appointment lives (UID); the newest word counts (SEQUENCE).
    """
    calendar = empty_calendar("Booking")
    calendar.add("METHOD", method)
    event = _event(appointment)
    add_sender(event)
    with override(appointment.language):
        event.add("SUMMARY", _("Guidance appointment"))
        event.add("LOCATION", ", ".join(appointment.place_lines) or appointment.channel.name)
        if appointment.link_to_join:  # programs make a link of it here; few show a URL
            event.add("DESCRIPTION", appointment.link_to_join)
    calendar.add_component(event)
    return calendar


def _event(appointment: Appointment) -> Event:
    """When it is, and which version of it this is."""
    event = Event()
    event.add("UID", f"appointment-{appointment.pk}@{urlsplit(settings.ADDRESS).hostname}")
    event.add("SEQUENCE", appointment.sequence)
    event.add("DTSTAMP", timezone.now())
    event.add("STATUS", _status(appointment))
    add_time(event, appointment.starts_at, appointment.ends_at)
    return event


def _status(appointment: Appointment) -> str:
    if appointment.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if appointment.is_requested else "CONFIRMED"
