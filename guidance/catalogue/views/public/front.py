"""The front page."""

from django.contrib.auth.decorators import login_not_required
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from guidance.catalogue.additions import sections_about
from guidance.catalogue.areas import region_counts
from guidance.catalogue.exports.jsonld import website_data
from guidance.catalogue.models import LifeSituation
from network.map import regions_map
from network.models import Area, RouteStop
from network.search.suggesting import suggesting

STOPS_SHOWN = 5
EVENTS_SHOWN = 3  # of each kind that other apps add


@login_not_required
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    stops = RouteStop.objects.coming().filter(service_point__published_at__isnull=False).for_listing()
    regions = Area.objects.regions().valid_on().by_name()
    context = {  # read and drawn only when the template does not have the page's body still
        "data": website_data(),
        "suggesting": lambda: flatatt(suggesting()),
        "situations": LifeSituation.objects.published(),
        "stops": stops[:STOPS_SHOWN],
        "coming": SimpleLazyObject(lambda: sections_about(most=EVENTS_SHOWN)),
        "map": lambda: regions_map(regions, counts=region_counts()),
    }
    return render(request, "catalogue/public/front_page.html", context)
