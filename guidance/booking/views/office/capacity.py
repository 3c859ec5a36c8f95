"""The team's view: load, free times and how long people wait, without anybody's name."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.booking.capacity import WEEKS, loads_of, with_asked
from guidance.booking.forms.capacity import CapacityForm
from guidance.catalogue.models import GuidanceService
from network.access import coordinator_required
from opinovi.http import UserRequest

SERVICES = 15


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
