"""Meetings that a counsellor puts into their own calendar."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guidance.booking import actions
from guidance.booking.forms.by_counsellor import BookForClientForm, ByCounsellorForm, WalkInForm
from guidance.booking.limits import OwnOverlap
from guidance.booking.models import Appointment
from guidance.booking.own_times import in_the_way, slot_by_hand, warnings_of
from network.access import counsellor_required
from opinovi.actions import record_access, record_accesses
from opinovi.http import UserRequest
from opinovi.models import AccessEvent


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_add(request: UserRequest) -> HttpResponse:
    """Book for a client; `?on=2026-11-24&at=10:15` is a time to begin with."""
    given = {name: request.GET[name] for name in ("on", "at") if name in request.GET}
    form = BookForClientForm(request.POST or None, instance=_own(request), initial=given)
    return _form(request, form, title=_("Book for a client"), done=_("The meeting is booked."))


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_walk_in(request: UserRequest) -> HttpResponse:
    """Somebody came without a booking: the meeting is on, or began within the last hour."""
    appointment = _own(request)
    appointment.letters = Appointment.Letters.NONE
    appointment.attendance = Appointment.Attendance.SEEN
    form = WalkInForm(request.POST or None, instance=appointment)
    return _form(
        request, form, title=_("Somebody came by"), done=_("The meeting is in your calendar. Log it next.")
    )


def _own(request: UserRequest) -> Appointment:
    return Appointment(counsellor=request.user, booker=Appointment.Booker.COUNSELLOR, booked_by=request.user)


def _form(request: UserRequest, form: ByCounsellorForm, *, title: str, done: str) -> HttpResponse:
    """Book, but ask first when something is unusual; say what is in the way when the time is taken."""
    warnings: list[str] = []
    clashes: list[Appointment] = []
    is_taken = False
    if request.method == "POST" and form.is_valid():
        has_seen = form.cleaned_data["has_seen_warnings"] or isinstance(form, WalkInForm)
        in_its_way = in_the_way(form.instance, form.starts_at)
        warnings = [] if has_seen else warnings_of(form.instance, form.starts_at)
        if warnings and in_its_way.exists():
            warnings, is_taken = [], True
        elif not warnings:
            try:
                booked = actions.book(
                    form.instance, slot=slot_by_hand(form.instance, form.starts_at), accepts_overlap=has_seen
                )
            except OwnOverlap as overlap:
                warnings = [_own_overlap(overlap.other)]
            except actions.SlotTaken:
                is_taken = True
            else:
                record_access(request, booked, action=AccessEvent.Action.CHANGE)
                messages.success(request, done)
                return redirect("booking:desk:appointment_detail", booked.pk)
        if warnings:
            form.warn()
        clashes = list(in_its_way.visible_to(request.user)) if is_taken else []
    record_accesses(request, clashes, action=AccessEvent.Action.READ)
    context = {
        "form": form,
        "title": title,
        "warnings": warnings,
        "is_taken": is_taken,
        "clashes": clashes,
        "sends_letters": "letters" in form.fields,
        "on": request.GET.get("on", ""),
        "at": request.GET.get("at", ""),
    }
    return render(request, "booking/desk/appointment_form.html", context)


def _own_overlap(other: Appointment) -> str:
    """What is said of another meeting of the same person: when it is, and no more."""
    text = _("The person has another meeting at that time, with %(name)s.")
    return text % {"name": other.counsellor.name}
