"""Search forms of public lists: words, a place, and choices that can be taken away one by one.

A list's form is sent by GET, so that a search is an address one can keep, send and print.
"""

from collections.abc import Iterator
from copy import copy
from functools import cached_property, partial
from typing import Any, Generic, NamedTuple, Self, TypeVar, cast
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from network.forms.facets import FacetMixin
from network.forms.paging import RememberedPage, RememberingPaginator
from network.forms.place import PlaceField
from network.models import Area, Sector
from network.models.organisation import OrganisationQuerySet
from network.models.service_point import RouteStopQuerySet, ServicePointQuerySet
from network.search import MAX_LENGTH, Search, Wish, kind_of, understand
from network.search.alternatives import Way, counted, nearby
from network.search.finding import search_or_mend
from network.search.order import ranked_pks
from network.search.quotes import quoted
from network.search.rows import why
from network.search.suggesting import suggesting
from network.search.unanswered import count_unanswered
from opinovi.alphabet import name_key
from opinovi.forms import PortalFormMixin
from opinovi.terms import terms_of

ROWS_A_PAGE = 25

Rows = TypeVar("Rows", bound=QuerySet[Any])


class Tag(NamedTuple):
    """A choice as the reader sees it, the address of the same list without it, and the field it was made
    in.
    """

    label: str
    url: str
    field: str


