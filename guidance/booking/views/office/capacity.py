"""The team's view: load, free times and how long people wait, without the name of anybody who is met."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.booking.capacity import WEEKS, loads_of, with_asked
from guidance.booking.counsellor_loads import TeamLoad
from guidance.booking.forms.capacity import CapacityForm, TeamForm
from guidance.catalogue.models import GuidanceService
from network.access import coordinator_required
from opinovi.http import UserRequest

SERVICES = 15
COUNSELLORS = 25
BY_LOAD = "load"


@require_safe
@coordinator_required
def capacity_list(request: UserRequest) -> HttpResponse:
    """Each service of one's own organisations that is booked, the next four weeks; narrowed to an area."""
    own = GuidanceService.objects.editable_by(request.user).with_times()
    form = CapacityForm(request.GET or None, services=own)
    services = form.narrow(own).select_related("organisation").by_name()
    page = Paginator(with_asked(services), SERVICES).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "loads": loads_of(list(page), form.chosen),
        "weeks": WEEKS,
        "query": query.urlencode(),
        "is_narrowed": bool(query),
    }
    return render(request, "booking/office/capacity_list.html", context)


@require_safe
@coordinator_required
def counsellor_load_list(request: UserRequest) -> HttpResponse:
    """What each counsellor of one's own services offers and how much of it is booked; `?sort=load`."""
    form = TeamForm(
        request.GET or None, services=GuidanceService.objects.editable_by(request.user).with_times()
    )
    team = TeamLoad(form.narrow(), weeks=form.weeks_ahead, with_idle=not form.has_chosen)
    is_by_load = request.GET.get("sort") == BY_LOAD
    page = Paginator(team.by_load() if is_by_load else team.rows, COUNSELLORS).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    for name in ("page", "sort"):
        query.pop(name, None)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, team.next_free(row.counsellor.pk)) for row in page],
        "total": team.total,
        "is_by_load": is_by_load,
        "narrowed": query.urlencode(),
        "query": "&".join(filter(None, [query.urlencode(), "sort=load" if is_by_load else ""])),
    }
    return render(request, "booking/office/counsellor_load_list.html", context)
