"""Group sessions that anyone may come to, in other forms: a feed and calendars to follow."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.booking.exports.listed import event_entry, event_happening
from guidance.booking.models import GroupSession
from network.models import Area
from opinovi.addresses import absolute, address_of
from opinovi.feeds import MOST_ENTRIES, atom_feed
from opinovi.ics import kept, public_calendar


@login_not_required
@require_safe
def group_session_feed(request: HttpRequest) -> HttpResponse:
    """The coming sessions, those published last first."""
    sessions = GroupSession.objects.published().coming().for_listing()
    newest = sessions.order_by("-published_at", "-pk")[:MOST_ENTRIES]
    page = reverse("catalogue:public:front_page")
    return atom_feed(request.path, title=_("Events"), page=page, entries=map(event_entry, newest))


@login_not_required
@require_safe
def group_session_calendar(request: HttpRequest) -> HttpResponse:
    sessions = GroupSession.objects.published().for_listing()
    page = absolute(reverse("catalogue:public:front_page"))
    return public_calendar(_("Events"), map(event_happening, kept(sessions)), page=page)


@login_not_required
@require_safe
def area_group_session_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions in an area, and those held only online."""
    area = get_object_or_404(Area, slug=slug)
    sessions = GroupSession.objects.published().within(area).for_listing()
    page = address_of("catalogue:public:area_detail", area.slug)
    name = f"{_('Events')}: {area.name}"
    return public_calendar(name, map(event_happening, kept(sessions)), page=page)
