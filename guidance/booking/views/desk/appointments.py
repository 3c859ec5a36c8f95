"""One appointment as the counsellors of its organisation see it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking import actions
from guidance.booking.models import Appointment
from network.access import counsellor_required
from opinovi.actions import record_access
from opinovi.http import UserRequest
from opinovi.models import AccessEvent


@require_safe
@counsellor_required
def appointment_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Who comes, when, and what they wish."""
    appointment = _visible_appointment(request, pk)
    record_access(request, appointment, action=AccessEvent.Action.READ)
    return render(request, "booking/desk/appointment_detail.html", {"appointment": appointment})


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Say who will be told what, then cancel."""
    appointment = _visible_appointment(request, pk)
    if not appointment.can_change:
        messages.warning(request, _("This meeting has begun or was cancelled already."))
        return redirect("booking:desk:appointment_detail", appointment.pk)
    if request.method != "POST":
        record_access(request, appointment, action=AccessEvent.Action.READ)
        return render(request, "booking/desk/appointment_cancel.html", {"appointment": appointment})
    try:
        actions.cancel(appointment, by=Appointment.Canceller.COUNSELLOR)
    except actions.TooLate:
        messages.warning(request, _("The meeting has begun and was not cancelled."))
    else:
        record_access(request, appointment, action=AccessEvent.Action.CHANGE)
        messages.success(request, _("The meeting is cancelled and its time is free again."))
    return redirect("booking:desk:appointment_detail", appointment.pk)


def _visible_appointment(request: UserRequest, pk: int) -> Appointment:
    appointments = Appointment.objects.visible_to(request.user).for_listing()
    return get_object_or_404(appointments, pk=pk)
