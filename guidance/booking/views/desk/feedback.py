"""What people have said of the counsellor's own meetings; never who said it."""

from django.core.paginator import Paginator
from django.db.models import Avg, Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.booking.models import AppointmentFeedback
from network.access import counsellor_required
from opinovi.http import UserRequest

PER_PAGE = 25


@require_safe
@counsellor_required
def feedback_list(request: UserRequest) -> HttpResponse:
    """How many have answered, their mean, and the words, the newest first."""
    own = AppointmentFeedback.objects.to_counsellor(request.user)
    texts = own.exclude(text="").newest_first().select_related("appointment__guidance_service")
    context = {
        "figures": own.aggregate(answers=Count("pk"), mean=Avg("stars")),
        "page": Paginator(texts, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "booking/desk/feedback_list.html", context)
