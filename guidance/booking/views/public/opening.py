"""What the address of a booking's page opens: the service's menu, for anyone or for who was invited."""

import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from guidance.booking.menu import Menu
from guidance.booking.models import BookingInvitation
from guidance.booking.models.appointment import Subject
from guidance.booking.offers import Supply
from guidance.booking.subjects import subject_named
from guidance.booking.views.public.held import hold_of_address, hold_of_browser
from guidance.catalogue.models import GuidanceService


def with_menu(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the menu of the service, about what the address tells, with the time held for the reader.

    A service that the reader cannot book says how one gets a time, and an invitation that is used says so;
    only a form that was sent goes on, since it may be the one that used it. No page with free times is kept:
    somebody may have held one of them a moment later.
    """

    @wraps(view)
    def opened(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        supply = _supply(slug)
        service, invitation = supply.services[0], _invitation_of(request, slug)
        if invitation and not invitation.is_open and request.method != "POST":
            return redirect("booking:public:invitation_open", invitation.key)
        if not service.is_bookable and not invitation:
            return render(request, "booking/public/appointment_ask.html", {"service": service})
        menu = Menu(
            service,
            supply=supply,
            about=subject_of(request),
            invitation=invitation,
            holding=_nonce_of(request),
        )
        response = view(request, menu, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if invitation:  # its key stands in the address
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
        return response

    return opened


def subject_of(request: HttpRequest) -> Subject | None:
    """What the address says one wants to talk about; None where that is nothing a reader may see."""
    return subject_named(request.GET.get("about", ""))


def _supply(slug: str) -> Supply:
    """What is offered for the service; kept while content stays the same. Raises Http404."""
    today = timezone.localdate()
    made: Supply = caches["offers"].get_or_set(f"supply-{slug}-{today}", lambda: _make(slug, today))  # type: ignore[assignment]
    return made


def _make(slug: str, today: date) -> Supply:
    services = GuidanceService.objects.with_times().select_related("organisation")
    return Supply([get_object_or_404(services, slug=slug)], today)


def _invitation_of(request: HttpRequest, slug: str) -> BookingInvitation | None:
    key = request.GET.get("invitation", "")
    invitations = BookingInvitation.objects.for_listing().filter(guidance_service__slug=slug)
    return invitations.with_key(key).first() if key else None


def _nonce_of(request: HttpRequest) -> uuid.UUID | None:
    """The nonce of the form that was sent, or of the time that is held for the reader."""
    try:
        return uuid.UUID(request.POST.get("nonce", ""))
    except ValueError:
        hold = hold_of_browser(request) or hold_of_address(request)
        return hold.nonce if hold else None
