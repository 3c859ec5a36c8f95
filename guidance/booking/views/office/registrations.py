"""The participants of group sessions, for coordinators of the organisations that hold them."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking.views import registrations as pages
from network.access import coordinator_required
from opinovi.http import UserRequest

AREA = "office"


@require_safe
@coordinator_required
def registration_list(request: UserRequest, slug: str) -> HttpResponse:
    """Who has a place, who waits and who cancelled."""
    return pages.list_page(request, slug, AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def registration_add(request: UserRequest, slug: str) -> HttpResponse:
    """Sign up somebody who called or came by."""
    return pages.add_page(request, slug, AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def registration_cancel(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Cancel one registration, having said who is told."""
    return pages.cancel_page(request, slug, pk, AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def registration_promote(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Give a place to somebody who waits."""
    return pages.promote_page(request, slug, pk, AREA)


@require_safe
@coordinator_required
def registration_sheet(request: UserRequest, slug: str) -> HttpResponse:
    """All registrations as a spreadsheet."""
    return pages.sheet_page(request, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def attendance_list(request: UserRequest, slug: str) -> HttpResponse:
    """The list for the door, and who was there."""
    return pages.attendance_page(request, slug, AREA)
