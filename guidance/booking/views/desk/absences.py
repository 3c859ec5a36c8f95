"""When a counsellor is away."""

import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from guidance.booking import absences
from guidance.booking.absences import Clash
from guidance.booking.forms import AbsenceForm
from guidance.booking.models import Absence
from network.access import counsellor_required
from opinovi.actions import record_accesses
from opinovi.http import UserRequest
from opinovi.models import AccessEvent


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_add(request: UserRequest) -> HttpResponse:
    """Be away; `?on=2026-11-24&at=10:15` is an hour to begin with."""
    return _absence_form(request, Absence(counsellor=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_edit(request: UserRequest, pk: int) -> HttpResponse:
    own = Absence.objects.editable_by(request.user)
    return _absence_form(request, get_object_or_404(own, pk=pk))


def _absence_form(request: UserRequest, absence: Absence) -> HttpResponse:
    """Save, but show first what lies in the absence: meetings stay until somebody cancels them."""
    before = copy.copy(absence)
    form = AbsenceForm(request.POST or None, instance=absence, initial=_asked(request))
    clashes: list[Clash] = []
    if request.method == "POST" and form.is_valid():
        rows = _rows(form, before)
        clashes = absences.clashes_of(rows)
        if form.cleaned_data["has_seen_clashes"] or not clashes:
            return _saved(request, form, rows, clashes)
        meetings = [appointment for clash in clashes for appointment in clash.appointments]
        record_accesses(request, meetings, action=AccessEvent.Action.READ)
        form.warn(has_others=len(rows) > len(clashes))
    context = {
        "form": form,
        "absence": before,
        "clashes": list({row.pk: row for clash in clashes for row in clash.appointments}.values()),
        "sessions": list({row.pk: row for clash in clashes for row in clash.sessions}.values()),
    }
    return render(request, "booking/desk/absence_form.html", context)


def _asked(request: UserRequest) -> dict[str, str]:
    on, at = request.GET.get("on", ""), request.GET.get("at", "")
    return {"first_on": on, "last_on": on, "from_clock": at, "to_clock": ""} if on else {}


def _rows(form: AbsenceForm, before: Absence) -> list[Absence]:
    """What is to be saved: one absence, a series of them, or the following ones of a series."""
    if before.pk is None:
        return absences.weekly(form.instance, form.cleaned_data["repeats_until"])
    if form.cleaned_data.get("changes_following"):
        return absences.moved_together(form.instance, before=before)
    return [form.instance]


def _saved(
    request: UserRequest, form: AbsenceForm, rows: list[Absence], clashes: list[Clash]
) -> HttpResponse:
    left_out = [clash.absence for clash in clashes] if form.cleaned_data["skips_clashes"] else []
    number = absences.save(rows, but=left_out)
    text = ngettext(
        "The absence was saved. Nobody can book these times.",
        "%(number)s absences were saved. Nobody can book these times.",
        number,
    )
    if not number:
        text = _("Nothing was saved: meetings lie in every one of them.")
    messages.success(request, text % {"number": number})
    with_meetings = [clash.absence for clash in clashes if clash.appointments]
    if with_meetings and not left_out:
        url = reverse("booking:desk:absence_meetings", args=[with_meetings[0].pk])
        link = format_html('<a href="{}">{}</a>', url, _("Hand the meetings in it to others, or cancel them"))
        messages.warning(request, link)
    return redirect("booking:desk:availability_list")


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def absence_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then let the times be booked again; `following` takes the rest of the series too."""
    absence = get_object_or_404(Absence.objects.editable_by(request.user), pk=pk)
    following = absences.following(absence)
    if request.method == "POST":
        if "following" in request.POST:
            following.delete()
            messages.success(request, _("The absences are gone. Their times can be booked again."))
        else:
            absence.delete()
            messages.success(request, _("The absence is gone. Its times can be booked again."))
        return redirect("booking:desk:availability_list")
    later = following.exclude(pk=absence.pk).count() if absence.series else 0
    return render(request, "booking/desk/absence_delete.html", {"absence": absence, "later": later})
