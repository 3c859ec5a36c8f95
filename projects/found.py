"""What of this app people find by searching."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Area
from network.search import Kind, register
from projects.models import Material, Project


def _has_ended() -> Q:
    today = timezone.localdate()
    by_programme = Q(ends_on__isnull=True, programme__ends_year__lt=today.year)
    return Q(ends_on__lt=today) | by_programme


def _working_in(projects: Any, area: Area) -> QuerySet:
    return cast("QuerySet", projects.within(area))


def _of_area(materials: QuerySet, area: Area) -> QuerySet:
    return materials.filter(area__in=Area.objects.reaching(area))


register(
    Kind(
        slug="project",
        label=_("Projects"),
        model=Project,
        rows=lambda: Project.objects.published().select_related("programme"),
        template="catalogue/public/_project_hit.html",
        order=70,
        listing="projects:public:project_list",
        detail="projects:public:project_detail",
        through=("partners__organisation",),
        within=_working_in,
        is_past=_has_ended,
    ),
    Kind(
        slug="material",
        label=_("Materials"),
        model=Material,
        rows=lambda: Material.objects.published().for_listing(),
        template="catalogue/public/_material_hit.html",
        order=80,
        listing="projects:public:material_list",
        name="title",
        within=_of_area,
        speaks=lambda code: Q(language=code),
    ),
)
