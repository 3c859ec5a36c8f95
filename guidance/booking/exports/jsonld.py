"""What an event's page tells search engines: schema.org, as JSON-LD. What is not known is left out."""

from django.utils import timezone

from guidance.booking.models import GroupSession
from guidance.catalogue.exports.jsonld import Data, address_in, known, offer, organisation_in_short


def event_data(session: GroupSession, address: str) -> Data:
    """A session that anyone may come to; `address` is the whole address of its page.

    The session comes with its organisation, municipality and service point. One that is cancelled stays,
    with its state, so that search engines tell of it.
    """
    fee = session.fee
    audience = known("Audience", audienceType=session.audience) if session.audience else None
    return known(
        "EducationEvent",
        name=session.name,
        url=address,
        description=session.description or session.summary,
        startDate=timezone.localtime(session.starts_at).isoformat(),
        endDate=timezone.localtime(session.ends_at).isoformat(),
        eventStatus=f"https://schema.org/Event{'Cancelled' if session.is_cancelled else 'Scheduled'}",
        eventAttendanceMode=f"https://schema.org/{_attendance(session)}EventAttendanceMode",
        location=_locations(session, address),
        organizer=organisation_in_short(session.organisation),
        inLanguage=session.languages,
        audience=audience,
        maximumAttendeeCapacity=session.capacity,
        isAccessibleForFree=None if fee is None else fee == 0,
        offers=offer(fee, url=session.registration_link or address),
    )


def _attendance(session: GroupSession) -> str:
    if session.municipality is None:
        return "Online"
    return "Mixed" if session.online_link else "Offline"


def _locations(session: GroupSession, address: str) -> list[Data]:
    """Where one can take part: at a place, online, or either."""
    point, municipality = session.service_point, session.municipality
    found = []
    if municipality:
        name = session.place or (point.name if point else municipality.name)
        street = session.street_address or (point.street_address if point else "")
        postcode = point.postcode if point and not session.street_address else ""
        found.append(known("Place", name=name, address=address_in(municipality, street, postcode)))
    if session.online_link:
        found.append(known("VirtualLocation", url=address))
    return found