class SearchForm(FacetMixin, PortalFormMixin, forms.Form, Generic[Rows]):
    """What the search form of every list has: words, and choices that count what they lead to.

    A list says what its choices mean in `facets`, which rows lie in a place in `within`, and in which order
    rows stand where there are no words, or where somebody chose an order, in `in_order`.
    """

    method = "get"
    is_tagless = True
    is_explained = False  # whether the reasons for the order of rows are shown
    stays_within = False  # what is not for the place is left out also where the nearest stand first

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._searches: dict[type[Any], Search] = {}
        for name, field in self.fields.items():
            if name != "q":  # these stand in the column of choices, outside the <form> element
                field.widget.attrs["form"] = "find"
        self.fields["q"].widget.attrs |= self.suggested_from()
        self.layout = tuple(name for name in self.fields if name != "q")
        self.is_valid()

    def suggested_from(self) -> dict[str, str]:
        """What the field of words must say for its words to be completed; nothing where they are not."""
        return suggesting()

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())

    def clean(self) -> None:
        """Ask for the place where the nearest to it were to stand first."""
        if self.cleaned_data.get("sort") == "distance" and self.cleaned_data.get("place", True) is None:
            self.add_error("place", _("Say where: the nearest to that place will stand first."))

    def clean_place(self) -> Area | None:
        """Show the name of a place that came as an address word or a postcode."""
        area = self.cleaned_data["place"]
        if area:
            shown = QueryDict(mutable=True)
            shown.update(self.data)
            shown["place"] = area.name
            self.data = shown
        return area

    def within(self, queryset: Rows, area: Area) -> Rows:
        """The rows that have to do with the place."""
        return queryset

    def in_order(self, queryset: Rows, sort: str) -> Rows:
        """The rows in an order that was chosen; an empty one is the list's own."""
        return queryset

    def narrow(self, queryset: Rows) -> Rows:
        """The rows that match what was chosen, in the order that was chosen."""
        rows = self.matching(queryset, *self.facets)
        search = self.search(queryset.model)
        if search and self.is_ranked:
            return search.ranked(rows, self.cleaned_data.get("place"))
        return self.in_order(rows, self.cleaned_data.get("sort", ""))

    def matching(self, queryset: Rows, *facets: str) -> Rows:
        """The rows that match the words, the place, and what was chosen in these facets; in no order."""
        place, search = self.cleaned_data.get("place"), self.search(queryset.model)
        if place and (self.stays_within or not self.is_by_distance):
            queryset = self.within(queryset, place)
        if search:
            queryset = search.matching(queryset) if search.wish else queryset.none()
        return queryset.filter(*filter(None, (self.condition(name) for name in facets)))

    def search(self, model: type[Any]) -> Search | None:
        """The words put to these rows, put right when nothing has them as they are; None without words."""
        words, kind = self.cleaned_data.get("q"), kind_of(model)
        if not words or not kind or not terms_of(model):
            return None
        if model not in self._searches:
            self._searches[model] = search_or_mend(kind, words, as_written="as_written" in self.data)
        return self._searches[model]

    @property
    def mended(self) -> Wish | None:
        """What was searched for instead of the words, where these led nowhere."""
        wishes = (search.wish for search in self._searches.values())
        return next((wish for wish in wishes if wish.before), None)

    @property
    def is_ranked(self) -> bool:
        """Whether the rows that fit the words best stand first."""
        return bool(self.cleaned_data.get("q")) and not self.cleaned_data.get("sort")

    @property
    def is_by_distance(self) -> bool:
        """Whether the nearest to the place stand first; unless `stays_within`, it then tells no end."""
        return self.cleaned_data.get("sort") == "distance" and bool(self.cleaned_data.get("place"))

    def page(self, queryset: Rows, *, explain: bool = False) -> RememberedPage:
        """The rows that match, cut to the page the address asks for.

        `explain`: with the reasons for their order. They are for people at work; the view knows who asks.
        """
        self.base, self.is_explained = queryset, explain
        name = f"{self.name} {get_language()} {timezone.localdate()}"
        search, place = self.search(queryset.model), self.cleaned_data.get("place")
        rows = self.matching(queryset, *self.facets)
        cut = None
        if search and search.wish.words and self.is_ranked:
            cut = partial(ranked_pks, search, rows, near=place)
        else:
            rows = self.in_order(rows, self.cleaned_data.get("sort", ""))
        count = (lambda: self.count) if self.facets else None
        paginator = RememberingPaginator(rows, ROWS_A_PAGE, name=name, cut=cut, count=count)
        page = cast("RememberedPage", paginator.get_page(self.data.get("page")))
        if explain and search and self.is_ranked:
            hits = queryset.model._default_manager.filter(pk__in=[row.pk for row in page])
            page.reasons = {hit.pk: why(hit) for hit in search.ranked(hits, place)}
        return page

    def count_if_unanswered(self, page: Page) -> None:
        """Let coordinators know of words that no row of the list answers in the place, whatever else was
        chosen.
        """
        search = next(iter(self._searches.values()), None)
        if page.paginator.count or not search or not search.wish:
            return
        place = self.cleaned_data.get("place")
        told = self._asking(q=self.cleaned_data["q"], place=place)
        if not told.matching(cast("Rows", self.base)).exists():
            place = place or next(iter(search.wish.places), None)
            count_unanswered(self.cleaned_data["q"], place=place.slug if place else "")

    @property
    def name(self) -> str:  # type: ignore[override]  # the mixin only reads it
        """Tells this list, with what was chosen, from every other; what could not be read counts too."""
        return f"{type(self).__name__} {self.data if self.errors else self.query}"

    @property
    def query(self) -> str:
        """What was chosen, as the rest of an address; without the page."""
        as_written = "as_written" in self.data and bool(self.cleaned_data.get("q"))
        also = {"as_written": as_written, "explain": self.is_explained}
        said = [(name, "on") for name, is_so in also.items() if is_so]
        return urlencode([*((name, value) for name, value, _label in self._chosen()), *said])

    @property
    def tags(self) -> list[Tag]:
        """What was chosen, each with the address of the list without it; the order of rows is no choice."""
        chosen = list(self._chosen())
        return [
            Tag(label, "?" + urlencode([(n, v) for n, v, _label in chosen if (n, v) != (name, value)]), name)
            for name, value, label in chosen
            if label
        ]

    @property
    def other_choices(self) -> str:
        """What was chosen beside the words, to be added to an address that has them."""
        chosen = urlencode([(name, value) for name, value, _label in self._chosen() if name != "q"])
        return f"&{chosen}" if chosen else ""

    @cached_property
    def alternatives(self) -> list[Way]:
        """Other ways to ask that find something: without a choice, or elsewhere. For a list that is empty.

        Where no one choice is to blame, with one of them alone, or with the words elsewhere.
        """
        chosen: dict[str, list[str]] = {}
        for name, _value, label in self._chosen():
            if label:
                chosen.setdefault(name, []).append(label)
        places = [way for way in nearby(area) if way[1]] if (area := self.cleaned_data.get("place")) else []
        asked = []
        for name, labels in chosen.items():
            text = gettext("Without %(choice)s")
            if name == "q":
                number = len(self.cleaned_data["q"].split())
                text = ngettext("Without the word %(choice)s", "Without the words %(choice)s", number)
            asked.append((text % {"choice": ", ".join(labels)}, {**self.cleaned_data, name: None}))
        asked += [(label, {**self.cleaned_data, "place": place}) for label, place in places]
        if (ways := self._ways(asked)) or len(chosen) < 2:
            return ways
        words = self.cleaned_data.get("q")
        fewer = [
            (gettext("Only %(choice)s") % {"choice": ", ".join(labels)}, {name: self.cleaned_data[name]})
            for name, labels in chosen.items()
        ]
        if words:
            fewer += [(f"{quoted(words)}: {label}", {"q": words, "place": place}) for label, place in places]
        return self._ways(fewer)

    def _ways(self, asked: list[tuple[str, dict[str, Any]]]) -> list[Way]:
        ways = []
        for label, chosen in asked:
            other = self._asking(**chosen)
            ways.append((label, f"?{other.query}", other.matching(cast("Rows", self.base), *self.facets)))
        return counted(ways)

    def living_in(self, area: Area) -> Self:
        """This form with another place."""
        return self._asking(**self.cleaned_data | {"place": area})

    def _asking(self, **chosen: Any) -> Self:
        """This form with just these choices; its words, if any, are already understood."""
        other = copy(self)
        other.cleaned_data = chosen
        return other

    @property
    def has_choices(self) -> bool:
        """Whether the column holds anything: beside an empty list there may be nothing left to choose."""
        return bool(self.helper.layout.fields)

    @property
    def chosen_count(self) -> int:
        """How many choices the column holds; words stand above it."""
        return sum(bool(label) and name != "q" for name, _value, label in self._chosen())

    @property
    def subject(self) -> str:
        """The words and the place, as a heading says them: “nurse”, Pirkanmaa."""
        words, place = self.cleaned_data.get("q"), self.cleaned_data.get("place")
        words = self.mended.text if self.mended else words
        where = place.name if place else ""
        if self.is_by_distance and not self.stays_within:
            where = gettext("nearest to %(place)s first") % {"place": where}
        return ", ".join([*([quoted(words)] if words else []), *([where] if where else [])])

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
            elif isinstance(field, forms.ModelMultipleChoiceField):
                for each in chosen:
                    yield name, str(field.prepare_value(each)), str(each)
            elif isinstance(field, forms.ModelChoiceField):
                yield name, str(field.prepare_value(chosen)), str(chosen)
            elif isinstance(field, forms.ChoiceField):
                labels: dict[str, Any] = dict(field.choices)  # type: ignore[arg-type]  # no groups
                for value in chosen if isinstance(chosen, list) else [chosen]:
                    yield name, value, "" if name == "sort" else str(labels[value])
            else:
                yield name, chosen, quoted(chosen)


