"""Addresses of open interfaces, page after page."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from guidance.catalogue.imports.reading import Document, fetch

MOST_PAGES = 5000


def documents_at(address: str) -> Iterator[Document]:
    """What an address answers, and its further pages where the answer says that there are some.

    Pages are asked for as they are read. Raises Unreadable when one does not come.
    """
    taken = 0
    for number in range(_page_of(address), MOST_PAGES):
        here = address if number == _page_of(address) else _with_page(address, number)
        content = fetch(here)
        yield Document.of_bytes(here, content)
        page = _page(content)
        taken += len(page.get("hits") or page.get("itemList") or page.get("items") or [])
        if not _has_more(page, number, taken):
            return


def _page(content: bytes) -> dict[str, Any]:
    try:
        page = json.loads(content)
    except (ValueError, RecursionError):  # reading it says so
        return {}
    return page if isinstance(page, dict) else {}


def _has_more(page: dict[str, Any], number: int, taken: int) -> bool:
    """Whether pages follow: Opintopolku tells how many hits there are, PTV and HSDS how many pages."""
    hits, total = page.get("hits"), page.get("total")
    if isinstance(hits, list) and isinstance(total, int):
        return bool(hits) and taken < total
    count = page.get("pageCount", page.get("totalPages", page.get("total_pages")))
    return isinstance(count, int) and number < count


def _page_of(address: str) -> int:
    found = parse_qs(urlsplit(address).query).get("page", ["1"])[0]
    return int(found) if found.isdecimal() and len(found) < 6 else 1


def _with_page(address: str, number: int) -> str:
    parts = urlsplit(address)
    query = {**parse_qs(parts.query, keep_blank_values=True), "page": [str(number)]}
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
