"""Guidance services: the list and a page for each."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.forms.search import GuidanceSearchForm
from guidance.catalogue.models import GuidanceService
from network.models import RouteStop


@login_not_required
@require_safe
def guidance_list(request: HttpRequest) -> HttpResponse:
    form = GuidanceSearchForm(request.GET)
    page = form.page(GuidanceService.objects.published().for_listing())
    form.count_if_unanswered(page)
    return render(request, "catalogue/public/guidance_list.html", {"form": form, "page": page})


@login_not_required
@require_safe
def guidance_detail(request: HttpRequest, slug: str) -> HttpResponse:
    services = GuidanceService.objects.published().select_related("organisation")
    parts = ("channels", "areas", "topics", "target_groups")
    service = get_object_or_404(services.prefetch_related(*parts), slug=slug)
    points = list(service.service_points.published().open().for_listing().by_name())
    stops = RouteStop.objects.coming().filter(service_point__in=points).for_listing()
    context = {
        "service": service,
        "points": points,
        "stops": stops[:5],
        "trail": [(_("Guidance"), reverse("catalogue:public:guidance_list"))],
    }
    return render(request, "catalogue/public/guidance_detail.html", context)
