"""A year of meetings: fictional clients, their appointments and what counsellors wrote down."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from guidance.booking.models import Appointment, Availability
from guidance.casework.demo.network import PROJECT
from guidance.casework.demo.story import Story, clock, moment
from guidance.casework.models import Client, GuidanceSession
from guidance.catalogue.models import GuidanceService
from network.models import Affiliation, Area, Organisation
from network.opening import holiday_name
from opinovi.models import User
from projects.models import Project

FIRST = (
    "Aino",
    "Eero",
    "Helmi",
    "Ilmari",
    "Kaarina",
    "Lauri",
    "Maija",
    "Niilo",
    "Oona",
    "Pentti",
    "Saima",
    "Toivo",
)
LAST = ("Esimerkki", "Kuvitteellinen", "Mallikas", "Keksitty", "Demonen")
COMPANIES = ("Esimerkki Oy", "Mallipaja Ky", "Keksitty Kahvila Tmi", "Demo Rakennus Oy")
HOMES = {"837": 8, "536": 3, "980": 3, "508": 1, "908": 1, "790": 1}
WISHES = (
    "Haluaisin vaihtaa alaa, mutta en tiedä mihin.",
    "Opinnot jäivät kesken. Voinko jatkaa niitä?",
    "Mietin lähihoitajan opintoja työn ohessa.",
    "Millä rahalla opiskelen aikuisena?",
    "En päässyt koulutukseen. Mitä nyt?",
    "",
)
NOTES = (
    "Esittelyn keksitty muistiinpano: käytiin läpi työhistoria ja kolme kiinnostavaa alaa.",
    "Esittelyn keksitty muistiinpano: vertailtiin koulutuksia ja hakuaikoja.",
    "Esittelyn keksitty muistiinpano: laskettiin opintojen ajan toimeentulo.",
    "Esittelyn keksitty muistiinpano: tehtiin hakemus yhdessä loppuun.",
    "Esittelyn keksitty muistiinpano: sovittiin tutustumisesta työpaikkaan.",
)
STEPS = (
    "Lähettää hakemuksen ennen määräaikaa",
    "Soittaa oppilaitoksen hakutoimistoon",
    "Tapaaminen uudelleen kahden viikon päästä",
    "Kerää työtodistukset",
    "",
)
PAST_DAYS, COMING_DAYS = 365, 21
UNLOGGED = timedelta(days=2)  # meetings of the last days that nobody has yet written down
CANCELLED, MISSED, VISITS, IN_PROJECT = 0.08, 0.04, 0.3, 0.5  # how often


def build(story: Story, people: dict[str, User]) -> None:
    _sessions(story, _appointments(story, people, _clients(story)))


def _clients(story: Story) -> dict[int, list[Client]]:
    """Clients of every organisation that has counsellors, by the organisation's primary key."""
    homes = {area.code: area for area in Area.objects.municipalities().filter(code__in=HOMES)}
    counselling = Affiliation.objects.current().counsellors().values("organisation")
    rows: list[Client] = []
    for organisation in Organisation.objects.filter(pk__in=counselling):
        names = [f"{first} {last}" for first, last in product(FIRST, LAST)]
        for number, name in enumerate(story.dice.sample(names, 16)):
            home = story.dice.choices(list(HOMES), list(HOMES.values()))[0]
            rows.append(
                Client(
                    organisation=organisation,
                    name=name,
                    email=f"asiakas{len(rows)}@example.fi" if number % 3 else "",
                    phone="" if number % 3 == 1 else f"+358 000 001 {len(rows):03}",
                    home_municipality=homes[home],
                    language=story.dice.choices(["fi", "sv", "en"], [8, 1, 1])[0],
                    created_at=story.now - timedelta(days=story.dice.randint(5, PAST_DAYS)),
                )
            )
        company = Client.Kind.COMPANY
        rows += [
            Client(organisation=organisation, kind=company, name=name, email="yritys@example.fi")
            for name in COMPANIES[:2]
        ]
    found: dict[int, list[Client]] = {}
    for client in Client.objects.bulk_create(rows):
        found.setdefault(client.organisation_id, []).append(client)
    return found


def _appointments(
    story: Story, people: dict[str, User], clients: dict[int, list[Client]]
) -> list[tuple[Appointment, Client]]:
    """Meetings in some of the times that counsellors offer: a year back, weeks ahead, and always today."""
    works_at = dict(Affiliation.objects.counsellors().values_list("user", "organisation"))
    offers = list(Availability.objects.prefetch_related("services", "channels").order_by("starts_at", "pk"))
    busy_until: dict[int, datetime] = {}
    meetings = []
    for day in _working_days(story):
        chance = 0.25 if day < story.today else 0.55
        for offer in offers:
            if offer.weekday == day.isoweekday() and story.dice.random() < chance:
                client = story.dice.choice(clients[works_at[offer.counsellor_id]])
                appointment = _appointment(story, offer, day, story.dice.randint(0, 2), client)
                if busy_until.get(offer.counsellor_id, appointment.starts_at) <= appointment.starts_at:
                    busy_until[offer.counsellor_id] = appointment.ends_at
                    meetings.append((appointment, client))
    meetings += _today(story, people["ohjaaja"], meetings, clients)
    Appointment.objects.bulk_create([appointment for appointment, _client in meetings])
    return meetings


def _working_days(story: Story) -> Iterator[date]:
    days = (story.day(number) for number in range(-PAST_DAYS, COMING_DAYS + 1))
    return (day for day in days if not holiday_name(day))


