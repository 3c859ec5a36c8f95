"""Service points: those that stay in one place, by municipality, and where the bus goes next."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from network.access import asks_why
from network.forms.search import ROWS_A_PAGE, ServicePointSearchForm
from network.models import RouteStop, ServicePoint
from network.opening import moment, with_opening

STOPS_SHOWN = 5  # until somebody asks for a place


@login_not_required
@require_safe
def service_point_list(request: HttpRequest) -> HttpResponse:
    form = ServicePointSearchForm(request.GET)
    points = ServicePoint.objects.published()
    fixed = points.filter(kind=ServicePoint.Kind.FIXED).for_listing()
    page = form.page(with_opening(fixed.open()), explain=asks_why(request))
    coming = RouteStop.objects.coming().filter(service_point__in=points).for_listing()
    stops = list(form.narrow_stops(coming)[:ROWS_A_PAGE])
    context = {
        "form": form,
        "page": page,
        "points": [(point, moment(point), reasons) for point, reasons in page.explained],
        "stops": stops if form.tags else stops[:STOPS_SHOWN],
        "stop_count": len(stops),
        "stops_today": [stop for stop in stops if _is_today(stop) and not stop.cancelled_at],
        "closed": form.narrow(fixed.exclude(pk__in=fixed.open())),
    }
    return render(request, "network/public/service_point_list.html", context)


def _is_today(stop: RouteStop) -> bool:
    return timezone.localdate(stop.starts_at) == timezone.localdate()
