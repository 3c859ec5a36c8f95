"""What is asked of an organisation and of a service point.

Nobody writes down when these were checked: the last time somebody saved them stands for it.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.quality.criterion import (
    Criterion,
    Found,
    Known,
    filled,
    fresh,
    plain_texts_of,
    three_languages_of,
    working_links_of,
    yes,
)
from network.models import Organisation, ServicePoint

LINKS = ("website",)


def what_it_is(organisation: Organisation, _known: Known) -> Found:
    return yes(filled(organisation, "description"), "description_fi")


def home_municipality(organisation: Organisation, _known: Known) -> Found:
    return yes(organisation.home_municipality_id, "home_municipality")


def website(organisation: Organisation, _known: Known) -> Found:
    return yes(organisation.website, "website")


def somebody_to_ask(organisation: Organisation, _known: Known) -> Found:
    """A contact that everybody sees is all of it, one that only people at work see is half."""
    contacts = organisation.contacts.all()
    if any(contact.is_public for contact in contacts):
        return Found(1.0)
    return Found(0.5 if contacts else 0.0, ("contacts",))


def somebody_to_remind(organisation: Organisation, _known: Known) -> Found:
    return yes(any(contact.email for contact in organisation.contacts.all()), "contacts")


def saved_lately(record: Organisation | ServicePoint, known: Known) -> Found:
    found = fresh(timezone.localdate(record.changed_at), known)
    return found._replace(fields=())


def address(point: ServicePoint, _known: Known) -> Found | None:
    if point.is_mobile:
        return None
    parts = {"street_address": point.street_address, "postcode": point.postcode}
    missing = tuple(name for name, value in parts.items() if not value)
    return Found(1 - len(missing) / len(parts), missing)


def hours(point: ServicePoint, _known: Known) -> Found:
    return yes(point.opening_hours.all() or point.stops.all(), "stops" if point.is_mobile else "hours")


def how_to_reach(point: ServicePoint, _known: Known) -> Found:
    return yes(point.phone or point.email, "phone")


def how_to_get_there(point: ServicePoint, _known: Known) -> Found | None:
    return None if point.is_mobile else yes(filled(point, "directions"), "directions_fi")


def on_the_map(point: ServicePoint, _known: Known) -> Found | None:
    return None if point.is_mobile else yes(point.latitude is not None, "latitude")


def access(point: ServicePoint, _known: Known) -> Found:
    """Something is told of access; that all is lacking cannot be told from that nobody has said."""
    told = (
        point.is_step_free,
        point.has_accessible_toilet,
        point.has_induction_loop,
        point.has_quiet_room,
        point.has_parking,
    )
    return yes(any(told), "is_step_free")


ORGANISATION_CRITERIA = (
    Criterion(2, _("What it is"), _("Tell in a few sentences what the organisation does."), what_it_is),
    Criterion(1, _("Home municipality"), _("Choose the home municipality."), home_municipality),
    Criterion(1, _("Website"), _("Give the address of the website."), website),
    Criterion(2, _("Somebody to ask"), _("Add a contact that everybody sees."), somebody_to_ask),
    Criterion(
        1,
        _("Somebody to remind"),
        _("Add a contact with an e-mail address: letters that ask to check the records go there."),
        somebody_to_remind,
    ),
    three_languages_of("name", "description"),
    working_links_of(*LINKS),
    plain_texts_of("description"),
    Criterion(2, _("Saved within six months"), _("Go through the record and save it."), saved_lately),
)
POINT_CRITERIA = (
    Criterion(3, _("Address"), _("Give the street address and the postcode."), address),
    Criterion(3, _("Hours"), _("Give the opening hours, or the next stops."), hours),
    Criterion(2, _("How to reach it"), _("Give a phone number or an e-mail address."), how_to_reach),
    Criterion(
        1,
        _("How to get there"),
        _("Tell how one finds the door, and the nearest stop."),
        how_to_get_there,
    ),
    Criterion(1, _("On the map"), _("Give the coordinates."), on_the_map),
    Criterion(
        1,
        _("Access"),
        _("Tell what there is for people who move, hear or see with difficulty."),
        access,
    ),
    three_languages_of("name", "description", "directions"),
    Criterion(2, _("Saved within six months"), _("Go through the record and save it."), saved_lately),
)
