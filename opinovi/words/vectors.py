"""What a text is found by: its words with their base forms and parts, as a PostgreSQL tsvector.

Weights: A a word of the name, B a part of a compound in the name, C words kept for searching, D all other
text. The parts of compounds in other texts, and the verbs that words are made from, weigh as much as those
texts.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from opinovi.words import LANGUAGES, lexeme, read

MOST_WORDS = 4000  # of one row; the rest is not found by
_WORD = re.compile(r"[^\W_]+(?:[-’'‑][^\W_]+)*-?")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINING = frozenset(["ja", "tai", "sekä", "eli", "och", "eller", "samt", "and", "or"])


class Part(NamedTuple):
    """A text of a row: its language, what it says, and the weights of its words and of their parts."""

    language: str
    text: str
    weight: str = "D"
    part_weight: str = "D"


def words_of(text: str) -> list[str]:
    """The words of a text as they stand in it.

    One that ends in a hyphen shares the end of a later compound.
    """
    return [_POSSESSIVE.sub("", word).replace("‑", "-") for word in _WORD.findall(text)]


def vector_of(parts: Iterable[Part]) -> str:
    """The texts as a tsvector in PostgreSQL's own writing."""
    found: dict[str, dict[int, str]] = {}
    place = 0
    for part in parts:
        for weighed in _weighed(part):
            place += 1
            if place >= MOST_WORDS:
                return _written(found)
            for word, weight in weighed:
                places = found.setdefault(word, {})
                if len(places) < 200 and (place not in places or weight < places[place]):
                    places[place] = weight
    return _written(found)


@lru_cache(maxsize=30_000)
def lexemes_of(word: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a word is found by: itself and its base forms, then the parts and verbs it is made from."""
    reading = read(word, language)
    if not reading.lemmas:
        reading = next((other for code in LANGUAGES if (other := read(word, code)).is_sure), reading)
    whole = tuple(dict.fromkeys([lexeme(word), *reading.lemmas]))
    return whole, tuple(part for part in (*reading.parts, *reading.roots) if part not in whole)


def _weighed(part: Part) -> Iterator[list[tuple[str, str]]]:
    """The lexemes of each word with their weights."""
    words = words_of(part.text)
    for number, word in enumerate(words):
        bare = word.strip("-")
        # A number is what it is, and there are too many of them to remember
        whole, inside = ((bare,), ()) if bare.isdecimal() else lexemes_of(bare, part.language)
        found = [(each, part.weight) for each in whole] + [(each, part.part_weight) for each in inside]
        if word.endswith("-"):
            found += [(joined, part.weight) for joined in _shared_ends(words, number, part.language)]
        yield found


def _shared_ends(words: list[str], number: int, language: str) -> Iterator[str]:
    """*sosiaali-* of *sosiaali- ja terveysalan* is also *sosiaaliala*."""
    later = [word for word in words[number + 1 : number + 6] if word.lower() not in _JOINING]
    compound = next((word for word in later if not word.endswith("-")), "")
    head = words[number].rstrip("-")
    for _head, tail in read(compound, language).splits if compound else ():
        yield lexeme(head + tail)


def _written(found: dict[str, dict[int, str]]) -> str:
    """Lexemes hold letters and digits alone, so that nothing has to be escaped; places come in order."""
    return " ".join(
        f"{word}:" + ",".join([f"{place + 1}{weight}" for place, weight in places.items()])
        for word, places in found.items()
        if word and len(word.encode()) < 2000
    )
