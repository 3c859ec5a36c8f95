"""People who asked to be called by the services of one's organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guidance.booking import call_backs
from guidance.booking.models import CallBackRequest
from network.access import counsellor_required
from opinovi.actions import record_access, record_list
from opinovi.http import UserRequest
from opinovi.models import AccessEvent

ROWS = 25
LATEST_DONE = 10


@require_safe
@counsellor_required
def call_back_list(request: UserRequest) -> HttpResponse:
    """Whom to call, the longest waiting first, and the last ones that were called."""
    own = CallBackRequest.objects.visible_to(request.user).for_listing()
    page = Paginator(own.open(), ROWS).get_page(request.GET.get("page"))
    done = list(own.done()[:LATEST_DONE])
    record_list(request, [*page, *done])
    return render(request, "booking/desk/call_back_list.html", {"page": page, "done": done})


@require_POST
@counsellor_required
def call_back_done(request: UserRequest, pk: int) -> HttpResponse:
    call = _visible_call(request, pk)
    if call_backs.note_answer(call, by=request.user):
        record_access(request, call, action=AccessEvent.Action.CHANGE)
        messages.success(request, _("Noted as called."))
    else:
        messages.info(request, _("A colleague has called already."))
    return redirect("booking:desk:call_back_list")


@require_POST
@counsellor_required
def call_back_reopen(request: UserRequest, pk: int) -> HttpResponse:
    call = _visible_call(request, pk)
    call_backs.reopen(call)
    record_access(request, call, action=AccessEvent.Action.CHANGE)
    messages.success(request, _("The request waits for a call again."))
    return redirect("booking:desk:call_back_list")


def _visible_call(request: UserRequest, pk: int) -> CallBackRequest:
    return get_object_or_404(CallBackRequest.objects.visible_to(request.user), pk=pk)
