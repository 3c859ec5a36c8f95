"""Spreadsheets in and out: XLSX and CSV as people's office programs write and read them."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import tablib
from django.utils.translation import gettext as _
from openpyxl import Workbook  # type: ignore[import-untyped]  # tablib's own way to XLSX
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]

MOST_ROWS = 2000
MOST_COLUMNS = 50
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000  # characters; Excel calls a file with a longer one broken
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

Cell = str | int | Decimal | date | None


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


def csv_parts(headers: list[str], batches: Iterable[list[list[Cell]]]) -> Iterator[bytes]:
    """A CSV file part by part, as `write_sheet` writes it, for lists that are too long to be held.

    Days are ISO 8601; numbers have the decimal comma that Excel reads in Finland.
    """
    yield "\ufeff".encode()
    yield _csv_lines([headers])
    for batch in batches:
        yield _csv_lines([[_in_csv(cell) for cell in row] for row in batch])


def xlsx_file(headers: list[str], batches: Iterable[list[list[Cell]]], *, title: str) -> IO[bytes]:
    """An XLSX file on the disk, open at its beginning, in which days are days and numbers are numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=title[:31])
    sheet.freeze_panes = "A2"
    sheet.append(headers)
    for batch in batches:
        for row in batch:
            sheet.append([_tame(cell) if isinstance(cell, str) else cell for cell in row])
    file = TemporaryFile()  # noqa: SIM115  # the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _csv_lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else _tame(str(cell))


def _tame(text: str) -> str:
    """A text that no program takes for a formula and that fits a cell."""
    return _harmless(ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])


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
