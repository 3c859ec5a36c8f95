"""Pages of life situations, which every coordinator composes: they belong to no organisation."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue.forms.situations import LifeSituationForm, SituationPartForm
from guidance.catalogue.models import LifeSituation, SituationPart
from guidance.catalogue.order import move, place_at_end
from guidance.catalogue.situations import compose, in_words
from network.access import coordinator_required
from network.history import versions_of
from network.publishing import toggle_published
from network.slugs import free_slug
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain


@require_safe
@coordinator_required
def situation_list(request: UserRequest) -> HttpResponse:
    """All on one page, in the order of the front page."""
    context = {"situations": LifeSituation.objects.annotate(part_count=Count("parts"))}
    return render(request, "catalogue/office/situation_list.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def situation_add(request: UserRequest) -> HttpResponse:
    return _situation_form(request, LifeSituation(order=place_at_end(LifeSituation.objects.all())))


@require_http_methods(["GET", "POST"])
@coordinator_required
def situation_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _situation_form(request, _situation(slug))


def _situation_form(request: UserRequest, situation: LifeSituation) -> HttpResponse:
    form = LifeSituationForm(request.POST or None, instance=situation)
    if request.method == "POST" and form.is_valid():
        situation.slug = situation.slug or free_slug(LifeSituation, slugify(form.cleaned_data["name_fi"]))
        if save_or_explain(form):
            messages.success(request, _("%(name)s was saved.") % {"name": situation})
            return redirect("catalogue:office:situation_edit", situation.slug)
    context = {"form": form, "situation": situation, "kinds": SituationPart.Kind.choices}
    if situation.pk:
        rows = ((LifeSituation, {"pk": situation.pk}), (SituationPart, {"situation": situation.pk}))
        parts = [(part, in_words(part)) for part in situation.parts.all()]
        context |= {"parts": parts, "versions": versions_of(*rows, most=20)}
    return render(request, "catalogue/office/situation_form.html", context)


@require_safe
@coordinator_required
def situation_preview(request: UserRequest, slug: str) -> HttpResponse:
    """The page as everybody would see it, of a draft too."""
    situation = _situation(slug)
    edit_url = reverse("catalogue:office:situation_edit", args=[slug])
    context = {
        "situation": situation,
        "place": None,
        "query": "",
        "others": [],
        "parts": compose(situation),
        "trail": [(_("Life situations"), reverse("catalogue:office:situation_list")), (situation, edit_url)],
        "is_preview": True,
    }
    return render(request, "catalogue/public/situation_detail.html", context)


@require_POST
@coordinator_required
def situation_publish(request: UserRequest, slug: str) -> HttpResponse:
    toggle_published(request, _situation(slug))
    return redirect("catalogue:office:situation_edit", slug)


@require_POST
@coordinator_required
def situation_move(request: UserRequest, slug: str) -> HttpResponse:
    move(_situation(slug), LifeSituation.objects.all(), up=request.POST.get("way") == "up")
    return redirect("catalogue:office:situation_list")


@require_http_methods(["GET", "POST"])
@coordinator_required
def situation_part_add(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    situation = _situation(slug)
    if kind not in SituationPart.Kind:
        raise Http404
    part = SituationPart(situation=situation, kind=kind, order=place_at_end(situation.parts.all()))
    return _part_form(request, part)


@require_http_methods(["GET", "POST"])
@coordinator_required
def situation_part_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    return _part_form(request, _part(slug, pk))


def _part_form(request: UserRequest, part: SituationPart) -> HttpResponse:
    form = SituationPartForm(request.POST or None, instance=part)
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("%(name)s was saved.") % {"name": part})
        return _back_to_parts(part.situation)
    context = {"form": form, "part": part, "situation": part.situation}
    return render(request, "catalogue/office/situation_part_form.html", context)


@require_POST
@coordinator_required
def situation_part_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    part = _part(slug, pk)
    move(part, part.situation.parts.all(), up=request.POST.get("way") == "up")
    return _back_to_parts(part.situation)


@require_POST
@coordinator_required
def situation_part_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    part = _part(slug, pk)
    part.delete()
    messages.success(request, _("“%(heading)s” was taken off the page.") % {"heading": part})
    return _back_to_parts(part.situation)


def _back_to_parts(situation: LifeSituation) -> HttpResponse:
    return redirect(f"{reverse('catalogue:office:situation_edit', args=[situation.slug])}#parts")


def _situation(slug: str) -> LifeSituation:
    return get_object_or_404(LifeSituation, slug=slug)


def _part(slug: str, pk: int) -> SituationPart:
    parts = SituationPart.objects.select_related("situation")
    return get_object_or_404(parts, pk=pk, situation__slug=slug)
