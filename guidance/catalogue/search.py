"""Finding things by words: one small interface, so that a better engine can take its place.

`understand` turns a text into a `Wish`, `matching` narrows a list by it, `search` looks everywhere at once
and `suggestion` mends misspelt words. PostgreSQL stems each word as Finnish, Swedish and English; a word also
matches inside a name, because Finnish writes compounds together. A word that names a place narrows to it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce
from math import ceil
from operator import and_, or_
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection, models
from django.db.models import Case, F, FloatField, Func, Q, QuerySet, TextField, Value, When, Window
from django.db.models.aggregates import Count
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import GuidanceService, GuidanceTopic, TrainingOption
from network.models import Area, Organisation, ServicePoint
from projects.models import Project

MAX_LENGTH = 100  # characters one may ask with
MAX_WORDS = 8
HITS = 5  # shown of each kind
RANKED = 1000  # training that is put in order: ranking more costs more than it tells
Rows = TypeVar("Rows", bound=QuerySet[Any])
_WORD = re.compile(r"[^\W_]{2,}(?:-[^\W_]+)*")
_ASKING = re.compile(  # how people begin a sentence; the stemmers know the other fillers
    "haluan|haluaisin|tahdon|tarvitsen|etsin|voin|voinko|miten|kuinka"
    "|vill|skulle|behöver|söker|kan|hur"
    "|want|would|like|need|become|looking"
)
_STEMMERS = {"fi": "finnish_stem", "sv": "swedish_stem", "en": "english_stem"}


class Kind(models.TextChoices):
    """What can be found, in the order that decides between equals."""

    AREA = "area", _("Areas")
    GUIDANCE = "guidance", _("Guidance")
    TRAINING = "training", _("Training")
    SERVICE_POINT = "service_point", _("Service points")
    ORGANISATION = "organisation", _("Organisations")
    PROJECT = "project", _("Projects")


@dataclass(frozen=True)
class Word:
    """A word as it was written, and its stems in the three languages; a filler is one such as *and*."""

    written: str
    stems: tuple[str, ...]
    is_filler: bool = False
    givers: tuple[int, ...] = ()  # organisations that have it in their name

    @property
    def query(self) -> str:
        """The word as a tsquery: one of its stems, or whatever goes on as it was written.

        The stemmer knows *rahoitus* and *rahoituksesta* as two words; without the last letter they are one.
        """
        begun = [self.written] if len(self.written) > 2 else []
        begun += [stem[:-1] for stem in self.stems if len(stem) > 5 and stem.endswith("s")]
        return " | ".join([*(f"'{stem}'" for stem in self.stems), *(f"'{start}':*" for start in begun)])

    @property
    def part(self) -> str:
        """What to look for inside names: the shortest stem that still says something."""
        return min((stem for stem in self.stems if len(stem) >= 4), key=len, default=self.written)


@dataclass(frozen=True)
class Wish:
    """What somebody asked for: words, and the places that were among them."""

    words: tuple[Word, ...] = ()
    places: tuple[Area, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.places)


@dataclass(frozen=True)
class Group:
    """The best hits of a kind, and how many there are in all."""

    kind: Kind
    hits: list[models.Model]
    count: int


def understand(text: str) -> Wish:
    """What the text asks for; an empty wish when it says nothing one could look for."""
    written = dict.fromkeys(_WORD.findall(text[:MAX_LENGTH].lower()))
    words = _stemmed(list(written)[:MAX_WORDS])
    words = [word for word in words if not word.is_filler] or words
    if not words:
        return Wish()
    places = list(_places_among(words))
    names = {key for place in places for key in (*place.keys, *place.codes) if key}  # type: ignore[attr-defined]  # annotated
    others = [word for word in words if not names & {word.written, *word.stems}]
    return Wish(tuple(_with_givers(others)), tuple(places))


def matching(queryset: Rows, wish: Wish) -> Rows:
    """The rows that fit the words and lie in one of the places, best first.

    Of one or two words all must fit; of more, two in three are enough, because people write sentences.
    """
    conditions = [_condition(queryset.model, word) for word in wish.words]
    if len(conditions) > 2:
        fitting = sum((Case(When(fits, then=1), default=0) for fits in conditions), start=Value(0))
        queryset = queryset.alias(fitting=fitting).filter(
            reduce(or_, conditions), fitting__gte=ceil(len(conditions) * 2 / 3)
        )
    else:
        queryset = queryset.filter(*conditions)
    if wish.places:
        within = (Q(pk__in=_in_place(queryset.model, place).values("pk")) for place in wish.places)
        queryset = queryset.filter(reduce(or_, within))
    return queryset.annotate(rank=_rank(queryset.model, wish.words)).order_by("-rank", "pk")


def search(wish: Wish) -> list[Group]:
    """The best hits of every kind that has any; first the kind with the best hit."""
    groups = [_group(kind, wish) for kind in Kind] if wish else []
    found = [group for group in groups if group.count]
    return sorted(found, key=lambda group: -group.hits[0].rank)  # type: ignore[attr-defined]  # annotated


def suggestion(text: str) -> str:
    """The text with misspelt words put right by published names; empty if nothing better is known."""
    words = _WORD.findall(text[:MAX_LENGTH].lower())[:MAX_WORDS]
    names = " ".join(_names_like([word for word in words if len(word) >= 4])).lower()
    known = dict.fromkeys(_WORD.findall(names))
    nearest = [next(iter(get_close_matches(word, known, n=1, cutoff=0.7)), word) for word in words]
    return " ".join(nearest) if nearest != words else ""


def _stemmed(written: list[str]) -> list[Word]:
    """The words with their stems; a stemmer gives none for a filler of its language."""
    stems = ", ".join(f"ts_lexize('{stemmer}', word)" for stemmer in _STEMMERS.values())
    asked = f"SELECT word, {stems} FROM unnest(%s::text[]) WITH ORDINALITY AS asked(word, turn) ORDER BY turn"  # noqa: S608 - the stemmers are ours
    with connection.cursor() as cursor:
        cursor.execute(asked, [written])
        return [
            Word(
                word,
                tuple({word, *(stem for found in lists for stem in found)}),
                bool(_ASKING.fullmatch(word)) or not all(lists),
            )
            for word, *lists in cursor
        ]


class _NameKeys(Func):
    """An area's names and their stems, as a list to compare words with."""

    output_field = ArrayField(TextField())
    template = "ARRAY[%(expressions)s]"

    def __init__(self) -> None:
        names = {code: Lower(f"name_{code}") for code in _STEMMERS}
        stems = [
            Func(
                name,
                template=f"(ts_lexize('{_STEMMERS[code]}', %(expressions)s))[1]",
                output_field=TextField(),
            )
            for code, name in names.items()
        ]
        super().__init__(*names.values(), *stems)


