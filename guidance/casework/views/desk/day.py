"""A counsellor's day, the day of colleagues, and the keys."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guidance.booking.models import GroupSession
from guidance.casework.day import Meeting, colleagues_today, day_of
from guidance.casework.models import Client
from network.access import counsellor_required
from opinovi.actions import record_list
from opinovi.http import UserRequest
from opinovi.models import User


@require_safe
@counsellor_required
def my_day(request: UserRequest) -> HttpResponse:
    """`?appointment=7` puts that appointment at hand; otherwise the one that is most likely on."""
    day = day_of(request.user)
    asked = request.GET.get("appointment", "")
    meeting = day.at_hand(int(asked) if asked.isdecimal() and len(asked) < 19 else None) or day.at_hand()
    clients = _known_clients(request.user, meeting)
    record_list(request, [*(row.appointment for row in day.meetings), *clients])
    today = timezone.localdate()
    sessions = GroupSession.objects.live().for_calendar_of(request.user).between(today, today)
    context = {
        "day": day,
        "meeting": meeting,
        "clients": clients,
        "today": today,
        "sessions": [session for session in sessions.order_by("starts_at", "pk") if session.is_led],
    }
    return render(request, "casework/desk/my_day.html", context)


def _known_clients(user: User, meeting: Meeting | None) -> list[Client]:
    """The client a meeting was held with, or those of the organisation who may have booked it."""
    if meeting is None:
        return []
    appointment = meeting.appointment
    if meeting.session and meeting.session.client:
        return [meeting.session.client]
    own = Client.objects.visible_to(user).filter(organisation=appointment.organisation_id)
    return list(own.reached_by(email=appointment.email, phone=appointment.phone).for_listing()[:3])


@require_safe
@counsellor_required
def colleague_day(request: UserRequest) -> HttpResponse:
    meetings = colleagues_today(request.user)
    record_list(request, (meeting.appointment for meeting in meetings))
    return render(request, "casework/desk/colleague_day.html", {"meetings": meetings})


@require_safe
@counsellor_required
def keys(request: UserRequest) -> HttpResponse:
    """The keys of the desk; the switch that turns them off on a device stands below every desk page."""
    return render(request, "casework/desk/keys.html")
