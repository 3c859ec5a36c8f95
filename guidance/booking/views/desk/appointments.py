"""One appointment as the counsellors of its organisation see it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking import actions
from guidance.booking.forms.address import AddressForm
from guidance.booking.models import Appointment
from network.access import counsellor_required
from opinovi.actions import record_access
from opinovi.http import UserRequest
from opinovi.models import AccessEvent, Letter


@require_safe
@counsellor_required
def appointment_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Who comes, when, and what they wish."""
    appointment = _visible_appointment(request, pk)
    record_access(request, appointment, action=AccessEvent.Action.READ)
    failed = [] if appointment.has_ended else Letter.objects.about(appointment).failed().newest_first()[:5]
    context = {"appointment": appointment, "failed_letters": failed}
    return render(request, "booking/desk/appointment_detail.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_address(request: UserRequest, pk: int) -> HttpResponse:
    """Correct the person's e-mail address and write to it anew."""
    appointment = _visible_appointment(request, pk)
    if appointment.has_ended:
        messages.warning(request, _("The meeting is over: there is nothing to send any more."))
        return redirect("booking:desk:appointment_detail", appointment.pk)
    form = AddressForm(request.POST or None, initial={"email": appointment.email})
    if request.method == "POST" and form.is_valid():
        actions.correct_address(appointment, email=form.cleaned_data["email"])
        record_access(request, appointment, action=AccessEvent.Action.CHANGE)
        messages.success(request, _("The letter is on its way to the person again."))
        return redirect("booking:desk:appointment_detail", appointment.pk)
    record_access(request, appointment, action=AccessEvent.Action.READ)
    context = {"appointment": appointment, "form": form}
    return render(request, "booking/desk/appointment_address.html", context)


def _visible_appointment(request: UserRequest, pk: int) -> Appointment:
    appointments = Appointment.objects.visible_to(request.user).for_listing()
    return get_object_or_404(appointments, pk=pk)
