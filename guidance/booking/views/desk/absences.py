"""When a counsellor is away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guidance.booking.forms import AbsenceForm
from guidance.booking.models import Absence, Appointment
from network.access import counsellor_required
from opinovi.actions import record_accesses
from opinovi.http import UserRequest
from opinovi.models import AccessEvent


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_add(request: UserRequest) -> HttpResponse:
    return _absence_form(request, Absence(counsellor=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_edit(request: UserRequest, pk: int) -> HttpResponse:
    own = Absence.objects.editable_by(request.user)
    return _absence_form(request, get_object_or_404(own, pk=pk))


def _absence_form(request: UserRequest, absence: Absence) -> HttpResponse:
    """Save, but show first which meetings lie in the absence: they stay until somebody cancels them."""
    form = AbsenceForm(request.POST or None, instance=absence)
    clashes: list[Appointment] = []
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["has_seen_clashes"]:
            clashes = _clashes(absence)
        if not clashes:
            form.save()
            messages.success(request, _("The absence was saved. Nobody can book these times."))
            return redirect("booking:desk:availability_list")
        record_accesses(request, clashes, action=AccessEvent.Action.READ)
        form.warn()
    context = {"form": form, "absence": absence, "clashes": clashes}
    return render(request, "booking/desk/absence_form.html", context)


def _clashes(absence: Absence) -> list[Appointment]:
    """The counsellor's coming meetings that lie in the absence."""
    own = absence.counsellor.appointments.coming()
    return list(own.clashing_with(absence.starts_at, absence.ends_at).for_listing())


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then let the times be booked again."""
    absence = get_object_or_404(Absence.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        absence.delete()
        messages.success(request, _("The absence is gone. Its times can be booked again."))
        return redirect("booking:desk:availability_list")
    return render(request, "booking/desk/absence_delete.html", {"absence": absence})
