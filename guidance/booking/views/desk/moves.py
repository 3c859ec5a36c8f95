"""Give an appointment another time."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guidance.booking import actions
from guidance.booking.days import by_days
from guidance.booking.forms.desk import TimeForm
from guidance.booking.models import Appointment
from guidance.booking.own_times import in_the_way, own_way, slot_by_hand, warnings_of
from guidance.booking.slots import Timetable
from guidance.booking.told import told_of
from guidance.booking.wall_clock import DAY, WEEK
from network.access import counsellor_required
from opinovi.actions import record_access, record_accesses
from opinovi.http import UserRequest
from opinovi.models import AccessEvent


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_move(request: UserRequest, pk: int) -> HttpResponse:
    """Free times and a field for any other; `?on=2026-11-24&at=10:15` asks about one, a POST moves there."""
    appointment = get_object_or_404(Appointment.objects.visible_to(request.user).for_listing(), pk=pk)
    if not appointment.can_change:
        messages.warning(request, _("This meeting has begun, or something else became of it meanwhile."))
        return redirect("booking:desk:appointment_detail", appointment.pk)
    asked = request.POST or (request.GET if "on" in request.GET else None)
    form = TimeForm(asked)
    if not (form.is_bound and form.is_valid()):
        return _choices(request, appointment, form)
    warnings = warnings_of(appointment, form.starts_at)
    has_seen = form.cleaned_data["has_seen_warnings"] or not warnings
    is_taken = False
    if request.method == "POST" and has_seen:
        try:
            actions.move(appointment, slot=slot_by_hand(appointment, form.starts_at))
        except actions.TooLate:
            messages.warning(request, _("The meeting has begun and was not moved."))
        except actions.SlotTaken:
            is_taken = True
        else:
            record_access(request, appointment, action=AccessEvent.Action.CHANGE)
            messages.success(request, _("The meeting has its new time."))
        if not is_taken:
            return redirect("booking:desk:appointment_detail", appointment.pk)
    return _question(request, appointment, form, warnings, is_taken=is_taken)


def _question(
    request: UserRequest, appointment: Appointment, form: TimeForm, warnings: list[str], *, is_taken: bool
) -> HttpResponse:
    """Whether to move to the asked time: who is told, what is unusual about it, and what is in the way."""
    clashes = list(in_the_way(appointment, form.starts_at).visible_to(request.user))
    record_accesses(request, [appointment, *clashes], action=AccessEvent.Action.READ)
    context = {
        "appointment": appointment,
        "form": form,
        "starts_at": form.starts_at,
        "ends_at": form.starts_at + appointment.guidance_service.duration,
        "warnings": warnings,
        "clashes": clashes,
        "is_taken": is_taken,
        "told": told_of(appointment, "appointment_moved"),
    }
    return render(request, "booking/desk/appointment_move_to.html", context)


def _choices(request: UserRequest, appointment: Appointment, form: TimeForm) -> HttpResponse:
    record_access(request, appointment, action=AccessEvent.Action.READ)
    service = appointment.guidance_service
    timetable = Timetable([service], ignoring=appointment)
    first = _asked_day(request, timetable) or max(timezone.localdate(appointment.starts_at), timetable.today)
    slots = timetable.free(service, own_way(appointment), first, first + WEEK - DAY)
    own = reverse("booking:desk:appointment_move", args=[appointment.pk])
    context = {
        "appointment": appointment,
        "form": form,
        "days": by_days((slot, None) for slot in slots if slot.starts_at != appointment.starts_at),
        "first": first,
        "last": first + WEEK - DAY,
        "earlier_url": f"{own}?week={first - WEEK}" if first > timetable.today else "",
        "later_url": f"{own}?week={first + WEEK}" if first + WEEK <= timetable.last_day(service) else "",
    }
    return render(request, "booking/desk/appointment_move.html", context)


def _asked_day(request: UserRequest, timetable: Timetable) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None
    return min(max(day, timetable.today), timetable.today + timedelta(days=366))
