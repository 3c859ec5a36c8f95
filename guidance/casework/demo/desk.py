"""What waits for the counsellor who signs in, and what people have said of the meetings."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from guidance.booking.models import (
    Appointment,
    AppointmentFeedback,
    BookingInvitation,
    CallBackRequest,
    GroupSession,
    WaitingEntry,
)
from guidance.casework.demo.people import LEAD
from guidance.casework.demo.story import Story, read
from guidance.catalogue.models import GuidanceService
from opinovi.models import Letter, User

SAID = (
    (5, "Sain selkeän suunnitelman ja uskalsin hakea. Kiitos!"),
    (4, "Hyvä juttutuokio. Aika loppui vähän kesken."),
    (5, "Ohjaaja kuunteli eikä kiirehtinyt."),
    (3, "Olisin halunnut kuulla enemmän rahoituksesta."),
    (5, ""),
)
CALLERS: list[tuple[str, list[str], str]] = [
    ("Vieno Esimerkki", ["morning"], "Onko kurssilla vielä tilaa?"),
    ("Urho Keksitty", [], ""),
]
BEYOND_THE_HORIZON = 70  # days: nobody is offered a time yet


def build(story: Story, people: dict[str, User]) -> None:
    """Made without letters, so that nothing of it is sent."""
    services = {service.slug: service for service in GuidanceService.objects.filter(organisation__slug=LEAD)}
    _leaders(people)
    _unanswered(story, people["ohjaaja"])
    _feedback(story, people["ohjaaja"])
    _waiting(story, services["uraohjaus-aikuisille"])
    _invitations(story, services["jatko-ohjaus"], people["ohjaaja"])


def _leaders(people: dict[str, User]) -> None:
    sessions = {session.slug: session for session in GroupSession.objects.all()}
    for told in read("events"):
        sessions[told["slug"]].leaders.set([people[name] for name in told.get("leaders", [])])


def _unanswered(story: Story, counsellor: User) -> None:
    """Of the next two meetings, one waits to be confirmed; the letter of the other came back."""
    coming = counsellor.appointments.coming().filter(starts_at__gt=story.now + timedelta(days=1))
    request, unreached = coming.exclude(email="")[:2]
    request.confirmed_at = None
    request.save(update_fields=["confirmed_at"])
    Letter.objects.create(
        key=f"appointment_booked-{unreached.pk}-0",
        kind="appointment_booked",
        recipient=unreached.email,
        language=unreached.language,
        subject="Aikasi on varattu",
        state=Letter.State.FAILED,
        error="It came back (5.1.1).",
        about=unreached,
    )


def _feedback(story: Story, counsellor: User) -> None:
    seen = counsellor.appointments.filter(attendance=Appointment.Attendance.SEEN).order_by("-starts_at")
    for appointment, (stars, text) in zip(seen, SAID, strict=False):
        AppointmentFeedback.objects.create(
            appointment=appointment,
            stars=stars,
            text=text,
            created_at=min(appointment.ends_at + timedelta(hours=20), story.now),
        )


def _waiting(story: Story, service: GuidanceService) -> None:
    """Somebody who waits for spring, and two who want to be called."""
    entry = WaitingEntry(
        guidance_service=service,
        first_on=story.day(BEYOND_THE_HORIZON),
        last_on=story.day(BEYOND_THE_HORIZON + 30),
        name="Rauha Mallikas",
        email="jonottaja@example.fi",
        wish="Palaan silloin vanhempainvapaalta ja mietin uutta alaa.",
        language="fi",
        nonce=uuid5(NAMESPACE_URL, "waiting"),
    )
    entry.set_key()
    entry.save()
    for number, (name, times, wish) in enumerate(CALLERS, start=1):
        CallBackRequest.objects.create(
            guidance_service=service,
            name=name,
            phone=f"+358 000 001 9{number:02}",
            times=times,
            wish=wish,
            language="fi",
            created_at=story.now - timedelta(hours=3 * number),
        )


def _invitations(story: Story, service: GuidanceService, counsellor: User) -> None:
    for days, email in ((1, "kutsuttu@example.fi"), (4, "")):
        invitation = BookingInvitation(
            guidance_service=service,
            counsellor=counsellor if email else None,
            invited_by=counsellor,
            email=email,
            language="fi",
            nonce=uuid5(NAMESPACE_URL, f"invitation {days}"),
            created_at=story.now - timedelta(days=days),
            expires_at=story.now + timedelta(days=30 - days),
        )
        invitation.set_key()
        invitation.save()
