"""The pages behind the link that asks a contact to check records. Looking changes nothing; POST acts."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue import checks
from guidance.catalogue.checkable import CHECKABLES, records_of, stale_number
from guidance.catalogue.models import CheckRequest
from opinovi.http import private_page, same_site_post
from opinovi.refusals import explain

PER_PAGE = 20
LONG_AGO = date(1900, 1, 1)
DONE = ("checked", "corrected", "waits", "ended")


def _opened_by_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Give the view the request that the link opens; a link that opens none offers to send a new one."""

    @wraps(view)
    def opened(request: HttpRequest, key: str, **which: str) -> HttpResponse:
        check = CheckRequest.objects.opened_by(key).select_related("organisation").first()
        if check is None:
            return render(request, "catalogue/public/check_closed.html", {"key": key}, status=404)
        return view(request, check, key, **which)

    return opened


@login_not_required
@private_page
@require_safe
@_opened_by_key
def check_list(request: HttpRequest, check: CheckRequest, key: str) -> HttpResponse:
    """The organisation's records, those that nobody has checked for the longest time first."""
    records = records_of(check.organisation)
    page = Paginator(_oldest_first(records), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": check.organisation,
        "rows": _rows(records, page.object_list),
        "page": page,
        "left": stale_number(check.organisation),
        "done": request.GET.get("done") if request.GET.get("done") in DONE else "",
        "key": key,
    }
    return render(request, "catalogue/public/check_list.html", context)


def _oldest_first(records: dict[str, QuerySet[Any]]) -> Any:
    """The kind and number of every record of all kinds."""
    first, *others = (
        rows.order_by().annotate(known=Value(kind), since=Coalesce("checked_on", LONG_AGO))
        .values_list("known", "pk", "since")
        for kind, rows in records.items()
    )  # fmt: skip
    return first.union(*others, all=True).order_by("since", "known", "pk")


def _rows(records: dict[str, QuerySet[Any]], found: Any) -> list[dict[str, Any]]:
    wanted = list(found)
    things = {
        kind: rows.in_bulk(pks)
        for kind, rows in records.items()
        if (pks := [pk for known, pk, _since in wanted if known == kind])
    }
    return [
        {"kind": kind, "record": things[kind][pk], "facts": CHECKABLES[kind].facts}
        for kind, pk, _since in wanted
        if pk in things[kind]
    ]


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def check_confirm(
    request: HttpRequest, check: CheckRequest, key: str, *, kind: str, slug: str
) -> HttpResponse:
    checks.confirm(check, _record(check, kind, slug))
    return _back(key, "checked")


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_opened_by_key
def check_correct(
    request: HttpRequest, check: CheckRequest, key: str, *, kind: str, slug: str
) -> HttpResponse:
    record = _record(check, kind, slug)
    form = CHECKABLES[kind].form(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        try:
            waiting = checks.correct(check, record, changed=form.changed, note=form.cleaned_data["note"])
        except checks.TooManyWait:
            form.add_error(NON_FIELD_ERRORS, _too_many())
        except IntegrityError as error:
            form.add_error(NON_FIELD_ERRORS, explain(error, type(record)))
        else:
            return _back(key, "waits" if waiting or form.cleaned_data["note"] else "corrected")
    trail = [(check.organisation.name, reverse("catalogue:public:check_list", args=[key]))]
    context = {"form": form, "kind": kind, "record": record, "trail": trail}
    return render(request, "catalogue/public/check_correct.html", context)


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_opened_by_key
def check_end(request: HttpRequest, check: CheckRequest, key: str, *, kind: str, slug: str) -> HttpResponse:
    """Ask once more, then let a coordinator know that it is no longer offered."""
    record = _record(check, kind, slug)
    is_full = False
    if request.method == "POST":
        try:
            checks.suggest_end(check, record)
        except checks.TooManyWait:
            is_full = True
        else:
            return _back(key, "ended")
    trail = [(check.organisation.name, reverse("catalogue:public:check_list", args=[key]))]
    context = {
        "kind": kind,
        "record": record,
        "trail": trail,
        "key": key,
        "too_many": _too_many() if is_full else "",
    }
    return render(request, "catalogue/public/check_end.html", context)


@login_not_required
@private_page
@same_site_post
@require_POST
def check_renew(request: HttpRequest, key: str) -> HttpResponse:
    """The answer is the same whatever the key is: nobody learns from it which links there were."""
    checks.renew_link(key)
    return render(request, "catalogue/public/check_renew.html")


def _record(check: CheckRequest, kind: str, slug: str) -> Any:
    """One of the organisation's own published records; anything else is not found."""
    if kind not in CHECKABLES:
        raise Http404
    return get_object_or_404(CHECKABLES[kind].of(check.organisation), slug=slug)


def _back(key: str, done: str) -> HttpResponse:
    return redirect(f"{reverse('catalogue:public:check_list', args=[key])}?done={done}")


def _too_many() -> str:
    return _("So many suggestions wait already that the coordinators must read them first. Try again later.")