def _places_among(words: list[Word]) -> Iterable[Area]:
    """Regions and municipalities whose name, in any case form with the same stem, or postcode is a word."""
    stems = list({stem for word in words for stem in (word.written, *word.stems)})
    codes = [word.written for word in words if len(word.written) == 5 and word.written.isdecimal()]
    named = Q(kind__in=[Area.Kind.REGION, Area.Kind.MUNICIPALITY], keys__overlap=stems)
    areas = Area.objects.annotate(keys=_NameKeys(), codes=Value(codes, ArrayField(TextField())))
    return areas.filter(named | Q(pk__in=Area.objects.filter(postcodes__code__in=codes).values("pk")))


def _with_givers(words: list[Word]) -> list[Word]:
    """The words with the organisations that have them in their name.

    Known beforehand they leave the other conditions of a search to their indexes; a subquery does not.
    """
    if not words:
        return []
    named = Organisation.objects.filter(reduce(or_, (_condition(Organisation, word) for word in words)))
    rows = named.values_list("pk", *_names_of(Organisation))
    names = {pk: " ".join(filter(None, found)).upper() for pk, *found in rows}
    return [
        replace(word, givers=tuple(pk for pk, name in names.items() if word.part.upper() in name))
        for word in words
    ]


def _condition(model: type[models.Model], word: Word) -> Q:
    """What a row must hold to fit the word."""
    inside = reduce(or_, (Q(**{f"{name}__icontains": word.part}) for name in _names_of(model)))
    if model in {TrainingOption, GuidanceService}:
        giver = "provider" if model is TrainingOption else "organisation"
        inside |= Q(search=_query([word])) | Q(**{f"{giver}__in": word.givers})
    if model is GuidanceService:
        topics = GuidanceTopic.objects.filter(_condition(GuidanceTopic, word))
        through: Any = GuidanceService.topics.through
        inside |= Q(pk__in=through.objects.filter(guidancetopic__in=topics).values("guidanceservice"))
    return inside


