"""The pages that a private link opens. Looking changes nothing; only a POST moves or cancels."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking import actions
from guidance.booking.forms.address import LinksForm
from guidance.booking.forms.private import CancelForm, FeedbackForm
from guidance.booking.ics import calendar_file
from guidance.booking.models import Appointment, AppointmentFeedback, BookingInvitation
from guidance.booking.wall_clock import read
from opinovi.actions import record_access
from opinovi.http import private_page, same_site_post
from opinovi.models import AccessEvent


def opened_by_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the appointment that the link opens; a link that opens none explains itself."""

    @wraps(view)
    def opened(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        appointment = Appointment.objects.opened_by(key).for_listing().first()
        if appointment is None:
            return render(request, "booking/public/_link_closed.html", {"form": LinksForm()}, status=404)
        return view(request, appointment, **kwargs)

    return opened


@login_not_required
@private_page
@require_safe
@opened_by_key
def appointment_detail(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """The booking as it stands, with what can be done about it."""
    record_access(request, appointment, action=AccessEvent.Action.READ)
    is_over = appointment.has_ended and not appointment.is_cancelled
    return private_answer(
        request,
        "appointment_detail",
        appointment,
        was_sent_before=request.GET.get("sent") == "before",
        not_booked=asked_start(request.GET.get("instead_of", "")),
        address=request.build_absolute_uri(request.path),
        again_url="" if appointment.can_change else _again_url(appointment),
        is_over=is_over,
        feedback=_feedback_of(appointment) if is_over else None,
    )


def asked_start(word: str) -> datetime | None:
    """The start (UTC) that an address or a form tells; None where it tells none."""
    try:
        return read(word)
    except ValueError:
        return None


def _again_url(appointment: Appointment) -> str:
    """Where the person can book another time; empty where only a counsellor can."""
    if appointment.is_cancelled:
        invitations = BookingInvitation.objects.for_listing()
        invitation = invitations.filter(appointment=appointment).first()
        if invitation and invitation.is_open:
            return reverse("booking:public:invitation_open", args=[invitation.key])
    service, subject = appointment.guidance_service, appointment.subject
    if not service.is_bookable:
        return ""
    url = reverse("booking:public:appointment_start", args=[service.slug])
    return f"{url}?{urlencode({'about': subject.subject_word})}" if subject and subject.is_public else url


def _feedback_of(appointment: Appointment) -> AppointmentFeedback | None:
    return AppointmentFeedback.objects.filter(appointment=appointment).first()


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_key
def appointment_cancel(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Ask once more, and why if the person likes to tell; then cancel."""
    detail = redirect("booking:public:appointment_detail", appointment.key)
    if not appointment.person_can_change:
        return detail
    form = CancelForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return private_answer(request, "appointment_cancel", appointment, form=form)
    try:
        actions.cancel(appointment, by=Appointment.Canceller.PERSON, reason=form.cleaned_data["reason"])
    except actions.TooLate:  # the meeting has begun just now; its page says so
        return detail
    record_access(request, appointment, action=AccessEvent.Action.CHANGE)
    return detail


@login_not_required
@private_page
@same_site_post
@require_POST
@opened_by_key
def appointment_coming(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """The answer to a reminder: the person is coming."""
    try:
        actions.say_coming(appointment)
    except actions.TooLate:  # its page says so
        pass
    else:
        record_access(request, appointment, action=AccessEvent.Action.CHANGE)
    return redirect("booking:public:appointment_detail", appointment.key)


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_key
def appointment_feedback(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """How the meeting was; within a week one may say it anew."""
    detail = redirect("booking:public:appointment_detail", appointment.key)
    said = _feedback_of(appointment)
    if appointment.is_cancelled or not appointment.has_ended or (said and not said.can_change):
        return detail
    form = FeedbackForm(request.POST if request.method == "POST" else None, instance=said)
    if not form.is_valid():
        return private_answer(request, "appointment_feedback", appointment, form=form)
    with suppress(actions.TooLate):  # the week ended just now; its page says so
        actions.give_feedback(appointment, stars=form.cleaned_data["stars"], text=form.cleaned_data["text"])
    return detail


@login_not_required
@private_page
@require_safe
@opened_by_key
def appointment_calendar(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """A file for the person's calendar."""
    headers = {"Content-Disposition": 'attachment; filename="opinovi.ics"'}
    return HttpResponse(calendar_file(appointment), "text/calendar; charset=utf-8", headers=headers)


def private_answer(request: HttpRequest, name: str, appointment: Appointment, **context: Any) -> HttpResponse:
    """A page of the booking, by the name of its template."""
    return render(request, f"booking/public/{name}.html", {"appointment": appointment, **context})