def choice_of(choices: Any, label: Any) -> forms.MultipleChoiceField:
    """A field in which any number of choices may be ticked; none means any."""
    return forms.MultipleChoiceField(
        choices=choices, label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


def ticked(rows: QuerySet[Any], label: Any, hint: Any) -> "forms.ModelMultipleChoiceField[Any]":
    """A field in which any number of rows may be ticked, known in addresses by their slugs."""
    return forms.ModelMultipleChoiceField(
        rows,
        to_field_name="slug",
        label=label,
        help_text=hint,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class OrganisationSearchForm(SearchForm[OrganisationQuerySet]):
    """Organisations by name, place and sector."""

    facets = {"sector": lambda sector: Q(sector=sector)}

    place = PlaceField()
    sector: "forms.ModelChoiceField[Sector]" = forms.ModelChoiceField(
        Sector.objects.all(),
        to_field_name="code",
        label=_("Sector"),
        empty_label=_("All sectors"),
        required=False,
    )

    def within(self, queryset: OrganisationQuerySet, area: Area) -> OrganisationQuerySet:
        return queryset.filter(home_municipality__in=Area.objects.within(area))

    def in_order(self, queryset: OrganisationQuerySet, sort: str) -> OrganisationQuerySet:
        return queryset.by_name()


class ServicePointSearchForm(SearchForm[ServicePointQuerySet]):
    """Service points by name and place; the one that goes round is found by where it stops.

    Without words they stand by their municipalities, under its name; with words the best first.
    """

    place = PlaceField()

    def within(self, queryset: ServicePointQuerySet, area: Area) -> ServicePointQuerySet:
        return queryset.filter(municipality__in=Area.objects.within(area))

    def in_order(self, queryset: ServicePointQuerySet, sort: str) -> ServicePointQuerySet:
        return queryset.order_by(name_key("municipality__name"), name_key(), "pk")

    def narrow_stops(self, stops: RouteStopQuerySet) -> RouteStopQuerySet:
        """The stops of service points that go round, by the same words and place, in the order they had.

        Stops keep no terms: the forms of the words are looked for in the names of their places.
        """
        if words := self.cleaned_data.get("q"):
            wish = understand(words)
            if not wish:
                return stops.none()
            for word in wish.telling:
                stops = stops.matching(word.forms)
            for area in wish.places:
                stops = stops.within(area)
        place = self.cleaned_data.get("place")
        return stops.within(place) if place else stops
