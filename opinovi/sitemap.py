"""Every public page for search engines (sitemaps.org), in files of moderate size.

A file holds rows by their primary keys, so that a row stays in its file and an unchanged file stays the same
one. `lastmod` is when the row last changed in truth; where that is not known it is left out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from opinovi.addresses import absolute

KEYS_A_FILE = 2000  # each row stands there once for each language; a file may have 50 000 addresses
Addresses = dict[str, str]  # of one page, by language
Entry = tuple[Addresses, datetime | None]

_PLACE = "slug-of-the-row"

_INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
_SET = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


class Kind(NamedTuple):
    """Rows that have a page each: their model, whose `published()` are public, and the page's route."""

    model: str
    route: str


KINDS = {
    "trainings": Kind("catalogue.TrainingOption", "catalogue:public:training_detail"),
    "guidance": Kind("catalogue.GuidanceService", "catalogue:public:guidance_detail"),
    "organisations": Kind("network.Organisation", "catalogue:public:organisation_detail"),
    "service-points": Kind("network.ServicePoint", "catalogue:public:service_point_detail"),
    "networks": Kind("network.Network", "catalogue:public:network_detail"),
    "projects": Kind("projects.Project", "projects:public:project_detail"),
    "programmes": Kind("projects.Programme", "projects:public:programme_detail"),
    "events": Kind("booking.GroupSession", "booking:public:group_session_detail"),
    "financing": Kind("catalogue.Funding", "catalogue:public:funding_detail"),
    "situations": Kind("catalogue.LifeSituation", "catalogue:public:situation_detail"),
}
AREAS = Kind("network.Area", "catalogue:public:area_detail")
PAGES = [
    "catalogue:public:front_page",
    "catalogue:public:training_list",
    "catalogue:public:guidance_list",
    "catalogue:public:area_list",
    "network:public:service_point_list",
    "network:public:organisation_list",
    "projects:public:project_list",
    "projects:public:programme_list",
    "projects:public:material_list",
    "booking:public:service_choose",
    "booking:public:group_session_list",
    "booking:public:data",
    "catalogue:public:funding_list",
    "catalogue:public:situation_list",
    "catalogue:public:stop_list",
    "opinovi:public:accessibility",
    "opinovi:public:privacy",
]


def sitemap_index() -> str:
    """The list of all files, each with the newest change in it; one query for each kind of rows."""
    entries = [_file("pages", 0, None), _file("areas", 0, None)]
    for name, kind in KINDS.items():
        parts = _rows(kind).annotate(part=F("pk") / KEYS_A_FILE).values("part").order_by("part")
        for part, changed_at in parts.annotate(last=Max("changed")).values_list("part", "last"):
            entries.append(_file(name, part, changed_at))
    return "".join([_HEAD, _INDEX, *entries, "</sitemapindex>"])


def sitemap_file(name: str, part: int) -> str | None:
    """The addresses of one file in all languages, or None if there is no such file."""
    if name == "pages" and part == 0:
        return _url_set((_in_languages(route), None) for route in PAGES)
    if name == "areas" and part == 0:
        slugs = apps.get_model(AREAS.model).objects.order_by("pk").values_list("slug", flat=True)
        return _url_set(_of_rows(AREAS, ((slug, None) for slug in slugs)))
    if name not in KINDS:
        return None
    first = part * KEYS_A_FILE
    rows = _rows(KINDS[name]).filter(pk__gte=first, pk__lt=first + KEYS_A_FILE).order_by("pk")
    found = list(rows.values_list("slug", "changed"))
    return _url_set(_of_rows(KINDS[name], found)) if found else None


def _rows(kind: Kind) -> QuerySet[Any]:
    """What is published, with the moment when it was `changed` or published last."""
    published = apps.get_model(kind.model).objects.published()
    return published.annotate(changed=Greatest("changed_at", "published_at"))


def _file(name: str, part: int, changed_at: datetime | None) -> str:
    address = absolute(reverse("sitemap_file", args=[name, part]))
    return f"<sitemap><loc>{address}</loc>{_lastmod(changed_at)}</sitemap>"


def _in_languages(route: str, *args: str) -> Addresses:
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = absolute(reverse(route, args=args))
    return found


def _of_rows(kind: Kind, rows: Iterable[tuple[str, datetime | None]]) -> Iterator[Entry]:
    """The route is worked out once for all rows: doing that for each takes longer than all else."""
    patterns = _in_languages(kind.route, _PLACE)
    for slug, changed_at in rows:
        yield {code: pattern.replace(_PLACE, slug) for code, pattern in patterns.items()}, changed_at


def _url_set(entries: Iterable[Entry]) -> str:
    """Each page once for each language, every time with its addresses in all of them."""
    lines = [_HEAD, _SET]
    for addresses, changed_at in entries:
        languages = {**addresses, "x-default": addresses[settings.LANGUAGE_CODE]}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(address)}"/>'
            for code, address in languages.items()
        )
        end = f"{_lastmod(changed_at)}{others}</url>"
        lines += [f"<url><loc>{escape(address)}</loc>{end}" for address in addresses.values()]
    return "".join([*lines, "</urlset>"])


def _lastmod(changed_at: datetime | None) -> str:
    """To the second (W3C Datetime)."""
    return f"<lastmod>{changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed_at else ""
