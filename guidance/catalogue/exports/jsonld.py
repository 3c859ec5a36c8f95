"""What pages tell search engines: schema.org, as JSON-LD. What is not known is left out, never guessed.

Of people nothing is told, not even the contacts that a page shows; of a guidance service only what is public.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guidance.catalogue.exports.listed import guidance_address, training_address
from guidance.catalogue.models import Channel, GuidanceService, TrainingOption
from network.listed import organisation_address, service_point_address
from network.models import Area, OpeningHours, Organisation, ServicePoint
from opinovi.addresses import address_of

Data = dict[str, Any]

_COURSE_MODES = {
    TrainingOption.Mode.CONTACT: "Onsite",
    TrainingOption.Mode.WORKPLACE: "Onsite",
    TrainingOption.Mode.BLENDED: "Blended",
    TrainingOption.Mode.DISTANCE: "Online",
    TrainingOption.Mode.SELF_PACED: "Online",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def known(kind: str, **facts: Any) -> Data:
    """A thing of a schema.org type with the facts there are: nothing that is empty."""
    return {"@type": kind, **{name: fact for name, fact in facts.items() if fact not in (None, "", [], {})}}


def names_of(things: Iterable[Model]) -> list[str]:
    return [str(thing) for thing in things]


def offer(fee: Decimal | None, **facts: Any) -> Data | None:
    """An offer; None where nobody has told what it costs."""
    if fee is None:
        return None
    category = "Paid" if fee else "Free"
    return known("Offer", category=category, price=f"{fee:.2f}", priceCurrency="EUR", **facts)


def website_data() -> Data:
    search = f"{address_of('catalogue:public:search')}?q={{search_term_string}}"
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": search},
        "query-input": "required name=search_term_string",
    }
    front_page = address_of("catalogue:public:front_page")
    return known("WebSite", name="Opinovi", url=front_page, inLanguage=get_language(), potentialAction=action)


def organisation_data(organisation: Organisation) -> Data:
    """For the organisation's own page; elsewhere `organisation_in_short` is enough."""
    home, parent = organisation.home_municipality, organisation.parent
    identifier = known("PropertyValue", propertyID="Y-tunnus", value=organisation.business_id)
    return {
        **organisation_in_short(organisation),
        **known(
            "Organization",
            description=organisation.description,
            sameAs=organisation.website,
            identifier=identifier if organisation.business_id else None,
            address=address_in(home) if home else None,
            parentOrganization=organisation_in_short(parent) if parent and parent.published_at else None,
            dissolutionDate=organisation.ended_on.isoformat() if organisation.ended_on else None,
        ),
    }


def organisation_in_short(organisation: Organisation) -> Data:
    return known("Organization", name=organisation.name, url=organisation_address(organisation))


def address_in(municipality: Area, street: str = "", postcode: str = "") -> Data:
    return known(
        "PostalAddress",
        streetAddress=street,
        postalCode=postcode,
        addressLocality=municipality.name,
        addressCountry="FI",
    )


def service_point_data(point: ServicePoint) -> Data:
    """A place, with its weekly hours; the service point comes with its `opening_hours`."""
    geo = (
        known("GeoCoordinates", latitude=float(point.latitude), longitude=float(point.longitude))
        if (point.latitude is not None and point.longitude is not None)
        else None
    )
    street, postcode = point.street_address, point.postcode
    return known(
        "Place",
        name=point.name,
        url=service_point_address(point),
        address=address_in(point.municipality, street, postcode) if point.municipality else None,
        geo=geo,
        telephone=point.phone,
        amenityFeature=_amenities(point),
        openingHoursSpecification=[_hours(row) for row in point.opening_hours.all()],
    )


def _amenities(point: ServicePoint) -> list[Data]:
    """What is there; that a box is not ticked does not mean that it is missing."""
    there = {
        _("step-free entrance"): point.is_step_free,
        _("accessible toilet"): point.has_accessible_toilet,
        _("induction loop"): point.has_induction_loop,
        _("accessible parking space"): point.has_parking,
    }
    return [
        {"@type": "LocationFeatureSpecification", "name": name, "value": True}
        for name, is_there in there.items()
        if is_there
    ]


