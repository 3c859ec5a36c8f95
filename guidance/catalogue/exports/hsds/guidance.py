"""Guidance services as HSDS services."""

from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from guidance.catalogue.exports.hsds import places
from guidance.catalogue.exports.hsds.ids import id_of, pair_of, part_of
from guidance.catalogue.exports.hsds.organisations import (
    contact_parts,
    organization,
    organization_id,
    phones,
    provider,
)
from guidance.catalogue.exports.hsds.portal import area_key, own_record, page_url, page_urls
from guidance.catalogue.exports.hsds.services import cost_options, fees_description, languages, service_areas
from guidance.catalogue.exports.hsds.situations import chosen_parts, situations_of
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.exports.hsds.terms import (
    CHANNEL,
    GROUP,
    KIND,
    TOPIC,
    WAY,
    attributes,
    choice,
    choices,
    word,
)
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from network.models import ServicePoint

GUIDANCE = "guidance"
ROUTE = "catalogue:public:guidance_detail"
TEXTS = (
    *("name", "summary", "description", "audience", "keywords", "bring", "next_steps", "fee_note"),
    *("hours_note", "referral_note"),
)  # not what is for counsellors: consent_wording, benefit_effect, internal_contact
VALUES = (
    *("slug", "ways", "referrers", "languages", "has_interpreter", "fee", "booking", "duration_minutes"),
    *("pause_before_minutes", "pause_after_minutes", "grid_minutes", "lead_hours", "horizon_days"),
    *("change_hours", "most_open", "needs_confirmation", "reminder_days", "reminder_hours"),
    *("response_days", "phone", "email", "website", "checked_on"),
)


def guidance_services() -> GuidanceServiceQuerySet:
    """What is published, with what the short record shows."""
    return GuidanceService.objects.published().select_related("organisation__parent").order_by("pk")


def with_guidance_parts(rows: GuidanceServiceQuerySet) -> GuidanceServiceQuerySet:
    points = Prefetch("service_points", places.with_parts(places.locations()), to_attr="open_points")
    lists = ("channels", "areas", "topics", "target_groups")
    return rows.prefetch_related(points, chosen_parts("services"), *lists, *contact_parts("organisation__"))


def guidance_service(row: GuidanceService) -> Record:
    """The short record of a guidance service."""
    me = id_of(GUIDANCE, row.slug)
    ways = ", ".join(row.way_names).capitalize()
    how = "\n\n".join(filter(None, [ways, row.hours_note, row.referral_note]))
    return {
        **known(
            id=str(me),
            organization_id=organization_id(row.organisation),
            name=row.name,
            description="\n\n".join(filter(None, [row.summary, row.description, row.next_steps])),
            url=row.website or page_url(ROUTE, row.slug),
            email=row.email,
            status="active",
            interpretation_services=_("An interpreter can be arranged.") if row.has_interpreter else "",
            application_process=how or row.get_booking_display().capitalize(),
            fees_description=fees_description(row.fee, row.fee_note),
            eligibility_description=row.audience,
            assured_date=row.checked_on.isoformat() if row.checked_on else "",
            last_modified=row.changed_at.isoformat(),
        ),
        "organization": organization(row.organisation),
    }


def full_guidance_service(row: GuidanceService) -> Record:
    """The full record of a guidance service that is loaded by `with_guidance_parts`."""
    me = id_of(GUIDANCE, row.slug)
    terms = [choice(KIND, GUIDANCE), *choices(WAY, row.ways)]
    terms += [word(CHANNEL, each) for each in row.channels.all()]
    terms += [word(TOPIC, each) for each in row.topics.all()]
    terms += [word(GROUP, each) for each in row.target_groups.all()]
    terms += situations_of(row)
    document = {"id": part_of(me, "bring"), "service_id": str(me), "document": row.bring}
    points = row.open_points  # type: ignore[attr-defined]  # loaded
    return {
        **guidance_service(row),
        "organization": provider(row.organisation),
        **known(
            additional_urls=page_urls(ROUTE, row.slug, owner="service_id", whole=str(me)),
            phones=phones(str(me), "service_id", row.phone),
            schedules=_booking(row, me),
            service_areas=service_areas(me, row.areas.all()),
            service_at_locations=[at_point(me, point) for point in points],
            languages=languages(me, row.languages),
            cost_options=cost_options(me, row.fee, row.fee_note),
            required_documents=[document] if row.bring else [],
            attributes=attributes("service", me, terms),
            opinovi=_own_guidance(row),
        ),
    }


def _booking(row: GuidanceService, me: UUID) -> list[Record]:
    """When one can come or call, and the page where a time is booked."""
    link = settings.ADDRESS + reverse("booking:public:appointment_start", args=[row.slug])
    description = _("Book a time") if row.is_bookable else row.hours_note
    if not description:
        return []
    return [
        known(
            id=part_of(me, "schedule"),
            service_id=str(me),
            description=description,
            schedule_link=link if row.is_bookable else "",
            notes=row.hours_note if row.is_bookable else "",
        )
    ]


def at_point(me: UUID, point: ServicePoint) -> Record:
    """The service at a service point, with the hours there."""
    pair = str(pair_of(me, places.location_id(point)))
    return known(
        id=pair,
        service_id=str(me),
        location_id=str(places.location_id(point)),
        schedules=places.schedules(point, service_id=str(me), service_at_location_id=pair),
        location=places.full_location(point),
    )


def _own_guidance(row: GuidanceService) -> Record:
    return own_record(
        row,
        GUIDANCE,
        texts=TEXTS,
        values=VALUES,
        organisation=row.organisation.slug,
        channels=[each.code for each in row.channels.all()],
        areas=[area_key(each) for each in row.areas.all()],
        topics=[each.code for each in row.topics.all()],
        target_groups=[each.code for each in row.target_groups.all()],
        service_points=sorted(each.slug for each in row.open_points),  # type: ignore[attr-defined]  # loaded
    )
