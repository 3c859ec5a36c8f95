"""Sign up for a group session, and the pages the private link opens. Looking changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking import registrations
from guidance.booking.forms.registration import RegistrationForm
from guidance.booking.models import GroupSession, Registration
from guidance.booking.registration_calendar import calendar_file
from opinovi.actions import record_access
from opinovi.http import private_page, same_site_post
from opinovi.models import AccessEvent


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def registration_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the details and sign up; when the last place is gone, the same form leads to the waiting list.

    Who gives an e-mail address gets the link by letter and sees the same page whether they are new or signed
    up already: who only types an address does not learn whose it is. Who gives none sees the registration.
    """
    session = _session(slug)
    form = _form(request, session)
    is_full = session.is_full
    if request.method == "POST" and form.is_valid():
        waits = request.POST.get("waits") == "on"
        wanted: Registration = form.save(commit=False)
        nonce = wanted.nonce
        try:
            standing = registrations.register(wanted, waits=waits)
        except registrations.SessionFull:
            is_full = True
            session = _session(slug)
        except registrations.RegistrationClosed:
            return redirect("booking:public:group_session_detail", slug)
        else:
            return _after(standing, nonce, form.instance, slug)
    if not session.is_open and request.method != "POST":
        return redirect("booking:public:group_session_detail", slug)
    return _form_page(request, session, form, is_full=is_full)


def _after(standing: Registration, nonce: Any, wanted: Registration, slug: str) -> HttpResponse:
    if wanted.email or standing.nonce != nonce:
        return redirect("booking:public:registration_sent", slug)
    detail = reverse("booking:public:registration_detail", args=[standing.key])
    return redirect(detail if standing.says_the_same_as(wanted) else f"{detail}?sent=before")


def _session(slug: str) -> GroupSession:
    return get_object_or_404(GroupSession.objects.published().for_listing(), slug=slug)


def _form(request: HttpRequest, session: GroupSession) -> RegistrationForm:
    """An empty form, or what was sent; who is signed in finds their own name and addresses in it."""
    registration = Registration(session=session, language=(get_language() or "fi")[:2])
    known = {}
    if request.user.is_authenticated:
        known = {name: getattr(request.user, name) for name in ("name", "email", "phone")}
    return RegistrationForm(
        request.POST or None, instance=registration, initial=known, questions=list(session.questions.all())
    )


def _form_page(
    request: HttpRequest, session: GroupSession, form: RegistrationForm, *, is_full: bool
) -> HttpResponse:
    context = {
        "session": session,
        "form": form,
        "is_full": is_full,
        "trail": [
            (_("Events"), reverse("booking:public:group_session_list")),
            (session.name, reverse("booking:public:group_session_detail", args=[session.slug])),
        ],
    }
    response = render(request, "booking/public/registration_add.html", context)
    # As on the page of a booking: the nonce is for one form, and what a person sent must not be stored.
    response["Cache-Control"] = "private, no-store" if request.method == "POST" else "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def registration_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody is told who signs up under an e-mail address: look at your letters."""
    return render(request, "booking/public/registration_sent.html", {"session": _session(slug)})


def _opened_by_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the registration that the link opens; a link that opens none explains itself."""

    @wraps(view)
    def opened(request: HttpRequest, key: str) -> HttpResponse:
        registration = Registration.objects.opened_by(key).for_listing().first()
        if registration is None:
            return render(request, "booking/public/_registration_closed.html", status=404)
        return view(request, registration)

    return opened


@login_not_required
@private_page
@require_safe
@_opened_by_key
def registration_detail(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The registration as it stands, with what can be done about it."""
    record_access(request, registration, action=AccessEvent.Action.READ)
    context = {
        "registration": registration,
        "rank": registration.rank if registration.is_waiting else None,
        "was_sent_before": request.GET.get("sent") == "before",
    }
    return render(request, "booking/public/registration_detail.html", context)


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_opened_by_key
def registration_cancel(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Ask once more, then cancel, leave the waiting list, or leave an offered place to the next one."""
    detail = redirect("booking:public:registration_detail", registration.key)
    if not registration.can_cancel:
        return detail
    if request.method != "POST":
        return render(request, "booking/public/registration_cancel.html", {"registration": registration})
    try:
        registrations.cancel(registration, by=Registration.Canceller.PERSON)
    except registrations.TooLate:  # its page says so
        return detail
    record_access(request, registration, action=AccessEvent.Action.CHANGE)
    return detail


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def registration_accept(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take the place that is offered."""
    detail = redirect("booking:public:registration_detail", registration.key)
    try:
        registrations.accept(registration)
    except registrations.OfferOver:  # its page says so
        return detail
    record_access(request, registration, action=AccessEvent.Action.CHANGE)
    return detail


@login_not_required
@private_page
@require_safe
@_opened_by_key
def registration_calendar(request: HttpRequest, registration: Registration) -> HttpResponse:
    """A file for the person's calendar; none for somebody who has no place and never had one."""
    if not (registration.is_registered or registration.is_cancelled):
        return redirect("booking:public:registration_detail", registration.key)
    headers = {"Content-Disposition": 'attachment; filename="opinovi.ics"'}
    return HttpResponse(calendar_file(registration), "text/calendar; charset=utf-8", headers=headers)
