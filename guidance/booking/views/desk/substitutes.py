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
    """Who is affected, and who could take each meeting; a POST settles one (`appointment`)."""
    absence = _absence(request, pk)
    affected = substitutes.affected_by(absence, request.user)
    if request.method == "POST":
        appointment = affected.filter(pk=_number(request, "appointment")).first()
        _say(request, _settle(request, appointment) if appointment else None)
        return redirect(request.get_full_path())
    page = Paginator(affected, ROWS).get_page(request.GET.get("page"))
    record_list(request, page)
    people = Substitutes(list(page))
    rows = [_row(appointment, people) for appointment in page]
    context = {"absence": absence, "page": page, "rows": rows}
    return render(request, "booking/desk/absence_meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_meetings_all(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then settle them all: `rest` says what becomes of those that nobody can take."""
    absence = _absence(request, pk)
    affected = substitutes.affected_by(absence, request.user)
    results: list[Result] | None = None
    form = RestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        results = substitutes.settle(list(affected), offers_others_to_the_rest=form.offers_others)
        changes = {Outcome.HANDED: AccessEvent.Action.CHANGE, Outcome.OFFERED: AccessEvent.Action.CHANGE}
        for result in results:
            action = changes.get(result.outcome, AccessEvent.Action.READ)
            record_access(request, result.appointment, action=action)
    context = {"absence": absence, "number": affected.count(), "results": results, "form": form}
    return render(request, "booking/desk/absence_meetings_all.html", context)


def _row(appointment: Appointment, people: Substitutes) -> tuple[Appointment, list[Colleague], Told]:
    return appointment, people.of(appointment), told_of(appointment, "appointment_changed")


def _settle(request: UserRequest, appointment: Appointment) -> Result | None:
    """Do for one meeting what was pressed; None when the chosen colleague is not free any more."""
    if "offer" in request.POST:
        result = substitutes.offer_others(appointment)
    else:
        chosen = _number(request, "colleague")
        free = (one.user for one in Substitutes([appointment]).of(appointment) if one.user.pk == chosen)
        colleague = next(free, None)
        if colleague is None:
            return None
        try:
            result = substitutes.hand_to(appointment, to=colleague)
        except actions.SlotTaken:
            return None
    if result.outcome != Outcome.SETTLED:
        record_access(request, appointment, action=AccessEvent.Action.CHANGE)
    return result


def _say(request: UserRequest, result: Result | None) -> None:
    if result is None:
        messages.warning(request, _("Nothing was changed: somebody is not free any more, or was faster."))
    elif result.colleague:
        messages.success(request, _("%(name)s has the meeting now.") % {"name": result.colleague.name})
    elif result.outcome == Outcome.OFFERED:
        messages.success(request, _("The meeting is cancelled. The person can choose another time."))
    else:
        messages.info(request, _("Somebody else has settled this meeting meanwhile."))


def _absence(request: UserRequest, pk: int) -> Absence:
    absences = Absence.objects.visible_to(request.user).select_related("counsellor")
    return get_object_or_404(absences, pk=pk)


def _number(request: UserRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0
