"""A page for each service point: when it is open, how to get in, what help is given there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.exports.jsonld import service_point_data
from guidance.catalogue.models import GuidanceService
from network.models import ServicePoint
from network.opening import moment, opening_days, with_opening
from projects.models import Project

DAYS_SHOWN = 7


@login_not_required
@require_safe
def service_point_detail(request: HttpRequest, slug: str) -> HttpResponse:
    points = with_opening(ServicePoint.objects.published().for_listing())
    point = get_object_or_404(points, slug=slug)
    services = list(GuidanceService.objects.published().filter(service_points=point).by_name())
    context = {
        "point": point,
        "data": service_point_data(point),
        "moment": None if point.has_closed else moment(point),
        "days": [] if point.has_closed else opening_days(point, timezone.localdate(), DAYS_SHOWN),
        "stops": point.stops.coming().for_listing() if point.is_mobile else [],
        "services": services,
        "bookable": None if point.has_closed else next(filter(_is_bookable, services), None),
        "projects": Project.objects.published().filter(service_points=point).by_name(),
        "trail": [(_("Service points"), reverse("network:public:service_point_list"))],
    }
    return render(request, "catalogue/public/service_point_detail.html", context)


def _is_bookable(service: GuidanceService) -> bool:
    return service.is_bookable
