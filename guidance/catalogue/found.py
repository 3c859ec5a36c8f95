"""What of this app people find by searching."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Funding, GuidanceService, LifeSituation, TrainingOption
from guidance.catalogue.models.training_option import is_taught_in
from guidance.catalogue.models.training_queryset import is_closed, is_open
from network.models import Area
from network.search import Kind, register


def _serving(services: Any, area: Area) -> QuerySet:
    return cast("QuerySet", services.serving(area))


def _given_in(trainings: Any, area: Area) -> QuerySet:
    return cast("QuerySet", trainings.within(area))


register(
    Kind(
        slug="situation",
        label=_("Life situations"),
        model=LifeSituation,
        rows=LifeSituation.objects.published,
        template="catalogue/public/_situation_hit.html",
        order=5,
        detail="catalogue:public:situation_detail",
    ),
    Kind(
        slug="funding",
        label=_("Ways to finance studies"),
        model=Funding,
        rows=lambda: Funding.objects.published().for_listing(),
        template="catalogue/public/_funding_hit.html",
        order=30,
        listing="catalogue:public:funding_list",
        detail="catalogue:public:funding_detail",
    ),
    Kind(
        slug="guidance",
        label=_("Guidance"),
        model=GuidanceService,
        rows=lambda: GuidanceService.objects.published().select_related("organisation"),
        template="catalogue/public/_guidance_hit.html",
        order=10,
        listing="catalogue:public:guidance_list",
        detail="catalogue:public:guidance_detail",
        through=("organisation", "topics", "target_groups"),
        within=_serving,
        near=lambda area: Q(
            pk__in=GuidanceService.areas.through.objects.filter(area=area.pk).values("guidanceservice")
        ),
        is_open=lambda: Q(booking=GuidanceService.Booking.ANYONE),
        speaks=lambda code: Q(languages__contains=[code]),
    ),
    Kind(
        slug="training",
        label=_("Training"),
        model=TrainingOption,
        rows=lambda: TrainingOption.objects.published().select_related("provider"),
        template="catalogue/public/_training_hit.html",
        order=20,
        listing="catalogue:public:training_list",
        detail="catalogue:public:training_detail",
        through=("provider",),
        within=_given_in,
        near=is_taught_in,
        is_open=is_open,
        is_past=is_closed,
        speaks=lambda code: Q(languages__contains=[code]),
    ),
)
