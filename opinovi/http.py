"""Requests: who asks, and whether a form came from our own page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from opinovi.models import User

View = Callable[..., HttpResponseBase]


class UserRequest(HttpRequest):
    """The request of somebody signed in."""

    user: User


def same_site_post(view: View) -> View:
    """Let a public form be sent without a cookie, but only from our own pages.

    A public form acts on nothing the browser carries along (no session, no cookie), so there is
    nothing for a forged request to borrow; what remains, a foreign page that fills our forms with
    its visitors' browsers, is told by the headers that a browser sets and a page cannot.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and _is_cross_site(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def private_page(view: View) -> View:
    """A page that opens by its link alone: nobody keeps it, no other site learns its address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def _is_cross_site(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if not origin or origin == "null":  # an old browser, or one that hides where it comes from
        return origin == "null" and "Sec-Fetch-Site" not in request.headers
    return urlsplit(origin).netloc != request.get_host()