def _hours(row: OpeningHours) -> Data:
    return known(
        "OpeningHoursSpecification",
        dayOfWeek=_DAYS[row.weekday - 1],
        opens=f"{row.opens_at:%H:%M}",
        closes=f"{row.closes_at:%H:%M}",
        validFrom=row.valid_from.isoformat() if row.valid_from else None,
        validThrough=row.valid_to.isoformat() if row.valid_to else None,
    )


def training_data(training: TrainingOption) -> Data:
    """A course with one instance; the training comes with its provider and municipalities."""
    months = training.duration_months
    applications = {
        "url": None if training.is_closed else training.application_link,
        "validFrom": training.applications_from.isoformat() if training.applications_from else None,
        "validThrough": training.applications_to.isoformat() if training.applications_to else None,
    }
    return known(
        "Course",
        name=training.name,
        url=training_address(training),
        description=training.description or training.outcomes,
        provider=organisation_in_short(training.provider),
        coursePrerequisites=training.requirements or ", ".join(training.prior_education_names),
        educationalCredentialAwarded=training.titles,
        numberOfCredits=_credits(training),
        timeRequired=f"P{months}M" if months else None,
        keywords=training.keywords,
        sameAs=training.website,
        isAccessibleForFree=None if training.fee is None else training.fee == 0,
        offers=offer(training.fee, **applications),
        hasCourseInstance=_course_instance(training),
    )


def _credits(training: TrainingOption) -> Data | None:
    if training.extent is None or training.extent_unit not in {"credit", "competence_point"}:
        return None
    return known(
        "StructuredValue",
        value=float(training.extent),
        maxValue=float(training.extent_to) if training.extent_to else None,
        unitText=training.get_extent_unit_display(),
    )


def _course_instance(training: TrainingOption) -> Data:
    dates = {
        "startDate": training.starts_on.isoformat() if training.starts_on else None,
        "endDate": training.ends_on.isoformat() if training.ends_on else None,
    }
    places = [
        known("Place", name=place.name, address=address_in(place)) for place in training.municipalities.all()
    ]
    return known(
        "CourseInstance",
        courseMode=_COURSE_MODES[TrainingOption.Mode(training.mode)],
        courseWorkload=_workload(training),
        courseSchedule=known("Schedule", **dates) if training.starts_on else None,
        inLanguage=training.languages,
        location=places,
        **dates,
    )


def _workload(training: TrainingOption) -> str | None:
    """The hours as ISO 8601; credits are not turned into hours, for nobody has told how many they are."""
    if training.extent is None or training.extent_unit != TrainingOption.Unit.HOUR or training.extent_to:
        return None
    hours, minutes = divmod(round(training.extent * 60), 60)
    return f"PT{hours}H{minutes}M" if minutes else f"PT{hours}H"


def guidance_data(service: GuidanceService, points: list[ServicePoint]) -> Data:
    """The service comes with its channels, areas, topics and groups, the points with their opening hours."""
    places = [service_point_data(point) for point in points]
    areas = [known("AdministrativeArea", name=area.name) for area in service.areas.all()]
    groups = [known("Audience", audienceType=name) for name in names_of(service.target_groups.all())]
    return known(
        "GovernmentService",
        name=service.name,
        url=guidance_address(service),
        description=service.description or service.summary,
        serviceType=names_of(service.topics.all()) or [_("Guidance")],
        areaServed=areas or [known("Country", name=_("Finland"))],
        audience=groups or (known("Audience", audienceType=service.audience) if service.audience else None),
        provider=organisation_in_short(service.organisation),
        availableChannel=[_channel(service, channel, places) for channel in service.channels.all()],
        hoursAvailable=places[0].get("openingHoursSpecification") if len(places) == 1 else None,
        offers=offer(service.fee),
    )


def _channel(service: GuidanceService, channel: Channel, places: list[Data]) -> Data:
    booking = address_of("booking:public:appointment_start", service.slug) if service.is_bookable else ""
    phone = known("ContactPoint", telephone=service.phone) if channel.needs_phone and service.phone else None
    return known(
        "ServiceChannel",
        name=channel.name,
        serviceUrl=booking or service.website,
        servicePhone=phone,
        availableLanguage=service.languages,
        serviceLocation=places if channel.needs_place else None,
    )
