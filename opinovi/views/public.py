"""Pages that belong to no app, and the answers to requests that went wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from opinovi.middleware.kept_form import keep_form


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "opinovi/public/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "opinovi/public/privacy.html")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A staff form came without a good token, as when one has signed in again in another tab.

    A form that says whose it is, is shown again to that person with a new token; nothing is saved by that.
    Otherwise say what to do, not what a token is.
    """
    if keep_form(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)
