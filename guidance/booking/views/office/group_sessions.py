"""Group sessions and events, for the coordinators of the organisations that hold them."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking.forms.group_session import GroupSessionForm
from guidance.booking.models import GroupSession
from network.access import coordinator_required
from network.history import versions_of
from network.publishing import toggle_published
from network.slugs import free_slug
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain

PER_PAGE = 25


@require_safe
@coordinator_required
def group_session_list(request: UserRequest) -> HttpResponse:
    """What is coming, soonest first, or what is over, latest first."""
    is_past = "past" in request.GET
    sessions = GroupSession.objects.editable_by(request.user).for_listing()
    sessions = sessions.over() if is_past else sessions.coming()
    page = Paginator(sessions, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_past": is_past, "query": "past=on" if is_past else ""}
    return render(request, "booking/office/group_session_list.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_add(request: UserRequest) -> HttpResponse:
    return _group_session_form(request, GroupSession())


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _group_session_form(request, _own_session(request, slug))


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_copy(request: UserRequest, slug: str) -> HttpResponse:
    """The same again: a new draft with all but the day, which is a week later until somebody says another."""
    session = _own_session(request, slug)
    session.pk, session.slug, session.published_at, session.cancelled_at = None, "", None, None
    session._state.adding = True
    week = timedelta(days=7)
    session.starts_at = _later(session.starts_at, week)
    session.ends_at = _later(session.ends_at, week)
    return _group_session_form(request, session)


def _group_session_form(request: UserRequest, session: GroupSession) -> HttpResponse:
    form = GroupSessionForm(request.POST or None, instance=session, user=request.user)
    if request.method == "POST" and form.is_valid():
        session.slug = session.slug or free_slug(GroupSession, slugify(form.cleaned_data["name_fi"]))
        if save_or_explain(form):
            messages.success(request, _("%(name)s was saved.") % {"name": session})
            return redirect("booking:office:group_session_edit", session.slug)
    versions = versions_of((GroupSession, {"pk": session.pk}), most=20) if session.pk else []
    context = {"form": form, "session": session, "versions": versions}
    return render(request, "booking/office/group_session_form.html", context)


@require_POST
@coordinator_required
def group_session_publish(request: UserRequest, slug: str) -> HttpResponse:
    session = _own_session(request, slug)
    toggle_published(request, session)
    return redirect("booking:office:group_session_edit", session.slug)


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_cancel(request: UserRequest, slug: str) -> HttpResponse:
    """Ask first, then mark the event as cancelled; it stays public so that nobody comes in vain."""
    session = _own_session(request, slug)
    if request.method == "GET":
        return render(request, "booking/office/group_session_cancel.html", {"session": session})
    if session.is_over:
        messages.warning(request, _("The event is over, so it can no longer be cancelled."))
    elif not session.is_cancelled:
        session.cancelled_at = timezone.now()
        session.save(update_fields=["cancelled_at"])
        messages.success(request, _("The event is cancelled. People still see it, marked as cancelled."))
    return redirect("booking:office:group_session_list")


def _later(moment: datetime, by: timedelta) -> datetime:
    """The same time by the clock, some days later, also when the clocks were changed in between."""
    local = timezone.localtime(moment)
    return timezone.make_aware(local.replace(tzinfo=None) + by)


def _own_session(request: UserRequest, slug: str) -> GroupSession:
    sessions = GroupSession.objects.editable_by(request.user)
    return get_object_or_404(sessions.for_listing(), slug=slug)
