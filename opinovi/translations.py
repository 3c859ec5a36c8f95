"""The portal's translations without the gettext tools: collects messages, judges and compiles the catalogues.

Messages come from Python files and templates alike; the catalogues lie in `opinovi/locale`, one a language.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
LOCALE = PROJECT / "opinovi" / "locale"
LANGUAGES = ("fi", "sv")
SOURCES = ("opinovi", "network", "projects", "guidance", "templates")
POSITIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {  # of the messages among the arguments
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS = {"_": None} | {
    name + ending: place for name, place in POSITIONS.items() for ending in ("", "_lazy", "_noop")
}


def compile_catalogues(folder: Path = LOCALE) -> None:
    """Compile every catalogue that is newer than its compiled form."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as handle:
            write_mo(handle, _read(source))
        draft.replace(target)  # a running portal never meets half a file


@dataclass
class Verdict:
    """What keeps a language from being complete."""

    language: str
    untranslated: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    not_collected: list[str] = field(default_factory=list)
    no_longer_used: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """One line for each fault."""
        for kind in ("untranslated", "fuzzy", "wrong", "not_collected", "no_longer_used"):
            for fault in getattr(self, kind):
                yield f"{self.language}: {kind.replace('_', ' ')}: {fault}"


def judge(language: str, collected: Catalog, folder: Path = LOCALE) -> Verdict:
    """Compare a language's catalogue with the messages there are."""
    file = _file(language, folder)
    catalogue = _read(file) if file.exists() else Catalog(locale=language)
    verdict = Verdict(language)
    there = {_key(message): message for message in catalogue if message.id}
    needed = {_key(message) for message in collected if message.id}
    verdict.not_collected = [_show(key) for key in sorted(needed - set(there))]
    verdict.no_longer_used = [_show(key) for key in sorted(set(there) - needed)]
    for key, message in there.items():
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if not all(forms):
            verdict.untranslated.append(_show(key))
        if message.fuzzy:
            verdict.fuzzy.append(_show(key))
        verdict.wrong += [f"{_show(key)} ({error})" for error in message.check(catalogue)]
    return verdict


def update(language: str, collected: Catalog, folder: Path = LOCALE) -> None:
    """Bring a language's file up to date with the messages there are, keeping what is translated."""
    file = _file(language, folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue = _read(file) if file.exists() else _new_catalogue(language)
    catalogue.update(collected, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with file.open("wb") as handle:
        write_po(handle, catalogue, width=110, sort_by_file=True, include_lineno=False)


def collect(project: Path = PROJECT) -> Catalog:
    """Every message of the portal, with where it stands."""
    catalogue = Catalog(project="Opinovi", fuzzy=False)
    for source in SOURCES:
        for file in sorted((project / source).rglob("*")):
            if file.suffix in {".py", ".html", ".txt", ".xml", ".svg"} and "migrations" not in file.parts:
                _collect_from(file, file.relative_to(project).as_posix(), catalogue)
    return catalogue


def _collect_from(file: Path, name: str, catalogue: Catalog) -> None:
    text = file.read_text()
    if file.suffix != ".py":
        # Lines of a template do not indent like Python's; what is left of them is only calls and filler.
        text = "\n".join(line.strip() for line in templatize(text, origin=name).split("\n"))
    found = extract("python", BytesIO(text.encode()), KEYWORDS, ("Translators:",), {"encoding": "utf-8"})
    for line, message, comments, context in found:
        catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)


def _new_catalogue(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Opinovi",
        version="",
        header_comment=f"# The portal in {Locale(language).english_name}.",
        msgid_bugs_address="",
        last_translator="Opinovi",
        language_team="Opinovi",
        fuzzy=False,
    )


def _file(language: str, folder: Path) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def _read(file: Path) -> Catalog:
    with file.open("rb") as handle:
        return read_po(handle, locale=file.parent.parent.name)


def _key(message: Message) -> tuple[str, str]:
    return (message.context or "", message.id if isinstance(message.id, str) else message.id[0])


def _show(key: tuple[str, str]) -> str:
    context, text = key
    return f"{text!r} in {context!r}" if context else repr(text)
