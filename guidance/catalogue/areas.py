"""What there is in an area: the page of a region gathers it, and the map counts it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.core.cache import caches
from django.db.models import Count, Model, Q, QuerySet, Window
from django.db.models.functions import Coalesce
from django.urls import reverse

from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Area, Network, Organisation, RouteStop, ServicePoint
from projects.models import Material, Project

ROWS = 5  # of each kind; the rest is behind a link


@dataclass(frozen=True)
class Section:
    """The first rows of a kind, how many there are in all, and the list that has them all."""

    rows: list[Model]
    count: int
    url: str


def region_counts() -> Mapping[int, int]:
    """How many trainings and guidance services each region has for its people, by the region's primary key.

    What serves the whole country is in no region's count. Remembered until content changes.
    """
    return cast("Mapping[int, int]", caches["content"].get_or_set("region_counts", _count_by_region))


def _count_by_region() -> Mapping[int, int]:
    region = Area.Kind.REGION
    training = TrainingOption.objects.published().filter(municipalities__parent__kind=region).order_by()
    trainings = training.values_list("municipalities__parent").annotate(Count("pk", distinct=True))
    services = (
        GuidanceService.objects.published()
        .filter(Q(areas__kind=region) | Q(areas__parent__kind=region))
        .order_by()
        .values_list(Coalesce("areas__parent_id", "areas__pk"), "areas__kind", "areas__pk", "pk")
    )
    served = {(pk if kind == region else parent, service) for parent, kind, pk, service in services}
    return Counter(dict(trainings)) + Counter(place for place, _service in served)


def gather(area: Area) -> dict[str, Section]:
    """Everything published that has to do with the area, by kind."""
    inside, around = Area.objects.within(area), Area.objects.reaching(area)
    areas_of_projects: Any = Project.areas.through
    organisations = Organisation.objects.published().current().filter(home_municipality__in=inside)
    materials = Material.objects.published().filter(area__in=around)
    found: dict[str, tuple[QuerySet, str]] = {
        "services": (
            GuidanceService.objects.published().serving(area).select_related("organisation").by_name(),
            "catalogue:public:guidance_list",
        ),
        "trainings": (
            TrainingOption.objects.published().within(area).for_summary().soonest_first(),
            "catalogue:public:training_list",
        ),
        "points": (
            ServicePoint.objects.published().open().filter(municipality__in=inside).for_listing().by_name(),
            "network:public:service_point_list",
        ),
        "stops": (
            RouteStop.objects.coming()
            .filter(municipality__in=inside, service_point__published_at__isnull=False)
            .for_listing(),
            "network:public:service_point_list",
        ),
        "projects": (
            Project.objects.published()
            .filter(pk__in=areas_of_projects.objects.filter(area__in=around).values("project"))
            .select_related("programme")
            .by_name(),
            "projects:public:project_list",
        ),
        "organisations": (organisations.for_listing().by_name(), "network:public:organisation_list"),
        "networks": (Network.objects.published().filter(area__in=around).for_listing().by_name(), ""),
        "materials": (materials.for_listing(), "projects:public:material_list"),
    }
    return {kind: _section(rows, name, area) for kind, (rows, name) in found.items()}


def _section(rows: QuerySet, list_name: str, area: Area) -> Section:
    """The first rows, or all of them where no list has the rest."""
    counted = rows.annotate(total=Window(Count("pk")))
    first = list(counted[:ROWS] if list_name else counted)
    url = f"{reverse(list_name)}?{urlencode({'place': area.slug})}" if list_name else ""
    return Section(first, first[0].total if first else 0, url)