def _names_of(model: type[models.Model]) -> list[str]:
    fields = ["name", "summary"] if model is Project else ["name"]
    return [f"{field}_{code}" for field in fields for code in _STEMMERS]


def _query(words: Iterable[Word]) -> SearchQuery:
    """Any of the words: which must fit is for the caller to say."""
    return SearchQuery(" | ".join(word.query for word in words), config="simple", search_type="raw")


def _rank(model: type[models.Model], words: tuple[Word, ...]) -> models.Expression:
    """How well a row fits: its name is the words (3), begins with one (2) or holds all (1), and the text."""
    if not words:
        return Value(3.0 if model is Area else 0.0, FloatField())
    names = [f"name_{code}" for code in _STEMMERS]
    text = " ".join(word.written for word in words)
    holds = reduce(and_, (reduce(or_, (Q(**{f"{n}__icontains": w.part}) for n in names)) for w in words))
    fit = Case(
        When(reduce(or_, (Q(**{f"{name}__iexact": text}) for name in names)), then=3.0),
        When(reduce(or_, (Q(**{f"{n}__istartswith": words[0].written}) for n in names)) & holds, then=2.0),
        When(holds, then=1.0),
        default=0.0,
        output_field=FloatField(),
    )
    return fit + SearchRank(F("search"), _query(words)) if model in {TrainingOption, GuidanceService} else fit


def _in_place(model: type[models.Model], place: Area) -> QuerySet:
    """Rows that have to do with the place."""
    if model is TrainingOption:
        return TrainingOption.objects.within(place)
    if model is GuidanceService:
        return GuidanceService.objects.serving(place)
    if model is Project:
        return Project.objects.filter(areas__in=Area.objects.reaching(place))
    field = {Organisation: "home_municipality", ServicePoint: "municipality", Area: "pk"}[model]
    return model._default_manager.filter(**{f"{field}__in": Area.objects.within(place)})


def _everything(kind: Kind) -> QuerySet:
    """All of a kind that a stranger may find."""
    return {
        Kind.AREA: Area.objects.all(),
        Kind.GUIDANCE: GuidanceService.objects.published().select_related("organisation"),
        Kind.TRAINING: TrainingOption.objects.published().select_related("provider"),
        Kind.SERVICE_POINT: ServicePoint.objects.published().open().for_listing(),
        Kind.ORGANISATION: Organisation.objects.published().for_listing(),
        Kind.PROJECT: Project.objects.published(),
    }[kind]


def _group(kind: Kind, wish: Wish) -> Group:
    if kind == Kind.AREA and wish.places:  # the place itself, whatever else was asked about it
        places = Area.objects.filter(pk__in=[place.pk for place in wish.places])
        return Group(kind, list(places.annotate(rank=Value(3.0, FloatField()))), len(wish.places))
    hits = matching(_everything(kind), wish)
    if kind == Kind.TRAINING:
        some = _everything(kind).filter(pk__in=hits.order_by().values("pk")[:RANKED])
        best = some.annotate(rank=_rank(TrainingOption, wish.words)).order_by("-rank", "pk")
        return Group(kind, list(best[:HITS]), hits.count())
    found = list(hits.annotate(total=Window(Count("pk")))[:HITS])
    return Group(kind, found, found[0].total if found else 0)


def _names_like(words: list[str]) -> Iterable[str]:
    """Published names that look like one of the words."""
    queries = []
    for kind in Kind:
        for code in _STEMMERS:
            rows = _everything(kind).select_related(None).alias(shown=Upper(f"name_{code}")).order_by()
            if kind in {Kind.TRAINING, Kind.GUIDANCE}:  # by the index over names
                like = reduce(
                    or_, (Q(shown__trigram_word_similar=word.upper()) for word in words), Q(pk=None)
                )
            else:
                rows = rows.alias(
                    **{f"like_{n}": TrigramWordSimilarity(w, "shown") for n, w in enumerate(words)}
                )
                like = reduce(or_, (Q(**{f"like_{n}__gte": 0.4}) for n in range(len(words))), Q(pk=None))
            queries.append(
                rows.filter(like).annotate(as_shown=F(f"name_{code}")).values_list("as_shown", flat=True)
            )
    return queries[0].union(*queries[1:])
