"""Spreadsheets in and out: XLSX and CSV as people's office programs write and read them."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import tablib
from django.utils.translation import gettext as _

MOST_ROWS = 2000
MOST_COLUMNS = 50
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class UnreadableSheet(Exception):
    """The file is not a spreadsheet that can be read; the text says why."""


def write_sheet(headers: list[str], rows: Iterable[list[str]], *, kind: str) -> bytes:
    """A sheet as XLSX or as CSV (UTF-8 with a mark and semicolons: what Excel opens right in Finland).

    A cell that a program would take for a formula gets an apostrophe before it.
    """
    data = tablib.Dataset(headers=headers, title="Opinovi")
    for row in rows:
        data.append([_harmless(cell) for cell in row])
    if kind == "xlsx":
        return data.export("xlsx")
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([headers, *(list(row) for row in data)])
    return out.getvalue().encode("utf-8-sig")


def read_sheet(content: bytes, *, kind: str) -> list[dict[str, str]]:
    """The rows of a sheet by their headings, each cell as text; empty rows are left out.

    Raises UnreadableSheet.
    """
    table = _read_xlsx(content) if kind == "xlsx" else _read_csv(content)
    if not table:
        raise UnreadableSheet(_("The file is empty."))
    headers = [str(cell).strip().lower() for cell in table[0]]
    if len(headers) > MOST_COLUMNS:
        raise UnreadableSheet(_("The file has too many columns."))
    rows = [
        dict(zip(headers, (_plain(cell) for cell in row), strict=False))
        for row in table[1:]
        if any(str(cell).strip() for cell in row if cell is not None)
    ]
    if len(rows) > MOST_ROWS:
        text = _("The file has more than %(most)s rows. Divide it into smaller ones.")
        raise UnreadableSheet(text % {"most": MOST_ROWS})
    return rows


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _read_xlsx(content: bytes) -> list[list[Any]]:
    try:
        data = tablib.Dataset().load(io.BytesIO(content), format="xlsx", headers=False, read_only=True)
    except Exception as error:  # openpyxl and zipfile raise a dozen kinds for a broken file
        raise UnreadableSheet(_("The file is not an XLSX spreadsheet, or it is broken.")) from error
    return [list(row) for row in data]


def _read_csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableSheet(_("The letters of the file cannot be read. Save it as CSV UTF-8."))
    if any(letter < " " and letter not in "\t\r\n" for letter in text):
        raise UnreadableSheet(_("The file is not a CSV table, or it is broken."))
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableSheet(_("The file is not a CSV table, or it is broken.")) from error
