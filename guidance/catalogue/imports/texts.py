"""Words of a source as this portal keeps them: plain prose in three languages, without markup."""

import html
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any

import nh3
from django.utils.functional import Promise
from django.utils.translation import override

LANGUAGES = ("fi", "sv", "en")
Words = dict[str, str]  # a text by its language
SHORT = 120  # characters
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\xad]")  # controls and soft hyphens
SPACES = re.compile(r"[ \t\xa0]+")
EMPTY_LINES = re.compile(r"\n{3,}")
PLAIN = re.compile(r"[\w.,:;()/+–!?-]+(?: [\w.,:;()/+–!?-]+)*")  # words without anything to be cleaned

_KEPT = {
    "p",
    "div",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "a",
}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}
_LINES = {"br", "li", "tr"}


class _Prose(HTMLParser):
    """Paragraphs and headings with an empty line between, items of lists on lines of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.link = ""
        self.link_text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n– " if tag == "li" else "\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "a":
            self.link, self.link_text = dict(attrs).get("href") or "", []

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self.link:
            address = self.link.removeprefix("mailto:").removeprefix("tel:")
            if _bare(address) not in _bare("".join(self.link_text)):
                self.parts.append(f" ({address})")
            self.link = ""

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        self.parts.append(text)
        self.link_text.append(text)


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address.strip().lower()).rstrip("/")


def prose(value: Any) -> str:
    """A text of a source, which may be HTML, as paragraphs; empty for anything that is not text.

    Scripts and styles go, links keep their address in brackets.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return _short_prose(value) if len(value) <= SHORT else _prose(value)


def _prose(value: str) -> str:
    if re.search(r"<[a-zA-Z/!]", value):
        safe = nh3.clean(
            value,
            tags=_KEPT,
            clean_content_tags={"script", "style"},
            url_schemes={"http", "https", "mailto", "tel"},
        )
        reader = _Prose()
        reader.feed(safe)
        reader.close()
        value = "".join(reader.parts)
    else:
        value = html.unescape(value)
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = SPACES.sub(" ", UNSEEN.sub("", value))
    value = value.replace(" \n", "\n").replace("\n ", "\n")
    return EMPTY_LINES.sub("\n\n", value).strip()


@lru_cache(maxsize=50_000)
def _short_prose(value: str) -> str:
    """Names of codes and places come again and again."""
    return value if PLAIN.fullmatch(value) else _prose(value)


def line(value: Any) -> str:
    """The same on one line."""
    text = prose(value)
    return re.sub(r"\s+", " ", text) if "\n" in text else text


def words(value: Any, *, as_line: bool = False) -> Words:
    """A text by language, of those three that have any."""
    if not isinstance(value, Mapping):
        return {}
    read = line if as_line else prose
    return {code: text for code in LANGUAGES if (text := read(value.get(code)))}


def columns(name: str, texts: Words) -> dict[str, str]:
    """The columns of a translated field; a language without text gets an empty one."""
    return {f"{name}_{code}": texts.get(code, "") for code in LANGUAGES}


def joined(texts: Iterable[Words], separator: str = ", ") -> Words:
    """Several texts after each other in each language, none twice."""
    found: dict[str, dict[str, None]] = {}
    for each in texts:
        for code, text in each.items():
            found.setdefault(code, {})[text] = None
    return {code: separator.join(lines) for code, lines in found.items()}


def first(texts: Words) -> str:
    """The text in the first language that has one."""
    return next((texts[code] for code in LANGUAGES if texts.get(code)), "")


def in_each(label: str | Promise) -> Words:
    """A label of the portal in its three languages."""
    return dict(_in_each(label))


@cache
def _in_each(label: Any) -> tuple[tuple[str, str], ...]:
    found = []
    for code in LANGUAGES:
        with override(code):
            found.append((code, str(label)))
    return tuple(found)


def labelled(label: str | Promise, texts: Words) -> Words:
    """ "Label: text" in each language that has the text."""
    return {code: f"{in_each(label)[code]}: {text}" for code, text in texts.items()}


def together(main: Words, parts: Iterable[Words], separator: str) -> Words:
    """A text with further ones behind it, in the languages of the first; parts fall back to another language.

    So nobody reads in their own language the half of what there is. Without a first text, all languages.
    """
    rest = [part for part in parts if part]
    return {
        code: separator.join(
            text for text in (main.get(code), *(part.get(code) or first(part) for part in rest)) if text
        )
        for code in (main or (LANGUAGES if rest else ()))
    }


def listed(entries: Iterable[Words], separator: str = ", ") -> Words:
    """Names of a list in each language that has all of them; in the first language that any has otherwise."""
    found = [entry for entry in entries if entry]
    whole = [code for code in LANGUAGES if all(entry.get(code) for entry in found)]
    most = whole or [max(LANGUAGES, key=lambda code: sum(code in entry for entry in found))]
    return {
        code: separator.join(dict.fromkeys(entry.get(code) or first(entry) for entry in found))
        for code in (most if found else ())
    }
