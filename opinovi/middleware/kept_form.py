"""A form that was open when its writer was signed out is there again after signing in.

A form of the desk or the office says, signed, whose it is (`_owner`, drawn by the form pack). When it is sent
after its writer was signed out, it waits in the session for that person and nobody else: the page shows it
once more, filled in and not yet saved. So a form view saves only on POST and binds `request.POST or None`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from opinovi.models import User

Handler = Callable[[HttpRequest], HttpResponse]

OWNER = "_owner"
NOT_KEPT = (OWNER, "csrfmiddlewaretoken")
SESSION_KEY = "kept_form"
LONGEST = 100_000  # characters of what was written; a longer form is not kept
OPEN_AT_MOST = timedelta(hours=24)

_signer = TimestampSigner(salt="opinovi.kept_form")


def sign_owner(user: User | AnonymousUser) -> str:
    """Whose the forms of a page are; empty for a stranger, whose forms need no sign-in."""
    return _signer.sign(str(user.pk)) if user.is_authenticated else ""


def keep_form_over_sign_in(get_response: Handler) -> Handler:
    """Keep a form sent by somebody who is signed out, and show it once that person is signed in again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated:
            if request.method == "GET":
                _show_kept_form(request)
        elif request.method == "POST":
            page = request.get_full_path() if keep_form(request) else _page_of(request)
            return redirect_to_login(page) if page else redirect(settings.LOGIN_URL)
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]  # how Django finds it
    return middleware


def keep_form(request: HttpRequest) -> bool:
    """Keep the form that was sent, in the session; returns whether it could be kept.

    Refused for a form that does not say whose it is, belongs to another than the person signed in, had
    been open for more than a day, or is too long. Files are not kept.
    """
    owner = _owner(request)
    if owner is None or (request.user.is_authenticated and request.user.pk != owner):
        return False
    written = request.POST.copy()
    for name in NOT_KEPT:
        written.pop(name, None)
    text = written.urlencode()
    if len(text) > LONGEST:
        return False
    request.session[SESSION_KEY] = {
        "owner": owner,
        "path": request.get_full_path(),
        "written": text,
        "had_files": bool(request.FILES),
    }
    return True


def _owner(request: HttpRequest) -> int | None:
    try:
        return int(_signer.unsign(request.POST.get(OWNER, ""), max_age=OPEN_AT_MOST))
    except (BadSignature, ValueError):
        return None


def _page_of(request: HttpRequest) -> str:
    """The page whose form or button was sent: its address may answer to a POST alone. Empty when unknown."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page._replace(scheme="", netloc="").geturl() if page.netloc == request.get_host() else ""


def _show_kept_form(request: HttpRequest) -> None:
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return
    if kept["owner"] != request.user.pk:  # somebody else sat down: it is not theirs to read
        del request.session[SESSION_KEY]
    elif kept["path"] == request.get_full_path():
        del request.session[SESSION_KEY]
        request.FILES  # noqa: B018  # read first: a later reading would empty what is set below
        request.POST = QueryDict(kept["written"])
        _tell(request, had_files=kept["had_files"])


def _tell(request: HttpRequest, *, had_files: bool) -> None:
    words = _("You were signed out before the form was sent. It is here again: check it and save.")
    if had_files:
        words += " " + _("Choose the files once more.")
    messages.warning(request, words)
