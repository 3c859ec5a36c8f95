"""A public list in other forms: as a spreadsheet, and as a feed to follow. The rows are those of the page."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst, slugify
from django.utils.translation import get_language, override

from network.forms.search import SearchForm
from network.sheets import CONTENT_TYPES, Cell, csv_parts, xlsx_file
from opinovi.feeds import MOST_ENTRIES, Entry, atom_feed

ROWS_AT_ONCE = 1000
MOST_XLSX_ROWS = 10_000  # a longer one keeps a processor busy for many seconds; CSV has all rows


class Column(NamedTuple):
    """A column of a list's spreadsheet: its heading, and what a row has there."""

    heading: str | Promise
    cell: Callable[[Any], Cell]


def list_feed(
    request: HttpRequest,
    form: SearchForm,
    rows: QuerySet[Any],
    *,
    title: str,
    page: str,
    entry: Callable[[Any], Entry],
) -> HttpResponse:
    """The newest rows that match, as Atom. `page` is the route of the list, `entry` tells one row."""
    found = form.narrow(rows).order_by("-published_at", "-pk")[:MOST_ENTRIES]
    query = f"?{form.query}" if form.query else ""
    heading = f"{title}: {form.subject}" if form.subject else title
    return atom_feed(
        f"{request.path}{query}", title=heading, page=f"{reverse(page)}{query}", entries=map(entry, found)
    )


def list_sheet(
    request: HttpRequest,
    form: SearchForm,
    rows: QuerySet[Any],
    *,
    title: str,
    columns: list[Column],
    kind: str,
) -> HttpResponseBase:
    """All rows that match, in the order of the list; XLSX is cut at MOST_XLSX_ROWS and its name says so.

    The rows are read by a fixed number of queries for each thousand. Raises Http404 for another kind of file.
    """
    if kind not in CONTENT_TYPES:
        raise Http404
    pks = list(form.narrow(rows).values_list("pk", flat=True))
    most = MOST_XLSX_ROWS if kind == "xlsx" else len(pks)
    cut = f"-first-{most}" if len(pks) > most else ""
    name = f"{slugify(title)}-{timezone.localdate():%Y-%m-%d}{cut}.{kind}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
        "X-Robots-Tag": "noindex",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type=CONTENT_TYPES[kind], headers=headers)
    headings = [capfirst(str(column.heading)) for column in columns]
    batches = _batches(rows, pks[:most], columns)
    if kind == "csv":
        parts = csv_parts(headings, batches)
        return StreamingHttpResponse(parts, content_type=CONTENT_TYPES[kind], headers=headers)
    file = xlsx_file(headings, batches, title=title)
    return FileResponse(file, content_type=CONTENT_TYPES[kind], headers=headers)


def _batches(rows: QuerySet[Any], pks: list[int], columns: list[Column]) -> Iterator[list[list[Cell]]]:
    """The cells of a thousand rows at a time, written in the language in which this was asked for.

    A row that was deleted since it was counted is left out.
    """
    language = get_language()
    rows = rows.order_by()
    for numbers in (pks[first : first + ROWS_AT_ONCE] for first in range(0, len(pks), ROWS_AT_ONCE)):
        with override(language):
            found = rows.in_bulk(numbers)
            batch = [[column.cell(found[pk]) for column in columns] for pk in numbers if pk in found]
        yield batch
