"""For somebody who finds no time: wait for one, be offered one by letter, or ask to be called."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking import call_backs, waiting
from guidance.booking.forms.waiting import MOST_FREE, CallBackForm, WaitingEntryForm
from guidance.booking.limits import TooManyOpen
from guidance.booking.menu import Menu
from guidance.booking.models import CallBackRequest, WaitingEntry
from guidance.booking.offers import Supply
from guidance.catalogue.models import GuidanceService
from opinovi.actions import record_access
from opinovi.http import private_page, same_site_post
from opinovi.models import AccessEvent


def language_of_page() -> str:
    return (get_language() or "fi")[:2]


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Join the line; when a time that suits is free already, that is said first.

    Whoever waits already is answered the same, so that the page tells nobody of it.
    """
    services = GuidanceService.objects.bookable().select_related("organisation")
    service = get_object_or_404(services, slug=slug)
    menu = Menu(service, supply=Supply([service], timezone.localdate()))
    entry = WaitingEntry(guidance_service=service, language=language_of_page())
    form = WaitingEntryForm(request.POST or None, instance=entry, menu=menu)
    free = form.free() if form.is_valid() else []
    if free and not form.would_rather_wait:
        form.ask_to_wait()
    elif form.is_valid():
        waiting.join(form.save(commit=False), passed_over=[slot.starts_at for slot, _choice in free])
        return redirect("booking:public:waiting_joined", slug)
    return _form_page(request, "waiting_join", service, form, free=free[:MOST_FREE])


@login_not_required
@require_safe
def waiting_joined(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next; the letter has the private link."""
    service = get_object_or_404(GuidanceService.objects.published(), slug=slug)
    return render(request, "booking/public/waiting_joined.html", {"service": service})


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def call_back_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a counsellor of the service to call."""
    services = GuidanceService.objects.bookable().select_related("organisation")
    service = get_object_or_404(services, slug=slug)
    call = CallBackRequest(guidance_service=service, language=language_of_page())
    form = CallBackForm(request.POST or None, instance=call)
    if request.method == "POST" and form.is_valid():
        call_backs.ask(form.save(commit=False))
        return redirect("booking:public:call_back_asked", slug)
    return _form_page(request, "call_back_ask", service, form)


@login_not_required
@require_safe
def call_back_asked(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(GuidanceService.objects.published(), slug=slug)
    return render(request, "booking/public/call_back_asked.html", {"service": service})


def _form_page(
    request: HttpRequest,
    name: str,
    service: GuidanceService,
    form: WaitingEntryForm | CallBackForm,
    **context: Any,
) -> HttpResponse:
    """A form whose nonce is for one reader; what somebody has typed is stored nowhere."""
    response = render(request, f"booking/public/{name}.html", {"service": service, "form": form, **context})
    response["Cache-Control"] = "private, no-store" if request.method == "POST" else "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _opened_by_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the entry that the link opens; a link that opens none explains itself."""

    @wraps(view)
    def opened(request: HttpRequest, key: str) -> HttpResponse:
        entry = WaitingEntry.objects.opened_by(key).for_listing().select_related("hold__channel").first()
        if entry is None:
            return render(request, "booking/public/_link_closed.html", status=404)
        return view(request, entry)

    return opened


@login_not_required
@private_page
@require_safe
@_opened_by_key
def waiting_detail(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    """Where one stands in the line, or the time that is offered. Looking at it answers nothing."""
    if entry.appointment:
        return redirect("booking:public:appointment_detail", entry.appointment.key)
    record_access(request, entry, action=AccessEvent.Action.READ)
    answer = request.GET.get("offer")
    context = {"entry": entry, "has_ended": answer == "ended", "has_too_many": answer == "too-many"}
    return render(request, "booking/public/waiting_detail.html", context)


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def waiting_accept(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    """Book the time that is kept; when it is kept no longer, or they have enough booked, the page says so."""
    detail = reverse("booking:public:waiting_detail", args=[entry.key])
    try:
        booked = waiting.accept(entry)
    except waiting.OfferEnded:
        return redirect(f"{detail}?offer=ended")
    except TooManyOpen:
        return redirect(f"{detail}?offer=too-many")
    record_access(request, booked, action=AccessEvent.Action.CHANGE)
    return redirect("booking:public:appointment_detail", booked.key)


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def waiting_decline(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    """Not this time: it goes on to the next, and one waits on."""
    waiting.decline(entry)
    record_access(request, entry, action=AccessEvent.Action.CHANGE)
    return redirect("booking:public:waiting_detail", entry.key)


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def waiting_leave(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    """Leave the line."""
    waiting.leave(entry)
    record_access(request, entry, action=AccessEvent.Action.CHANGE)
    return redirect("booking:public:waiting_detail", entry.key)
