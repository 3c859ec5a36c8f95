"""Fictional people at work, and when counsellors can be booked."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from guidance.booking.models import Absence, Availability
from guidance.casework.demo.story import Story, clock, moment, read
from guidance.catalogue.models import Channel, GuidanceService
from network.models import Affiliation, Organisation, RouteStop, ServicePoint
from opinovi.models import User

LEAD = "tampereen-aikuiskoulutuskeskus"
COUNSELLOR, COORDINATOR, ADMINISTRATOR = Affiliation.Role

Person = tuple[str, str, str, str]  # e-mail address, name, organisation, role

PEOPLE: list[Person] = [
    ("ohjaaja@example.fi", "Demo Ohjaaja", LEAD, COUNSELLOR),
    ("koordinaattori@example.fi", "Demo Koordinaattori", LEAD, COORDINATOR),
    ("yllapito@example.fi", "Demo Ylläpitäjä", LEAD, ADMINISTRATOR),
    ("neuvoja@example.fi", "Malli Neuvoja", LEAD, COUNSELLOR),
    ("opastaja@example.fi", "Esimerkki Opastaja", "tredu", COUNSELLOR),
    ("tukija@example.fi", "Testi Tukija", "turun-tyollisyyspalvelut", COUNSELLOR),
    ("kuuntelija@example.fi", "Kokeilu Kuuntelija", "koulutuskeskus-salpaus", COUNSELLOR),
    ("kulkija@example.fi", "Harjoitus Kulkija", "tampereen-tyollisyyspalvelut", COUNSELLOR),
    ("matkaaja@example.fi", "Tarina Matkaaja", LEAD, COUNSELLOR),
    ("koordinaattori.lahti@example.fi", "Malli Koordinaattori", "koulutuskeskus-salpaus", COORDINATOR),
]


def build(story: Story, password: str) -> dict[str, User]:
    """Returns the people by the first part of their addresses. All have the same password."""
    people = _people(story, password)
    _times(people)
    day = story.day(21)
    Absence.objects.create(
        counsellor=people["ohjaaja"],
        starts_at=moment(day, clock("0:00")),
        ends_at=moment(story.day(22), clock("0:00")),
        note="Koulutuspäivä",
    )
    return people


def _people(story: Story, password: str) -> dict[str, User]:
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    hashed = make_password(password)
    users = User.objects.bulk_create(
        [User(email=email, name=name, language="fi", password=hashed) for email, name, _slug, _role in PEOPLE]
    )
    Affiliation.objects.bulk_create(
        [
            Affiliation(user=user, organisation=organisations[slug], role=role, since=story.day(-800))
            for user, (_email, _name, slug, role) in zip(users, PEOPLE, strict=True)
        ]
    )
    return {user.email.split("@")[0]: user for user in users}


def _times(people: dict[str, User]) -> None:
    services = {service.slug: service for service in GuidanceService.objects.all()}
    channels = {channel.code: channel for channel in Channel.objects.all()}
    points = {point.slug: point for point in ServicePoint.objects.all()}
    for told in read("times"):
        when = _at_stops(told["stops"]) if "stops" in told else _weekly(told, points)
        for columns in when:
            availability = Availability.objects.create(counsellor=people[told["counsellor"]], **columns)
            availability.services.set([services[slug] for slug in told["services"]])
            availability.channels.set([channels[code] for code in told["channels"]])


def _weekly(told: dict[str, Any], points: dict[str, ServicePoint]) -> list[dict[str, Any]]:
    begins, ends = map(clock, told["hours"])
    point = points.get(told.get("point", ""))
    return [
        {"weekday": weekday, "service_point": point, "starts_at": begins, "ends_at": ends}
        for weekday in told["weekdays"]
    ]


def _at_stops(number: int) -> list[dict[str, Any]]:
    """The times of the first stops of the bus that are to come."""
    return [
        {
            "stop": stop,
            "service_point_id": stop.service_point_id,
            "starts_at": timezone.localtime(stop.starts_at).time(),
            "ends_at": timezone.localtime(stop.ends_at).time(),
        }
        for stop in RouteStop.objects.live().coming().order_by("starts_at", "pk")[:number]
    ]
