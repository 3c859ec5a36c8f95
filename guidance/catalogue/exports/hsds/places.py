"""Service points and municipalities as HSDS locations, and when they are open as schedules."""

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from guidance.catalogue.exports.hsds.ids import id_of, part_of
from guidance.catalogue.exports.hsds.organisations import KIND as ORGANIZATION
from guidance.catalogue.exports.hsds.organisations import phones
from guidance.catalogue.exports.hsds.portal import area_key, own_record, page_url
from guidance.catalogue.exports.hsds.tables import Record, known
from network.models import Area, OpeningException, OpeningHours, RouteStop, ServicePoint
from network.models.service_point import ServicePointQuerySet

KIND = "location"
ROUTE = "catalogue:public:service_point_detail"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # ISO weekdays 1 to 7, as RFC 5545 writes them
FACTS = ("is_step_free", "has_accessible_toilet", "has_induction_loop", "has_quiet_room", "has_parking")
TEXTS = ("name", "description", "directions")
VALUES = (
    *("slug", "street_address", "postcode", "latitude", "longitude", "phone", "email"),
    *FACTS,
    *("opened_on", "closed_on"),
)


def locations() -> ServicePointQuerySet:
    """Service points that are published and have not closed for good, with what the short record shows."""
    points = ServicePoint.objects.published().open().filter(organisation__published_at__isnull=False)
    return points.select_related("organisation", "municipality__parent").order_by("pk")


def with_parts(points: ServicePointQuerySet) -> ServicePointQuerySet:
    """Load hours, exceptional days from today on, and coming stops."""
    exceptions = OpeningException.objects.filter(on__gte=timezone.localdate())
    stops = RouteStop.objects.coming().select_related("municipality")
    return points.prefetch_related(
        "opening_hours",
        Prefetch("opening_exceptions", exceptions, to_attr="coming_exceptions"),
        Prefetch("stops", stops, to_attr="coming_stops"),
    )


def location_id(point: ServicePoint) -> UUID:
    return id_of(KIND, point.slug)


def location(point: ServicePoint) -> Record:
    """The short record. A mobile service point has no address: its schedules tell where it stands."""
    return known(
        id=str(location_id(point)),
        location_type="physical",
        url=page_url(ROUTE, point.slug),
        organization_id=str(id_of(ORGANIZATION, point.organisation.slug)),
        name=point.name,
        description=point.description,
        transportation=point.directions,
        latitude=float(point.latitude) if point.latitude is not None else None,
        longitude=float(point.longitude) if point.longitude is not None else None,
    )


def full_location(point: ServicePoint) -> Record:
    """The location with address, accessibility and contacts. The service point is loaded by `with_parts`."""
    short = location(point)
    me = short["id"]
    contacts = [{"id": part_of(me, "contact"), "location_id": me, "name": point.name, "email": point.email}]
    return {
        **short,
        **known(
            addresses=addresses(me, point.municipality, point.street_address, point.postcode),
            accessibility=[
                {"id": part_of(me, fact), "location_id": me, "description": _fact(fact)}
                for fact in FACTS
                if getattr(point, fact)
            ],
            phones=phones(me, "location_id", point.phone),
            contacts=contacts if point.email else [],
            opinovi=_own(point),
        ),
    }


