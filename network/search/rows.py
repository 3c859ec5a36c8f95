"""Rows that answer a wish, the best of them first.

The order is told in whole steps, so that it can be explained: what is past comes after all that is not;
then how well the name fits (`Fit`); among equals what is open now, then what is in the place itself, then
what is given in the reader's language; then how often and where the words stand (PostgreSQL's `ts_rank`).
Ranking reads every row it ranks, so only the first `RANKED` hits are put in order, those of the exact name
among them; the others follow by their number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.db.models import Case, F, FloatField, Func, IntegerChoices, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.models import Area
from network.search.kinds import Kind
from network.search.wishes import Reach, Wish, Word
from opinovi.rows import finds_of
from opinovi.words import LANGUAGES

RANKED = 1000  # hits that are put in order
GIVERS = 200  # organisations, topics and groups by whose name rows are found, each
Rows = TypeVar("Rows", bound=QuerySet[Any])
Givers = dict[tuple[type[Any], Word], list[int]]


class Fit(IntegerChoices):
    """How well a row's name fits the words; the best is the greatest."""

    EXACT = 4, _("the name is just these words")
    NAME = 3, _("the words stand in the name")
    PART = 2, _("parts of compounds in the name, or words of the same meaning")
    KEYWORD = 1, _("words kept for searching")
    TEXT = 0, _("the text, or who gives it")


@dataclass(eq=False)
class Search:
    """A wish put to one kind of row. How far it reaches is settled by the words alone, before any other
    choice.
    """

    wish: Wish
    kind: Kind
    givers: Givers | None = None  # known beforehand where one wish is put to many kinds

    @cached_property
    def reach(self) -> Reach:
        """The first reach that finds something published; the strictest when none does."""
        return next((reach for reach in steps_of(self.wish) if self._finds(reach)), Reach.STRICT)

    @cached_property
    def finds(self) -> bool:
        """Whether anything published answers the words."""
        return self._finds(self.reach)

    def _finds(self, reach: Reach) -> bool:
        if not self.wish.words:
            return True
        if reach in self._known:
            return self._known[reach]
        key = f"finds {self.kind.slug} {reach} {self.wish.text}"
        found = caches["content"].get_or_set(key, lambda: finds_of([self.reached(reach)])[0])
        self._known[reach] = cast("bool", found)
        return self._known[reach]

    @cached_property
    def _known(self) -> dict[Reach, bool]:
        return {}

    def reached(self, reach: Reach) -> QuerySet[Any]:
        """Everything published that answers the words so far from them."""
        return self.kind.rows().order_by().filter(self.condition(reach))

    def condition(self, reach: Reach | None = None) -> Q:
        """What a row must hold to answer all the words."""
        if not self.wish.words:
            return Q()
        reach = self.reach if reach is None else reach
        words = self.wish.telling
        fits = Q(terms__match=self.wish.query(reach))
        if reach < Reach.SOME and any(self._given_by(word) for word in words):
            fits |= reduce(and_, (Q(terms__match=word.query(reach)) | self._given_by(word) for word in words))
        return fits

    def matching(self, rows: Rows, *, everywhere: bool = False) -> Rows:
        """The rows that answer the words and, unless `everywhere`, lie in one of the places or name it."""
        rows = rows.filter(self.condition())
        if self.wish.places and not everywhere:
            found = rows.none()
            for (
                place
            ) in self.wish.places:  # one WHERE: only rows that answer the words are asked for their place
                found |= self.kind.within(rows, place)
            return found | rows.filter(self._names_place)
        return rows

    def told_apart(self, rows: Rows) -> Rows:
        """The rows with whether they are `past` (1) or not (0)."""
        return rows.annotate(past=_flag(self.kind.is_past()))

    def ranked(self, rows: Rows, near: Area | None = None) -> Rows:
        """The rows with what their place follows from, best first.

        That is `past`, `fit`, `now`, `here`, `own` (in the active language) and `score`.
        """
        near = near or next(iter(self.wish.places), None)
        annotated = self.told_apart(rows).annotate(
            fit=self._fit,
            now=_flag(self.kind.is_open()),
            here=_flag(self.kind.near(near) if near else None),
            own=_flag(self.kind.speaks((get_language() or settings.LANGUAGE_CODE)[:2])),
            score=_TermsRank(Value(self.wish.any_query))
            if self.wish.words
            else Cast(Value(0.0), FloatField()),
        )
        return annotated.order_by("past", "-fit", "-now", "-here", "-own", "-score", "pk")

    @cached_property
    def _fit(self) -> Case | Cast:
        if not self.wish.words:
            return Cast(Value(Fit.TEXT.value), IntegerField())
        text = self.wish.text.lower()
        return Case(
            When(self.exact(text), then=Fit.EXACT.value),
            When(terms__match=self.wish.own_query("A"), then=Fit.NAME.value),
            When(terms__match=self.wish.query(self.reach, "AB"), then=Fit.PART.value),
            When(terms__match=self.wish.query(self.reach, "ABC"), then=Fit.KEYWORD.value),
            default=Fit.TEXT.value,
        )

    def exact(self, text: str) -> Q:
        names = (f"{self.kind.name}_{language}" for language in LANGUAGES)
        return reduce(or_, (Q(**{f"{name}__iexact": text}) for name in names))

    @property
    def _names_place(self) -> Q:
        names = {getattr(place, f"name_{code}") for place in self.wish.places for code in LANGUAGES}
        words = [f"'{''.join(filter(str.isalnum, name.lower()))}'" for name in sorted(filter(None, names))]
        named = self.kind.model._default_manager.filter(terms__match=" | ".join(words))
        return Q(pk__in=named.order_by().values("pk"))  # asked of the index once, not of each row's terms

    @cached_property
    def _givers(self) -> Givers:
        return self.givers if self.givers is not None else givers_of(self.wish, [self.kind])

    def _given_by(self, word: Word) -> Q:
        """Rows behind whose relations one of the givers stands; empty where none has the word."""
        found = Q()
        for path in self.kind.through:
            pks = self._givers.get((_related(self.kind, path), word))
            if pks and ("__" in path or self.kind.model._meta.get_field(path).many_to_many):
                rows = self.kind.model._default_manager.filter(**{f"{path}__in": pks}).order_by()
                found |= Q(pk__in=rows.values("pk"))
            elif pks:
                found |= Q(**{f"{path}__in": pks})
        return found