def _today(
    story: Story,
    counsellor: User,
    meetings: list[tuple[Appointment, Client]],
    clients: dict[int, list[Client]],
) -> list[tuple[Appointment, Client]]:
    """Three meetings for the counsellor who signs in, if today would otherwise be empty, as on a Sunday."""
    if any(m.counsellor_id == counsellor.pk and m.starts_at.date() == story.today for m, _client in meetings):
        return []
    weekly = Availability.objects.filter(counsellor=counsellor, weekday=1).order_by("starts_at")[0]
    offer = Availability.objects.create(
        counsellor=counsellor,
        service_point=weekly.service_point,
        on=story.today,
        starts_at=clock("9:00"),
        ends_at=clock("16:00"),
    )
    offer.services.set(weekly.services.all())
    offer.channels.set(weekly.channels.all())
    own = clients[counsellor.affiliations.get().organisation_id]
    return [
        (_appointment(story, offer, story.today, turn, client, is_certain=True), client)
        for turn, client in zip((0, 2, 6), own, strict=False)
    ]


def _appointment(
    story: Story, offer: Availability, day: date, turn: int, client: Client, *, is_certain: bool = False
) -> Appointment:
    """The meeting in the offer's so-manieth time of the day, booked some days before; a few are cancelled."""
    service = story.dice.choice(list(offer.services.all()))
    channel = story.dice.choice(list(offer.channels.all()))
    appointment = Appointment(
        guidance_service=service,
        organisation_id=client.organisation_id,
        counsellor_id=offer.counsellor_id,
        channel=channel,
        service_point=offer.service_point if channel.needs_place else None,
        name=client.name,
        email=client.email,
        phone=client.phone,
        wish=story.dice.choice(WISHES),
        language=client.language,
        spoken_language=client.language if client.language in service.languages else "fi",
        needs_interpreter=story.dice.random() < 0.05,
        special_needs="Käytän pyörätuolia." if story.dice.random() < 0.04 else "",
        nonce=uuid.UUID(int=story.dice.getrandbits(128), version=4),
    )
    appointment.set_time(moment(day, offer.starts_at) + turn * timedelta(minutes=service.duration_minutes))
    appointment.set_key()
    booked_at = appointment.starts_at - timedelta(
        days=story.dice.randint(2, 12), hours=story.dice.randint(0, 9)
    )
    appointment.created_at = min(booked_at, story.now)
    if not is_certain and story.dice.random() < CANCELLED:
        appointment.cancelled_at = max(appointment.created_at, min(booked_at + timedelta(days=1), story.now))
        appointment.cancelled_by = story.dice.choice(Appointment.Canceller.values)
    return appointment


def _sessions(story: Story, meetings: list[tuple[Appointment, Client]]) -> None:
    """What came of the meetings that are over, and visits of people who had booked nothing."""
    project = Project.objects.get(slug=PROJECT)
    held = [
        (appointment, client)
        for appointment, client in meetings
        if not appointment.cancelled_at and appointment.starts_at < story.now - UNLOGGED
    ]
    missed = [appointment for appointment, _client in held if story.dice.random() < MISSED]
    for appointment, _client in held:
        did_come = appointment not in missed
        appointment.attendance = Appointment.Attendance.SEEN if did_come else Appointment.Attendance.NO_SHOW
    Appointment.objects.bulk_update([appointment for appointment, _client in held], ["attendance"])
    rows = [_session(story, a, client, project) for a, client in held if a not in missed]
    rows += [_visit(story, a, project) for a, _client in held if story.dice.random() < VISITS]
    sessions = GuidanceSession.objects.bulk_create(rows)
    topic: Any = GuidanceSession.topics.through
    group: Any = GuidanceSession.target_groups.through
    services = {
        service.pk: (list(service.topics.all()), list(service.target_groups.all()))
        for service in GuidanceService.objects.prefetch_related("topics", "target_groups")
    }
    topics, groups = [], []
    for session in sessions:
        about, whom = services[session.guidance_service_id]
        some = story.dice.sample(about, min(len(about), story.dice.randint(1, 2)))
        topics += [topic(guidancesession=session, guidancetopic=one) for one in some]
        groups.append(group(guidancesession=session, targetgroup=story.dice.choice(whom)))
    topic.objects.bulk_create(topics)
    group.objects.bulk_create(groups)


def _session(story: Story, appointment: Appointment, client: Client, project: Project) -> GuidanceSession:
    return GuidanceSession(
        organisation_id=appointment.organisation_id,
        counsellor_id=appointment.counsellor_id,
        client=client,
        appointment=appointment,
        guidance_service_id=appointment.guidance_service_id,
        project=project if story.dice.random() < IN_PROJECT else None,
        channel_id=appointment.channel_id,
        service_point_id=appointment.service_point_id,
        held_on=appointment.starts_at.date(),
        minutes=story.dice.choice([30, 45, 45, 60]),
        language=appointment.spoken_language,
        municipality_id=client.home_municipality_id,
        notes=story.dice.choice(NOTES),
        next_step=story.dice.choice(STEPS),
        created_at=appointment.ends_at + timedelta(minutes=story.dice.randint(2, 90)),
        nonce=uuid.UUID(int=story.dice.getrandbits(128), version=4),
    )


def _visit(story: Story, appointment: Appointment, project: Project) -> GuidanceSession:
    """Somebody who came without a time and gave no name, on the day of a meeting."""
    return GuidanceSession(
        organisation_id=appointment.organisation_id,
        counsellor_id=appointment.counsellor_id,
        guidance_service_id=appointment.guidance_service_id,
        project=project if story.dice.random() < IN_PROJECT else None,
        channel_id=appointment.channel_id,
        service_point_id=appointment.service_point_id,
        held_on=appointment.starts_at.date(),
        minutes=story.dice.choice([10, 15, 20]),
        created_at=appointment.ends_at + timedelta(minutes=5),
        nonce=uuid.UUID(int=story.dice.getrandbits(128), version=4),
    )
