"""Organisations and networks, with everything they do."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.additions import sections_about
from guidance.catalogue.exports.jsonld import organisation_data
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Network, NetworkMembership, Organisation, ServicePoint
from opinovi.alphabet import name_key
from projects.models import ProjectPartner

TRAININGS_SHOWN = 10


@login_not_required
@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisations = Organisation.objects.published().for_listing()
    organisation = get_object_or_404(organisations.prefetch_related("successors", "predecessors"), slug=slug)
    trainings = (
        TrainingOption.objects.published()
        .filter(provider=organisation)
        .prefetch_related("rounds")
        .soonest_first()
    )
    memberships = NetworkMembership.objects.on().filter(
        organisation=organisation, network__published_at__isnull=False
    )
    parts = ProjectPartner.objects.filter(organisation=organisation, project__published_at__isnull=False)
    context = {
        "organisation": organisation,
        "data": organisation_data(organisation),
        "units": organisation.units.published().by_name(),
        "contacts": organisation.contacts.filter(is_public=True),
        "services": GuidanceService.objects.published().filter(organisation=organisation).by_name(),
        "trainings": trainings.annotate(total=Window(Count("pk")))[:TRAININGS_SHOWN],
        "added": sections_about(organisation),
        "points": ServicePoint.objects.published().filter(organisation=organisation).for_listing().by_name(),
        "parts": parts.select_related("project").order_by("project__starts_on", "project", "order", "pk"),
        "memberships": memberships.select_related("network__area").order_by("network__slug", "pk"),
        "trail": [(_("Organisations"), reverse("network:public:organisation_list"))],
    }
    return render(request, "catalogue/public/organisation_detail.html", context)


@login_not_required
@require_safe
def network_detail(request: HttpRequest, slug: str) -> HttpResponse:
    network = get_object_or_404(Network.objects.published().for_listing(), slug=slug)
    memberships = network.memberships.on().filter(organisation__published_at__isnull=False).for_listing()
    context = {
        "network": network,
        "memberships": memberships.order_by(
            "organisation__sector__order", name_key("organisation__name"), "pk"
        ),
        "trail": [(_("Areas"), reverse("catalogue:public:area_list"))],
    }
    return render(request, "catalogue/public/network_detail.html", context)
