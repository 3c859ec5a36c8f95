"""Fictional people at work, and when counsellors can be booked."""

from django.contrib.auth.hashers import make_password

from guidance.booking.models import Absence, Availability
from guidance.casework.demo.story import Story, clock, moment, read
from guidance.catalogue.models import Channel, GuidanceService
from network.models import Affiliation, Organisation, ServicePoint
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
        ends_at=moment(day, clock("23:45")),
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
        begins, ends = told["hours"]
        for weekday in told["weekdays"]:
            availability = Availability.objects.create(
                counsellor=people[told["counsellor"]],
                service_point=points.get(told.get("point")),
                weekday=weekday,
                starts_at=clock(begins),
                ends_at=clock(ends),
            )
            availability.services.set([services[slug] for slug in told["services"]])
            availability.channels.set([channels[code] for code in told["channels"]])
