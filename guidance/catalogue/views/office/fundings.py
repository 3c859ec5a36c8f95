"""Ways to finance studies: they belong to no organisation, so every coordinator keeps them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue.forms.funding import FundingForm
from guidance.catalogue.models import Funding
from guidance.catalogue.order import move, place_at_end
from network.access import coordinator_required
from network.history import versions_of
from network.publishing import toggle_published
from network.slugs import free_slug
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain


@require_safe
@coordinator_required
def funding_list(request: UserRequest) -> HttpResponse:
    """All on one page, in the order of the public list."""
    context = {"fundings": Funding.objects.for_listing()}
    return render(request, "catalogue/office/funding_list.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def funding_add(request: UserRequest) -> HttpResponse:
    return _funding_form(request, Funding(order=place_at_end(Funding.objects.all())))


@require_http_methods(["GET", "POST"])
@coordinator_required
def funding_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _funding_form(request, get_object_or_404(Funding, slug=slug))


def _funding_form(request: UserRequest, funding: Funding) -> HttpResponse:
    form = FundingForm(request.POST or None, instance=funding)
    if request.method == "POST" and form.is_valid():
        funding.slug = funding.slug or free_slug(Funding, slugify(form.cleaned_data["name_fi"]))
        if save_or_explain(form):
            messages.success(request, _("%(name)s was saved.") % {"name": funding})
            return redirect("catalogue:office:funding_edit", funding.slug)
    versions = versions_of((Funding, {"pk": funding.pk}), most=20) if funding.pk else []
    context = {"form": form, "funding": funding, "versions": versions}
    return render(request, "catalogue/office/funding_form.html", context)


@require_POST
@coordinator_required
def funding_publish(request: UserRequest, slug: str) -> HttpResponse:
    funding = get_object_or_404(Funding, slug=slug)
    toggle_published(request, funding)
    return redirect("catalogue:office:funding_edit", funding.slug)


@require_POST
@coordinator_required
def funding_move(request: UserRequest, slug: str) -> HttpResponse:
    funding = get_object_or_404(Funding, slug=slug)
    move(funding, Funding.objects.all(), up=request.POST.get("way") == "up")
    return redirect("catalogue:office:funding_list")
