"""Lists of the catalogue in other forms: feeds to follow and spreadsheets, with the choices of the list."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.exports.listed import (
    FUNDING_COLUMNS,
    GUIDANCE_COLUMNS,
    TRAINING_COLUMNS,
    funding_entry,
    guidance_entry,
    training_entry,
)
from guidance.catalogue.forms.search import FundingSearchForm, GuidanceSearchForm, TrainingSearchForm
from guidance.catalogue.models import Funding, GuidanceService, TrainingOption
from network.lists import list_feed, list_sheet
from opinovi.addresses import absolute


@login_not_required
@require_safe
def training_feed(request: HttpRequest) -> HttpResponse:
    form = TrainingSearchForm(request.GET)
    rows = TrainingOption.objects.published().for_listing()
    page = "catalogue:public:training_list"
    return list_feed(request, form, rows, title=_("Training"), page=page, entry=training_entry)


@login_not_required
@require_safe
def training_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = TrainingSearchForm(request.GET)
    rows = TrainingOption.objects.published().for_listing()
    return list_sheet(request, form, rows, title=_("Training"), columns=TRAINING_COLUMNS, kind=kind)


@login_not_required
@require_safe
def guidance_feed(request: HttpRequest) -> HttpResponse:
    form = GuidanceSearchForm(request.GET)
    rows = GuidanceService.objects.published().for_listing()
    page = "catalogue:public:guidance_list"
    return list_feed(request, form, rows, title=_("Guidance"), page=page, entry=guidance_entry)


@login_not_required
@require_safe
def guidance_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = GuidanceSearchForm(request.GET)
    rows = GuidanceService.objects.published().for_listing()
    return list_sheet(request, form, rows, title=_("Guidance"), columns=GUIDANCE_COLUMNS, kind=kind)


@login_not_required
@require_safe
def funding_feed(request: HttpRequest) -> HttpResponse:
    form = FundingSearchForm(request.GET)
    rows = Funding.objects.published().for_listing()
    page, title = "catalogue:public:funding_list", _("Ways to finance studies")
    return list_feed(request, form, rows, title=title, page=page, entry=funding_entry)


@login_not_required
@require_safe
def funding_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = FundingSearchForm(request.GET)
    rows = Funding.objects.published().for_listing()
    title = _("Ways to finance studies")
    return list_sheet(request, form, rows, title=title, columns=FUNDING_COLUMNS, kind=kind)


@login_not_required
@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser adds the portal's search to its own (OpenSearch 1.1)."""
    content_type = "application/opensearchdescription+xml; charset=utf-8"
    context = {"portal_url": absolute("")}
    return render(request, "catalogue/public/opensearch.xml", context, content_type=content_type)
