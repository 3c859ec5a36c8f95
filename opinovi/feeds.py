"""Lists that a program follows for a person: Atom feeds (RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.xmlutils import SimplerXMLGenerator

from opinovi.addresses import absolute

MOST_ENTRIES = 50
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed changed that never had an entry


class Entry(NamedTuple):
    """One row of a list as a feed tells it; `key` names the row for good, such as `training/17`."""

    key: str
    title: str
    url: str
    summary: str
    author: str
    published_at: datetime | None
    changed_at: datetime


class PortalFeed(Atom1Feed):
    """Atom whose own moment is that of its newest entry, so that an unchanged feed stays the same file."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_BEFORE_ANY)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Without an author and a summary where none is known: an empty one says nothing."""
        known = {**item, "description": escape(item["description"]) or None}
        super().add_item_elements(handler, {**known, "author_name": item["author_name"] or None})


def atom_feed(path: str, *, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    """A feed of the entries as they come; `path` is its own, `page` that of the list it follows."""
    language = get_language() or settings.LANGUAGE_CODE
    itself = absolute(path)
    feed = PortalFeed(
        title=f"{title} – Opinovi",
        link=absolute(page),
        description=None,
        language=language,
        author_name="Opinovi",
        feed_url=itself,
        feed_guid=itself,
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.summary,
            unique_id=_tag(entry.key, language),
            author_name=entry.author,
            pubdate=entry.published_at,
            updateddate=entry.changed_at,
        )
    response = HttpResponse(content_type=CONTENT_TYPE)
    feed.write(response, "utf-8")
    response["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
    return response


def _tag(key: str, language: str) -> str:
    """A name that stays when the row is renamed or its page moves (RFC 4151)."""
    return f"tag:{urlsplit(settings.ADDRESS).hostname},2026:{key}/{language}"
