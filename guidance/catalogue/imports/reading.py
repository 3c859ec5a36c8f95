"""Files and addresses as streams of JSON values, whatever is wrong with them."""

import codecs
import io
import json
import math
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 256 * 1024  # characters
LARGEST_ANSWER = 100 * 1024 * 1024  # bytes of one answer from an address
PATIENCE = 30.0  # seconds for an address to answer
_HARMFUL = re.compile("[\x00\ud800-\udfff]")
LISTS = ("hits", "itemList", "items", "contents", "results")  # keys under which sources put their records


class Unreadable(Exception):
    """A document cannot be read: the code of a sentence in report.SENTENCES and its words."""

    def __init__(self, code: str, /, **words: Any) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class Document:
    """Something to read: a file, or what an address answered."""

    name: str
    open: Callable[[], BinaryIO]

    @classmethod
    def of_file(cls, path: Path) -> "Document":
        return cls(path.name, lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> "Document":
        return cls(name, lambda: io.BytesIO(content))


def fetch(address: str) -> bytes:
    """What an address answers. Raises Unreadable."""
    if not address.startswith(("http://", "https://")):
        raise Unreadable("bad_address", name=address)
    request = urllib.request.Request(address, headers={"Accept": "application/json", "User-Agent": "Opinovi"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            content = answer.read(LARGEST_ANSWER + 1)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise Unreadable("no_answer", name=address, error=str(error)[:200]) from error
    if len(content) > LARGEST_ANSWER:
        raise Unreadable("too_large", name=address, size=LARGEST_ANSWER // 1024 // 1024)
    return content


@contextmanager
def letters_of(document: Document) -> Iterator[io.TextIOBase]:
    """The document's text: UTF-8 or UTF-16 by its mark, else Windows-1252. Raises Unreadable."""
    try:
        with document.open() as raw:
            encoding = _encoding(raw)
            raw.seek(0)
            yield io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise Unreadable("no_file", name=document.name) from error


def _encoding(raw: BinaryIO) -> str:
    start = raw.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    raw.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := raw.read(1024 * 1024):
            decoder.decode(chunk)
        decoder.decode(b"", final=False)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def values_of(document: Document) -> Iterator[tuple[str, Any]]:
    """The JSON values of a document, one by one, without holding all of them.

    A list is given by its elements (under the key ""), an object that holds its records under one of
    `LISTS` by those and, at the end, what else stood in it (under "page"); any other object whole, under "".
    Several values may follow each other, as in JSON lines. Raises Unreadable.
    """
    with letters_of(document) as text:
        stream = _Stream(document.name, text)
        if stream.next_letter() == "":
            raise Unreadable("empty", name=document.name)
        while (letter := stream.next_letter()) != "":
            if letter == "[":
                yield from (("", value) for value in stream.elements())
            elif letter == "{":
                yield from stream.members()
            else:
                raise Unreadable("not_records", name=document.name)


class _Stream:
    """Decodes JSON from the front of a text that is read as it is needed."""

    def __init__(self, name: str, text: io.TextIOBase) -> None:
        self.name = name
        self.text = text
        self.buffer = ""
        self.at = 0
        self.is_over = False
        self.count = 0
        self.decoder = json.JSONDecoder(parse_constant=lambda _word: None)

    def next_letter(self) -> str:
        """The next letter that is no white space; empty at the end."""
        while True:
            while self.at < len(self.buffer):
                if self.buffer[self.at] not in " \t\r\n":
                    return self.buffer[self.at]
                self.at += 1
            if not self._more():
                return ""

    def elements(self) -> Iterator[Any]:
        """The elements of the list that begins here."""
        self.at += 1
        if self.next_letter() == "]":
            self.at += 1
            return
        while True:
            yield self.value()
            self.count += 1
            letter = self._expect(",]")
            if letter == "]":
                return

    def members(self) -> Iterator[tuple[str, Any]]:
        """What the object that begins here holds."""
        self.at += 1
        rest: dict[str, Any] = {}
        is_page = False
        while self.next_letter() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise self._broken()
            self._expect(":")
            if key in LISTS and self.next_letter() == "[":
                is_page = True
                yield from ((key, value) for value in self.elements())
            else:
                rest[key] = self.value()
            if self.next_letter() == ",":
                self.at += 1
            elif self.next_letter() != "}":
                raise self._broken()
        self.at += 1
        self.count += not is_page
        yield ("page" if is_page else ""), rest

    def value(self) -> Any:
        """The value that begins here."""
        while True:
            if self.next_letter() == "":
                raise self._broken()
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                place = error.pos - self.at
                if self._more():
                    continue
                raise self._broken(error, place) from error
            except (ValueError, RecursionError) as error:
                raise Unreadable("broken", name=self.name, count=self.count) from error
            if end == len(self.buffer) and self._more():  # a number may go on
                continue
            self.at = end
            try:
                return harmless(value)
            except RecursionError as error:  # lists within lists without end
                raise Unreadable("broken", name=self.name, count=self.count) from error

    def _expect(self, letters: str) -> str:
        letter = self.next_letter()
        if letter == "" or letter not in letters:
            raise self._broken()
        self.at += 1
        return letter

    def _broken(self, error: json.JSONDecodeError | None = None, place: int = 0) -> Unreadable:
        is_cut = self.next_letter() == ""
        if error is not None:
            is_cut = self.at + place >= len(self.buffer.rstrip()) or error.msg.startswith("Unterminated")
        return Unreadable("cut_off" if is_cut else "broken", name=self.name, count=self.count)

    def _more(self) -> bool:
        if self.is_over:
            return False
        wanted = max(CHUNK, len(self.buffer) - self.at)  # doubles, so that one large value costs no square
        chunk = self.text.read(wanted)
        self.is_over = not chunk
        self.buffer = self.buffer[self.at :] + chunk
        self.at = 0
        return bool(chunk)


def harmless(value: Any) -> Any:
    """A JSON value without what PostgreSQL refuses: nulls, halves of characters, endless numbers."""
    if isinstance(value, str):
        return _HARMFUL.sub("", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**18 else None
    if isinstance(value, list):
        return [harmless(each) for each in value]
    if isinstance(value, dict):
        return {harmless(key): harmless(each) for key, each in value.items()}
    return value
