"""Areas: the map with the list of regions, and a page for each area that gathers what is there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.additions import sections_about
from guidance.catalogue.areas import gather, region_counts
from guidance.catalogue.forms.search import AreaSearchForm
from network.map import regions_map
from network.models import Area
from opinovi.rows import rows_of


@login_not_required
@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    form = AreaSearchForm(request.GET)
    areas = form.page(Area.objects.select_related("parent")) if form.cleaned_data.get("q") else None
    regions = Area.objects.regions().valid_on().by_name()
    context = {
        "form": form,
        "page": areas,
        "map": None if areas else regions_map(regions, counts=region_counts()),
    }
    return render(request, "catalogue/public/area_list.html", context)


@login_not_required
@require_safe
def area_detail(request: HttpRequest, slug: str) -> HttpResponse:
    area: Area = get_object_or_404(Area.objects.select_related("parent__parent"), slug=slug)
    municipalities = Area.objects.municipalities().within(area).exclude(pk=area.pk).by_name()
    successors, parts, inside = rows_of([area.successors.all(), area.parts.all(), municipalities])
    trail = [(_("Areas"), reverse("catalogue:public:area_list"))]
    if area.parent and area.parent.kind == Area.Kind.REGION:
        trail.append((area.parent.name, reverse("catalogue:public:area_detail", args=[area.parent.slug])))
    context = {
        "area": area,
        "sections": gather(area),
        "added": sections_about(area),
        "successors": successors,
        "parts": parts,
        "municipalities": inside,
        "trail": trail,
    }
    return render(request, "catalogue/public/area_detail.html", context)
