"""Group sessions and information events as HSDS services that are given at one time and place."""

from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guidance.booking.models import GroupSession
from guidance.booking.models.group_session import GroupSessionQuerySet
from guidance.catalogue.exports.hsds import places
from guidance.catalogue.exports.hsds.ids import id_of, pair_of, part_of
from guidance.catalogue.exports.hsds.organisations import (
    contact_parts,
    organization,
    organization_id,
    phones,
    provider,
)
from guidance.catalogue.exports.hsds.portal import area_key, own_record
from guidance.catalogue.exports.hsds.services import cost_options, fees_description, languages
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.exports.hsds.terms import EVENT_KIND, KIND, Term, attributes, choice

EVENT = "event"
TEXTS = ("name", "summary", "description", "audience", "place", "registration_note")
VALUES = (
    *("slug", "street_address", "online_link", "languages", "starts_at", "ends_at", "capacity", "fee"),
    *("registration_link", "phone", "email", "checked_on", "cancelled_at"),
)


def events() -> GroupSessionQuerySet:
    """What is published, past sessions too, with what the short record shows."""
    lines = ("organisation__parent", "municipality__parent", "service_point__municipality__parent")
    sessions = GroupSession.objects.published().select_related(*lines, "service_point__organisation")
    return sessions.order_by("pk")


def with_parts(rows: GroupSessionQuerySet) -> GroupSessionQuerySet:
    point = Prefetch("service_point", places.with_parts(places.locations()), to_attr="open_point")
    return rows.select_related("service").prefetch_related(point, *contact_parts("organisation__"))


def event(row: GroupSession) -> Record:
    """The short record: a session that is over is inactive, one that was cancelled is defunct."""
    status = "defunct" if row.is_cancelled else "inactive" if row.is_over else "active"
    return {
        **known(
            id=str(id_of(EVENT, row.slug)),
            organization_id=organization_id(row.organisation),
            name=row.name,
            description="\n\n".join(filter(None, [row.summary, row.description])),
            url=row.registration_link,
            email=row.email,
            status=status,
            application_process=row.registration_note,
            fees_description=fees_description(row.fee, ""),
            eligibility_description=row.audience,
            alert=_("Cancelled") if row.is_cancelled else "",
            assured_date=row.checked_on.isoformat() if row.checked_on else "",
            last_modified=row.changed_at.isoformat(),
        ),
        "organization": organization(row.organisation),
    }


def full_event(row: GroupSession) -> Record:
    """The full record of a session that is loaded by `with_parts`."""
    me = id_of(EVENT, row.slug)
    kind = Term(EVENT_KIND, row.kind, str(row.get_kind_display()))
    return {
        **event(row),
        "organization": provider(row.organisation),
        **known(
            phones=phones(str(me), "service_id", row.phone),
            service_at_locations=[at_place(row)],
            languages=languages(me, row.languages),
            cost_options=cost_options(me, row.fee, ""),
            attributes=attributes("service", me, [choice(KIND, EVENT), kind]),
            opinovi=_own(row),
        ),
    }


def place_id(row: GroupSession) -> UUID:
    """A published service point, or a place of the session's own."""
    point = row.service_point
    is_known = point and point.published_at and not point.has_closed and point.organisation.published_at
    return places.location_id(point) if point and is_known else id_of("event-place", row.slug)


def place(row: GroupSession) -> Record:
    """The short record of where the session is held: a service point, an address or online."""
    me = place_id(row)
    if row.service_point and me == places.location_id(row.service_point):
        return places.location(row.service_point)
    if row.municipality is None:
        return known(id=str(me), location_type="virtual", name=_("Online"), url=row.online_link)
    name = ", ".join(filter(None, [row.place, row.street_address, row.municipality.name]))
    return {"id": str(me), "location_type": "physical", "name": name}


def at_place(row: GroupSession) -> Record:
    """The session at its one place, with its one time. It is loaded by `with_parts`."""
    me = id_of(EVENT, row.slug)
    pair = str(pair_of(me, place_id(row)))
    starts, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    times = known(
        service_id=str(me),
        service_at_location_id=pair,
        **places.on_one_day(starts.date(), starts.time(), ends.time()),
        schedule_link=row.registration_link,
        attending_type="virtual" if row.municipality is None else "physical",
    )
    point = row.open_point  # type: ignore[attr-defined]  # loaded
    is_there = point and place_id(row) == places.location_id(point)
    return {
        "id": pair,
        "service_id": str(me),
        "location_id": str(place_id(row)),
        "schedules": [{"id": part_of(me, "schedule"), **times}],
        "location": places.full_location(point) if is_there else place(row),
    }


def held(*, weekday: int | None, since: object, until: object) -> Q:
    """Sessions on a day of the week (ISO) that last at some moment between two times of day (local)."""
    wanted = [Q()]
    if weekday:
        wanted.append(Q(starts_at__iso_week_day=weekday))
    if since:
        wanted.append(Q(ends_at__time__gt=since))
    if until:
        wanted.append(Q(starts_at__time__lt=until))
    return reduce(and_, wanted)


def _own(row: GroupSession) -> Record:
    point, service = row.service_point, row.service
    return own_record(
        row,
        EVENT,
        texts=TEXTS,
        values=VALUES,
        event_kind=row.kind,
        organisation=row.organisation.slug,
        service=service.slug if service and service.published_at else None,
        service_point=point.slug if point and place_id(row) == places.location_id(point) else None,
        municipality=area_key(row.municipality) if row.municipality else None,
    )
