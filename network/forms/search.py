"""Search forms of public lists: words, a place, and choices that can be taken away one by one.

A list's form is sent by GET, so that a search is an address one can keep, send and print.
"""

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.forms.paging import RememberingPaginator
from network.models import Area, Sector
from network.models.organisation import OrganisationQuerySet
from network.models.service_point import RouteStopQuerySet, ServicePointQuerySet
from opinovi.alphabet import name_key
from opinovi.forms import PortalFormMixin

ROWS_A_PAGE = 25

Rows = TypeVar("Rows", bound=QuerySet[Any])


class Tag(NamedTuple):
    """A choice as the reader sees it, and the address of the same list without it."""

    label: str
    url: str


class PlaceField(forms.CharField):
    """A municipality, a region or another area: its name in any language, its address word or a postcode."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Where"))
        kwargs.setdefault("help_text", _("A municipality, a region or a postcode."))
        super().__init__(required=False, max_length=100, **kwargs)

    def clean(self, value: Any) -> Area | None:
        """Raises ValidationError when there is no such place."""
        words = super().clean(value)
        if not words:
            return None
        if area := Area.objects.named(words).first():
            return area
        if near := _nearest_area(words):
            raise ValidationError(
                _("We know no place called “%(words)s”. Did you mean %(near)s?"),
                params={"words": words, "near": near},
            )
        raise ValidationError(
            _("We know no place called “%(words)s”. Try a postcode or a larger place nearby."),
            params={"words": words},
        )


def _nearest_area(words: str) -> Area | None:
    """The region or municipality whose name looks most like the words, if any does."""
    likeness = Greatest(TrigramSimilarity("name_fi", words), TrigramSimilarity("name_sv", words))
    places = Area.objects.filter(kind__in=[Area.Kind.REGION, Area.Kind.MUNICIPALITY])
    return places.annotate(likeness=likeness).filter(likeness__gt=0.3).order_by("-likeness", "pk").first()


class SearchForm(PortalFormMixin, forms.Form, Generic[Rows]):
    """What the search form of every list has; `narrow` and the further fields are the list's own."""

    method = "get"
    is_tagless = True

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "q":  # these stand in the column of choices, outside the <form> element
                field.widget.attrs["form"] = "find"
        self.layout = tuple(name for name in self.fields if name != "q")
        self.is_valid()

    def clean_place(self) -> Area | None:
        """Show the name of a place that came as an address word or a postcode."""
        area = self.cleaned_data["place"]
        if area:
            shown = QueryDict(mutable=True)
            shown.update(self.data)
            shown["place"] = area.name
            self.data = shown
        return area

    def narrow(self, queryset: Rows) -> Rows:
        """The rows that match what was chosen, in the order that was chosen."""
        raise NotImplementedError

    def page(self, queryset: Rows) -> Page:
        """The rows that match, cut to the page the address asks for."""
        name = f"{self.name} {get_language()} {timezone.localdate()}"
        return RememberingPaginator(self.narrow(queryset), ROWS_A_PAGE, name=name).get_page(
            self.data.get("page")
        )

    @property
    def name(self) -> str:
        """Tells this list, with what was chosen, from every other; what could not be read counts too."""
        return f"{type(self).__name__} {self.data if self.errors else self.query}"

    @property
    def query(self) -> str:
        """What was chosen, as the rest of an address; without the page."""
        return urlencode([(name, value) for name, value, _label in self._chosen()])

    @property
    def tags(self) -> list[Tag]:
        """What was chosen, each with the address of the list without it; the order of rows is no choice."""
        chosen = list(self._chosen())
        return [
            Tag(label, "?" + urlencode([(n, v) for n, v, _label in chosen if (n, v) != (name, value)]))
            for name, value, label in chosen
            if label
        ]

    @property
    def chosen_count(self) -> int:
        """How many choices the column holds; words stand above it."""
        return sum(bool(label) and name != "q" for name, _value, label in self._chosen())

    @property
    def subject(self) -> str:
        """The words and the place, as a heading says them: “nurse”, Pirkanmaa."""
        words, place = self.cleaned_data.get("q"), self.cleaned_data.get("place")
        return ", ".join([*([f"“{words}”"] if words else []), *([place.name] if place else [])])

    def _chosen(self) -> Iterator[tuple[str, str, str]]:
        """Each choice as a field's name, a value for the address and a label."""
        for name, field in self.fields.items():
            chosen = self.cleaned_data.get(name)
            if not chosen:
                continue
            if isinstance(field, PlaceField):
                yield name, chosen.slug, chosen.name
            elif isinstance(field, forms.BooleanField):
                yield name, "on", str(field.label)
            elif isinstance(field, forms.ModelChoiceField):
                yield name, str(field.prepare_value(chosen)), str(chosen)
            elif isinstance(field, forms.ChoiceField):
                labels: dict[str, Any] = dict(field.choices)  # type: ignore[arg-type]  # no groups
                for value in chosen if isinstance(chosen, list) else [chosen]:
                    yield name, value, "" if name == "sort" else str(labels[value])
            else:
                yield name, chosen, f"“{chosen}”"


def choice_of(choices: Any, label: Any) -> forms.MultipleChoiceField:
    """A field in which any number of choices may be ticked; none means any."""
    return forms.MultipleChoiceField(
        choices=choices, label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class OrganisationSearchForm(SearchForm[OrganisationQuerySet]):
    """Organisations by name, place and sector."""

    place = PlaceField()
    sector: "forms.ModelChoiceField[Sector]" = forms.ModelChoiceField(
        Sector.objects.all(),
        to_field_name="code",
        label=_("Sector"),
        empty_label=_("All sectors"),
        required=False,
    )

    def narrow(self, queryset: OrganisationQuerySet) -> OrganisationQuerySet:
        chosen = self.cleaned_data
        for word in (chosen.get("q") or "").split():
            queryset = queryset.matching(word)
        if area := chosen.get("place"):
            queryset = queryset.filter(home_municipality__in=Area.objects.within(area))
        if sector := chosen.get("sector"):
            queryset = queryset.filter(sector=sector)
        return queryset.by_name()


class ServicePointSearchForm(SearchForm[ServicePointQuerySet]):
    """Service points by name and place; the one that goes round is found by where it stops."""

    place = PlaceField()

    def narrow(self, queryset: ServicePointQuerySet) -> ServicePointQuerySet:
        chosen = self.cleaned_data
        for word in (chosen.get("q") or "").split():
            queryset = queryset.matching(word)
        if area := chosen.get("place"):
            queryset = queryset.filter(municipality__in=Area.objects.within(area))
        return queryset.order_by(name_key("municipality__name"), name_key(), "pk")

    def narrow_stops(self, stops: RouteStopQuerySet) -> RouteStopQuerySet:
        """The stops of service points that go round, by the same words and place."""
        chosen = self.cleaned_data
        for word in (chosen.get("q") or "").split():
            stops = stops.matching(word)
        if area := chosen.get("place"):
            stops = stops.filter(municipality__in=Area.objects.within(area))
        return stops
