"""All open data as HSDS's tabular data package: `datapackage.json` and a CSV file for each table.

Source: https://docs.openreferral.org/en/v3.1.0/hsds/serialization.html and Frictionless Data's Tabular Data
Package. The portal's own records stand in `opinovi.csv`, one JSON text a row.
"""

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.utils.translation import get_language

from guidance.booking.exports.hsds.lists import all_organizations, services, taxonomies, taxonomy_terms
from guidance.catalogue.exports.hsds.ids import part_of
from guidance.catalogue.exports.hsds.tables import TABLES, Field, Record

FILES = {
    "organization": "organizations",
    "program": "programs",
    "service": "services",
    "service_at_location": "service_at_location",
    "location": "locations",
    "address": "addresses",
    "phone": "phones",
    "contact": "contacts",
    "schedule": "schedules",
    "service_area": "service_areas",
    "language": "languages",
    "cost_option": "cost_options",
    "funding": "funding",
    "accessibility": "accessibility",
    "required_document": "required_documents",
    "organization_identifier": "organization_identifiers",
    "attribute": "attributes",
    "taxonomy": "taxonomies",
    "taxonomy_term": "taxonomy_terms",
    "url": "url",
}
SHARED = {"organization", "location", "taxonomy", "taxonomy_term"}
OWN = "opinovi"
META = "meta_table_description"
_OWN_FIELDS = ("id", "link_id", "link_entity", "record")
_META_FIELDS = ("id", "name", "language", "character_set")
_TYPES = {"number": "number", "date": "date", "uuid": "string", "uri": "string", "email": "string"}
_OWNERS = {f"{table}_id": table for table in FILES} | {"parent_organization_id": "organization"}


class Tables:
    """The CSV files while they are written.

    Only what stands inside other records comes more than once, and of that alone it is remembered what was
    written: services, and the parts of everything, may be any number.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        headers = {table: tuple(field.name for field in columns(table)) for table in FILES}
        headers |= {OWN: _OWN_FIELDS, META: _META_FIELDS}
        self._seen: set[tuple[str, str]] = set()
        self._writers: dict[str, Any] = {}
        for table, names in headers.items():
            file = stack.enter_context((folder / file_name(table)).open("w", encoding="utf-8", newline=""))
            self._writers[table] = csv.DictWriter(file, names, restval="")
            self._writers[table].writeheader()

    def add(self, table: str, record: Record) -> None:
        """Write a record and whatever belongs to it; one that was written before, no more."""
        if table in SHARED:
            if (table, record["id"]) in self._seen:
                return
            self._seen.add((table, record["id"]))
        for field in TABLES[table]:
            if field.table and field.name in record:
                parts = record[field.name] if field.kind == "array" else [record[field.name]]
                for part in parts:
                    self.add(field.table, part)
        if OWN in record:
            self._write(OWN, _own_row(table, record))
        self._write(table, {field.name: record.get(field.name, "") for field in columns(table)})

    def describe(self) -> None:
        """Say in which language each table is."""
        language = (get_language() or "fi")[:2]
        for table, name in FILES.items():
            row = {
                "id": part_of(UUID(int=0), table),
                "name": name,
                "language": language,
                "character_set": "UTF-8",
            }
            self._write(META, row)

    def _write(self, table: str, row: Record) -> None:
        self._writers[table].writerow(row)


def write_package(file: IO[bytes]) -> None:
    """Write the zip, in the reader's language."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        with ExitStack() as files:
            tables = Tables(folder, files)
            for table, record in _records():
                tables.add(table, record)
            tables.describe()
        package = stack.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED))
        package.writestr("datapackage.json", json.dumps(datapackage(), ensure_ascii=False, indent=1))
        for table in (*FILES, META, OWN):
            package.write(folder / file_name(table), file_name(table))


def _records() -> Iterator[tuple[str, Record]]:
    """Word lists first, then organisations with their locations, then services."""
    yield from (("taxonomy", record) for record in taxonomies({}))
    yield from (("taxonomy_term", record) for record in taxonomy_terms({"full": True}))
    yield from (("organization", record) for record in all_organizations({"full": True}).stream())
    yield from (("service", record) for record in services({"full": True}).stream())


def columns(table: str) -> list[Field]:
    """The fields of a table that hold one value."""
    return [field for field in TABLES[table] if not field.table and field.kind != "object"]


def file_name(table: str) -> str:
    return f"{ {**FILES, OWN: OWN, META: META + 's'}[table] }.csv"


def _own_row(table: str, record: Record) -> Record:
    return {
        "id": part_of(record["id"], OWN),
        "link_id": record["id"],
        "link_entity": table,
        "record": json.dumps(record[OWN], ensure_ascii=False),
    }


def datapackage() -> dict[str, Any]:
    """The description of the package, with the keys that lead from table to table."""
    resources = [_resource(table) for table in FILES]
    resources += [_plain_resource(META, _META_FIELDS), _plain_resource(OWN, _OWN_FIELDS)]
    return {
        "name": "human_services_data",
        "title": "Opinovi: HSDS 3.1",
        "profile": "tabular-data-package",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": resources,
    }


def _resource(table: str) -> dict[str, Any]:
    fields = [
        {
            "name": field.name,
            "type": _TYPES.get(field.kind, "string"),
            "constraints": {"required": field.is_required, "unique": field.name == "id"},
        }
        for field in columns(table)
    ]
    keys = [
        {"fields": field.name, "reference": {"resource": FILES[_OWNERS[field.name]], "fields": "id"}}
        for field in columns(table)
        if field.name in _OWNERS
    ]
    schema = {"primaryKey": "id", "fields": fields, "foreignKeys": keys, "missingValues": [""]}
    return {
        "name": FILES[table],
        "path": file_name(table),
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": schema,
    }


def _plain_resource(table: str, names: tuple[str, ...]) -> dict[str, Any]:
    fields = [{"name": name, "type": "string"} for name in names]
    return {
        "name": file_name(table).removesuffix(".csv"),
        "path": file_name(table),
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"primaryKey": "id", "fields": fields, "missingValues": [""]},
    }
