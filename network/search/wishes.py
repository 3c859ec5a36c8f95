"""What somebody asks for: words with all the forms that answer them, and the places among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache, reduce
from itertools import combinations
from math import ceil
from typing import cast

from django.core.cache import caches
from django.utils import timezone

from network.models import Area, Synonyms
from opinovi.rows import rows_of
from opinovi.words import LANGUAGES, Reading, is_known, lexeme, read
from opinovi.words.dots import dotted
from opinovi.words.fillers import GENERIC, LEARNING, STOP
from opinovi.words.vectors import words_of

MAX_LENGTH = 100  # characters one may ask with
MAX_WORDS = 8
Areas = dict[str, list[Area]]  # by name
Alternative = tuple[str, ...]  # lexemes that must all be there; one that ends in * begins a word


class Reach(IntEnum):
    """How far a search goes from what was asked.

    Each step is taken only when the one before found nothing.
    """

    STRICT = (
        0  # every word: its inflected forms, synonyms, compounds that hold it, words made from the same verb
    )
    LOOSE = 1  # of compounds that mean learning something, what is learnt
    SOME = 2  # two words in three, because people write sentences


@dataclass(frozen=True)
class Word:
    """A word or a phrase as it was written, and what a text may have instead."""

    written: str
    own: tuple[Alternative, ...] = ()
    others: tuple[Alternative, ...] = ()  # synonyms, a compound in two words, words made from the same verb
    loose: tuple[Alternative, ...] = ()
    is_generic: bool = False
    is_known: bool = True

    def query(self, reach: Reach = Reach.STRICT, weights: str = "") -> str:
        """The word in PostgreSQL's writing of a tsquery; `weights`, such as "AB", say where it must stand."""
        given = self.own + self.others + (self.loose if reach > Reach.STRICT else ())
        return _any_of(_telling_apart(given), weights)

    @property
    def every_form(self) -> str:
        """All that a text may have of the word or instead of it, as a tsquery: for ranks."""
        return _any_of(tuple(dict.fromkeys(self.own + self.others + self.loose)))

    def own_query(self, weights: str) -> str:
        return _any_of(self.own, weights)

    @property
    def forms(self) -> list[str]:
        """How the word, without others that mean the same, may stand or begin in a text."""
        return [one[0].rstrip("*") for one in self.own if len(one) == 1] or [self.written]


Group = tuple[tuple[Word, ...], ...]  # members of a group of synonyms, each in its words
Groups = dict[str, list[tuple[tuple[Word, ...], Group]]]


@dataclass(frozen=True)
class Wish:
    """What somebody asked for. `text` is what it was read from, and `before` what was written when that
    is not it.
    """

    text: str = ""
    words: tuple[Word, ...] = ()
    places: tuple[Area, ...] = ()
    before: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.places)

    @property
    def telling(self) -> tuple[Word, ...]:
        """The words that decide; generic ones only where there is nothing else."""
        return tuple(word for word in self.words if not word.is_generic) or self.words

    def query(self, reach: Reach, weights: str = "") -> str:
        """All words as a tsquery, or two in three of them."""
        queries = [word.query(reach, weights) for word in self.telling]
        if reach < Reach.SOME or len(queries) < 3:
            return _all(queries)
        enough = ceil(len(queries) * 2 / 3)
        return _either([_all(list(some)) for some in combinations(queries, enough)])

    def own_query(self, weights: str) -> str:
        """All words as they were asked for, without synonyms, at places of these weights."""
        return _all([word.own_query(weights) for word in self.telling])

    @property
    def any_query(self) -> str:
        """Any of the words, for ranks."""
        return _either([word.every_form for word in self.words])


def understand(text: str) -> Wish:
    """What the text asks for; an empty wish when it says nothing one could look for.

    A word without its dots is read with them when only so it is a word: *lahihoitaja* as *lähihoitaja*.
    """
    text = " ".join(text[:MAX_LENGTH].replace("\0", " ").split())
    written = [word.strip("-") for word in words_of(text) if len(lexeme(word)) > 1 or word.isdigit()]
    written = [word for word in dict.fromkeys(written) if word.strip("-")][: MAX_WORDS * 2]
    known, areas = _known()
    meant = [_with_dots(word, areas) for word in written]
    before = text if meant != written else ""
    places, rest = _without_places(meant, areas)
    words = _words(rest, _compiled(known))[:MAX_WORDS]
    return Wish(" ".join(meant) if before else text, tuple(words), tuple(places), before)


