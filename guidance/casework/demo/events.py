"""Group sessions and events of the weeks ahead."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from guidance.booking.models import GroupSession, Registration
from guidance.casework.demo.story import Story, clock, in_languages, moment, read
from guidance.catalogue.models import GuidanceService
from network.models import Area, Organisation, ServicePoint
from network.opening import holiday_name

FRIDAY = 5
NAMES = ("Aino", "Eino", "Helmi", "Oiva", "Saga", "Toivo", "Venla")


def build(story: Story) -> None:
    holders = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    homes = {area.code: area for area in Area.objects.municipalities()}
    points = {point.slug: point for point in ServicePoint.objects.all()}
    services = {service.slug: service for service in GuidanceService.objects.all()}
    sessions = []
    for told in read("events"):
        point = points[told["point"]] if "point" in told else None
        session = _session(story, told)
        session.organisation = holders[told["organisation"]]
        session.service = services[told["service"]] if "service" in told else None
        session.service_point = point
        session.municipality = homes[told["municipality"]] if "municipality" in told else None
        if point and not session.municipality:
            session.municipality = point.municipality
        sessions.append(session)
    GroupSession.objects.bulk_create(sessions)
    for session, told in zip(sessions, read("events"), strict=True):
        _people(session, "registered", told.get("taken", 0))
        _people(session, "waiting", told.get("waiting", 0))


def _people(session: GroupSession, state: str, count: int) -> None:
    """So many fictional people who are signed up, or wait; they are written no letters."""
    for number in range(1, count + 1):
        word = f"{state}{number}"
        registration = Registration(
            session=session,
            state=state,
            name=f"{NAMES[number % len(NAMES)]} Esimerkki",
            email=f"{word}@example.fi",
            language="fi",
            nonce=uuid5(NAMESPACE_URL, f"{session.slug} {word}"),
        )
        registration.set_key()
        registration.save()


def _session(story: Story, told: dict[str, Any]) -> GroupSession:
    """An event on a weekday (1 is Monday) so many weeks ahead; on the next working day after a holiday."""
    weeks, weekday, begins, ends = told["when"]
    day = story.today + timedelta(days=7 * weeks + weekday - 1 - story.today.weekday())
    while holiday_name(day) or day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    return GroupSession(
        slug=told["slug"],
        kind=told["kind"],
        languages=told["languages"],
        starts_at=moment(day, clock(begins)),
        ends_at=moment(day, clock(ends)),
        capacity=told.get("capacity"),
        fee=told.get("fee", 0),
        online_link=told.get("online", ""),
        registration_link=told.get("sign_up", ""),
        has_registration=told.get("sign_up_here", False),
        street_address=told.get("address", ""),
        phone=told.get("phone", ""),
        email=told.get("email", ""),
        cancelled_at=story.now - timedelta(days=1) if told.get("cancelled") else None,
        published_at=story.now,
        **{
            column: text
            for name in ("name", "summary", "description", "audience", "place", "registration_note")
            if name in told
            for column, text in in_languages(name, told[name]).items()
        },
    )
