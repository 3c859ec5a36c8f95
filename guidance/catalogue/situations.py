"""What the page of a life situation holds: its parts, with the first hits of their searches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, QuerySet, Value, prefetch_related_objects
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from guidance.catalogue.forms.search import GuidanceSearchForm, TrainingSearchForm
from guidance.catalogue.models import (
    Funding,
    GuidanceService,
    LifeSituation,
    SituationPart,
    TrainingOption,
)
from network.forms.search import SearchForm
from network.models import Area, Organisation
from opinovi.rows import rows_of

ROWS = 3  # of a search; the rest is behind a link
Kind = SituationPart.Kind


class Search(NamedTuple):
    """A list in which a part may search: its form, its rows, its address and what a row is given by."""

    form: type[SearchForm[Any]]
    model: type[TrainingOption] | type[GuidanceService]
    list_name: str
    giver: str


SEARCHES = {
    Kind.TRAINING: Search(TrainingSearchForm, TrainingOption, "catalogue:public:training_list", "provider"),
    Kind.GUIDANCE: Search(
        GuidanceSearchForm, GuidanceService, "catalogue:public:guidance_list", "organisation"
    ),
}


@dataclass(frozen=True)
class ShownPart:
    """A part as readers meet it: the rows it shows, how many there are in all, and the list that has them."""

    part: SituationPart
    rows: Sequence[Any] = ()
    count: int = 0
    url: str = ""
    wider_url: str = ""  # for a search that finds nothing: it without the reader's place, or the whole list


def compose(situation: LifeSituation, place: Area | None = None) -> list[ShownPart]:
    """The parts in their order. The hits of all searches are read in one query and counted in another.

    With a place, searches and services are those for people who live there; money is the same everywhere.
    """
    parts = list(situation.parts.all())
    services = GuidanceService.objects.published().select_related("organisation").by_name()
    if place:
        services = services.serving(place)
    fundings = Funding.objects.published().for_listing()
    prefetch_related_objects(_of(parts, Kind.SERVICES), Prefetch("services", services))
    prefetch_related_objects(_of(parts, Kind.FUNDING), Prefetch("fundings", fundings))
    found = {shown.part.pk: shown for shown in _searched([part for part in parts if part.is_search], place)}
    for part in parts:
        if part.kind == Kind.SERVICES:
            found[part.pk] = ShownPart(part, list(part.services.all()))
        elif part.kind == Kind.FUNDING:
            found[part.pk] = ShownPart(
                part, list(part.fundings.all() or fundings), url=reverse("catalogue:public:funding_list")
            )
    return [found.get(part.pk, ShownPart(part)) for part in parts]


def in_words(part: SituationPart) -> str:
    """What the search of a part asks for, as people read it; empty for a part that is no search."""
    if not part.is_search:
        return ""
    form = SEARCHES[Kind(part.kind)].form(QueryDict(part.query))
    return ", ".join(str(tag.label) for tag in form.tags)


def saved_query(kind: str, pasted: str) -> str:
    """What is kept of a list's address, or of what stands after its question mark: the choices alone.

    Raises ValidationError when it is another list's address, or holds what the list does not know.
    """
    search = SEARCHES[Kind(kind)]
    path, _mark, query = pasted.strip().rpartition("?")
    if not path and query.startswith(("/", "http:", "https:")):
        path, query = query, ""
    if path and _view_at(urlsplit(path).path) != search.list_name:
        address = reverse(search.list_name)
        raise ValidationError(
            _("This is not an address of the list %(address)s."), params={"address": address}
        )
    chosen = QueryDict(query)
    form = search.form(chosen)
    if unknown := sorted(set(chosen) - {*form.fields, "page"}):
        raise ValidationError(
            _("The list has no choice called “%(name)s”."), params={"name": ", ".join(unknown)}
        )
    if form.errors:
        told = [f"{form.fields[name].label}: {' '.join(map(str, form.errors[name]))}" for name in form.errors]
        raise ValidationError(told)
    if not form.query:
        raise ValidationError(_("Choose something in the list first, then copy the address of the page."))
    return form.query


def _view_at(path: str) -> str:
    """The route of a page of the portal, in whatever language its address is; empty if there is none."""
    language = path.strip("/").partition("/")[0]
    with override(language if language in dict(settings.LANGUAGES) else get_language()):
        try:
            return resolve(path if path.endswith("/") else f"{path}/").view_name
        except Resolver404:
            return ""


def _of(parts: list[SituationPart], kind: Kind) -> list[SituationPart]:
    return [part for part in parts if part.kind == kind]


def _searched(parts: list[SituationPart], place: Area | None) -> list[ShownPart]:
    searches = [SEARCHES[Kind(part.kind)] for part in parts]
    saved = [search.form(QueryDict(part.query)) for search, part in zip(searches, parts, strict=True)]
    forms = [form.living_in(place) if place and not form.errors else form for form in saved]
    rows: list[QuerySet[Any]] = [
        form.narrow(search.model._default_manager.published())
        if not form.errors
        else search.model._default_manager.none()
        for search, form in zip(searches, forms, strict=True)
    ]
    hits, counts = rows_of(rows, most=ROWS), _counted(rows)
    _read_givers([(search.giver, hit) for search, some in zip(searches, hits, strict=True) for hit in some])
    lists = [reverse(search.list_name) for search in searches]
    return [
        ShownPart(
            part,
            hits[number],
            counts.get(number, 0),
            f"{lists[number]}?{forms[number].query}",
            f"{lists[number]}?{saved[number].query}" if place else lists[number],
        )
        for number, part in enumerate(parts)
    ]


def _read_givers(hits: list[tuple[str, Any]]) -> None:
    """Read who gives each hit, in one query; `hits` are pairs of the relation's name and the row."""
    organisations = Organisation.objects.in_bulk({getattr(hit, f"{giver}_id") for giver, hit in hits})
    for giver, hit in hits:
        setattr(hit, giver, organisations[getattr(hit, f"{giver}_id")])


def _counted(querysets: list[QuerySet[Any]]) -> dict[int, int]:
    """How many rows each queryset has, by its place among them; those without rows are left out."""
    counts = [
        rows.order_by().annotate(number=Value(number)).values("number").annotate(count=Count("pk"))
        for number, rows in enumerate(querysets)
    ]
    if not counts:
        return {}
    first, *others = counts
    union = first.union(*others, all=True) if others else first
    return {row["number"]: row["count"] for row in union}
