"""Nobody works in the portal with a password alone."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

Handler = Callable[[HttpRequest], HttpResponse]

SESSION_KEY = "second_factor"  # remembered for the session, so that it costs one query a sign-in


def require_second_factor(get_response: Handler) -> Handler:
    """Lead a signed-in person without a second factor to the page where they set one up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not settings.SECOND_FACTOR or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated or _is_about_the_account(request):
            return None
        if request.session.get(SESSION_KEY) or is_mfa_enabled(request.user):
            request.session[SESSION_KEY] = True
            return None
        return redirect(reverse("mfa_index"))

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _is_about_the_account(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(
        match and match.url_name and match.url_name.startswith(("account_", "mfa_")) and not match.namespaces
    )
