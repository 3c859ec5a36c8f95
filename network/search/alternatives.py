"""What to offer where nothing was found: other ways to ask, each with how much it finds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from network.distance import neighbours
from network.models import Area
from network.search.finding import all_searches
from network.search.quotes import quoted
from network.search.rows import settle
from network.search.wishes import Wish
from opinovi.rows import counts_of


class Way(NamedTuple):
    """Another way to ask: in words, its address, and how many rows it finds."""

    label: str
    url: str
    number: int


def counted(ways: Sequence[tuple[str, str, QuerySet[Any]]]) -> list[Way]:
    """The ways that find something, counted in one query."""
    counts = counts_of([rows for _label, _url, rows in ways])
    return [Way(label, url, count) for (label, url, _rows), count in zip(ways, counts, strict=True) if count]


def nearby(area: Area) -> list[tuple[str, Area | None]]:
    """Where else one may look: the nearest municipalities with the way there, the region, and everywhere."""
    near: list[tuple[str, Area | None]] = [
        (_("In %(place)s, %(distance)s km away") % {"place": place.name, "distance": distance}, place)
        for place, distance in neighbours(area)
    ]
    if area.parent and area.parent.kind == Area.Kind.REGION:
        near.append((_("In the whole of %(place)s") % {"place": area.parent.name}, area.parent))
    return [*near, (_("In the whole country"), None)]


def other_searches(wish: Wish) -> list[Way]:
    """Each word alone, and the words elsewhere, over everything there is.

    Another place is offered when something of that place is found: what is the same everywhere is here too.
    """
    places = [place for area in wish.places[:1] for place in nearby(area)] if wish.words else []
    asked: list[tuple[str, Wish]] = [
        (label, replace(wish, places=(place,) if place else ())) for label, place in places
    ]
    if len(wish.words) > 1:
        asked += [(quoted(word.written), Wish(word.written, (word,), wish.places)) for word in wish.words]
    searches = [
        search
        for search in all_searches(wish, *(other for _label, other in asked))
        if search.wish is not wish
    ]
    settle(searches)
    counts = counts_of([search.matching(search.kind.rows()) for search in searches])
    ways = []
    for label, other in asked:
        found = [(search.kind, n) for search, n in zip(searches, counts, strict=True) if search.wish is other]
        number = sum(n for kind, n in found if kind.is_local or not other.places) and sum(n for _, n in found)
        text = " ".join([*(word.written for word in other.words), *(place.name for place in other.places)])
        ways += [Way(label, "?" + urlencode({"q": text}), number)] if number else []
    return ways
