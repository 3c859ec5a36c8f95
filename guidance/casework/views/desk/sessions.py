"""Logging sessions, and finding them again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking.actions import TooLate
from guidance.booking.models import Appointment
from guidance.casework import actions, drafts
from guidance.casework.forms import GuidanceSessionForm, SessionFilterForm
from guidance.casework.models import Client, GuidanceSession
from guidance.casework.views.desk.organisations import asked_number, chosen_organisation, organisation_choice
from network.access import counsellor_required
from opinovi.actions import record_access, record_list
from opinovi.http import UserRequest
from opinovi.models import AccessEvent

ROWS = 25
MARKED = {
    Appointment.Attendance.UNKNOWN: gettext_lazy("%(name)s: the mark is taken back."),
    Appointment.Attendance.SEEN: gettext_lazy("Noted: %(name)s came."),
    Appointment.Attendance.NO_SHOW: gettext_lazy(
        "Noted: %(name)s did not come. You can still log the session."
    ),
    Appointment.Attendance.EXCUSED: gettext_lazy("Noted: %(name)s told beforehand that they cannot come."),
}


@require_safe
@counsellor_required
def session_list(request: UserRequest) -> HttpResponse:
    """The counsellor's own sessions, newest first."""
    form = SessionFilterForm(request.GET or None, user=request.user)
    own = GuidanceSession.objects.visible_to(request.user).filter(counsellor=request.user)
    page = Paginator(form.narrow(own).for_listing(), ROWS).get_page(request.GET.get("page"))
    record_list(request, (session.client for session in page))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "casework/desk/session_list.html",
        {"page": page, "form": form, "query": query.urlencode(), "is_narrowed": bool(query)},
    )


@require_safe
@counsellor_required
def session_detail(request: UserRequest, pk: int) -> HttpResponse:
    sessions = GuidanceSession.objects.visible_to(request.user).for_detail()
    session = get_object_or_404(sessions, pk=pk)
    if session.client:
        record_access(request, session.client, action=AccessEvent.Action.READ)
    may_edit = session.counsellor_id == request.user.pk
    return render(request, "casework/desk/session_detail.html", {"session": session, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
@counsellor_required
def session_add(request: UserRequest) -> HttpResponse:
    """Log a session that nobody booked; `?client=7` says with whom, `?organisation=7` for whom one works."""
    clients = Client.objects.visible_to(request.user).select_related("organisation", "home_municipality")
    client = (
        get_object_or_404(clients, pk=asked_number(request, "client")) if "client" in request.GET else None
    )
    organisation = client.organisation if client else chosen_organisation(request)
    if organisation is None:
        return organisation_choice(request, _("Log a session"))
    return _session_form(request, drafts.without_appointment(organisation, request.user, client))


@require_http_methods(["GET", "POST"])
@counsellor_required
def appointment_log(request: UserRequest, pk: int) -> HttpResponse:
    """Log the session of an appointment: what was booked is there already."""
    appointments = Appointment.objects.visible_to(request.user).for_listing()
    appointment = get_object_or_404(appointments.select_related("organisation", "session"), pk=pk)
    logged = getattr(appointment, "session", None)
    if logged and request.method == "GET" and not request.POST:
        messages.info(request, _("This appointment has been logged already."))
        return redirect("casework:desk:session_detail", logged.pk)
    if not appointment.can_be_logged:
        messages.warning(request, _why_not(appointment))
        return redirect("casework:desk:my_day")
    record_access(request, appointment, action=AccessEvent.Action.READ)
    return _session_form(request, drafts.for_appointment(appointment, request.user))


def _why_not(appointment: Appointment) -> str:
    if appointment.is_cancelled:
        return _("That appointment was cancelled. If you met all the same, log it without the appointment.")
    return _("That appointment has not been yet. Log it on the day.")


@require_http_methods(["GET", "POST"])
@counsellor_required
def session_edit(request: UserRequest, pk: int) -> HttpResponse:
    sessions = GuidanceSession.objects.editable_by(request.user).for_detail()
    return _session_form(request, drafts.Draft(get_object_or_404(sessions, pk=pk)))


@require_POST
@counsellor_required
def appointment_mark(request: UserRequest, pk: int) -> HttpResponse:
    """Note whether the person came: `attendance` is one of its choices, empty to take the mark back.

    It leads back to the same person: on the day's page, or to the booking when it was on another day.
    """
    appointments = Appointment.objects.visible_to(request.user).live()
    appointment = get_object_or_404(appointments.filter(starts_at__lte=timezone.now()), pk=pk)
    try:
        attendance = Appointment.Attendance(request.POST.get("attendance", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        actions.note_attendance(appointment, attendance)
    except actions.SessionIsLogged:
        messages.warning(request, _("This appointment has been logged, so the person did come."))
    except TooLate:
        messages.warning(request, _("This meeting was cancelled."))
    else:
        record_access(request, appointment, action=AccessEvent.Action.CHANGE)
        messages.success(request, MARKED[attendance] % {"name": appointment.short_name})
    is_of_today = timezone.localdate(appointment.starts_at) == timezone.localdate()
    if "from_booking" in request.POST or not is_of_today:
        return redirect("booking:desk:appointment_detail", appointment.pk)
    return redirect(reverse("casework:desk:my_day", query={"appointment": appointment.pk}))


def _session_form(request: UserRequest, draft: drafts.Draft) -> HttpResponse:
    session = draft.session
    form = GuidanceSessionForm(
        request.POST or None, instance=session, initial=draft.initial, user=request.user
    )
    logged = None
    if form.is_search:
        form = form.with_found_clients()
    elif request.method == "POST" and form.is_valid():
        try:
            saved = _save(form)
        except actions.EnteredAlready as error:
            logged = error.entry
            if logged.nonce == session.nonce:
                return redirect("casework:desk:session_detail", logged.pk)
        except actions.ChangedMeanwhile as error:
            if not form.show_current(error.current):
                return redirect("casework:desk:session_detail", session.pk)
        else:
            if saved.client:
                record_access(request, saved.client, action=AccessEvent.Action.CHANGE)
            messages.success(request, _("The session was saved."))
            return redirect(_after(saved))
    elif form.is_bound and form.names_hidden_row:
        raise Http404
    record_list(request, form.offered.values())
    context = {"form": form, "session": session, "logged": logged, "leave_url": _leave_url(session)}
    return render(request, "casework/desk/session_form.html", context, status=409 if logged else 200)


def _save(form: GuidanceSessionForm) -> GuidanceSession:
    session, chosen = form.instance, form.cleaned_data
    about = {
        "topics": chosen["topics"],
        "target_groups": chosen["target_groups"],
        "new_client": form.new_client,
    }
    if session.pk:
        return actions.change_session(session, version=chosen["version"], **about)
    return actions.log_session(session, **about)


def _leave_url(session: GuidanceSession) -> str:
    if session.pk:
        return reverse("casework:desk:session_detail", args=[session.pk])
    return reverse("casework:desk:my_day")


def _after(session: GuidanceSession) -> str:
    """Back to the day when the session came from it, so that the next one is a press away."""
    if session.appointment_id:
        return reverse("casework:desk:my_day")
    return reverse("casework:desk:session_detail", args=[session.pk])
