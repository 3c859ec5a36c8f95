"""Finnish words by Voikko's morphology: libvoikko when the machine has it, else pyvoikko, which pip installs.

Both give the same analyses (Voikko's FSTOUTPUT); only their speed and the age of the lexicon differ.
"""

import importlib
import importlib.metadata
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from opinovi.words.reading import UNKNOWN, Reading, lexeme, unique

_VERB = re.compile(r"^(?:\[[^L\]][^\]]*\])*\[Lt\]\[Xp\]([^\[]+)\[X\]")
_PREFIX = "etuliite"
_HYPHENS = re.compile(r"-+")


class Finnish:
    """An analyser of Finnish."""

    @cached_property
    def name(self) -> str:
        return self._engine[0]

    def read(self, word: str) -> Reading:
        found = self._analyses(word)
        if not found:
            return self._read_by_end(word)
        fewest = min(len(_parts(each)) for each in found)
        simplest = [each for each in found if len(_parts(each)) == fewest]
        lemmas = unique([lexeme(_base(each)) for each in simplest])
        parts: list[str] = []
        splits: list[tuple[str, str]] = []
        for each in simplest:
            joined, halves = _taken_apart(_parts(each))
            parts += joined
            splits += halves
        roots = [root for each in simplest for root in _roots(_parts(each)[-1])]
        if fewest > 1:  # the verb of a last part is not the whole word's
            parts, roots = [*parts, *roots], []
        nouns = [lemma.removesuffix("inen") for lemma in lemmas if lemma.endswith("inen")]
        roots += [noun for noun in nouns if self._analyses(noun)]  # lukihäiriöinen: lukihäiriö
        return Reading(
            lemmas,
            tuple(part for part in unique(parts) if part not in lemmas),
            tuple(dict.fromkeys(splits)),
            tuple(root for root in unique(roots) if root not in lemmas),
            is_sure=fewest < 3 or len(word) > 3 * fewest,
        )

    def _read_by_end(self, word: str) -> Reading:
        """A word with hyphens of which only the last part is known, such as *JOTPA-koulutuksen*."""
        head, hyphen, tail = word.rpartition("-")
        if not hyphen or not head:
            return UNKNOWN
        last = self.read(tail)
        ends = last.lemmas or (lexeme(tail),)
        begun = lexeme(head)
        lemmas = unique([begun + end for end in ends])
        splits = tuple((begun, end) for end in ends)
        return Reading(lemmas, unique([begun, *ends, *last.parts]), splits, (), is_sure=last.is_sure)

    def _analyses(self, word: str) -> list[Any]:
        """All readings; a name of a place is written with a capital letter, though few do when they
        search.
        """
        _name, outputs, parse = self._engine
        for written in (word, word.capitalize()):
            if found := [parse(output) for output in outputs(written)]:
                return found
        return []

    @cached_property
    def _engine(self) -> tuple[str, Callable[[str], list[str]], Callable[[str], Any]]:
        """The library's name, a function from a word to FSTOUTPUTs, and one that takes such an output
        apart.
        """
        pyvoikko = importlib.import_module("pyvoikko")
        parse = pyvoikko.analysis.VoikkoAnalysis.from_voikko_analysis
        if outputs := _libvoikko():
            return (*outputs, parse)
        kfst = importlib.import_module("kfst")
        automaton = pyvoikko.VOIKKO_FST

        def by_pyvoikko(word: str) -> list[str]:
            try:
                return [output for output, _weight in automaton.lookup(word)]
            except kfst.TokenizationException:
                return []

        return f"pyvoikko {importlib.metadata.version('pyvoikko')}", by_pyvoikko, parse


def _libvoikko() -> tuple[str, Callable[[str], list[str]]] | None:
    """The native library, if both it and its Finnish lexicon are there."""
    try:
        library = importlib.import_module("libvoikko").Voikko
        voikko = library("fi")
        if not any("FSTOUTPUT" in each for each in voikko.analyze("koulutus")):
            return None  # a version before 4 has no such attribute
    except (ImportError, OSError, AttributeError, RuntimeError):
        return None
    version = getattr(library, "getVersion", lambda: "4")()

    def by_libvoikko(word: str) -> list[str]:
        return [each["FSTOUTPUT"] for each in voikko.analyze(word) if "FSTOUTPUT" in each]

    return f"libvoikko {version}", by_libvoikko


def _parts(analysis: Any) -> list[Any]:
    return analysis.COMPOUND_PARTS or [analysis]


def _plain(text: str) -> str:
    return _HYPHENS.sub("-", text.replace("=", ""))


def _base(analysis: Any) -> str:
    """The parts as they were written, with the last one's base form: Voikko's own would be
    *aikuinenkoulutus*.
    """
    *first, last = _parts(analysis)
    return "".join(_plain(part.FORM) for part in first) + _plain(last.BASEFORM)


def _taken_apart(parts: list[Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """Every run of neighbouring parts that can stand alone, and each way to cut the word into two."""
    pieces, bare = _with_prefixes(parts)
    count = len(pieces)

    def run(start: int, end: int) -> str:
        return lexeme("".join(form for form, _base in pieces[start : end - 1]) + pieces[end - 1][1])

    runs = [run(start, end) for start in range(count) for end in range(start + 1, count + 1)]
    splits = [(run(0, cut), run(cut, count)) for cut in range(1, count)]
    return [each for each in (*runs, *bare) if len(each) > 1], splits


def _with_prefixes(parts: list[Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """Each part as written and in its base form; *lähi-* and its like belong to the part they stand before.

    That part's own base form comes as well: *lähihoitaja* is also a *hoitaja*.
    """
    pieces: list[tuple[str, str]] = []
    bare: list[str] = []
    before = ""
    for part in parts:
        form, base = _plain(part.FORM), _plain(part.BASEFORM)
        if part.CLASS == _PREFIX and part is not parts[-1]:
            before += form
            continue
        pieces.append((before + form, before + base))
        bare += [lexeme(base)] if before else []
        before = ""
    return pieces, bare


def _roots(last: Any) -> list[str]:
    """The verb that the last part is made from: *ohjaaja* comes from *ohjata*."""
    verb = _VERB.match(last.FSTOUTPUT)
    return [lexeme(_plain(verb[1]))] if verb else []
