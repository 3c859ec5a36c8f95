"""HSDS's tabular data package: CSV files in a zip, put together again as full records.

Source: https://docs.openreferral.org/en/v3.1.0/hsds/serialization.html. Files are known by the name of their
table, in the singular or the plural; the portal's own records stand in `opinovi.csv`.
"""

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.exports.hsds.tables import PORTAL_TERMS as OWN
from guidance.catalogue.exports.hsds.tables import TABLES, Record
from guidance.catalogue.imports.reading import Document, Unreadable, harmless

LARGEST = 300  # megabytes of all the files when they are unpacked
WHOLE = ("organization", "location", "service")
PAGES = "taxonomy_term"  # some words are pages of the portal and have its own record
START = b"PK\x03\x04"

Children = dict[tuple[str, str, str], list[Record]]  # by their table, the table of the owner and its id


def is_package(document: Document) -> bool:
    """Whether a document is a zip. Raises Unreadable."""
    try:
        with document.open() as raw:
            return raw.read(len(START)) == START
    except OSError as error:
        raise Unreadable("no_file", name=document.name) from error


def package_records(document: Document) -> Iterator[Record]:
    """Organisations, locations and services of a package, with all their parts. Raises Unreadable."""
    tables = _tables(document)
    for table in (*WHOLE, PAGES):
        for row in tables.get(table, {}).values():
            for own in _own(tables, table, row):
                row[OWN] = own
    children = _children(tables)
    for table in WHOLE:
        for row in tables.get(table, {}).values():
            if table != "location" or OWN in row or children.get(("address", "location", row.get("id", ""))):
                yield _nested(table, row, children, tables)
    yield from (row for row in tables.get(PAGES, {}).values() if OWN in row)


def _tables(document: Document) -> dict[str, dict[str, Record]]:
    """Rows by their identifier, of each table there is. Raises Unreadable."""
    names = {name: table for table in (*TABLES, OWN) for name in _names(table)}
    found: dict[str, dict[str, Record]] = {}
    try:
        with document.open() as raw, zipfile.ZipFile(raw) as package:
            if sum(info.file_size for info in package.infolist()) > LARGEST * 1024 * 1024:
                raise Unreadable("too_large", name=document.name, size=LARGEST)
            for info in package.infolist():
                path = PurePosixPath(info.filename)
                if path.suffix.lower() == ".csv" and path.stem.lower() in names:
                    found[names[path.stem.lower()]] = _rows(package, info)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, csv.Error, EOFError, NotImplementedError) as error:
        raise Unreadable("sheet", name=document.name, error=_("it is broken")) from error
    except (OSError, RuntimeError, ValueError) as error:  # a wrong checksum, a password, letters
        raise Unreadable("sheet", name=document.name, error=str(error)[:200]) from error
    if not found.keys() & set(WHOLE):
        raise Unreadable("sheet", name=document.name, error=_("it has no table of HSDS"))
    return found


def _names(table: str) -> tuple[str, ...]:
    return (table, f"{table}s", f"{table}es", f"{table[:-1]}ies")


def _rows(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, Record]:
    with package.open(info) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        found = {}
        for number, row in enumerate(csv.DictReader(text), start=2):
            record = {name: harmless(value) for name, value in row.items() if name and value}
            found[record.get("id") or f"{number}"] = record
        return found


def _own(tables: dict[str, dict[str, Record]], table: str, row: Record) -> Iterator[Any]:
    """The portal's own record of a row, if the package has it."""
    if OWN in tables:
        tables.setdefault(f"{OWN} by row", _own_by_row(tables.pop(OWN)))
    kept = tables.get(f"{OWN} by row", {}).get(f"{table} {row.get('id')}")
    if kept is not None:
        yield kept


def _own_by_row(rows: dict[str, Record]) -> dict[str, Record]:
    found = {}
    for row in rows.values():
        try:
            record = harmless(json.loads(row.get("record", "")))
        except (ValueError, RecursionError):  # the plain record is read instead
            continue
        if isinstance(record, dict):
            found[f"{row.get('link_entity')} {row.get('link_id')}"] = record
    return found


def _children(tables: dict[str, dict[str, Record]]) -> Children:
    found: Children = defaultdict(list)
    for table in TABLES:
        for row in tables.get(table, {}).values():
            for owner in TABLES:
                if key := row.get(f"{owner}_id"):
                    found[table, owner, key].append(row)
            if table == "attribute":
                found[table, row.get("link_entity", ""), row.get("link_id", "")].append(row)
    return found


def _nested(
    table: str, row: Record, children: Children, tables: dict[str, dict[str, Record]], depth: int = 0
) -> Record:
    """A row with its parts; services and locations of an organisation come by themselves."""
    record = dict(row)
    for field in TABLES[table]:
        if field.kind == "array" and field.table not in WHOLE and depth < 3:
            parts = children.get((field.table, table, row.get("id", "")), [])
            if table == "service" and field.table == "schedule":
                parts = [part for part in parts if not part.get("service_at_location_id")]
            record[field.name] = [_nested(field.table, part, children, tables, depth + 1) for part in parts]
    if table == "service_at_location":
        place = tables.get("location", {}).get(row.get("location_id", ""))
        if place:
            record["location"] = _nested("location", place, children, tables, depth + 1)
    if table == "location" and OWN not in record:
        record |= _at_location(row, children, tables)
    if table == "attribute":
        record["taxonomy_term"] = tables.get("taxonomy_term", {}).get(row.get("taxonomy_term_id", ""), {})
    return record


def _at_location(row: Record, children: Children, tables: dict[str, dict[str, Record]]) -> Record:
    """The hours of a location and who keeps it, which the standard tells of services at it."""
    places = children.get(("service_at_location", "location", row.get("id", "")), [])
    hours = [children.get(("schedule", "service_at_location", place.get("id", "")), []) for place in places]
    services = [tables.get("service", {}).get(place.get("service_id", ""), {}) for place in places]
    owners = [row.get("organization_id", ""), *(service.get("organization_id", "") for service in services)]
    return {
        "location_type": row.get("location_type", "physical"),
        "schedules": next(filter(None, hours), []),
        "organization_id": next(filter(None, owners), ""),
    }
