"""The page that tells what of the portal is open data, and where."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from guidance.booking.exports.hsds.endpoints import LISTS, PROFILES, list_parameters
from guidance.booking.exports.hsds.parameters import PARAMETERS

PURPOSES = {
    "services": _("Guidance services, training, events and ways to finance studies"),
    "organizations": _("Organisations, with their contacts, service points and projects"),
    "service_at_locations": _("Where each service is given, and when"),
    "taxonomies": _("Word lists by which services are sorted"),
    "taxonomy_terms": _("The words of those lists; life situations and networks are such words"),
}


class Asked(NamedTuple):
    """A parameter as the page tells of it, with the lists that know it."""

    name: str
    description: str | Promise
    lists: list[str]


@login_not_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "address": settings.ADDRESS,
        "profiles": [(about, _address("api_home", about.name)) for about in PROFILES.values()],
        "documents": [(about, _address("openapi_document", about.name)) for about in PROFILES.values()],
        "lists": [(_address("api_home", "hsds") + plural, words) for plural, words in PURPOSES.items()],
        "example": _address("service_list", "hsds"),
        "package": _address("tabular_package", "hsds"),
        "parameters": _parameters(),
    }
    return render(request, "booking/public/data.html", context)


def _address(name: str, profile: str) -> str:
    return settings.ADDRESS + reverse(f"api:public:{name}", args=[profile])


def _parameters() -> list[Asked]:
    """Every parameter; those of the UK profile come last."""
    known = {plural: list_parameters("oruk", plural) for plural in LISTS}
    return [
        Asked(name, parameter.description, [plural for plural, names in known.items() if name in names])
        for name, parameter in PARAMETERS.items()
    ]
