"""The times a counsellor offers: their own, and nobody else's."""

from datetime import date
from itertools import islice
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking.forms import AvailabilityForm
from guidance.booking.models import Absence, Availability
from guidance.booking.models.availability import MOST_WEEKS
from guidance.booking.wall_clock import WEEK
from guidance.booking.week import offered_days
from network.access import counsellor_required
from opinovi.http import UserRequest

DAYS_SHOWN = 12
ROWS = 25


class ComingDay(NamedTuple):
    """A day on which a weekly time comes round, or would."""

    on: date
    is_skipped: bool


@require_safe
@counsellor_required
def availability_list(request: UserRequest) -> HttpResponse:
    """Weekly times, single days and absences that are still to come."""
    own = list(Availability.objects.editable_by(request.user).coming().for_listing())
    coming = Absence.objects.editable_by(request.user).coming()
    context = {
        "weekly": [row for row in own if row.is_weekly],
        "dated": [row for row in own if not row.is_weekly],
        "page": Paginator(coming, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "booking/desk/availability_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def availability_add(request: UserRequest) -> HttpResponse:
    return _availability_form(request, Availability(counsellor=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def availability_edit(request: UserRequest, pk: int) -> HttpResponse:
    own = Availability.objects.editable_by(request.user)
    return _availability_form(request, get_object_or_404(own, pk=pk))


def _availability_form(request: UserRequest, availability: Availability) -> HttpResponse:
    form = AvailabilityForm(request.POST or None, instance=availability)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The time was saved. People can book it from now on."))
        return redirect("booking:desk:availability_list")
    context = {"form": form, "availability": availability}
    return render(request, "booking/desk/availability_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def availability_days(request: UserRequest, pk: int) -> HttpResponse:
    """The next days on which a weekly time comes round; a POST leaves one out, or takes it in again."""
    own = Availability.objects.editable_by(request.user).for_listing()
    availability = get_object_or_404(own.filter(weekday__isnull=False), pk=pk)
    today = timezone.localdate()
    coming = offered_days(availability, today, today + MOST_WEEKS * DAYS_SHOWN * WEEK, skipped=[])
    days = [ComingDay(day, day in availability.skipped) for day in islice(coming, DAYS_SHOWN)]
    if request.method == "POST":
        asked = next((one for one in days if one.on.isoformat() == request.POST.get("day")), None)
        if asked is None:
            raise Http404
        change = availability.skip if "skip" in request.POST else availability.keep
        change(asked.on)
        availability.save(update_fields=["skipped"])
        messages.success(request, _("Saved. Meetings already booked stay."))
        return redirect("booking:desk:availability_days", availability.pk)
    context = {"availability": availability, "days": days}
    return render(request, "booking/desk/availability_days.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def availability_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then stop offering the time; what is booked stays booked."""
    own = Availability.objects.editable_by(request.user).for_listing()
    availability = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        availability.delete()
        messages.success(request, _("You do not offer this time any more. Meetings already booked stay."))
        return redirect("booking:desk:availability_list")
    return render(request, "booking/desk/availability_delete.html", {"availability": availability})
