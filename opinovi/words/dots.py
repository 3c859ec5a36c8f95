"""Words written without the dots and rings of å, ä and ö, as on a foreign keyboard."""

from collections.abc import Iterator
from itertools import combinations, product

MOST = 400  # ways to read one word
_FOLDED = str.maketrans("åäöÅÄÖéü", "aaoAAOeu")
_DOTS = str.maketrans("ao", "äö")


def folded(word: str) -> str:
    """The word in lower case without dots and rings."""
    return word.lower().translate(_FOLDED)


def dotted(word: str) -> Iterator[str]:
    """Ways to write the word with its dots; the likeliest first, the word itself not among them.

    Finnish vowels are all front or all back in each part of a compound, so the dots change at most twice in a
    word; in Swedish any vowel may have them.
    """
    seen = {word}
    for way in (*_finnish(word), *_swedish(word)):
        if way not in seen:
            seen.add(way)
            yield way
        if len(seen) > MOST:
            return


def _finnish(word: str) -> Iterator[str]:
    front = word.translate(_DOTS)
    yield front
    ends = [number + 1 for number, letter in enumerate(word) if letter in "ao"]
    for cut in ends:
        yield front[:cut] + word[cut:]
        yield word[:cut] + front[cut:]
    for start, end in combinations(ends, 2):
        yield word[:start] + front[start:end] + word[end:]
        yield front[:start] + word[start:end] + front[end:]


def _swedish(word: str) -> Iterator[str]:
    if sum(letter in "ao" for letter in word) > 6:
        return
    choices = [{"a": "aäå", "o": "oö"}.get(letter, letter) for letter in word]
    yield from ("".join(letters) for letters in product(*choices))