def why(hit: Any) -> list[str]:
    """Why a row of `Search.ranked` stands where it does, in the order in which it was decided."""
    reasons = [_("what is past comes last")] if hit.past else []
    reasons.append(Fit(hit.fit).label)
    reasons += [_("open now")] if hit.now else []
    reasons += [_("in the place itself")] if hit.here else []
    reasons += [_("in your language")] if hit.own else []
    return [*map(str, reasons), number_format(hit.score, 3)]


def steps_of(wish: Wish) -> list[Reach]:
    """The reaches that differ for this wish, the strictest first."""
    return sorted({wish.query(reach): reach for reach in reversed(Reach)}.values()) if wish.words else []


def settle(searches: Iterable[Search]) -> None:
    """Find out how far each of the searches reaches, in one query a step for all of them."""
    waiting = list(searches)
    for reach in Reach:
        asked = [search for search in waiting if search.wish.words and reach in steps_of(search.wish)]
        finds = finds_of([search.reached(reach) for search in asked])
        for search, has_found in zip(asked, finds, strict=True):
            if has_found:
                search.reach = reach
                waiting.remove(search)
    for search in waiting:
        search.reach = Reach.STRICT


def givers_of(wish: Wish, kinds: Iterable[Kind]) -> Givers:
    """The rows by whose names others are found, by model and word; one query for all kinds."""
    models = dict.fromkeys(_related(kind, path) for kind in kinds for path in kind.through)
    asked = [(model, word) for model in models for word in wish.telling if not word.is_generic]
    queries = [
        model._default_manager.filter(terms__match=word.query())
        .order_by()
        .annotate(number=Value(number))
        .values_list("number", "pk")[:GIVERS]
        for number, (model, word) in enumerate(asked)
    ]
    found: Givers = {}
    for number, pk in queries[0].union(*queries[1:], all=True) if queries else ():
        found.setdefault(asked[number], []).append(pk)
    return found


class _TermsRank(Func):
    """How much of the query the terms hold, by the weights of the places; short texts before long ones."""

    output_field = FloatField()

    def __init__(self, query: Value) -> None:
        super().__init__(F("terms"), query, template="ts_rank(%(expressions)s::tsquery, 1)")


def _flag(condition: Q | None) -> Cast:
    """1 where the condition holds, else 0; a bare number would be a column's place to ORDER BY."""
    return Cast(Case(When(condition, then=1), default=0) if condition else Value(0), IntegerField())


def _related(kind: Kind, path: str) -> type[Any]:
    """The model at the end of a way of relations, such as `partners__organisation`."""
    model: type[Any] = kind.model
    for step in path.split("__"):
        model = cast("type[Any]", model._meta.get_field(step).related_model)
    return model
