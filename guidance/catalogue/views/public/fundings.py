"""Ways to finance adult study: what there is, who gets it and where to apply."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.forms.search import FundingSearchForm
from guidance.catalogue.models import Funding, GuidanceService, GuidanceTopic
from network.access import asks_why

SERVICES_SHOWN = 3


@login_not_required
@require_safe
def funding_list(request: HttpRequest) -> HttpResponse:
    form = FundingSearchForm(request.GET)
    page = form.page(Funding.objects.published().for_listing(), explain=asks_why(request))
    form.count_if_unanswered(page)
    context = {"form": form, "page": page, "services": _helping()}
    return render(request, "catalogue/public/funding_list.html", context)


@login_not_required
@require_safe
def funding_detail(request: HttpRequest, slug: str) -> HttpResponse:
    fundings = Funding.objects.published().for_listing()
    funding = get_object_or_404(fundings, slug=slug)
    context = {
        "funding": funding,
        "others": fundings.exclude(pk=funding.pk),
        "services": _helping(),
        "trail": [(_("Ways to finance studies"), reverse("catalogue:public:funding_list"))],
    }
    return render(request, "catalogue/public/funding_detail.html", context)


def _helping() -> list[GuidanceService]:
    """Guidance in which one can talk about money."""
    services = GuidanceService.objects.published().filter(topics__code=GuidanceTopic.FINANCING)
    return list(services.select_related("organisation").by_name()[:SERVICES_SHOWN])
