"""Service points with their hours, and the tour of the bus."""

from datetime import timedelta
from typing import Any

from guidance.casework.demo.story import Story, clock, in_languages, moment, read
from network.models import Area, OpeningException, OpeningHours, Organisation, RouteStop, ServicePoint
from network.opening import holiday_name

BUS = "opin-ovi-auto"


def build(story: Story) -> None:
    places = read("places")
    homes = {area.code: area for area in Area.objects.municipalities()}
    keepers = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    hours = []
    for told in places["points"]:
        point = _point(story, told, homes, keepers)
        if not told.get("closed"):
            hours += _hours(point, told["hours"])
    hours += _hours(ServicePoint.objects.get(slug=places["outlived"]), places["outlived_hours"])
    OpeningHours.objects.bulk_create(hours)
    _exceptions(story)
    _tour(story, places["tour"], places["cancelled_stop"], homes)


def _point(
    story: Story, told: dict[str, Any], homes: dict[str, Area], keepers: dict[str, Organisation]
) -> ServicePoint:
    street_address, postcode = told["address"]
    is_closed = told.get("closed", False)
    return ServicePoint.objects.create(
        slug=told["slug"],
        organisation=keepers[told["organisation"]],
        municipality=homes[told["municipality"]],
        street_address=street_address,
        postcode=postcode,
        phone=told["phone"],
        email=told["email"],
        opened_on=story.day(-1500),
        closed_on=story.day(-90) if is_closed else None,
        published_at=story.now,
        **dict.fromkeys(told["facts"], True),
        **in_languages("name", told["names"]),
        **in_languages("description", told["description"]),
        **in_languages("directions", told["directions"]),
    )


def _hours(point: ServicePoint, hours: list[tuple[int, str, str]]) -> list[OpeningHours]:
    return [
        OpeningHours(service_point=point, weekday=weekday, opens_at=clock(opens), closes_at=clock(closes))
        for weekday, opens, closes in hours
    ]


def _exceptions(story: Story) -> None:
    """A shorter day and a closed one, so that both can be seen."""
    point = ServicePoint.objects.get(slug="ohjauspiste-tampere")
    friday = story.today + timedelta(days=(4 - story.today.weekday()) % 7)
    OpeningException.objects.create(
        service_point=point,
        on=friday,
        opens_at=clock("9:00"),
        closes_at=clock("11:30"),
        reason="Ohjaajien kokous",
    )
    OpeningException.objects.create(service_point=point, on=friday + timedelta(days=14), reason="Muutto")


def _tour(story: Story, tour: list[list[Any]], cancelled: int, homes: dict[str, Area]) -> None:
    bus = ServicePoint.objects.get(slug=BUS)
    monday = story.today + timedelta(days=7 - story.today.weekday())
    stops = []
    for number, (days, begins, ends, home, place, street_address) in enumerate(tour):
        day = monday + timedelta(days=days)
        if holiday_name(day):
            continue
        stops.append(
            RouteStop(
                service_point=bus,
                municipality=homes[home],
                place=place,
                street_address=street_address,
                starts_at=moment(day, clock(begins)),
                ends_at=moment(day, clock(ends)),
                cancelled_at=story.now - timedelta(days=1) if number == cancelled else None,
            )
        )
    RouteStop.objects.bulk_create(stops)
