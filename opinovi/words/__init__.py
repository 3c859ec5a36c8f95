"""The words of Finnish, Swedish and English: base forms, compound parts, and what an index is made of.

`read` asks the analyser of a language. A better analyser takes its place in `_ANALYSERS` alone; `signature`
then changes, and `manage.py rebuild_search --check` tells that the index is to be written anew.
"""

from functools import lru_cache

from opinovi.words.dictionary import English, Swedish
from opinovi.words.finnish import Finnish
from opinovi.words.reading import LONGEST, UNKNOWN, Analyser, Reading, lexeme

__all__ = ["LANGUAGES", "Reading", "is_known", "lexeme", "preload", "read", "signature"]

_WAY = 1  # grows when the same analysers are made to write an index in another way
_ANALYSERS: dict[str, Analyser] = {"fi": Finnish(), "sv": Swedish(), "en": English()}
LANGUAGES = tuple(_ANALYSERS)


@lru_cache(maxsize=100_000)
def read(word: str, language: str) -> Reading:
    """What the word is in the language (`fi`, `sv` or `en`); an empty reading when it is not known there.

    Safe in threads: two that come at once both load the lexicon, and one is thrown away.
    """
    written = word.lower().strip("-")
    return _ANALYSERS[language].read(written) if 1 < len(written) <= LONGEST else UNKNOWN


def is_known(word: str) -> bool:
    """Whether some language has the word."""
    return any(read(word, language).is_sure for language in LANGUAGES)


def preload() -> None:
    """Load every lexicon, so that processes forked afterwards share its memory."""
    for language in LANGUAGES:
        read("opinovi", language)


def signature() -> str:
    """Which analysers write the index, with their versions."""
    names = dict.fromkeys(analyser.name for analyser in _ANALYSERS.values())
    return f"{', '.join(names)}; {_WAY}"
