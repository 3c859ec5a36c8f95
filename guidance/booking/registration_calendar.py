"""A place in a group session as an iCalendar object (RFC 5545), for the person's calendar."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from guidance.booking.models import Registration
from opinovi.ics import add_guest, add_sender, add_time, empty_calendar


def calendar_file(registration: Registration) -> str:
    """A file that a person puts into a calendar; a cancelled registration takes itself out of it."""
    method = "CANCEL" if registration.is_cancelled else "PUBLISH"
    return _calendar(registration, method).to_ical().decode()


def calendar_part(registration: Registration) -> str:
    """The part of a letter that mail programs offer to the calendar (RFC 5546)."""
    calendar = _calendar(registration, "CANCEL" if registration.is_cancelled else "REQUEST")
    add_guest(calendar.events[0], registration.email)
    return calendar.to_ical().decode()


def _calendar(registration: Registration, method: str) -> Calendar:
    """One event. Calendars are shared and shown on walls: it tells neither the person nor the topic.

    The event stays the same one as long as the registration lives (UID); the newest word counts (SEQUENCE).
    """
    session = registration.session
    calendar = empty_calendar("Registration")
    calendar.add("METHOD", method)
    event = Event()
    event.add("UID", f"registration-{registration.pk}@{urlsplit(settings.ADDRESS).hostname}")
    event.add("SEQUENCE", registration.sequence)
    event.add("DTSTAMP", timezone.now())
    event.add("STATUS", "CANCELLED" if registration.is_cancelled else "CONFIRMED")
    add_sender(event)
    add_time(event, session.starts_at, session.ends_at)
    with override(registration.language):
        event.add("SUMMARY", capfirst(session.get_kind_display()))
        event.add("LOCATION", ", ".join(registration.place_lines) or _("Online"))
    calendar.add_component(event)
    return calendar
