"""Fictional people at work, and when counsellors can be booked."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from guidance.booking.models import Absence, Availability
from guidance.casework.demo.story import Story, clock, moment
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


class Times(NamedTuple):
    """When a counsellor can be booked every week; without a place only by the channels that need none."""

    counsellor: str
    weekdays: tuple[int, ...]
    begins: str
    ends: str
    services: tuple[str, ...]
    channels: tuple[str, ...]
    point: str = ""


CAREER = ("uraohjaus-aikuisille", "valitsematta-jaaneiden-ohjaus")
TIMES = [
    Times("ohjaaja", (1, 3, 4), "9:00", "12:00", CAREER, ("on-site", "phone"), "ohjauspiste-tampere"),
    Times("ohjaaja", (1, 4), "12:30", "15:30", CAREER, ("on-site", "phone", "video"), "ohjauspiste-tampere"),
    Times("ohjaaja", (2,), "13:00", "18:00", CAREER, ("on-site", "video"), "ohjauspiste-tampere"),
    Times("ohjaaja", (5,), "9:00", "13:00", ("opiskelun-rahoitus",), ("phone", "video")),
    Times("neuvoja", (2, 4), "12:00", "16:00", CAREER[:1], ("on-site",), "ohjauspiste-nokia"),
    Times("neuvoja", (1,), "12:00", "17:00", CAREER[:1], ("on-site", "phone"), "ohjauspiste-ylojarvi"),
    Times("neuvoja", (3,), "10:00", "15:00", CAREER[:1], ("on-site",), "ohjauspiste-mantta"),
    Times("neuvoja", (5,), "9:00", "14:00", ("opiskelun-rahoitus", *CAREER[:1]), ("phone", "video")),
    Times("opastaja", (1, 2), "9:00", "15:00", ("opinto-ohjaus-aikuisille",), ("on-site", "phone"), "tredun-ohjauspiste"),
    Times("opastaja", (4,), "9:00", "17:00", ("opinto-ohjaus-aikuisille", "osaamisen-tunnistaminen"), ("on-site", "video"), "tredun-ohjauspiste"),
    Times("opastaja", (3, 5), "9:00", "12:00", ("osaamisen-tunnistaminen",), ("video",)),
    Times("tukija", (1, 2, 4), "9:00", "15:00", ("ohjausta-turussa", "maahanmuuttajien-ohjaus"), ("on-site", "phone"), "ohjauspiste-turku"),
    Times("tukija", (3,), "12:00", "18:00", ("ohjausta-turussa", "maahanmuuttajien-ohjaus"), ("on-site",), "opin-ovi-palvelupiste-turku"),
    Times("kuuntelija", (1, 3), "9:00", "16:00", ("ohjausta-paijat-hameessa",), ("on-site", "phone"), "ohjauspiste-lahti"),
    Times("kuuntelija", (2,), "12:00", "16:00", ("ohjausta-paijat-hameessa",), ("on-site",), "ohjauspiste-heinola"),
    Times("kuuntelija", (4,), "9:00", "15:00", ("ohjausta-paijat-hameessa", "yritysten-ohjaus"), ("video", "phone")),
    Times("kulkija", (2, 3), "9:00", "14:00", ("tyokyky-ja-uusi-ala",), ("on-site", "phone"), "ohjauspiste-tampere"),
]  # fmt: skip


def build(story: Story, password: str) -> dict[str, User]:
    """Returns the people by the first part of their addresses. All have the same password."""
    people = _people(story, password)
    _times(people, TIMES)
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


def _times(people: dict[str, User], times: Iterable[Times]) -> None:
    services = {service.slug: service for service in GuidanceService.objects.all()}
    channels = {channel.code: channel for channel in Channel.objects.all()}
    points = {point.slug: point for point in ServicePoint.objects.all()}
    for told in times:
        for weekday in told.weekdays:
            availability = Availability.objects.create(
                counsellor=people[told.counsellor],
                service_point=points.get(told.point),
                weekday=weekday,
                starts_at=clock(told.begins),
                ends_at=clock(told.ends),
            )
            availability.services.set([services[slug] for slug in told.services])
            availability.channels.set([channels[code] for code in told.channels])
