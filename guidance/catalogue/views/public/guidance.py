"""Guidance services: the list and a page for each."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.additions import sections_about
from guidance.catalogue.exports.jsonld import guidance_data
from guidance.catalogue.forms.search import GuidanceSearchForm
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.parts import parts_of_service
from network.access import asks_why, current_roles
from network.models import RouteStop
from network.models.people import Role
from network.opening import moment, with_opening
from opinovi.rows import prefetch_together

STOPS = 5


@login_not_required
@require_safe
def guidance_list(request: HttpRequest) -> HttpResponse:
    form = GuidanceSearchForm(request.GET)
    page = form.page(GuidanceService.objects.published().for_listing(), explain=asks_why(request))
    form.count_if_unanswered(page)
    return render(request, "catalogue/public/guidance_list.html", {"form": form, "page": page})


@login_not_required
@require_safe
def guidance_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody asks; a counsellor is also told how to refer somebody."""
    services = GuidanceService.objects.published().select_related("organisation")
    service = get_object_or_404(services, slug=slug)
    prefetch_together(service, "channels", "areas", "topics", "target_groups")
    points = list(with_opening(service.service_points.published().open().for_listing()).by_name())
    stops = RouteStop.objects.coming().filter(service_point__in=points).for_listing()
    context = {
        "service": service,
        "data": guidance_data(service, points),
        "parts": parts_of_service(service, for_counsellor=Role.COUNSELLOR in current_roles(request)),
        "points": [(point, None if point.is_mobile else moment(point)) for point in points],
        "stops": stops[:STOPS],
        "added": sections_about(service),
        "trail": [(_("Guidance"), reverse("catalogue:public:guidance_list"))],
    }
    return render(request, "catalogue/public/guidance_detail.html", context)
