"""The line for times of the services of one's organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking import waiting
from guidance.booking.forms.waiting import ClientWaitingForm
from guidance.booking.menu import Menu
from guidance.booking.models import WaitingEntry
from guidance.booking.offers import Supply
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from network.access import counsellor_required
from opinovi.actions import record_access, record_list
from opinovi.http import UserRequest
from opinovi.models import AccessEvent

ROWS = 25


@require_safe
@counsellor_required
def waiting_list(request: UserRequest) -> HttpResponse:
    """Who waits for which service, the first in line first."""
    entries = WaitingEntry.objects.visible_to(request.user).live().for_listing()
    lines = entries.order_by("guidance_service__slug", "queued_at", "pk")
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    record_list(request, page)
    services = _own_services(request).by_name()
    return render(request, "booking/desk/waiting_list.html", {"page": page, "services": services})


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def waiting_add(request: UserRequest, slug: str) -> HttpResponse:
    """Put a client into the line of a service; the client gets the letter with the link."""
    service = get_object_or_404(_own_services(request).select_related("organisation"), slug=slug)
    menu = Menu(service, supply=Supply([service], timezone.localdate()))
    language = (get_language() or "fi")[:2]
    entry = WaitingEntry(guidance_service=service, language=language, added_by=request.user)
    form = ClientWaitingForm(request.POST or None, instance=entry, menu=menu)
    if request.method == "POST" and form.is_valid():
        standing = waiting.join(form.save(commit=False))
        record_access(request, standing, action=AccessEvent.Action.CHANGE)
        if standing.nonce == entry.nonce:
            messages.success(request, _("The client is in the line and gets a letter with a private link."))
        else:
            messages.info(request, _("This address waits for the service already."))
        return redirect("booking:desk:waiting_list")
    return render(request, "booking/desk/waiting_form.html", {"form": form, "service": service})


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def waiting_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then take somebody out of the line; no letter tells of it."""
    entries = WaitingEntry.objects.visible_to(request.user).for_listing()
    entry = get_object_or_404(entries, pk=pk)
    if request.method == "POST":
        waiting.leave(entry)
        record_access(request, entry, action=AccessEvent.Action.CHANGE)
        messages.success(request, _("The person does not wait any more."))
        return redirect("booking:desk:waiting_list")
    record_access(request, entry, action=AccessEvent.Action.READ)
    return render(request, "booking/desk/waiting_remove.html", {"entry": entry})


def _own_services(request: UserRequest) -> GuidanceServiceQuerySet:
    """Services that can be booked of the organisations where the user is a counsellor."""
    roles = request.user.affiliations.current().counsellors()
    return GuidanceService.objects.bookable().filter(organisation__in=roles.values("organisation"))
