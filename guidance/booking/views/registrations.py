"""Who takes part in a group session, for those who hold it.

The desk and the office have the same pages: `views/desk/registrations.py` and `views/office/registrations.py`
say who enters, and each page shows only sessions of the reader's own organisations.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guidance.booking import registrations
from guidance.booking.exports.participants import participants_sheet
from guidance.booking.forms.registration import HostRegistrationForm
from guidance.booking.models import GroupSession, Registration, State
from guidance.booking.models.registration import RegistrationQuerySet
from network.sheets import CONTENT_TYPES
from opinovi.actions import record_access, record_accesses
from opinovi.http import UserRequest
from opinovi.models import AccessEvent

PER_PAGE = 25
ROWS_OF_A_LIST = 100  # an attendance list goes round on paper
PAGES = (
    "registration_list", "registration_add", "registration_cancel", "registration_promote",
    "registration_sheet", "attendance_list",
)  # fmt: skip


def list_page(request: UserRequest, slug: str, area: str) -> HttpResponse:
    """Who has a place, who waits (in their order) and who cancelled; one of these at a time."""
    session = _session(request, slug)
    counts = session.registrations.aggregate(
        seated=Count("pk", filter=Q(pk__in=session.registrations.seats())),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        cancelled=Count("pk", filter=Q(state=State.CANCELLED)),
    )
    shown = request.GET.get("state", "seated")
    shown = shown if shown in counts else "seated"
    rows: dict[str, RegistrationQuerySet] = {
        "seated": session.registrations.seats(),
        "waiting": session.registrations.waiting(),
        "cancelled": session.registrations.filter(state=State.CANCELLED).order_by("-cancelled_at", "-pk"),
    }
    page = _page(request, rows[shown], PER_PAGE)
    record_accesses(request, page, action=AccessEvent.Action.READ)
    titles = {"seated": _("With a place"), "waiting": _("Waiting"), "cancelled": _("Cancelled")}
    tabs = [(name, titles[name], count, name == shown) for name, count in counts.items()]
    context = {"page": page, "tabs": tabs, "shown": shown, "query": f"state={shown}"}
    return _render(request, "booking/registrations/registration_list.html", session, area, **context)


def add_page(request: UserRequest, slug: str, area: str) -> HttpResponse:
    """Sign up somebody who called or came by, also when people cannot sign up by themselves any more."""
    session = _session(request, slug)
    registration = Registration(session=session, language=(get_language() or "fi")[:2])
    questions = list(session.questions.all())
    form = HostRegistrationForm(request.POST or None, instance=registration, questions=questions)
    is_full = session.is_full
    if request.method == "POST" and form.is_valid():
        waits = request.POST.get("waits") == "on"
        try:
            standing = registrations.register(form.save(commit=False), waits=waits, by=request.user)
        except registrations.SessionFull:
            is_full = True
        except registrations.RegistrationClosed:
            messages.warning(request, _("The event is cancelled: nobody can be added."))
            return redirect(f"booking:{area}:registration_list", slug)
        else:
            record_access(request, standing, action=AccessEvent.Action.CHANGE)
            _say_added(request, standing, registration)
            return redirect(f"booking:{area}:registration_list", slug)
    context = {"form": form, "is_full": is_full}
    return _render(request, "booking/registrations/registration_add.html", session, area, **context)


def cancel_page(request: UserRequest, slug: str, pk: int, area: str) -> HttpResponse:
    """Say who will be told what, then cancel this one registration."""
    session, registration = _registration(request, slug, pk)
    if registration.is_cancelled or session.is_over:
        messages.warning(request, _("It was cancelled already, or the event is over."))
        return redirect(f"booking:{area}:registration_list", slug)
    if request.method != "POST":
        return _ask(request, session, registration, area, change="cancel")
    registrations.cancel(registration, by=Registration.Canceller.HOST)
    record_access(request, registration, action=AccessEvent.Action.CHANGE)
    messages.success(request, _("The registration is cancelled. The others stay as they are."))
    return redirect(f"booking:{area}:registration_list", slug)


def promote_page(request: UserRequest, slug: str, pk: int, area: str) -> HttpResponse:
    """Say who will be told what, then give a place to somebody who waits or has an offer."""
    session, registration = _registration(request, slug, pk)
    if request.method != "POST":
        return _ask(request, session, registration, area, change="promote")
    try:
        registrations.promote(registration)
    except registrations.SessionFull:
        messages.warning(request, _("No place is free. Make the event larger first, or cancel somebody."))
    except registrations.OfferOver:
        messages.warning(request, _("The person does not wait any more."))
    else:
        record_access(request, registration, action=AccessEvent.Action.CHANGE)
        messages.success(request, _("The person has a place now."))
    return redirect(f"booking:{area}:registration_list", slug)


def attendance_page(request: UserRequest, slug: str, area: str) -> HttpResponse:
    """The list that goes round on paper, and where one marks who was there; unknown until marked."""
    session = _session(request, slug)
    seated = session.registrations.registered().order_by("name", "pk")
    page = _page(request, seated, ROWS_OF_A_LIST)
    if request.method == "POST":
        if _can_mark(session):
            _mark(request, page)
        else:
            messages.warning(request, _("Attendance can be marked from the day of the event on."))
        return redirect(request.get_full_path())
    record_accesses(request, page, action=AccessEvent.Action.READ)
    choices = Registration.Attendance.choices
    rows = [(row, [(*choice, choice[0] == row.attendance) for choice in choices]) for row in page]
    context = {"page": page, "rows": rows, "can_mark": _can_mark(session)}
    return _render(request, "booking/registrations/attendance_list.html", session, area, **context)


def sheet_page(request: UserRequest, slug: str) -> HttpResponse:
    """All registrations as CSV, with what was answered."""
    session = _session(request, slug)
    rows = list(session.registrations.filter(erased_at__isnull=True))
    record_accesses(request, rows, action=AccessEvent.Action.READ)
    headers = {"Content-Disposition": f'attachment; filename="opinovi-{session.pk}.csv"'}
    content = participants_sheet(rows, list(session.questions.all()))
    return HttpResponse(content, CONTENT_TYPES["csv"], headers=headers)


def _session(request: UserRequest, slug: str) -> GroupSession:
    sessions = GroupSession.objects.hosted_by(request.user).filter(has_registration=True)
    return get_object_or_404(sessions.for_listing(), slug=slug)


def _registration(request: UserRequest, slug: str, pk: int) -> tuple[GroupSession, Registration]:
    session = _session(request, slug)
    registration = get_object_or_404(session.registrations.filter(erased_at__isnull=True), pk=pk)
    registration.session = session
    return session, registration


def _page(request: UserRequest, rows: RegistrationQuerySet, size: int) -> Page:
    return Paginator(rows, size).get_page(request.GET.get("page"))


def _ask(
    request: UserRequest, session: GroupSession, registration: Registration, area: str, *, change: str
) -> HttpResponse:
    record_access(request, registration, action=AccessEvent.Action.READ)
    template = "booking/registrations/registration_change.html"
    return _render(request, template, session, area, registration=registration, change=change)


def _say_added(request: UserRequest, standing: Registration, wanted: Registration) -> None:
    if standing.nonce != wanted.nonce:
        messages.warning(request, _("The person was signed up already. The registration stands as it was."))
    elif standing.is_waiting:
        messages.success(request, _("The person is on the waiting list."))
    else:
        messages.success(request, _("The person has a place now."))


def _can_mark(session: GroupSession) -> bool:
    return timezone.localdate(session.starts_at) <= timezone.localdate()


def _mark(request: UserRequest, page: Page) -> None:
    """Write down what was marked on this page; who cancelled in between is left alone."""
    known = set(Registration.Attendance.values)
    marked = []
    for row in page:
        mark = request.POST.get(f"attendance-{row.pk}", row.attendance)
        if mark in known and mark != row.attendance:
            row.attendance = mark
            marked.append(row)
    changed = [row for row in marked if registrations.mark(row)]
    record_accesses(request, changed, action=AccessEvent.Action.CHANGE)
    number = len(changed)
    message = ngettext("%(number)s person was marked.", "%(number)s people were marked.", number)
    messages.success(request, message % {"number": number})


def _render(
    request: UserRequest, template: str, session: GroupSession, area: str, **context: Any
) -> HttpResponse:
    pages = {name: f"booking:{area}:{name}" for name in PAGES}
    context |= {"session": session, "base": f"base_{area}.html", "pages": pages}
    return render(request, template, context)
