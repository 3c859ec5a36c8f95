"""Nobody works in the portal with a password alone."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

Handler = Callable[[HttpRequest], HttpResponse]

SESSION_KEY = "has_second_factor"  # remembered in the session, so that it costs one query a sign-in


def require_second_factor(get_response: Handler) -> Handler:
    """Lead whoever is signed in and has no second factor to the page where one is set up.

    Somebody who has one is asked for it by allauth before they are signed in, whichever way they come.
    Public pages and those of the person's own account stay open.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.SECOND_FACTOR or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return None
        if _is_about_the_account(request):
            request.session.pop(SESSION_KEY, None)  # the factor may be taken away there: look again
            return None
        if not request.session.get(SESSION_KEY):
            if not is_mfa_enabled(request.user):
                return redirect("mfa_index")
            request.session[SESSION_KEY] = True
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]  # how Django finds it
    return middleware


def _is_about_the_account(request: HttpRequest) -> bool:
    """Whether the page is allauth's own for one's password and second factor: those have no namespace."""
    match = request.resolver_match
    return bool(match and not match.namespaces and (match.url_name or "").startswith(("account_", "mfa_")))