def _fact(name: str) -> str:
    return str(ServicePoint._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a field of its own


def municipality_id(area: Area) -> UUID:
    return id_of("place", area_key(area))


def municipality(area: Area) -> Record:
    """A municipality where there is training, for want of a street."""
    return {"id": str(municipality_id(area)), "location_type": "physical", "name": area.name}


def addresses(location_id: str, city: Area | None, street: str, postcode: str) -> list[Record]:
    """The street address; none where a part that the standard demands is not known."""
    if not (city and street and postcode):
        return []
    return [
        {
            "id": part_of(location_id, "address"),
            "location_id": location_id,
            "address_1": street,
            "city": city.name,
            "state_province": city.parent.name if city.parent else city.name,
            "postal_code": postcode,
            "country": "FI",
            "address_type": "physical",
        }
    ]


def schedules(point: ServicePoint, **owners: str) -> list[Record]:
    """When the service point is open: weekly hours, exceptional days and, of a mobile one, its stops.

    Times are local wall time. `timezone` is Helsinki's offset (hours) on the first day a schedule is valid,
    or today: HSDS knows no time zones, so in summer and in winter the hours stay and the offset changes.
    """
    whole = owners["service_at_location_id"]
    weekly = sorted(point.opening_hours.all(), key=_validity)
    found = [_week(list(rows), whole, owners) for _key, rows in groupby(weekly, _validity)]
    found += [_day(row, whole, owners) for row in point.coming_exceptions]  # type: ignore[attr-defined]  # loaded
    found += [_stop(row, whole, owners) for row in point.coming_stops]  # type: ignore[attr-defined]  # loaded
    return found


def _validity(row: OpeningHours) -> tuple[date, date, time, time]:
    return (row.valid_from or date.min, row.valid_to or date.max, row.opens_at, row.closes_at)


def _week(rows: list[OpeningHours], whole: str, owners: dict[str, str]) -> Record:
    first = rows[0]
    days = [DAYS[row.weekday - 1] for row in rows]
    return known(
        id=part_of(whole, "hours", first.valid_from, first.valid_to, first.opens_at, first.closes_at),
        **owners,
        valid_from=_iso(first.valid_from),
        valid_to=_iso(first.valid_to),
        timezone=offset(first.valid_from),
        wkst="MO",
        freq="WEEKLY",
        byday=",".join(days),
        opens_at=f"{first.opens_at:%H:%M}",
        closes_at=f"{first.closes_at:%H:%M}",
    )


def _day(row: OpeningException, whole: str, owners: dict[str, str]) -> Record:
    note = _("Closed") if row.is_closed else _("Other hours than usual")
    return known(
        id=part_of(whole, "exception", row.on),
        **owners,
        **on_one_day(row.on, row.opens_at, row.closes_at),
        description=f"{note}: {row.reason}" if row.reason else note,
    )


def _stop(row: RouteStop, whole: str, owners: dict[str, str]) -> Record:
    starts, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    where = ", ".join(filter(None, [row.place, row.street_address, row.municipality.name]))
    return known(
        id=part_of(whole, "stop", row.starts_at.isoformat(), row.place),
        **owners,
        **on_one_day(starts.date(), starts.time(), ends.time()),
        description=where,
        notes=_("Cancelled") if row.cancelled_at else "",
    )


def on_one_day(day: date, opens_at: time | None, closes_at: time | None) -> Record:
    """The fields of a schedule that holds on one day; without times it is closed that day."""
    return known(
        valid_from=day.isoformat(),
        valid_to=day.isoformat(),
        dtstart=day.isoformat(),
        timezone=offset(day),
        count=1,
        opens_at=f"{opens_at:%H:%M}" if opens_at else "",
        closes_at=f"{closes_at:%H:%M}" if closes_at else "",
    )


def offset(day: date | None) -> float:
    """Hours by which Helsinki is ahead of UTC at noon of a day (today, unless given)."""
    noon = timezone.make_aware(datetime.combine(day or timezone.localdate(), time(12)))
    delta = noon.utcoffset()
    return delta.total_seconds() / 3600 if delta else 0


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _own(point: ServicePoint) -> Record:
    return own_record(
        point,
        "service_point",
        texts=TEXTS,
        values=VALUES,
        moves=point.is_mobile,
        municipality=area_key(point.municipality) if point.municipality else None,
        opening_hours=_own_hours(point.opening_hours.all()),
        exceptions=[
            known(
                on=_iso(row.on),
                opens_at=_clock(row.opens_at),
                closes_at=_clock(row.closes_at),
                reason=row.reason,
            )
            for row in point.coming_exceptions  # type: ignore[attr-defined]  # loaded
        ],
        stops=[
            known(
                place=row.place,
                street_address=row.street_address,
                municipality=area_key(row.municipality),
                starts_at=row.starts_at.isoformat(),
                ends_at=row.ends_at.isoformat(),
                cancelled_at=row.cancelled_at.isoformat() if row.cancelled_at else "",
            )
            for row in point.coming_stops  # type: ignore[attr-defined]  # loaded
        ],
    )


def _own_hours(rows: Iterable[OpeningHours]) -> list[Record]:
    return [
        known(
            weekday=row.weekday,
            opens_at=_clock(row.opens_at),
            closes_at=_clock(row.closes_at),
            valid_from=_iso(row.valid_from),
            valid_to=_iso(row.valid_to),
        )
        for row in rows
    ]


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""
