"""Group sessions and events, for the coordinators of the organisations that hold them."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking import registrations, series
from guidance.booking.forms.group_session import GroupSessionForm, RepeatForm
from guidance.booking.forms.registration import QuestionFormSet
from guidance.booking.models import GroupSession, RegistrationQuestion
from guidance.booking.quality import EVENTS
from guidance.booking.session_changes import SessionChange, Told, people_of
from guidance.catalogue.quality.scoring import refresh, score_of
from guidance.catalogue.views.office.quality import panel
from network.access import coordinator_required
from network.history import versions_of
from network.publishing import toggle_published
from network.slugs import free_slug
from opinovi.http import UserRequest
from opinovi.refusals import save_rows_or_explain
from opinovi.templatetags.portal import span

PER_PAGE = 25


@require_safe
@coordinator_required
def group_session_list(request: UserRequest) -> HttpResponse:
    """What is coming, soonest first, or what is over, latest first."""
    is_past = "past" in request.GET
    sessions = GroupSession.objects.editable_by(request.user).for_listing()
    sessions = sessions.over() if is_past else sessions.coming()
    page = Paginator(sessions, PER_PAGE).get_page(request.GET.get("page"))
    shown = GroupSession.objects.hosted_by(request.user).filter(pk__in=[session.pk for session in page])
    context = {
        "page": page,
        "hosted": set(shown.values_list("pk", flat=True)),
        "is_past": is_past,
        "query": "past=on" if is_past else "",
    }
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
    original = _own_session(request, slug)
    session = series.copied(original, timedelta(weeks=1))
    session.published_at = None
    return _group_session_form(request, session, like=original)


def _group_session_form(
    request: UserRequest, session: GroupSession, *, like: GroupSession | None = None
) -> HttpResponse:
    """A form that asks first when people will be told of the change, or a leader has meetings then."""
    is_changed = session.pk and request.method == "POST"
    before = GroupSession.objects.get(pk=session.pk) if is_changed else None
    later_count = len(series.later_meetings(session))
    form = GroupSessionForm(
        request.POST or None,
        instance=session,
        user=request.user,
        later_count=later_count,
        initial={"leaders": like.leaders.all()} if like else None,
    )
    told, busy = Told(), []
    if request.method == "POST" and form.is_valid():
        change = SessionChange(form, before)
        if not form.cleaned_data["is_told"]:
            told, busy = change.told, change.busy_leaders
        if told or busy:
            form.ask_first()
        elif _save(request, change, like):
            return redirect("booking:office:group_session_edit", session.slug)
    parts = (GroupSession, {"pk": session.pk}), (RegistrationQuestion, {"session": session.pk})
    versions = versions_of(*parts, most=20) if session.pk else []
    hosted = GroupSession.objects.hosted_by(request.user).filter(pk=session.pk, has_registration=True)
    context = {
        "form": form,
        "session": session,
        "versions": versions,
        "told": told,
        "busy": ", ".join(busy),
        "is_hosted": bool(session.pk) and hosted.exists(),
        **panel(score_of(EVENTS.kind, session) if session.pk else None),
    }
    return render(request, "booking/office/group_session_form.html", context)


def _save(request: UserRequest, change: SessionChange, like: GroupSession | None) -> bool:
    session = change.session
    session.slug = session.slug or free_slug(GroupSession, slugify(change.form.cleaned_data["name_fi"]))
    try:
        if not change.save():
            return False
    except series.Clash as clash:
        session.refresh_from_db(fields=["slug"])
        change.form.add_error("skips", _clash(clash.times))
        return False
    if like:
        series.copy_questions(like.questions.all(), session)
    refresh(session)
    messages.success(request, _("%(name)s was saved.") % {"name": session})
    if change.skipped:
        messages.warning(request, _clash(change.skipped))
    return True


def _clash(times: list[datetime]) -> str:
    days = ", ".join(span(moment, None) for moment in sorted(times))
    return _("These meetings clash and stay as they were: %(days)s.") % {"days": days}


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_repeat(request: UserRequest, slug: str) -> HttpResponse:
    """Hold the session several times more: meetings of one series, each with registrations of its own."""
    session = _own_session(request, slug)
    form = RepeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = series.repeat(session, **form.cleaned_data)
        except series.Clash as clash:
            days = ", ".join(span(moment, None) for moment in clash.times)
            message = _("Something is there already on these days: %(days)s. Nothing was added.")
            form.add_error("skips", message % {"days": days})
        else:
            number = len(outcome.written)
            messages.success(
                request,
                ngettext("%(number)s meeting was added.", "%(number)s meetings were added.", number)
                % {"number": number},
            )
            if outcome.skipped:
                days = ", ".join(span(moment, None) for moment in outcome.skipped)
                messages.warning(request, _("These days were left out: %(days)s.") % {"days": days})
            return redirect("booking:office:group_session_list")
    context = {"form": form, "session": session, "later": series.later_meetings(session)}
    return render(request, "booking/office/group_session_repeat.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_questions(request: UserRequest, slug: str) -> HttpResponse:
    """What those who sign up are asked."""
    session = _own_session(request, slug)
    formset = QuestionFormSet(request.POST or None, instance=session)
    if request.method == "POST" and formset.is_valid() and save_rows_or_explain(formset):
        messages.success(request, _("%(name)s was saved.") % {"name": session})
        return redirect(request.path)
    context = {"formset": formset, "session": session}
    return render(request, "booking/office/group_session_questions.html", context)


@require_POST
@coordinator_required
def group_session_publish(request: UserRequest, slug: str) -> HttpResponse:
    session = _own_session(request, slug)
    toggle_published(request, session)
    refresh(session)
    return redirect("booking:office:group_session_edit", session.slug)


@require_http_methods(["GET", "POST"])
@coordinator_required
def group_session_cancel(request: UserRequest, slug: str) -> HttpResponse:
    """Ask first, then mark the event as cancelled; it stays public so that nobody comes in vain."""
    session = _own_session(request, slug)
    if request.method == "GET":
        context = {"session": session, "told": people_of([session])}
        return render(request, "booking/office/group_session_cancel.html", context)
    if session.is_over:
        messages.warning(request, _("The event is over, so it can no longer be cancelled."))
    elif not session.is_cancelled:
        registrations.cancel_session(session)
        refresh(session)
        messages.success(request, _("The event is cancelled. People still see it, marked as cancelled."))
    return redirect("booking:office:group_session_list")


def _own_session(request: UserRequest, slug: str) -> GroupSession:
    sessions = GroupSession.objects.editable_by(request.user)
    return get_object_or_404(sessions.for_listing(), slug=slug)
