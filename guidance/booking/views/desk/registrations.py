"""The participants of group sessions, for counsellors of the organisations that hold them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking.models import GroupSession
from guidance.booking.views import registrations as pages
from network.access import counsellor_required
from opinovi.http import UserRequest

AREA = "desk"
PER_PAGE = 25


@require_safe
@counsellor_required
def group_session_list(request: UserRequest) -> HttpResponse:
    """Sessions of the counsellor's organisations that people sign up for here."""
    is_past = "past" in request.GET
    sessions = GroupSession.objects.hosted_by(request.user).filter(has_registration=True).for_listing()
    sessions = sessions.over() if is_past else sessions.coming()
    page = Paginator(sessions, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_past": is_past, "query": "past=on" if is_past else ""}
    return render(request, "booking/desk/group_session_list.html", context)


@require_safe
@counsellor_required
def registration_list(request: UserRequest, slug: str) -> HttpResponse:
    """Who has a place, who waits and who cancelled."""
    return pages.list_page(request, slug, AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def registration_add(request: UserRequest, slug: str) -> HttpResponse:
    """Sign up somebody who called or came by."""
    return pages.add_page(request, slug, AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def registration_cancel(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Cancel one registration, having said who is told."""
    return pages.cancel_page(request, slug, pk, AREA)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def registration_promote(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Give a place to somebody who waits."""
    return pages.promote_page(request, slug, pk, AREA)


@require_safe
@counsellor_required
def registration_sheet(request: UserRequest, slug: str) -> HttpResponse:
    """All registrations as a spreadsheet."""
    return pages.sheet_page(request, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def attendance_list(request: UserRequest, slug: str) -> HttpResponse:
    """The list for the door, and who was there."""
    return pages.attendance_page(request, slug, AREA)
