"""The times a counsellor offers: their own, and nobody else's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking.forms import AvailabilityForm
from guidance.booking.models import Absence, Availability
from network.access import counsellor_required
from opinovi.http import UserRequest


@require_safe
@counsellor_required
def availability_list(request: UserRequest) -> HttpResponse:
    """Weekly times, single days and absences that are still to come."""
    own = list(Availability.objects.editable_by(request.user).coming().for_listing())
    context = {
        "weekly": [row for row in own if row.is_weekly],
        "dated": [row for row in own if not row.is_weekly],
        "absences": Absence.objects.editable_by(request.user).coming(),
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
def availability_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then stop offering the time; what is booked stays booked."""
    own = Availability.objects.editable_by(request.user).for_listing()
    availability = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        availability.delete()
        messages.success(request, _("You do not offer this time any more. Meetings already booked stay."))
        return redirect("booking:desk:availability_list")
    return render(request, "booking/desk/availability_delete.html", {"availability": availability})
