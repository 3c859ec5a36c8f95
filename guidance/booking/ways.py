"""How a person and a counsellor meet, written down in an appointment."""

import secrets
from dataclasses import dataclass

from django.conf import settings

from guidance.booking.models import Appointment, Availability
from guidance.catalogue.models import Channel


@dataclass(frozen=True)
class OtherWay:
    """Another channel for a meeting, with what it needs: a number to call, or an address to come to."""

    channel: Channel
    phone: str = ""
    visit_address: str = ""

    def write_into(self, appointment: Appointment) -> None:
        """Meet so from now on; a link of the old way is gone, a number that was known stays."""
        appointment.channel = self.channel
        appointment.phone = self.phone or appointment.phone
        address = self.visit_address or appointment.visit_address
        appointment.visit_address = address if self.channel.needs_address else ""
        appointment.video_link = ""


def give_link(appointment: Appointment) -> None:
    """A link of its own for a meeting that needs one: the counsellor's, or a room nobody can guess."""
    if not appointment.channel.needs_link or appointment.video_link:
        return
    offers = Availability.objects.filter(
        counsellor=appointment.counsellor_id, services=appointment.guidance_service_id
    ).exclude(video_link="")
    own = offers.values_list("video_link", flat=True).first()
    room = settings.VIDEO_ROOMS.replace("{room}", secrets.token_urlsafe(16))
    appointment.video_link = own or room
