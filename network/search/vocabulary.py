"""The words that can be found: filled when the index is rebuilt, asked to mend misspelt words and to
suggest.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Q, When

from network.search.wishes import Wish, corrected
from opinovi.models import VocabularyWord
from opinovi.words import is_known, read
from opinovi.words.dots import folded
from opinovi.words.fillers import STOP
from opinovi.words.reading import lexeme
from opinovi.words.vectors import Part, words_of

SHORTEST = 4  # letters of a word that is mended
NEAR, NEAR_SHORT = 0.3, 0.2  # of trigrams that a better word shares with what was written, and a short one
ASKED = 40  # of the words that look alike are compared letter by letter
_ENDINGS = re.compile(
    r"(?:ksi|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|een|iin|oon|ään|aan|sta|tta|ttä|ien|jen|den|na|nä|en|in|an|än|on|n|t|a|ä"
    r"|arna|erna|orna|et|ar|er|or|s|ing|ed|es)$"
)

_DOING = re.compile(r"mis(?:en|een|t[aä]|e(?:ss|st|ll|lt)[aä]|elle|eksi)$")  # johtamisen and the like


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
            named = _named(plain, bases) if part.weight == "A" else ()
            for form in (plain, *bases, *reading.parts):
                if 2 < len(form) <= 60 and not form.isdigit():
                    found.add(Entry(form, part.language, form in named))
    return found


def _named(word: str, bases: tuple[str, ...]) -> tuple[str, ...]:
    """The form of a name's word that is fit to be suggested, if any: as people write it.

    Base forms have lost their hyphens (*opintoohjaus*), are the verb of what is done (*lähijohtaa*), or
    are one of several that the word could come from (*noki* of *Nokia*).
    """
    if word in bases or lexeme(word) in bases or word.endswith("minen"):
        return (word,)
    is_plain = len(bases) == 1 and "-" not in word and not _DOING.search(word)
    return bases if is_plain else ()


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

    The reader's own language comes before the others. Who writes no dots means those with dots as well.
    A small word between others (*sosiaali- ja*) is whole already.
    """
    before, _space, begun = text.lower().rpartition(" ")
    if len(begun) < 2 or (before and begun in STOP):
        return []
    column = "folded" if begun == folded(begun) else "word"
    names = VocabularyWord.objects.filter(is_name=True, **{f"{column}__startswith": begun})
    own = Case(When(language=language, then=0), default=1)
    as_written = Case(When(word__startswith=begun, then=0), default=1)
    words = names.exclude(word=begun).order_by(own, as_written, "-number", "word")
    rows = words.values_list("word", flat=True)[: most * 2]
    return [f"{before} {word}".strip() for word in dict.fromkeys(rows)][:most]


def better(wish: Wish) -> Wish | None:
    """The wish with its misspelt words put right; None when there is nothing to put right.

    A word that some language knows, or that the content has, is never changed.
    """
    written = [one for word in wish.words for one in word.written.split()]
    meant = _meant(dict.fromkeys(one.lower() for one in written))
    text = wish.text
    for one in written:
        if mended := meant.get(one.lower()):
            text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", mended, text)
    return corrected(wish, text) if text != wish.text else None


def _meant(written: Iterable[str]) -> dict[str, str]:
    """Words of the content that were likely meant, by what was written in lower case instead.

    Two queries at most, however many words there are.
    """
    asked = [word for word in written if len(word) >= SHORTEST]
    there, dotted = _looked_up(asked)
    missing = [word for word in asked if word not in there]
    meant = {word: dotted[word] for word in missing if word in dotted}
    lost = {word: folded(word) for word in missing if word not in dotted and not is_known(word)}
    alike = _alike(set(lost.values()))
    for word, plain in lost.items():
        near = [(_distance_of(plain, like), -number, other) for other, like, number in alike[plain]]
        faults, _number, nearest = min(near, default=(len(plain), 0, ""))
        if faults <= _most_faults(plain):
            meant[word] = nearest
    return meant


def _looked_up(asked: list[str]) -> tuple[set[str], dict[str, str]]:
    """Which of the words the content has, and the commonest one it has of those that only lack their dots."""
    there: set[str] = set()
    dotted: dict[str, str] = {}
    if asked:
        words = VocabularyWord.objects.filter(Q(word__in=asked) | Q(folded__in=asked))
        for word, plain in words.order_by("-number", "word").values_list("word", "folded"):
            there.add(word)
            dotted.setdefault(plain, word)
    return there, dotted


def _alike(asked: Collection[str]) -> dict[str, list[tuple[str, str, int]]]:
    """For each word, those that share trigrams with it, without their dots and with how many rows have them.

    The index goes by a setting of the connection. It is set as the statement comes to each word, so that no
    transaction is needed to keep it.
    """
    found: dict[str, list[tuple[str, str, int]]] = {word: [] for word in asked}
    if not asked:
        return found
    enough = [str(NEAR if len(word) > 6 else NEAR_SHORT) for word in asked]
    table = VocabularyWord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT asked.plain, near.word, near.folded, near.number
            FROM (
                SELECT plain, set_config('pg_trgm.similarity_threshold', enough, true)
                FROM unnest(%s::text[], %s::text[]) one (plain, enough)
            ) asked
            CROSS JOIN LATERAL (
                SELECT word, folded, number FROM "{table}" WHERE folded %% asked.plain
                ORDER BY similarity(folded, asked.plain) DESC, number DESC, word LIMIT {ASKED}
            ) near
            """,  # noqa: S608 - a table and a number of our own
            [list(asked), enough],
        )
        for plain, word, like, number in cursor.fetchall():
            found[plain].append((word, like, number))
    return found


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
