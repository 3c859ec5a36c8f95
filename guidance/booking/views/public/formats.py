"""Group sessions that anyone may come to, in other forms: a feed and calendars to follow."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.booking.exports.listed import EVENT_COLUMNS, event_entry, event_happening
from guidance.booking.forms.group_session import GroupSessionSearchForm
from guidance.booking.models import GroupSession
from network.lists import list_feed, list_sheet
from network.models import Area
from opinovi.addresses import absolute, address_of
from opinovi.ics import kept, public_calendar


@login_not_required
@require_safe
def group_session_feed(request: HttpRequest) -> HttpResponse:
    """The coming sessions that match a search, those published last first."""
    form = GroupSessionSearchForm(request.GET)
    rows = GroupSession.objects.published().for_listing()
    page = "booking:public:group_session_list"
    return list_feed(request, form, rows, title=_("Events"), page=page, entry=event_entry)


@login_not_required
@require_safe
def group_session_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = GroupSessionSearchForm(request.GET)
    rows = GroupSession.objects.published().for_listing()
    return list_sheet(request, form, rows, title=_("Events"), columns=EVENT_COLUMNS, kind=kind)


@login_not_required
@require_safe
def group_session_calendar(request: HttpRequest) -> HttpResponse:
    sessions = GroupSession.objects.published().for_listing()
    page = absolute(reverse("booking:public:group_session_list"))
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
