"""Organisations and service points in other forms: feeds, spreadsheets, calendars of where the bus stops."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.forms.search import OrganisationSearchForm, ServicePointSearchForm
from network.listed import (
    ORGANISATION_COLUMNS,
    SERVICE_POINT_COLUMNS,
    organisation_entry,
    service_point_address,
    stop_entry,
    stop_happening,
)
from network.lists import list_feed, list_sheet
from network.models import Area, Organisation, RouteStop, ServicePoint
from network.models.service_point import RouteStopQuerySet
from opinovi.addresses import absolute, address_of
from opinovi.feeds import MOST_ENTRIES, atom_feed
from opinovi.ics import kept, public_calendar


@login_not_required
@require_safe
def organisation_feed(request: HttpRequest) -> HttpResponse:
    form = OrganisationSearchForm(request.GET)
    rows = Organisation.objects.published().for_listing()
    page = "network:public:organisation_list"
    return list_feed(request, form, rows, title=_("Organisations"), page=page, entry=organisation_entry)


@login_not_required
@require_safe
def organisation_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = OrganisationSearchForm(request.GET)
    rows = Organisation.objects.published().for_listing()
    title = _("Organisations")
    return list_sheet(request, form, rows, title=title, columns=ORGANISATION_COLUMNS, kind=kind)


@login_not_required
@require_safe
def service_point_feed(request: HttpRequest) -> HttpResponse:
    """The coming stops of service points that go round: those last changed first."""
    form = ServicePointSearchForm(request.GET)
    query = f"?{form.query}" if form.query else ""
    stops = form.narrow_stops(_stops().coming()).order_by("-changed_at", "-pk")[:MOST_ENTRIES]
    title = _("Stops of the bus")
    return atom_feed(
        f"{request.path}{query}",
        title=f"{title}: {form.subject}" if form.subject else title,
        page=f"{reverse('network:public:service_point_list')}{query}",
        entries=map(stop_entry, stops),
    )


@login_not_required
@require_safe
def service_point_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = ServicePointSearchForm(request.GET)
    rows = ServicePoint.objects.published().filter(kind=ServicePoint.Kind.FIXED).open().for_listing()
    title = _("Service points")
    return list_sheet(request, form, rows, title=title, columns=SERVICE_POINT_COLUMNS, kind=kind)


@login_not_required
@require_safe
def stop_calendar(request: HttpRequest) -> HttpResponse:
    """All stops, or those that the words and the place of the service point list choose."""
    form = ServicePointSearchForm(request.GET)
    query = f"?{form.query}" if form.query else ""
    title = _("Stops of the bus")
    name = f"{title}: {form.subject}" if form.subject else title
    page = absolute(f"{reverse('network:public:service_point_list')}{query}")
    return _calendar(name, form.narrow_stops(_stops()), page=page)


@login_not_required
@require_safe
def area_stop_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    area = get_object_or_404(Area, slug=slug)
    stops = _stops().filter(municipality__in=Area.objects.within(area))
    name = f"{_('Stops of the bus')}: {area.name}"
    return _calendar(name, stops, page=address_of("catalogue:public:area_detail", area.slug))


@login_not_required
@require_safe
def service_point_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one service point that goes round stops."""
    points = ServicePoint.objects.published().filter(kind=ServicePoint.Kind.MOBILE)
    point: ServicePoint = get_object_or_404(points, slug=slug)
    return _calendar(point.name, _stops().filter(service_point=point), page=service_point_address(point))


def _stops() -> RouteStopQuerySet:
    return RouteStop.objects.filter(service_point__published_at__isnull=False).for_listing()


def _calendar(name: str, stops: RouteStopQuerySet, *, page: str) -> HttpResponse:
    return public_calendar(name, map(stop_happening, kept(stops)), page=page)
