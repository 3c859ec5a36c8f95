"""What a group session says outside its page: in a feed and in a calendar. Of people it tells nothing."""

from django.utils.translation import gettext as _

from guidance.booking.models import GroupSession
from network.listed import organisation_address, shortened
from opinovi.feeds import Entry
from opinovi.fields import last_change
from opinovi.ics import Happening
from opinovi.templatetags.portal import span


def event_address(session: GroupSession) -> str:
    """Where one reads more: the page of who holds it."""
    return organisation_address(session.organisation)


def event_place(session: GroupSession) -> str:
    """Where it is, as one line; a session that is held only online says so."""
    if session.municipality is None:
        return _("Online")
    point = session.service_point
    place = session.place or (point.name if point else "")
    street = session.street_address or (point.street_address if point else "")
    return ", ".join(filter(None, [place, street, session.municipality.name]))


def event_entry(session: GroupSession) -> Entry:
    """A session as news: what and when, and that it is cancelled."""
    facts = [span(session.starts_at, session.ends_at), event_place(session), session.summary]
    return Entry(
        key=f"event/{session.pk}",
        title=f"{_('Cancelled')}: {session.name}" if session.is_cancelled else session.name,
        url=event_address(session),
        summary=". ".join(filter(None, facts)),
        author=session.organisation.name,
        published_at=session.published_at,
        changed_at=last_change(session),
    )


def event_happening(session: GroupSession) -> Happening:
    point = session.service_point
    located = point is not None and point.latitude is not None and point.longitude is not None
    text = [session.summary or shortened(session.description), session.registration_note]
    return Happening(
        key=f"event-{session.pk}",
        name=session.name,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=event_place(session),
        url=event_address(session),
        text="\n".join(filter(None, [*text, session.online_link])),
        kind=session.get_kind_display(),
        changed_at=last_change(session),
        is_cancelled=session.is_cancelled,
        point=(float(point.latitude), float(point.longitude)) if located else None,  # type: ignore[union-attr, arg-type]
    )
