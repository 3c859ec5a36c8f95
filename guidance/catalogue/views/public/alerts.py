"""Following a search by e-mail. Looking changes nothing, for mail programs look by themselves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue import alerts, followed
from guidance.catalogue.forms.alerts import AlertForm, RhythmForm
from guidance.catalogue.models import Alert
from opinovi.http import private_page, same_site_post


def _opened_by_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the alert that the link opens; a link that opens none explains itself."""

    @wraps(view)
    def opened(request: HttpRequest, key: str) -> HttpResponse:
        alert = Alert.objects.opened_by(key).select_related("search").first()
        if alert is None:
            return render(request, "catalogue/public/_alert_closed.html", status=404)
        return view(request, alert)

    return opened


def _page(request: HttpRequest, name: str, alert: Alert, **context: Any) -> HttpResponse:
    known = {"alert": alert, **followed.described(alert.search), **context}
    return render(request, f"catalogue/public/{name}.html", known)


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def alert_add(request: HttpRequest, source: str) -> HttpResponse:
    """Ask to be told when a list's search finds something new; the search is the rest of the address."""
    if source not in followed.SEARCHES:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    try:
        search = followed.Search(source, query)
    except followed.Unreadable:
        unread = {"label": followed.SEARCHES[source].label, "route": followed.SEARCHES[source].list_route}
        return render(request, "catalogue/public/_alert_unreadable.html", unread, status=400)
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="public_letter"):
            return ratelimit.respond_429(request)
        try:
            alerts.ask(source=source, query=search.query, **form.cleaned_data)
        except followed.Unreadable:  # a choice that went just now
            return redirect(search.url)
        return redirect("catalogue:public:alert_asked")
    context = {"form": form, "label": search.source.label, "choices": search.choices(), "url": search.url}
    return render(request, "catalogue/public/alert_add.html", context)


@login_not_required
@require_safe
def alert_asked(request: HttpRequest) -> HttpResponse:
    """The same answer to everybody, whether the address is known or not."""
    return render(request, "catalogue/public/alert_asked.html")


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_opened_by_key
def alert_detail(request: HttpRequest, alert: Alert) -> HttpResponse:
    """What is followed, how often, until when; the rhythm can be changed."""
    if not alert.is_confirmed:
        return redirect("catalogue:public:alert_confirm", alert.key)
    form = RhythmForm(request.POST or None, instance=alert)
    if request.method == "POST" and form.is_valid():
        alerts.change(alert, rhythm=form.cleaned_data["rhythm"])
        return redirect("catalogue:public:alert_detail", alert.key)
    return _page(request, "alert_detail", alert, form=form)


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_opened_by_key
def alert_confirm(request: HttpRequest, alert: Alert) -> HttpResponse:
    """The link of the first letter: one press, and the search is followed."""
    detail = redirect("catalogue:public:alert_detail", alert.key)
    if alert.is_confirmed:
        return detail
    if request.method == "POST":
        alerts.confirm(alert)
        return detail
    return _page(request, "alert_confirm", alert)


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def alert_pause(request: HttpRequest, alert: Alert) -> HttpResponse:
    alerts.pause(alert)
    return redirect("catalogue:public:alert_detail", alert.key)


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def alert_continue(request: HttpRequest, alert: Alert) -> HttpResponse:
    """Go on after a pause, or for another year."""
    if alert.is_confirmed:
        alerts.go_on(alert)
    return redirect("catalogue:public:alert_detail", alert.key)


@login_not_required
@private_page
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def alert_stop(request: HttpRequest, key: str) -> HttpResponse:
    """Stop following. A mail program may send the POST itself (List-Unsubscribe=One-Click, RFC 8058).

    It comes from anywhere, without a cookie: the key alone allows it. What was stopped before stays stopped
    and is answered in the same way.
    """
    alert = Alert.objects.opened_by(key).select_related("search").first()
    if request.method == "POST":
        if alert:
            alerts.stop(alert)
        return render(request, "catalogue/public/_alert_stopped.html")
    if alert is None:
        return render(request, "catalogue/public/_alert_closed.html", status=404)
    others = Alert.objects.filter(email=alert.email).exclude(pk=alert.pk).count()
    return _page(request, "alert_stop", alert, others=others)


@login_not_required
@private_page
@same_site_post
@require_POST
@_opened_by_key
def alert_stop_all(request: HttpRequest, alert: Alert) -> HttpResponse:
    """Stop everything that the same address follows."""
    alerts.stop_all(alert)
    return render(request, "catalogue/public/_alert_stopped.html")
