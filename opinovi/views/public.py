"""Pages that belong to no app, and the answers to requests that went wrong."""

import base64
import hashlib
import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opinovi.health import examine
from opinovi.http import private_page
from opinovi.middleware.kept_form import keep_form
from opinovi.models import Letter

LETTERS_A_PAGE = 25


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "opinovi/public/accessibility.html", {"contact_email": settings.CONTACT_EMAIL})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"contact_email": settings.CONTACT_EMAIL, "appointment_days": settings.APPOINTMENT_DAYS}
    return render(request, "opinovi/public/privacy.html", context)


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """For a machine that watches over the portal; what is wrong is told to superusers alone."""
    findings = examine()
    is_well = all(findings.values())
    answer: dict[str, object] = {"status": "ok" if is_well else "unavailable"}
    if findings["database"] and request.user.is_superuser:
        answer["findings"] = findings
    return JsonResponse(answer, status=200 if is_well else 503)


@login_not_required
@require_safe
@private_page
def letter_list(request: HttpRequest) -> HttpResponse:
    """The letters of a demo, for which there is no mail server."""
    page = Paginator(_letters(), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "opinovi/public/letter_list.html", {"page": page})


@login_not_required
@require_safe
@private_page
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(_letters(), pk=pk)
    trail = [(_("Letters"), reverse("opinovi:public:letter_list"))]
    return render(request, "opinovi/public/letter_detail.html", {"letter": letter, "trail": trail})


@login_not_required
@require_safe
@private_page
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter as a mail program shows it, with the style that it carries and nothing else."""
    letter = get_object_or_404(_letters(), pk=pk)
    styles = re.findall(r"<style>(.*?)</style>", letter.html, re.DOTALL)
    allowed = " ".join(["'none'"] if not styles else map(_hash, styles))
    response = HttpResponse(letter.html)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {allowed}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


@login_not_required
@require_safe
@private_page
def letter_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(_letters().exclude(calendar=""), pk=pk)
    return HttpResponse(
        letter.calendar,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="opinovi.ics"'},
    )


def _letters() -> QuerySet[Letter]:
    """All letters in a demo. Raises Http404 in a real portal, where a letter is for its recipient only."""
    if not settings.DEMO:
        raise Http404
    return Letter.objects.newest_first()


def _hash(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A staff form came without a good token, as when one has signed in again in another tab.

    A form that says whose it is, is shown again to that person with a new token; nothing is saved by that.
    Otherwise say what to do, not what a token is.
    """
    if keep_form(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)
