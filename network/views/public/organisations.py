"""Organisations: the list, by name, place and sector."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network.access import asks_why
from network.forms.search import OrganisationSearchForm
from network.models import Organisation


@login_not_required
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    form = OrganisationSearchForm(request.GET)
    page = form.page(Organisation.objects.published().for_listing(), explain=asks_why(request))
    return render(request, "network/public/organisation_list.html", {"form": form, "page": page})
