"""Search forms of the project list and the library of materials."""

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.forms.place import PlaceField
from network.forms.search import SearchForm
from network.models import Area
from projects.models import Material, Programme, Project, TargetGroup
from projects.models.content import MaterialQuerySet
from projects.models.project import ProjectQuerySet


class ProjectSearchForm(SearchForm):
    """Projects by words, place, programme and whom they are for."""

    facets = {
        "programme": lambda programme: Q(programme=programme),
        "group": lambda group: Q(pk__in=Project.objects.filter(target_groups__group=group).values("pk")),
    }

    place = PlaceField()
    programme = forms.ModelChoiceField(
        Programme.objects.published(),
        to_field_name="slug",
        label=_("Programme"),
        empty_label=_("All programmes"),
        required=False,
    )
    group = forms.ModelChoiceField(
        TargetGroup.objects.all(),
        to_field_name="code",
        label=_("Who it is for"),
        empty_label=_("Anyone"),
        required=False,
    )

    def within(self, queryset: ProjectQuerySet, area: Area) -> ProjectQuerySet:
        return queryset.within(area)

    def in_order(self, queryset: ProjectQuerySet, sort: str) -> ProjectQuerySet:
        return queryset.by_name()


class MaterialSearchForm(SearchForm):
    """Materials by words, place, kind and language."""

    facets = {
        "kind": lambda kind: Q(kind=kind),
        "language": lambda language: Q(language=language),
    }

    place = PlaceField()
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Material.Kind.choices], required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("All languages")), *settings.LANGUAGES], required=False
    )

    def within(self, queryset: MaterialQuerySet, area: Area) -> MaterialQuerySet:
        return queryset.filter(area__in=Area.objects.reaching(area))
