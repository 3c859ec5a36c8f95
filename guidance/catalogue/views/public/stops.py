"""Where the bus stops: near somebody who says where they are, and everywhere else."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.forms.stops import WhereForm
from guidance.catalogue.models import GuidanceService
from network.forms.search import ROWS_A_PAGE
from network.models import RouteStop, ServicePoint
from network.near import nearest

NEAREST_SHOWN = 3
SERVICES_SHOWN = 3


@login_not_required
@require_safe
def stop_list(request: HttpRequest) -> HttpResponse:
    form = WhereForm(request.GET if "place" in request.GET else None)
    points = ServicePoint.objects.published().open()
    stops = RouteStop.objects.filter(service_point__in=points).for_listing()
    place = form.cleaned_data["place"] if form.is_valid() else None
    services = GuidanceService.objects.bookable().filter(
        service_points__in=points.filter(kind=ServicePoint.Kind.MOBILE)
    )
    context = {
        "form": form,
        "place": place,
        "near": nearest(place, stops) if place else None,
        "shown": NEAREST_SHOWN,
        "page": Paginator(stops.coming(), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "query": f"place={place.slug}" if place else "",
        "services": services.select_related("organisation").by_name().distinct()[:SERVICES_SHOWN],
        "trail": [(_("Service points"), reverse("network:public:service_point_list"))],
    }
    return render(request, "catalogue/public/stop_list.html", context)
