"""The words that can be found: filled when the index is rebuilt, asked to mend misspelt words and to
suggest.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Case, When

from network.search.wishes import Wish, corrected
from opinovi.models import VocabularyWord
from opinovi.words import is_known, read
from opinovi.words.dots import folded
from opinovi.words.vectors import Part, words_of

SHORTEST = 4  # letters of a word that is mended
NEAR, NEAR_SHORT = 0.3, 0.2  # of trigrams that a better word shares with what was written, and a short one
ASKED = 40  # of the words that look alike are compared letter by letter
_ENDINGS = re.compile(
    r"(?:ksi|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|een|iin|oon|ään|aan|sta|tta|ttä|ien|jen|den|na|nä|en|in|an|än|on|n|t|a|ä"
    r"|arna|erna|orna|et|ar|er|or|s|ing|ed|es)$"
)


class Entry(NamedTuple):
    """A word with its language, and whether a name has it."""

    word: str
    language: str
    is_name: bool


def entries_of(parts: Iterable[Part]) -> set[Entry]:
    """The words of a row's texts as they are written, and their base forms and parts."""
    found: set[Entry] = set()
    for part in parts:
        for word in words_of(part.text):
            plain = word.strip("-").lower()
            reading = read(plain, part.language)
            bases = reading.lemmas or (plain,)
            for form in (plain, *bases, *reading.parts):
                if 2 < len(form) <= 60 and not form.isdigit():
                    found.add(Entry(form, part.language, part.weight == "A" and form in bases))
    return found


def learn(numbers: dict[Entry, int]) -> None:
    """Write words into the vocabulary with how many rows have them; what it had of other words stays."""
    merged: dict[tuple[str, str], tuple[int, bool]] = {}
    for (word, language, is_name), number in numbers.items():
        before, was_name = merged.get((word, language), (0, False))
        merged[word, language] = max(before, number), is_name or was_name
    VocabularyWord.objects.bulk_create(
        [
            VocabularyWord(word=word, language=language, folded=folded(word), number=number, is_name=is_name)
            for (word, language), (number, is_name) in merged.items()
        ],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["word", "language"],
        update_fields=["number", "is_name"],
    )


def suggestions(text: str, language: str, most: int = 8) -> list[str]:
    """How the text may go on: its last word completed by words that names have, the commonest first.

    The reader's own language comes before the others.
    """
    before, _space, begun = text.lower().rpartition(" ")
    if len(begun) < 2:
        return []
    words = VocabularyWord.objects.filter(word__startswith=begun, is_name=True).exclude(word=begun)
    own = Case(When(language=language, then=0), default=1)
    rows = words.order_by(own, "-number", "word").values_list("word", flat=True)[: most * 2]
    return [f"{before} {word}".strip() for word in dict.fromkeys(rows)][:most]


def better(wish: Wish) -> Wish | None:
    """The wish with its misspelt words put right; None when there is nothing to put right.

    A word that some language knows, or that the content has, is never changed.
    """
    text = wish.text
    for word in wish.words:
        for written in word.written.split():
            if mended := _mended(written):
                text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", mended, text)
    return corrected(wish, text) if text != wish.text else None


def _mended(written: str) -> str:
    """A word of the content that was likely meant; empty when there is none."""
    plain, asked = written.lower(), folded(written)
    if len(plain) < SHORTEST or VocabularyWord.objects.filter(word=plain).exists():
        return ""
    if asked == plain and (dotted := _with_dots_of(plain)):
        return dotted
    if is_known(plain):
        return ""
    alike = [(_distance_of(asked, like), -number, word) for word, like, number in _alike(asked)]
    faults, _number, nearest = min(alike, default=(len(asked), 0, ""))
    return nearest if faults <= _most_faults(asked) else ""


def _with_dots_of(plain: str) -> str:
    """The commonest word of the content that only lacks its dots here; empty when there is none."""
    words = VocabularyWord.objects.filter(folded=plain).order_by("-number", "word")
    return next(iter(words.values_list("word", flat=True)[:1]), "")


def _alike(asked: str) -> list[tuple[str, str, int]]:
    """Words that share trigrams with what was asked; by the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
            [str(NEAR if len(asked) > 6 else NEAR_SHORT)],
        )
    rows = VocabularyWord.objects.filter(folded__trigram_similar=asked)
    rows = rows.annotate(likeness=TrigramSimilarity("folded", asked)).order_by("-likeness", "-number", "word")
    return [(row.word, row.folded, row.number) for row in rows[:ASKED]]


def _most_faults(word: str) -> float:
    """How many faults a word of this length may have."""
    return 1 if len(word) < 6 else 2 if len(word) < 12 else 3


def _distance_of(asked: str, word: str) -> float:
    """Faults between the two, whether or not the asked word is inflected."""
    whole = distance(asked, word)
    stem = _ENDINGS.sub("", asked)
    ended = distance(stem, _ENDINGS.sub("", word)) + 0.5 if stem != asked and len(stem) > 3 else whole
    return min(whole, ended)


def distance(one: str, other: str) -> int:
    """Letters to add, take away, change, or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [number, *[0] * len(other)]
        for place, wanted in enumerate(other, start=1):
            row[place] = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != wanted))
            swapped = number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == wanted
            if swapped:
                row[place] = min(row[place], earlier[place - 2] + 1)
    return row[-1]
