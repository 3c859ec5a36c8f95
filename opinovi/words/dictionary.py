"""Swedish and English words by simplemma's dictionaries, with compounds taken apart by the same
dictionary.
"""

import importlib
import importlib.metadata
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from opinovi.words.fillers import listed
from opinovi.words.reading import UNKNOWN, Reading, lexeme, unique

# Written together, but not understood by their parts.
_WHOLE = listed(
    """
    handledning vägledning vägledare handledare anställning ledning utbildning inbjudan avbrott
    beslut omställning inriktning undervisning inlärning behörighet anhörig distans framtid
    """
)
_NO_HEAD = listed(
    """
    lös löst lösa löshet lösheten ning ande ende het else are sam bar ligt
    """
)


class Dictionary:
    """What the analysers of both languages share: look a word up, and take apart what is not found."""

    code = ""
    shortest_head, shortest_tail = 3, 4  # letters

    @cached_property
    def name(self) -> str:
        return f"simplemma {importlib.metadata.version('simplemma')}"

    @cached_property
    def _entries(self) -> Any:
        dictionaries = importlib.import_module("simplemma.strategies.dictionaries")
        return dictionaries.LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(self.code)  # 15 MB and not 60

    def read(self, word: str) -> Reading:
        if "-" in word.strip("-"):
            return self._read_hyphenated(word)
        lemma = self._lemma(word)
        cuts = list(self._cuts(word)) if word not in _WHOLE and lemma not in _WHOLE else []
        if not lemma and not cuts:
            return UNKNOWN
        lemmas = self.spellings([word, lemma] if lemma else [word, *(head + tail for head, tail in cuts)])
        parts = []
        for head, tail in cuts:
            for base in self._bases(head):
                parts += [base, *self.read(base).parts]
            parts += [tail, *self.read(tail).parts]
        roots = [root for base in lemmas for root in self.roots(base)]
        return Reading(
            unique([lexeme(each) for each in lemmas]),
            unique([lexeme(part) for part in self.spellings(parts)]),
            tuple((lexeme(base), lexeme(tail)) for head, tail in cuts for base in self._bases(head)),
            tuple(root for root in unique(roots) if root not in lemmas),
            is_sure=bool(lemma),
        )

    def spellings(self, words: list[str]) -> list[str]:
        """The words, and how else the same words are spelt."""
        return words

    def roots(self, lemma: str) -> list[str]:
        """Verbs that a base form is made from."""
        return []

    def _bases(self, head: str) -> list[str]:
        """What the first part of a compound is called when it stands alone."""
        return [head]

    def _lemma(self, word: str) -> str:
        return (self._entries.get(word) or self._entries.get(word.capitalize()) or "").lower()

    def _cuts(self, word: str) -> Iterator[tuple[str, str]]:
        return iter(())

    def _read_hyphenated(self, word: str) -> Reading:
        head, _hyphen, tail = word.rpartition("-")
        last = self.read(tail)
        ends = last.lemmas or (lexeme(tail),)
        begun = lexeme(head)
        return Reading(
            unique([begun + end for end in ends]),
            unique([*map(lexeme, head.split("-")), *ends, *last.parts]),
            tuple((begun, end) for end in ends),
            (),
            is_sure=last.is_sure,
        )


class Swedish(Dictionary):
    """Swedish writes compounds together, often with an *s* between: *yrkesutbildning*."""

    code = "sv"

    def _cuts(self, word: str) -> Iterator[tuple[str, str]]:
        """The cut that leaves the longest known tail, with a known head."""
        for cut in range(self.shortest_head, len(word) - self.shortest_tail + 1):
            head, tail = word[:cut], word[cut:]
            if tail in _NO_HEAD or any(tail.startswith(end) for end in ("ning", "het", "lös")):
                continue
            lemma = self._lemma(tail)
            if len(lemma) >= self.shortest_tail and self._bases(head):
                yield head, lemma
                return

    def _bases(self, head: str) -> list[str]:
        """*skol* stands for skola, *yrkes* for yrke, *studie* for studier, *löne* for lön, *gatu* for
        gata.
        """
        if self._lemma(head) == head or self._lemma(head + "r") == head:
            return [head]
        stem = head[:-1] if head[-1] in "seou" else head
        forms = [stem, stem + "a", stem + "e"]
        return [form for form in forms if len(form) > 2 and self._lemma(form) == form]

    def roots(self, lemma: str) -> list[str]:
        """*svetsare* and *svetsning* come from *svetsa*, *sökande* from *söka*, *förlorad* from *förlora*."""
        ends = ("are", "ning", "ing", "ande", "ende", "ad")
        stems = [lemma.removesuffix(end) + "a" for end in ends if lemma.endswith(end)]
        return [stem for stem in stems if len(stem) > 3 and stem in self._entries]


_BRITISH = (
    (re.compile(r"isation\b"), "ization"),
    (re.compile(r"is(e|ed|es|ing|er)\b"), r"iz\1"),
    (re.compile(r"(lab|neighb|behavi|col|fav)our"), r"\1or"),
    (re.compile(r"centre(s?)\b"), r"center\1"),
    (re.compile(r"programme(s?)\b"), r"program\1"),
    (re.compile(r"ll(ing|ed|or|ors)\b"), r"l\1"),
    (re.compile(r"licence"), "license"),
    (re.compile(r"enrol(ment)?\b"), r"enroll\1"),
)
_NO_AGENTS = listed(
    """
    marketing career number mother other order letter paper corner computer matter summer
    """
)


class English(Dictionary):
    """English in British and American spelling."""

    code = "en"
    shortest_head = 4

    def spellings(self, words: list[str]) -> list[str]:
        found = list(words)
        for word in words:
            for british, american in _BRITISH:
                other = british.sub(american, word)
                if other != word and len(word) > 5:
                    found.append(other)
        return found

    def _cuts(self, word: str) -> Iterator[tuple[str, str]]:
        for cut in range(self.shortest_head, len(word) - self.shortest_tail + 1):
            head, tail = word[:cut], self._lemma(word[cut:])
            if tail and len(tail) >= self.shortest_tail and self._lemma(head) == head:
                yield head, tail
                return

    def _is_verb(self, form: str) -> bool:
        return form in {self._entries.get(form + end) for end in ("s", "es", "ed")}

    def roots(self, lemma: str) -> list[str]:
        """*welder* and *welding* come from *weld*, *baker* from *bake*.

        *hairdresser* from what *hairdressing* does.
        """
        stem = re.sub(r"(?:er|or|ing)$", "", lemma)
        if lemma in _NO_AGENTS or stem == lemma or len(stem) < 4:
            return []
        forms = [stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else ""]
        verbs = [form for form in forms if len(form) > 3 and self._is_verb(form)]
        return verbs or ([stem] if len(stem) > 5 else [])
