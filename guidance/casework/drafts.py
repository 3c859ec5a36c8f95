"""Sessions as they are likely to have been, so that a counsellor types nothing that the portal knows."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from guidance.booking.models import Appointment
from guidance.casework.models import Client, GuidanceSession
from guidance.catalogue.models import Channel, GuidanceService
from network.models import Organisation
from opinovi.models import User
from projects.models import Project

COPIED = ("guidance_service", "channel", "service_point", "language", "minutes", "project")


@dataclass(frozen=True)
class Draft:
    """An unsaved session, and what its form says of the rows it cannot hold before it is saved."""

    session: GuidanceSession
    initial: dict[str, Any] = field(default_factory=dict)


def for_appointment(appointment: Appointment, counsellor: User) -> Draft:
    """What was booked is what was held, until the counsellor says otherwise."""
    length = appointment.ends_at - appointment.starts_at
    earlier = GuidanceSession.objects.visible_to(counsellor).filter(counsellor=counsellor)
    latest = earlier.filter(guidance_service=appointment.guidance_service).select_related("project").first()
    session = GuidanceSession(
        organisation=appointment.organisation,
        counsellor=counsellor,
        appointment=appointment,
        guidance_service=appointment.guidance_service,
        channel=appointment.channel,
        service_point=appointment.service_point,
        held_on=timezone.localdate(appointment.starts_at),
        minutes=max(1, round(length.total_seconds() / 60)),
        language=appointment.spoken_language,
        project=_still_running(latest.project) if latest else None,
    )
    return Draft(session, {"topics": list(appointment.guidance_service.topics.all())})


def without_appointment(organisation: Organisation, counsellor: User, client: Client | None = None) -> Draft:
    """Much like the counsellor's latest session there, but today and with the client, if one is known."""
    session = GuidanceSession(organisation=organisation, counsellor=counsellor, client=client)
    earlier = GuidanceSession.objects.visible_to(counsellor).filter(organisation=organisation)
    latest = earlier.filter(counsellor=counsellor).select_related("project", "guidance_service").first()
    if latest:
        for name in COPIED:
            setattr(session, name, getattr(latest, name))
        session.project = _still_running(latest.project)
    else:
        own = GuidanceService.objects.published().filter(organisation=organisation)
        session.guidance_service = own.first()  # type: ignore[assignment]  # the form asks for what is missing
        session.channel = Channel.objects.order_by("order", "pk").first()  # type: ignore[assignment]  # likewise
    if not client:
        return Draft(session)
    session.municipality = client.home_municipality
    before = client.sessions.first()
    return Draft(session, {"target_groups": list(before.target_groups.all())} if before else {})


def _still_running(project: Project | None) -> Project | None:
    return project if project and not project.has_ended else None
