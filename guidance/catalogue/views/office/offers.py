"""Guidance services and training options, for the coordinators of the organisations that give them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue.forms.office import GuidanceServiceForm, TrainingOptionForm
from guidance.catalogue.forms.rows import NoteFormSet, RoundFormSet
from guidance.catalogue.models import GuidanceService, TrainingOption
from guidance.catalogue.quality.scoring import refresh
from guidance.catalogue.views.office.quality import panel
from network.access import coordinator_required
from network.history import versions_of
from network.publishing import toggle_published
from network.slugs import free_slug
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain, save_rows_or_explain

PER_PAGE = 25


@require_safe
@coordinator_required
def guidance_list(request: UserRequest) -> HttpResponse:
    services = GuidanceService.objects.editable_by(request.user).for_listing().by_name()
    page = Paginator(services, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/office/guidance_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@coordinator_required
def guidance_add(request: UserRequest) -> HttpResponse:
    return _guidance_form(request, GuidanceService())


@require_http_methods(["GET", "POST"])
@coordinator_required
def guidance_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _guidance_form(request, _own_service(request, slug))


def _guidance_form(request: UserRequest, service: GuidanceService) -> HttpResponse:
    form = GuidanceServiceForm(request.POST or None, instance=service, user=request.user)
    if request.method == "POST" and form.is_valid():
        _name_address(service, form.cleaned_data["name_fi"])
        if save_or_explain(form):
            refresh(service)
            messages.success(request, _("%(name)s was saved.") % {"name": service})
            return redirect("catalogue:office:guidance_edit", service.slug)
    versions = versions_of((GuidanceService, {"pk": service.pk}), most=20) if service.pk else []
    context = {"form": form, "service": service, "versions": versions}
    context |= panel(getattr(service, "quality", None))
    return render(request, "catalogue/office/guidance_form.html", context)


@require_POST
@coordinator_required
def guidance_publish(request: UserRequest, slug: str) -> HttpResponse:
    """Show the service to everybody, or take it away: what was booked stays booked."""
    service = _own_service(request, slug)
    _toggle(request, service)
    return redirect("catalogue:office:guidance_edit", service.slug)


@require_safe
@coordinator_required
def training_list(request: UserRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    trainings = TrainingOption.objects.editable_by(request.user).for_listing().by_name()
    if words:
        trainings = trainings.filter(name_fi__icontains=words)
    page = Paginator(trainings, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "catalogue/office/training_list.html",
        {"page": page, "q": words, "query": urlencode({"q": words}) if words else ""},
    )


@require_http_methods(["GET", "POST"])
@coordinator_required
def training_add(request: UserRequest) -> HttpResponse:
    return _training_form(request, TrainingOption())


@require_http_methods(["GET", "POST"])
@coordinator_required
def training_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _training_form(request, _own_training(request, slug))


def _training_form(request: UserRequest, training: TrainingOption) -> HttpResponse:
    form = TrainingOptionForm(request.POST or None, instance=training, user=request.user)
    if request.method == "POST" and form.is_valid():
        _name_address(training, form.cleaned_data["name_fi"])
        if save_or_explain(form):
            refresh(training)
            messages.success(request, _("%(name)s was saved.") % {"name": training})
            return redirect("catalogue:office:training_edit", training.slug)
    versions = versions_of((TrainingOption, {"pk": training.pk}), most=20) if training.pk else []
    context = {"form": form, "training": training, "versions": versions}
    context |= panel(getattr(training, "quality", None))
    return render(request, "catalogue/office/training_form.html", context)


@require_POST
@coordinator_required
def training_publish(request: UserRequest, slug: str) -> HttpResponse:
    training = _own_training(request, slug)
    _toggle(request, training)
    return redirect("catalogue:office:training_edit", training.slug)


@require_http_methods(["GET", "POST"])
@coordinator_required
def training_rounds(request: UserRequest, slug: str) -> HttpResponse:
    """Further application rounds; the one that is open now or opens next stands with the basic facts."""
    training = _own_training(request, slug)
    formset = RoundFormSet(request.POST or None, instance=training)
    hint = _(
        "The round that is open now or opens next stands with the basic facts. "
        "When it ends, the next one takes its place."
    )
    return _rows_form(request, training, formset, _("Further application rounds"), hint)


@require_http_methods(["GET", "POST"])
@coordinator_required
def training_notes(request: UserRequest, slug: str) -> HttpResponse:
    training = _own_training(request, slug)
    formset = NoteFormSet(request.POST or None, instance=training)
    hint = _("Each note is shown under its own heading at the end of the training's page.")
    return _rows_form(request, training, formset, _("Further information"), hint)


def _rows_form(
    request: UserRequest, training: TrainingOption, formset: Any, title: str, hint: str
) -> HttpResponse:
    if request.method == "POST" and formset.is_valid() and save_rows_or_explain(formset):
        training.save(update_fields=["changed_at"])
        messages.success(request, _("%(name)s was saved.") % {"name": training})
        return redirect(request.path)
    context = {"formset": formset, "training": training, "title": title, "hint": hint}
    return render(request, "catalogue/office/training_rows.html", context)


def _name_address(thing: GuidanceService | TrainingOption, name: str) -> None:
    """An address word for a new row; an old one keeps its own, whatever its new name."""
    if not thing.slug:
        thing.slug = free_slug(type(thing), slugify(name))


def _toggle(request: UserRequest, thing: GuidanceService | TrainingOption) -> None:
    toggle_published(request, thing)
    refresh(thing)


def _own_service(request: UserRequest, slug: str) -> GuidanceService:
    return get_object_or_404(GuidanceService.objects.editable_by(request.user), slug=slug)


def _own_training(request: UserRequest, slug: str) -> TrainingOption:
    return get_object_or_404(TrainingOption.objects.editable_by(request.user), slug=slug)
