"""Putting words to everything there is, and mending them when they lead nowhere."""

from dataclasses import dataclass
from typing import Any

from network.models import Area
from network.search.kinds import Kind, all_kinds
from network.search.order import HEAD, ranked_pks
from network.search.rows import RANKED, Fit, Search, givers_of, steps_of, why
from network.search.vocabulary import better
from network.search.wishes import Reach, Wish, understand
from opinovi.rows import Head, heads_of
from opinovi.terms import terms_of

HITS = 5  # shown of each kind


@dataclass(frozen=True)
class Group:
    """The best hits of a kind, and how many there are in all."""

    kind: Kind
    hits: list[Any]
    count: int

    @property
    def explained(self) -> list[tuple[Any, list[str]]]:
        """The hits with the reasons for their order; areas are found by their name alone."""
        return [(hit, why(hit) if hasattr(hit, "fit") else []) for hit in self.hits]

    @property
    def rank(self) -> tuple[int, ...]:
        """Where the group stands among the others: by its best hit."""
        best = self.hits[0]
        return (getattr(best, "past", 0), -getattr(best, "fit", Fit.EXACT), self.kind.order)


def search_or_mend(kind: Kind, text: str, *, as_written: bool = False) -> Search:
    """The text put to rows of one kind.

    With misspelt words put right where nothing has them, unless `as_written`.
    """
    wish = understand(text)
    search = Search(wish, kind)
    if as_written or not wish.words or search.finds:
        return search
    mended = better(wish)
    second = Search(mended, kind) if mended else search
    return second if second.finds else search


def find(text: str, *, as_written: bool = False) -> tuple[Wish, list[Group]]:
    """What the text asks for, and the best hits of every kind that has any.

    First the kind with the best hit.
    """
    wish = understand(text)
    groups = _groups(wish)
    if as_written or not wish.words or any(group.kind.model is not Area for group in groups):
        return wish, groups
    mended = better(wish)
    second = _groups(mended) if mended else []
    return (mended, second) if mended and second else (wish, groups)


def is_answered(wish: Wish, groups: list[Group]) -> bool:
    """Whether what was found answers the wish; words near a place need something of that place."""
    if wish.words and wish.places:
        return any(group.kind.is_local for group in groups)
    return bool(groups)


def all_searches(wish: Wish, *others: Wish) -> list[Search]:
    """The wish, and others of some of its words, put to every kind whose rows have terms."""
    kinds = [kind for kind in all_kinds() if terms_of(kind.model)]
    givers = givers_of(wish, kinds)
    return [Search(each, kind, givers) for each in (wish, *others) for kind in kinds]


def _groups(wish: Wish) -> list[Group]:
    """The best hits of each kind; all kinds as far from the words as the first that finds something."""
    places = list(wish.places)  # their name is what was asked for
    found = [Group(kind, places, len(places)) for kind in all_kinds() if kind.model is Area and places]
    if wish:
        for search, head in _heads(wish, all_searches(wish)):
            pks = [*head.present, *head.past]
            if head.total > RANKED:
                rows = search.matching(search.kind.rows())
                pks = ranked_pks(search, rows, 0, HITS, head.total, head=head)
            best = search.ranked(search.kind.rows().filter(pk__in=pks))
            found.append(Group(search.kind, list(best[:HITS]), head.total))
    return sorted(found, key=lambda group: group.rank)


def _heads(wish: Wish, searches: list[Search]) -> list[tuple[Search, Head]]:
    """The searches that find something, with what comes first; one query for each step from the words."""
    for reach in steps_of(wish) or [Reach.STRICT]:
        for search in searches:
            search.reach = reach
        heads = heads_of(
            [search.told_apart(search.matching(search.kind.rows())) for search in searches], HEAD
        )
        if any(head.total for head in heads):
            return [(search, head) for search, head in zip(searches, heads, strict=True) if head.total]
    return []
