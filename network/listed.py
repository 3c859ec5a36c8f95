"""What a row of a public list says outside the page: in a spreadsheet, in a feed, in a calendar."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.lists import Column
from network.models import Organisation, RouteStop, ServicePoint
from opinovi.addresses import address_of
from opinovi.feeds import Entry
from opinovi.fields import last_change
from opinovi.ics import Happening
from opinovi.templatetags.portal import span


def yes_or_no(value: object) -> str:
    return gettext("yes") if value else gettext("no")


def shortened(text: str, *, most: int = 500) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0]}…"


def organisation_address(organisation: Organisation) -> str:
    return address_of("catalogue:public:organisation_detail", organisation.slug)


def service_point_address(point: ServicePoint) -> str:
    return address_of("catalogue:public:service_point_detail", point.slug)


ORGANISATION_COLUMNS = [
    Column(_("name"), lambda row: row.name),
    Column(_("sector"), lambda row: row.sector.name),
    Column(_("part of"), lambda row: row.parent.name if row.parent else ""),
    Column(_("home municipality"), lambda row: row.home_municipality.name if row.home_municipality else ""),
    Column(_("business ID"), lambda row: row.business_id or ""),
    Column(_("website"), lambda row: row.website),
    Column(_("ended on"), lambda row: row.ended_on),
    Column(_("page in the portal"), organisation_address),
]

SERVICE_POINT_COLUMNS = [
    Column(_("name"), lambda row: row.name),
    Column(_("kept by"), lambda row: row.organisation.name),
    Column(_("street address"), lambda row: row.street_address),
    Column(_("postcode"), lambda row: row.postcode),
    Column(_("municipality"), lambda row: row.municipality.name if row.municipality else ""),
    Column(_("latitude"), lambda row: row.latitude),
    Column(_("longitude"), lambda row: row.longitude),
    Column(_("phone"), lambda row: row.phone),
    Column(_("e-mail address"), lambda row: row.email),
    Column(_("step-free entrance"), lambda row: yes_or_no(row.is_step_free)),
    Column(_("accessible toilet"), lambda row: yes_or_no(row.has_accessible_toilet)),
    Column(_("induction loop"), lambda row: yes_or_no(row.has_induction_loop)),
    Column(_("a quiet room to talk in"), lambda row: yes_or_no(row.has_quiet_room)),
    Column(_("accessible parking space"), lambda row: yes_or_no(row.has_parking)),
    Column(_("page in the portal"), service_point_address),
]


def organisation_entry(organisation: Organisation) -> Entry:
    place = organisation.home_municipality
    facts = [organisation.sector.name, place.name if place else "", shortened(organisation.description)]
    return Entry(
        key=f"organisation/{organisation.pk}",
        title=organisation.name,
        url=organisation_address(organisation),
        summary=". ".join(filter(None, facts)),
        author="",
        published_at=organisation.published_at,
        changed_at=last_change(organisation),
    )


def stop_entry(stop: RouteStop) -> Entry:
    """A stop as news: when and where, and that it is cancelled."""
    title = f"{span(stop.starts_at, stop.ends_at)}: {stop.municipality.name}, {stop.place}"
    return Entry(
        key=f"stop/{stop.pk}",
        title=f"{gettext('Cancelled')}: {title}" if stop.cancelled_at else title,
        url=service_point_address(stop.service_point),
        summary=", ".join(filter(None, [stop.service_point.name, stop.street_address])),
        author="",
        published_at=None,
        changed_at=last_change(stop),
    )


def stop_happening(stop: RouteStop) -> Happening:
    return Happening(
        key=f"stop-{stop.pk}",
        name=f"{stop.service_point.name}: {stop.place}, {stop.municipality.name}",
        starts_at=stop.starts_at,
        ends_at=stop.ends_at,
        place=", ".join(filter(None, [stop.place, stop.street_address, stop.municipality.name])),
        url=service_point_address(stop.service_point),
        text="",
        kind=gettext("service point"),
        changed_at=last_change(stop),
        is_cancelled=stop.cancelled_at is not None,
    )
