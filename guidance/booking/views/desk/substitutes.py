"""A counsellor is away: everybody whose meeting lies in it, and what is done for each.

The counsellors of an organisation stand in for one another: each of them may say that another is away and
settle the meetings at their own organisation, as they may see and change these meetings one by one. Who only
coordinates sees nobody's meetings, and so has no part in it. See decision 0025.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guidance.booking import actions, substitutes
from guidance.booking.forms.away import AwayForm, RestForm
from guidance.booking.models import Absence, Appointment
from guidance.booking.substitutes import Colleague, Outcome, Result, Substitutes
from guidance.booking.told import Told, told_of
from network.access import counsellor_required
from opinovi.actions import record_access, record_list
from opinovi.http import UserRequest
from opinovi.models import AccessEvent

ROWS = 25


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def substitute_add(request: UserRequest) -> HttpResponse:
    """Say that a counsellor is away: nobody can book them then, and their meetings come into one list."""
    form = AwayForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        absence = form.absence()
        messages.success(request, _("The absence was saved. Nobody can book these times."))
        return redirect("booking:desk:absence_meetings", absence.pk)
    return render(request, "booking/desk/substitute_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_meetings(request: UserRequest, pk: int) -> HttpResponse:
    """Who is affected, and who could take each meeting; a POST hands one (`appointment`) over."""
    absence = _absence(request, pk)
    affected = substitutes.affected_by(absence, request.user)
    if request.method == "POST":
        appointment = affected.filter(pk=_number(request, "appointment")).first()
        _say(request, _hand_over(request, appointment) if appointment else None)
        return redirect(request.get_full_path())
    page = Paginator(affected, ROWS).get_page(request.GET.get("page"))
    record_list(request, page)
    people = Substitutes(list(page))
    rows = [_row(appointment, people) for appointment in page]
    context = {"absence": absence, "page": page, "rows": rows}
    return render(request, "booking/desk/absence_meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_meeting_cancel(request: UserRequest, pk: int, appointment: int) -> HttpResponse:
    """Ask, then cancel one meeting with a letter that leads to other times."""
    absence = _absence(request, pk)
    meeting = substitutes.affected_by(absence, request.user).filter(pk=appointment).first()
    if meeting is None:
        _say(request, None)
        return redirect("booking:desk:absence_meetings", absence.pk)
    if request.method == "POST":
        result = substitutes.offer_others(meeting)
        _record(request, [result])
        _say(request, result)
        return redirect("booking:desk:absence_meetings", absence.pk)
    record_access(request, meeting, action=AccessEvent.Action.READ)
    told = told_of(meeting, "appointment_cancelled")
    context = {"absence": absence, "appointment": meeting, "told": told}
    return render(request, "booking/desk/absence_meeting_cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_meetings_all(request: UserRequest, pk: int) -> HttpResponse:
    """Say what would become of each, then settle them all: `rest` is for those that nobody can take."""
    absence = _absence(request, pk)
    affected = list(substitutes.affected_by(absence, request.user))
    form = RestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        results = substitutes.settle(affected, offers_others_to_the_rest=form.offers_others)
        _record(request, results)
        rows = [(result, _told_of(result)) for result in results]
        calls = [result.appointment for result, told in rows if told and not told.address]
        context = {"absence": absence, "rows": rows, "calls": calls}
        return render(request, "booking/desk/absence_meetings_settled.html", context)
    plans = substitutes.plan(affected)
    shares = substitutes.shares_of(plans)
    context = {
        "absence": absence,
        "number": len(plans),
        "shares": shares,
        "rest": len(plans) - sum(share.meetings for share in shares),
        "form": form,
    }
    return render(request, "booking/desk/absence_meetings_all.html", context)


def _told_of(result: Result) -> Told | None:
    """Who is told of what became of a meeting; None when nothing did."""
    kinds = {Outcome.HANDED: "appointment_changed", Outcome.OFFERED: "appointment_cancelled"}
    kind = kinds.get(result.outcome)
    return told_of(result.appointment, kind) if kind else None


def _record(request: UserRequest, results: list[Result]) -> None:
    """Write down which meetings were changed, and which were only read."""
    for result in results:
        is_changed = result.outcome in {Outcome.HANDED, Outcome.OFFERED}
        action = AccessEvent.Action.CHANGE if is_changed else AccessEvent.Action.READ
        record_access(request, result.appointment, action=action)


def _row(appointment: Appointment, people: Substitutes) -> tuple[Appointment, list[Colleague], Told]:
    return appointment, people.of(appointment), told_of(appointment, "appointment_changed")


def _hand_over(request: UserRequest, appointment: Appointment) -> Result | None:
    """Hand a meeting to the chosen colleague; None when they are not free any more."""
    chosen = _number(request, "colleague")
    free = (one.user for one in Substitutes([appointment]).of(appointment) if one.user.pk == chosen)
    colleague = next(free, None)
    if colleague is None:
        return None
    try:
        result = substitutes.hand_to(appointment, to=colleague)
    except actions.SlotTaken:
        return None
    _record(request, [result])
    return result


def _say(request: UserRequest, result: Result | None) -> None:
    if result is None:
        messages.warning(request, _("Nothing was changed: somebody is not free any more, or was faster."))
    elif result.colleague:
        messages.success(request, _("%(name)s has the meeting now.") % {"name": result.colleague.name})
    elif result.outcome == Outcome.OFFERED:
        messages.success(request, _("The meeting is cancelled and its time is free again."))
    else:
        messages.info(request, _("Somebody else has settled this meeting meanwhile."))


def _absence(request: UserRequest, pk: int) -> Absence:
    absences = Absence.objects.visible_to(request.user).select_related("counsellor")
    return get_object_or_404(absences, pk=pk)


def _number(request: UserRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0
