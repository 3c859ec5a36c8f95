"""Pages that belong to no app, and the answers to requests that went wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "opinovi/public/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "opinovi/public/privacy.html")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A staff form came without its token: say what to do, not what a token is."""
    return render(request, "403_csrf.html", status=403)
