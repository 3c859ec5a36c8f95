"""Service points, their opening hours and the stops of the mobile ones, for those who keep them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseInlineFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.access import coordinator_required
from network.actions.stops import cancel_stop, people_counting_on, save_stop
from network.forms.service_points import ExceptionFormSet, HoursFormSet, ServicePointForm, StopForm
from network.history import versions_of
from network.models import OpeningHours, RouteStop, ServicePoint
from network.publishing import toggle_published
from network.slugs import free_slug
from network.views.office.networks import PER_PAGE
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain


@require_safe
@coordinator_required
def service_point_list(request: UserRequest) -> HttpResponse:
    points = ServicePoint.objects.editable_by(request.user).for_listing().by_name()
    page = Paginator(points, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "network/office/service_point_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@coordinator_required
def service_point_add(request: UserRequest) -> HttpResponse:
    return _service_point_form(request, ServicePoint())


@require_http_methods(["GET", "POST"])
@coordinator_required
def service_point_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _service_point_form(request, own_point(request, slug))


def _service_point_form(request: UserRequest, point: ServicePoint) -> HttpResponse:
    form = ServicePointForm(request.POST or None, instance=point, user=request.user)
    if request.method == "POST" and form.is_valid():
        if not point.slug:
            point.slug = free_slug(ServicePoint, slugify(form.cleaned_data["name_fi"]))
        if save_or_explain(form):
            messages.success(request, _("The service point was saved."))
            return redirect("network:office:service_point_edit", point.slug)
    context: dict[str, Any] = {"form": form, "point": point}
    if point.pk:
        parts = ((ServicePoint, {"pk": point.pk}), (OpeningHours, {"service_point": point.pk}))
        context["versions"] = versions_of(*parts, most=20)
    return render(request, "network/office/service_point_form.html", context)


@require_POST
@coordinator_required
def service_point_publish(request: UserRequest, slug: str) -> HttpResponse:
    point = own_point(request, slug)
    toggle_published(request, point)
    return redirect("network:office:service_point_edit", point.slug)


@require_http_methods(["GET", "POST"])
@coordinator_required
def service_point_hours(request: UserRequest, slug: str) -> HttpResponse:
    point = own_point(request, slug)
    formset = HoursFormSet(request.POST or None, instance=point)
    return _rows_form(request, point, formset, _("Weekly opening hours"))


@require_http_methods(["GET", "POST"])
@coordinator_required
def service_point_exceptions(request: UserRequest, slug: str) -> HttpResponse:
    point = own_point(request, slug)
    coming = point.opening_exceptions.filter(on__gte=timezone.localdate())
    formset = ExceptionFormSet(request.POST or None, instance=point, queryset=coming)
    return _rows_form(request, point, formset, _("Exceptional days"))


def _rows_form(
    request: UserRequest,
    point: ServicePoint,
    formset: "BaseInlineFormSet[Any, ServicePoint, Any]",
    title: str,
) -> HttpResponse:
    if request.method == "POST" and formset.is_valid():
        formset.save()
        messages.success(request, _("The hours were saved."))
        return redirect(request.path)
    context = {"formset": formset, "point": point, "title": title}
    return render(request, "network/office/service_point_rows.html", context)


@require_safe
@coordinator_required
def stop_list(request: UserRequest, slug: str) -> HttpResponse:
    point = own_point(request, slug)
    page = Paginator(point.stops.coming().for_listing(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "network/office/stop_list.html", {"point": point, "page": page})


@require_http_methods(["GET", "POST"])
@coordinator_required
def stop_add(request: UserRequest, slug: str) -> HttpResponse:
    return _stop_form(request, RouteStop(service_point=own_point(request, slug)))


@require_http_methods(["GET", "POST"])
@coordinator_required
def stop_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    return _stop_form(request, _own_stop(request, slug, pk))


def _stop_form(request: UserRequest, stop: RouteStop) -> HttpResponse:
    form = StopForm(request.POST or None, instance=stop)
    if request.method == "POST" and form.is_valid() and save_or_explain(form, save_stop):
        messages.success(request, _("The stop was saved."))
        return redirect("network:office:stop_list", stop.service_point.slug)
    people = people_counting_on(stop) if stop.pk else 0
    context = {"form": form, "stop": stop, "point": stop.service_point, "people": people}
    return render(request, "network/office/stop_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def stop_cancel(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Say who is told, then mark the stop as cancelled; it stays public so that nobody waits in vain."""
    stop = _own_stop(request, slug, pk)
    if request.method != "POST":
        context = {"stop": stop, "point": stop.service_point, "people": people_counting_on(stop)}
        return render(request, "network/office/stop_cancel.html", context)
    cancel_stop(stop)
    messages.success(request, _("The stop is cancelled. People still see it, marked as cancelled."))
    return redirect("network:office:stop_list", slug)


def own_point(request: UserRequest, slug: str) -> ServicePoint:
    """A service point the user may edit; otherwise a 404."""
    return get_object_or_404(ServicePoint.objects.editable_by(request.user).for_listing(), slug=slug)


def _own_stop(request: UserRequest, slug: str, pk: int) -> RouteStop:
    stops = RouteStop.objects.filter(service_point=own_point(request, slug)).for_listing()
    return get_object_or_404(stops, pk=pk)
