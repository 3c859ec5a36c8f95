"""The OpenAPI 3.1 document of the API, made from what the API is made from."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import override

from guidance.booking.exports.hsds.endpoints import LISTS, PROFILES, detail_parameters, list_parameters
from guidance.booking.exports.hsds.parameters import PARAMETERS
from guidance.catalogue.exports.hsds.tables import ORUK_TABLES, TABLES, Field

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LICENCE = {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}
_STATUS = ["active", "inactive", "defunct", "temporarily closed"]
_CODES: dict[tuple[str, str], list[str]] = {
    ("service", "status"): _STATUS,
    ("location", "location_type"): ["physical", "postal", "virtual"],
    ("address", "address_type"): ["physical", "postal", "virtual"],
    ("schedule", "freq"): ["WEEKLY", "MONTHLY"],
    ("schedule", "wkst"): ["MO", "TU", "WE", "TH", "FR", "SA", "SU"],
}
_FORMATS = {"uuid", "uri", "email", "date", "date-time"}
_ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string", "description": "What to do."},
                "parameter": {"type": "string", "description": "The parameter that was wrong."},
            },
        }
    },
}
_ERRORS: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
_PAGE: Schema = {
    "type": "object",
    "required": [
        *(
            "total_items",
            "total_pages",
            "page_number",
            "size",
            "first_page",
            "last_page",
            "empty",
            "contents",
        ),
    ],
    "properties": {
        "total_items": {"type": "integer", "description": "How many records fit."},
        "total_pages": {"type": "integer"},
        "page_number": {"type": "integer"},
        "size": {"type": "integer", "description": "How many records stand on this page."},
        "first_page": {"type": "boolean"},
        "last_page": {"type": "boolean"},
        "empty": {"type": "boolean"},
        "contents": {"type": "array"},
    },
}


@cache
def document(profile: str) -> Schema:
    """The document of one profile, in English."""
    with override("en"):
        return _document(profile)


def _document(profile: str) -> Schema:
    about = PROFILES[profile]
    paths: Schema = {
        "/": {"get": _operation("about", "What this API is", {}, _json(_ref("About")))},
        "/openapi.json": {
            "get": _operation(
                "openapi", "This document", {}, _json({"type": "object", "required": ["openapi"]})
            )
        },
    }
    if profile == "hsds":
        paths["/tabular.zip"] = {"get": _tabular()}
    for plural, (table, _names) in LISTS.items():
        paths[f"/{plural}"] = {"get": _list(profile, plural, table)}
        paths[f"/{plural}/{{id}}"] = {"get": _detail(plural, table)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Opinovi: {about.title}",
            "version": about.version,
            "description": "Guidance for adult learners, training and group sessions as open data. No key.",
            "contact": {"email": settings.CONTACT_EMAIL},
            "license": LICENCE,
        },
        "jsonSchemaDialect": DIALECT,
        "servers": [{"url": f"{settings.ADDRESS}/api/{profile}"}],
        "paths": paths,
        "components": {
            "schemas": {
                **{table: _table(table, fields) for table, fields in _tables(profile).items()},
                "About": _about(),
                "Page": _PAGE,
                "Error": _ERROR,
            },
        },
    }


def _tables(profile: str) -> dict[str, tuple[Field, ...]]:
    return ORUK_TABLES if profile == "oruk" else TABLES


def _about() -> Schema:
    properties = {
        "version": {"type": "string"},
        "profile": {"type": "string", "format": "uri"},
        "openapi_url": {"type": "string", "format": "uri"},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _table(table: str, fields: tuple[Field, ...]) -> Schema:
    return {
        "type": "object",
        "required": [field.name for field in fields if field.is_required],
        "properties": {field.name: _field(table, field) for field in fields},
        "additionalProperties": False,
    }


def _field(table: str, field: Field) -> Schema:
    if field.kind == "array":
        return {"type": "array", "items": _ref(field.table)}
    if field.kind == "record":
        return _ref(field.table)
    if field.kind in {"number", "object"}:
        return {"type": field.kind}
    if codes := _CODES.get((table, field.name)):
        return {"type": "string", "enum": codes}
    return {"type": "string", "format": field.kind} if field.kind in _FORMATS else {"type": "string"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _list(profile: str, plural: str, table: str) -> Schema:
    names = list_parameters(profile, plural)
    item: Schema = _ref(table)
    if "minimal" in names:
        item = {"anyOf": [_ref(table), _minimal()]}
    page = {"allOf": [_ref("Page")], "properties": {"contents": {"type": "array", "items": item}}}
    content = {**_json(page), "application/x-ndjson": {"schema": {"type": "string"}}}
    parameters = [_parameter(name) for name in names]
    operation = _operation(f"list_{plural}", f"A page of {plural}", {"parameters": parameters}, content)
    first = {"operationId": f"get_{table}", "parameters": {"id": "$response.body#/contents/0/id"}}
    operation["responses"]["200"]["links"] = {"first": first}
    if "postcode" in names:
        operation["responses"]["404"] = {"description": "There is no such place.", "content": _ERRORS}
    return operation


def _minimal() -> Schema:
    properties = {
        "id": {"type": "string", "format": "uuid"},
        "last_modified": {"type": "string", "format": "date-time"},
    }
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _detail(plural: str, table: str) -> Schema:
    identifier = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    parameters = [identifier, *map(_parameter, detail_parameters(plural))]
    operation = _operation(f"get_{table}", f"One {table}", {"parameters": parameters}, _json(_ref(table)))
    operation["responses"]["404"] = {
        "description": "There is no such record.",
        "content": _ERRORS,
    }
    return operation


def _tabular() -> Schema:
    content = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    operation = {"parameters": [_parameter("lang")]}
    return _operation("tabular", "All of it as a tabular data package", operation, content)


def _parameter(name: str) -> Schema:
    parameter = PARAMETERS[name]
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(parameter.description),
        "schema": parameter.schema,
    }


def _operation(name: str, summary: str, more: Schema, content: Schema) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        **more,
        "responses": {
            "200": {"description": summary, "content": content},
            "400": {"description": "A parameter cannot be understood.", "content": _ERRORS},
        },
    }
