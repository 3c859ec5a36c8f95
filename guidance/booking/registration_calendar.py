"""A place in a group session as an iCalendar object (RFC 5545), for the person's calendar."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, vCalAddress

from guidance.booking.models import Registration
from opinovi.ics import empty_calendar


def calendar_file(registration: Registration) -> str:
    """A file that a person puts into a calendar; a cancelled registration takes itself out of it."""
    method = "CANCEL" if registration.is_cancelled else "PUBLISH"
    return _calendar(registration, method).to_ical().decode()


def calendar_part(registration: Registration) -> str:
    """The part of a letter that mail programs offer to the calendar (RFC 5546)."""
    calendar = _calendar(registration, "CANCEL" if registration.is_cancelled else "REQUEST")
    event = calendar.events[0]
    event["ORGANIZER"] = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    guest = vCalAddress(f"mailto:{registration.email}")
    guest.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event["ATTENDEE"] = guest
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
    event.add("DTSTART", timezone.localtime(session.starts_at))
    event.add("DTEND", timezone.localtime(session.ends_at))
    event.add("STATUS", "CANCELLED" if registration.is_cancelled else "CONFIRMED")
    with override(registration.language):
        event.add("SUMMARY", capfirst(session.get_kind_display()))
        event.add("LOCATION", ", ".join(registration.place_lines) or _("Online"))
    calendar.add_component(event)
    return calendar
