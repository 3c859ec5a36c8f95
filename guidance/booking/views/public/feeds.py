"""A counsellor's meetings for a calendar program, which opens a secret address."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from guidance.booking.exports.listed import event_happening
from guidance.booking.ics import counsellor_file
from guidance.booking.models import Appointment, CalendarFeed, GroupSession
from opinovi.http import private_page
from opinovi.ics import CONTENT_TYPE, kept


@login_not_required
@private_page
@require_safe
def counsellor_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """What is to come and the last weeks, with initials alone; what was cancelled is not in it."""
    feed = get_object_or_404(CalendarFeed.objects.opened_by(key).select_related("counsellor"))
    own = Appointment.objects.visible_to(feed.counsellor).filter(counsellor=feed.counsellor).live()
    led = GroupSession.objects.published().led_by(feed.counsellor).for_listing()
    file = counsellor_file(kept(own.for_listing()), map(event_happening, kept(led)))
    return HttpResponse(file, content_type=CONTENT_TYPE)
