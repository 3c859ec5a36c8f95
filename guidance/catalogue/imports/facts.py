"""What is gathered while a record is made: notes under headings, and what is not understood."""

from collections.abc import Iterable, Mapping
from typing import Any

from guidance.catalogue.imports.records import Fact
from guidance.catalogue.imports.texts import LANGUAGES, Words, columns, first, in_each, joined


class Notes:
    """Further information under headings, in the order it comes; texts of one heading in a row."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[Words, list[Words]]] = {}

    def add(self, heading: Any, *texts: Words) -> None:
        """A heading is a label of the portal or the source's own words by language."""
        found = [text for text in texts if text]
        if not found:
            return
        words = heading if isinstance(heading, dict) else in_each(heading)
        self._texts.setdefault(first(words), (words, []))[1].extend(found)

    def rows(self) -> list[dict[str, Any]]:
        return [
            {**columns("heading", heading), **columns("text", joined(texts, "\n\n")), "order": order}
            for order, (heading, texts) in enumerate(self._texts.values(), start=1)
        ]


class Facts:
    """What is said about a record in the report, each thing once."""

    def __init__(self) -> None:
        self.list: list[Fact] = []

    def say(self, code: str, /, **words: Any) -> None:
        if (code, words) not in self.list:
            self.list.append((code, words))


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is an object; an empty one where it is not."""
    return value if isinstance(value, Mapping) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; of anything else none."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """An identifier or a word, where it is text."""
    return value.strip() if isinstance(value, str) else ""


def whole_number(value: Any) -> int | None:
    """A number without decimals that is not below zero; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) < 10:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < 10**9 else None


def pairs(entries: Any, *, language: str = "language", value: str = "value") -> dict[str, list[str]]:
    """Texts by language out of `[{"language": "fi", "value": "…"}]`."""
    found: dict[str, list[str]] = {}
    for entry in objects(entries):
        code, text = text_of(entry.get(language)), entry.get(value)
        if code in LANGUAGES and isinstance(text, str) and text.strip():
            found.setdefault(code, []).append(text)
    return found


def unknown_keys(thing: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    """Keys that say something and that nobody here knows."""
    return sorted(key for key in thing.keys() - set(known) if thing[key] not in (None, "", [], {}, False))
