"""The front page."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from guidance.catalogue.areas import region_counts
from guidance.catalogue.exports.jsonld import website_data
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.map import regions_map
from network.models import Area, RouteStop

STOPS_SHOWN = 5


class Situation(NamedTuple):
    """Where somebody is in life, and the choice in a list that answers it."""

    words: str | Promise
    kind: str
    value: str


SITUATIONS = [
    Situation(_("I am about to lose my job"), "group", "notice"),
    Situation(_("I have no work"), "group", "unemployed"),
    Situation(_("I do not know what to study"), "topic", "career"),
    Situation(_("I want to change my field"), "topic", "change-of-field"),
    Situation(_("My studies were left unfinished"), "group", "discontinued"),
    Situation(_("I did not get into the training I applied for"), "group", "not-selected"),
    Situation(_("I know the work but have no certificate"), "topic", "recognition"),
    Situation(_("I am new in Finland"), "group", "immigrants"),
    Situation(_("How do I pay for my studies?"), "topic", "financing"),
    Situation(_("I want to study beside work"), "time", "evening"),
    Situation(_("I want to start a business"), "topic", "entrepreneurship"),
    Situation(_("Our staff needs new skills"), "group", "small-companies"),
]


@login_not_required
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    stops = RouteStop.objects.coming().filter(service_point__published_at__isnull=False).for_listing()
    regions = Area.objects.regions().valid_on().by_name()
    context = {  # read and drawn only when the template does not have the page's body still
        "data": website_data(),
        "situations": SimpleLazyObject(lambda: _answered(SITUATIONS, _answers())),
        "stops": stops[:STOPS_SHOWN],
        "map": lambda: regions_map(regions, counts=region_counts()),
    }
    return render(request, "catalogue/public/front_page.html", context)


def _answers() -> dict[str, set[str]]:
    """The choices that lead to something, by their kind."""
    services = GuidanceService.objects.published()
    return {
        "group": set(services.values_list("target_groups__code", flat=True)),
        "topic": set(services.values_list("topics__code", flat=True)),
        "time": {
            time
            for times in TrainingOption.objects.published()
            .values_list("teaching_times", flat=True)
            .distinct()
            .order_by("teaching_times")
            for time in times
        },
    }


def _answered(
    situations: Iterable[Situation], there_are: dict[str, set[str]]
) -> list[tuple[str | Promise, str]]:
    """The situations to which there is an answer, each with its address."""
    lists = {kind: reverse("catalogue:public:guidance_list") for kind in ("group", "topic")}
    lists["time"] = reverse("catalogue:public:training_list")
    return [
        (situation.words, f"{lists[situation.kind]}?{situation.kind}={situation.value}")
        for situation in situations
        if situation.value in there_are[situation.kind]
    ]
