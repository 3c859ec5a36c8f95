"""Search forms of the project list and the library of materials."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from network.forms.search import PlaceField, SearchForm
from network.models import Area
from projects.models import Material, Programme, TargetGroup
from projects.models.content import MaterialQuerySet
from projects.models.project import ProjectQuerySet


class ProjectSearchForm(SearchForm):
    """Projects by words, place, programme and whom they are for."""

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

    def narrow(self, queryset: ProjectQuerySet) -> ProjectQuerySet:
        chosen = self.cleaned_data
        for word in (chosen.get("q") or "").split():
            queryset = queryset.matching(word)
        if area := chosen.get("place"):
            queryset = queryset.within(area)
        if programme := chosen.get("programme"):
            queryset = queryset.filter(programme=programme)
        if group := chosen.get("group"):
            queryset = queryset.meant_for(group)
        return queryset.by_name()


class MaterialSearchForm(SearchForm):
    """Materials by words, place, kind and language."""

    place = PlaceField()
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Material.Kind.choices], required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("All languages")), *settings.LANGUAGES], required=False
    )

    def narrow(self, queryset: MaterialQuerySet) -> MaterialQuerySet:
        chosen = self.cleaned_data
        for word in (chosen.get("q") or "").split():
            queryset = queryset.matching(word)
        if area := chosen.get("place"):
            queryset = queryset.filter(area__in=Area.objects.reaching(area))
        if kind := chosen.get("kind"):
            queryset = queryset.filter(kind=kind)
        if language := chosen.get("language"):
            queryset = queryset.filter(language=language)
        return queryset
