"""What an analyser says of a word, whatever language and library it speaks for."""

import unicodedata
from dataclasses import dataclass
from typing import Protocol

LONGEST = 60  # letters; no word that people write is longer


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as its language sees it; all forms are in lower case and without hyphens.

    `lemmas`: base forms, none when the word is not known. `parts`: what the compound is made of, single
    parts and neighbours together. `splits`: ways to say a compound in two words. `roots`: verbs the word is
    made from (*hitsaaja* from *hitsata*). `is_sure`: the word stands in the lexicon, and is no mere guess.
    """

    lemmas: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    splits: tuple[tuple[str, str], ...] = ()
    roots: tuple[str, ...] = ()
    is_sure: bool = False


UNKNOWN = Reading()


class Analyser(Protocol):
    """Reads the words of one language. The first word may take a second: the lexicon is loaded then."""

    @property
    def name(self) -> str:
        """The library with its version: an index it wrote is to be written anew when this changes."""

    def read(self, word: str) -> Reading:
        """What the word is; `word` is in lower case and may have hyphens inside."""


def lexeme(word: str) -> str:
    """A word as it stands in an index: lower case, composed characters, no hyphens and no apostrophes."""
    folded = unicodedata.normalize("NFC", word).lower()
    return "".join(letter for letter in folded if letter.isalnum())


def unique(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))
