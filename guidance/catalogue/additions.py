"""What apps to the right add to the catalogue's pages, such as the events that booking knows.

Imports point one way, so the catalogue cannot ask booking. An app tells here what it has, in its own
`additions.py`, which is imported when the portal starts; a page of the catalogue asks for what there is about
its subject and draws it with the app's template.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.functional import Promise

from guidance.catalogue.models import GuidanceService
from network.models import Area, Organisation

ROWS = 5  # of each addition; the rest is behind a link

Subject = Area | Organisation | GuidanceService | None  # None: the whole portal, on its front page
NARROWED_BY = {
    Area: "place",
    Organisation: "organisation",
    GuidanceService: "service",
}  # in addresses of lists


@dataclass(frozen=True)
class Addition:
    """Rows of an app to the right that belong on pages of the catalogue, and how one of them is drawn."""

    heading: str | Promise
    rows: Callable[[Subject], QuerySet[Any]]  # what there is about a subject, in order
    template: str  # draws one row, called `row`
    list_name: str  # the route of the list that has them all
    all_of_them: str | Promise  # the words of the link there


@dataclass(frozen=True)
class AddedSection:
    """The first rows there are about a subject, how many in all, and the list that has them."""

    addition: Addition
    rows: list[Any]
    count: int
    url: str


_additions: list[Addition] = []


def add_to_pages(addition: Addition) -> None:
    """Called by an app's `additions.py`; the order of the apps is the order on the pages."""
    _additions.append(addition)


def sections_about(subject: Subject = None, *, most: int = ROWS) -> list[AddedSection]:
    """What other apps have about a subject; a query for each, and nothing of those that have nothing."""
    sections = (_section(addition, subject, most) for addition in _additions)
    return [section for section in sections if section.rows]


def _section(addition: Addition, subject: Subject, most: int) -> AddedSection:
    rows = list(addition.rows(subject).annotate(total=Window(Count("pk")))[:most])
    url = reverse(addition.list_name)
    if subject is not None:
        url += "?" + urlencode({NARROWED_BY[type(subject)]: subject.slug})
    return AddedSection(addition, rows, rows[0].total if rows else 0, url)
