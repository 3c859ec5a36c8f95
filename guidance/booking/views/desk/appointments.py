"""One appointment as the counsellors of its organisation see it, and what they can do about it.

Each change asks first: it says who will be told what, and a POST makes it.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking import actions
from guidance.booking.forms.address import AddressForm
from guidance.booking.forms.desk import CancelForm, ColleagueForm, LinkForm
from guidance.booking.models import Appointment
from guidance.booking.own_times import in_the_way
from guidance.booking.substitutes import Substitutes
from guidance.booking.told import told_of
from network.access import counsellor_required
from opinovi.actions import record_access, record_accesses, record_list
from opinovi.http import UserRequest
from opinovi.models import AccessEvent, Letter

ROWS = 25


class Act(NamedTuple):
    """A change: how it asks before it is made, which letter tells of it, and what is said afterwards."""

    title: str | Promise
    button: str | Promise
    letter: str
    done: str | Promise
    is_danger: bool = False


CONFIRM = Act(
    gettext_lazy("Confirm this request?"),
    gettext_lazy("Confirm the request"),
    "appointment_booked",
    gettext_lazy("The meeting is confirmed."),
)
DECLINE = Act(
    gettext_lazy("Decline this request?"),
    gettext_lazy("Decline the request"),
    "appointment_declined",
    gettext_lazy("The request is declined and its time is free again."),
    is_danger=True,
)
CANCEL = Act(
    gettext_lazy("Cancel this meeting?"),
    gettext_lazy("Cancel the meeting"),
    "appointment_cancelled",
    gettext_lazy("The meeting is cancelled and its time is free again."),
    is_danger=True,
)
REINSTATE = Act(
    gettext_lazy("Take the cancellation back?"),
    gettext_lazy("Take the cancellation back"),
    "appointment_booked",
    gettext_lazy("The meeting stands again, at its old time."),
)
HAND_OVER = Act(
    gettext_lazy("Hand this meeting to a colleague"),
    gettext_lazy("Hand it over"),
    "appointment_changed",
    gettext_lazy("The meeting is your colleague's now."),
)
LINK = Act(
    gettext_lazy("Link for the video call"),
    gettext_lazy("Save the link"),
    "appointment_changed",
    gettext_lazy("The link is saved."),
)


@require_safe
@counsellor_required
def appointment_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Who comes, when, and what they wish."""
    appointment = _visible_appointment(request, pk)
    record_access(request, appointment, action=AccessEvent.Action.READ)
    failed = [] if appointment.has_ended else Letter.objects.about(appointment).failed().newest_first()[:5]
    context = {"appointment": appointment, "failed_letters": failed}
    return render(request, "booking/desk/appointment_detail.html", context)


@require_safe
@counsellor_required
def request_list(request: UserRequest) -> HttpResponse:
    """Requests of the counsellor's organisations that wait for an answer, the soonest meeting first."""
    coming = Appointment.objects.visible_to(request.user).requested().coming()
    page = Paginator(coming.for_listing(), ROWS).get_page(request.GET.get("page"))
    record_list(request, page)
    return render(request, "booking/desk/request_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_confirm(request: UserRequest, pk: int) -> HttpResponse:
    appointment = _visible_appointment(request, pk)
    if not (appointment.is_requested and appointment.can_change):
        return _too_late(request, appointment)
    return _act(request, appointment, CONFIRM, lambda: actions.confirm(appointment))


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Cancel a meeting, or decline a request."""
    appointment = _visible_appointment(request, pk)
    if not appointment.can_change:
        return _too_late(request, appointment)
    form = CancelForm(_sent(request), instance=appointment)

    def cancel() -> None:
        actions.cancel(
            appointment, by=Appointment.Canceller.COUNSELLOR, reason=form.cleaned_data["cancel_reason"]
        )

    return _act(request, appointment, DECLINE if appointment.is_requested else CANCEL, cancel, form)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_reinstate(request: UserRequest, pk: int) -> HttpResponse:
    """Take a cancellation back; where the time was taken meanwhile, say by what."""
    appointment = _visible_appointment(request, pk)
    if not appointment.is_cancelled or appointment.has_started:
        return _too_late(request, appointment)
    return _act(request, appointment, REINSTATE, lambda: actions.reinstate(appointment))


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_hand_over(request: UserRequest, pk: int) -> HttpResponse:
    """Give the meeting, at its time, to a colleague who is free."""
    appointment = _visible_appointment(request, pk)
    if not appointment.can_change:
        return _too_late(request, appointment)
    colleagues = Substitutes([appointment]).of(appointment)
    form = ColleagueForm(_sent(request), colleagues=colleagues)
    return _act(
        request,
        appointment,
        HAND_OVER,
        lambda: actions.hand_over(appointment, to=form.cleaned_data["colleague"]),
        form if colleagues else None,
        nobody=not colleagues,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def appointment_link(request: UserRequest, pk: int) -> HttpResponse:
    """Give a video meeting its link."""
    appointment = _visible_appointment(request, pk)
    if not appointment.channel.needs_link or appointment.is_cancelled or appointment.has_ended:
        return _too_late(request, appointment)
    form = LinkForm(_sent(request), instance=appointment)
    return _act(
        request,
        appointment,
        LINK,
        lambda: actions.change_link(appointment, link=form.cleaned_data["video_link"]),
        form,
    )


def _act(
    request: UserRequest,
    appointment: Appointment,
    act: Act,
    change: Callable[[], object],
    form: BaseForm | None = None,
    *,
    nobody: bool = False,
) -> HttpResponse:
    """Ask, or make the change once nothing is missing. `nobody`: it cannot be made at all."""
    clashes: list[Appointment] | None = None
    if request.method == "POST" and not nobody and (form is None or form.is_valid()):
        try:
            change()
        except actions.TooLate:
            return _too_late(request, appointment)
        except actions.SlotTaken:
            clashes = list(in_the_way(appointment, appointment.starts_at).visible_to(request.user))
            record_accesses(request, clashes, action=AccessEvent.Action.READ)
        else:
            record_access(request, appointment, action=AccessEvent.Action.CHANGE)
            messages.success(request, str(act.done))
            return redirect("booking:desk:appointment_detail", appointment.pk)
    record_access(request, appointment, action=AccessEvent.Action.READ)
    context = {
        "appointment": appointment,
        "act": act,
        "form": form,
        "told": told_of(appointment, act.letter),
        "is_taken": clashes is not None,
        "clashes": clashes,
        "nobody": nobody,
    }
    return render(
        request, "booking/desk/appointment_act.html", context, status=200 if clashes is None else 409
    )


def _sent(request: UserRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _too_late(request: UserRequest, appointment: Appointment) -> HttpResponse:
    messages.warning(request, _("This meeting has begun, or something else became of it meanwhile."))
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
