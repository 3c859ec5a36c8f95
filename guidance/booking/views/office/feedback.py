"""What people have said of their meetings, for coordinators: figures and words, never a name."""

from django.core.paginator import Paginator
from django.db.models import Avg, Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.booking.models import AppointmentFeedback
from guidance.catalogue.models import GuidanceService
from network.access import coordinator_required
from opinovi.http import UserRequest

PER_PAGE = 25


@require_safe
@coordinator_required
def feedback_list(request: UserRequest) -> HttpResponse:
    """Each service's count and mean, and the words, the newest first."""
    visible = AppointmentFeedback.objects.visible_to(request.user)
    texts = visible.exclude(text="").newest_first().select_related("appointment__guidance_service")
    services = GuidanceService.objects.filter(appointments__feedback__in=visible).by_name()
    context = {
        "services": services.annotate(
            answers=Count("appointments__feedback"), mean=Avg("appointments__feedback__stars")
        ),
        "page": Paginator(texts, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "booking/office/feedback_list.html", context)