def _words(written: list[str], groups: Groups) -> list[Word]:
    """The words with their synonyms, the longest phrases first."""
    found: list[Word] = []
    written = _telling(written)
    number = 0
    while number < len(written):
        length, members = _phrase_at(written, number, groups)
        if length:
            found.append(_phrase(written[number : number + length], members))
        else:
            found.append(_word(written[number]))
        number += length or 1
    return found


def _telling(written: list[str]) -> list[str]:
    """Without fillers, unless they are all there is."""
    return [word for word in written if word.lower() not in STOP] or written


@lru_cache(maxsize=5000)
def _word(written: str) -> Word:
    own: list[Alternative] = [(lexeme(written),)]
    others: list[Alternative] = []
    loose: list[Alternative] = []
    for code in LANGUAGES:
        reading = read(written, code)
        if reading.is_sure or (reading.lemmas and not is_known(written)):
            own += [(lemma,) for lemma in reading.lemmas]
            others += [(head, end) for head, tail in reading.splits for end in (tail, *_learning(tail))]
            others += _derived(reading, code)
            loose += [(head,) for head, tail in reading.splits if _learning(tail)]
    known = is_known(written)
    if not known and len(written) > 2:
        own.append((lexeme(written) + "*",))
    lemmas = {one[0] for one in own}
    generic = bool(lemmas & GENERIC)
    return Word(
        written, tuple(dict.fromkeys(own)), tuple(dict.fromkeys(others)), tuple(loose), generic, known
    )


def _learning(tail: str) -> list[str]:
    """What else the end of a compound may be called when it means learning something."""
    return sorted(word for group in LEARNING if tail in group for word in group if word != tail)


def _derived(reading: Reading, code: str) -> list[Alternative]:
    """The verb a word is made from; of a compound, its first part with the verb of the last."""
    found: list[Alternative] = [(root,) for root in reading.roots]
    for head, tail in reading.splits:
        found += [(head, root) for root in read(tail, code).roots]
    return found


def _phrase(written: list[str], members: Iterable[tuple[Word, ...]]) -> Word:
    """Words that mean the same as others: whichever of them a text has."""
    own = _together([_word(each) for each in written])
    others = tuple(alternative for member in members for alternative in _together(list(member)))
    word = _word(written[0]) if len(written) == 1 else Word("")
    others = tuple(one for one in dict.fromkeys(word.others + others) if one not in own)
    return Word(" ".join(written), own, others, word.loose, word.is_generic)


def _together(words: Sequence[Word]) -> tuple[Alternative, ...]:
    """Every way to have all of the words; of one of several words its first base form is enough."""
    if len(words) == 1:
        return words[0].own
    forms = [tuple(dict.fromkeys(one[0].rstrip("*") for one in word.own))[:3] for word in words]
    ways: list[Alternative] = [()]
    for each in forms:
        ways = [(*way, form) for way in ways for form in each]
    return tuple(ways[:24])


@lru_cache(maxsize=4)
def _compiled(texts: tuple[str, ...]) -> Groups:
    """By its first word's forms each phrase of each group."""
    found: Groups = {}
    for text in texts:
        members = [_member(line) for line in Synonyms(words=text).members]
        group = tuple(tuple(map(_word, member)) for member in members if member)
        for member in group:
            for form in _forms(member[0], with_verbs=len(member) > 1):
                found.setdefault(form, []).append((member, group))
    return found


def _member(line: str) -> list[str]:
    """The words of a synonym, without fillers; *oma yritys* is not just any *yritys*."""
    words = [word.strip("-") for word in words_of(line)]
    telling = _telling(words)
    return telling if len(telling) > 1 else words


