"""What a group session says outside its page: in a feed and in a calendar. Of people it tells nothing."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.booking.models import GroupSession
from network.listed import shortened, yes_or_no
from network.lists import Column
from opinovi.addresses import address_of
from opinovi.feeds import Entry
from opinovi.fields import last_change
from opinovi.ics import Happening
from opinovi.templatetags.portal import span


def event_address(session: GroupSession) -> str:
    return address_of("booking:public:group_session_detail", session.slug)


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


EVENT_COLUMNS = [
    Column(gettext_lazy("name"), lambda row: row.name),
    Column(gettext_lazy("kind"), lambda row: row.get_kind_display()),
    Column(gettext_lazy("from"), lambda row: row.starts_at),
    Column(gettext_lazy("until"), lambda row: row.ends_at),
    Column(gettext_lazy("place"), event_place),
    Column(gettext_lazy("held by"), lambda row: row.organisation.name),
    Column(gettext_lazy("languages"), lambda row: ", ".join(row.language_names)),
    Column(gettext_lazy("fee, €"), lambda row: row.fee),
    Column(gettext_lazy("how to sign up"), lambda row: row.registration_note),
    Column(gettext_lazy("where to sign up"), lambda row: row.registration_link),
    Column(gettext_lazy("Cancelled"), lambda row: yes_or_no(row.is_cancelled)),
    Column(gettext_lazy("checked on"), lambda row: row.checked_on),
    Column(gettext_lazy("address"), event_address),
]
