"""Texts and contacts of the Finnish Service Catalogue, as several of its records have them."""

from collections.abc import Mapping
from typing import Any

from guidance.catalogue.imports.facts import mapping, objects, pairs, text_of
from guidance.catalogue.imports.texts import Words, line, prose

Step = Mapping[str, Any]


def texts(entries: Any, *types: str) -> Words:
    """Texts by language, of the given types; those of one language follow each other."""
    chosen = [entry for entry in objects(entries) if not types or text_of(entry.get("type")) in types]
    found = pairs(chosen)
    return {code: text for code, values in found.items() if (text := "\n\n".join(map(prose, values)).strip())}


def lines(entries: Any, *types: str) -> Words:
    return {code: line(text) for code, text in texts(entries, *types).items()}


def names(entries: Any) -> list[Words]:
    """The names of classes, terms and groups."""
    return [lines(entry.get("name")) for entry in objects(entries)]


def phone_numbers(channel: Step) -> list[str]:
    """Numbers as one dials them; a Finnish service number has no country code."""
    found = []
    for entry in objects(channel.get("phoneNumbers")):
        number, prefix = text_of(entry.get("number")), text_of(entry.get("prefixNumber"))
        if number:
            is_service = entry.get("isFinnishServiceNumber") is True or not prefix
            found.append(number if is_service else f"{prefix} {number}")
    return list(dict.fromkeys(found))


def phone_lines(channel: Step) -> list[str]:
    """The numbers with what is said of each: what for, what it costs."""
    found = []
    for number, entry in zip(phone_numbers(channel), objects(channel.get("phoneNumbers")), strict=False):
        said = [text_of(entry.get("additionalInformation")), text_of(entry.get("chargeDescription"))]
        said = [word for word in said if word]
        found.append(f"{number} ({', '.join(said)})" if said else number)
    return found


def emails(channel: Step) -> list[str]:
    entries = [*objects(channel.get("emails")), *objects(channel.get("supportEmails"))]
    return list(dict.fromkeys(value for entry in entries if (value := text_of(entry.get("value")))))


def websites(channel: Step) -> list[str]:
    found = [text_of(entry.get("url")) for entry in objects(channel.get("webPages"))]
    return [url for url in dict.fromkeys(found) if url.startswith(("http://", "https://"))]


def is_public(record: Step) -> bool:
    return text_of(mapping(record).get("publishingStatus")) in {"", "Published"}