def _phrase_at(written: list[str], number: int, groups: Groups) -> tuple[int, list[tuple[Word, ...]]]:
    """The longest phrase with synonyms that begins here, as its length, and what else it may be called."""
    longest = 0
    others: list[tuple[Word, ...]] = []
    for form in _forms(_word(written[number]), with_verbs=True):
        for member, group in groups.get(form, []):
            if len(member) < longest or not _says(written[number : number + len(member)], member):
                continue
            if len(member) > longest:
                longest, others = len(member), []
            others += [other for other in group if other is not member]
    return longest, others


def _says(written: list[str], member: tuple[Word, ...]) -> bool:
    if len(written) < len(member):
        return False
    is_phrase = len(member) > 1  # of which another form of the verb is enough: *förlorat jobbet*
    return all(
        _forms(_word(each), is_phrase) & _forms(word, is_phrase)
        for each, word in zip(written, member, strict=True)
    )


def _forms(word: Word, with_verbs: bool) -> set[str]:
    given = [*word.own, *(word.others if with_verbs else ())]
    return {one[0].rstrip("*") for one in given if len(one) == 1}


def _with_dots(word: str, areas: Areas) -> str:
    if is_known(word) or _names_place(word, areas):
        return word
    return next((form for form in dotted(word) if is_known(form)), word)


def _without_places(written: list[str], areas: Areas) -> tuple[list[Area], list[str]]:
    """The places among the words, and the other words."""
    places: dict[int, Area] = {}
    rest: list[str] = []
    number = 0
    while number < len(written):
        pair = " ".join(written[number : number + 2])
        found = areas.get(lexeme(pair), []) if " " in pair else []
        length = 2 if found else 1
        found = found or _names_place(written[number], areas)
        places |= {area.pk: area for area in found}
        if not found:
            rest.append(written[number])
        number += length
    return list(places.values()), rest


def _names_place(word: str, areas: Areas) -> list[Area]:
    """Municipalities and regions that the word names, in any language and case form, or by a postcode."""
    if len(word) == 5 and word.isdecimal():
        return list(Area.objects.filter(postcodes__code=word))
    if found := areas.get(lexeme(word)):
        return found
    lemmas = dict.fromkeys(lemma for language in ("fi", "sv") for lemma in read(word, language).lemmas)
    return next((areas[lemma] for lemma in lemmas if lemma in areas), [])


def _known() -> tuple[tuple[str, ...], Areas]:
    """The groups of synonyms, and the areas by name; read in one query, and anew when the content changes."""
    key = f"known {timezone.localdate()}"
    return cast("tuple[tuple[str, ...], Areas]", caches["content"].get_or_set(key, _read_known))


def _read_known() -> tuple[tuple[str, ...], Areas]:
    kinds = [Area.Kind.REGION, Area.Kind.MUNICIPALITY]
    groups, areas = rows_of([Synonyms.objects.all(), Area.objects.valid_on().filter(kind__in=kinds)])
    found: Areas = {}
    for area in areas:
        names = {lexeme(getattr(area, f"name_{language}") or "") for language in LANGUAGES}
        for name in names - {""}:
            found.setdefault(name, []).append(area)
    return tuple(group.words for group in groups), found


def corrected(wish: Wish, text: str) -> Wish:
    """What a better-spelt text asks for, remembering what was written."""
    return replace(understand(text), before=wish.before or wish.text)


def _telling_apart(given: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Without what asks for more than another does: who takes *verkko* need not ask for *verkko* & *kurssi*.

    What finds the same is found sooner: the index weighs all of a query for each row that has some of it.
    """
    asked = {one: set(one) for one in given}
    return tuple(one for one in asked if not any(other < asked[one] for other in asked.values()))


def _any_of(given: tuple[Alternative, ...], weights: str = "") -> str:
    return _either([_all([_written(each, weights) for each in one]) for one in given])


def _written(form: str, weights: str) -> str:
    begun = form.endswith("*")
    marks = ("*" if begun else "") + weights
    return f"'{form.rstrip('*')}'" + (f":{marks}" if marks else "")


def _all(queries: list[str]) -> str:
    return (
        queries[0]
        if len(queries) == 1
        else reduce(lambda one, two: f"{one} & {two}", map(_bracketed, queries))
    )


def _either(queries: list[str]) -> str:
    return queries[0] if len(queries) == 1 else " | ".join(map(_bracketed, queries))


def _bracketed(query: str) -> str:
    return f"({query})" if " " in query else query
