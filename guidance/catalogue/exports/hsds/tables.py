"""The tables of HSDS 3.1 that the portal fills: their fields, in the order of the standard.

A field is `name`, `name:type` (text unless given), `name!` where it must be there, `name>table` for an
array of records and `name.table` for one. The OpenAPI document, the UK profile and the tabular package are
made from this. Fields of the standard of which the portal knows nothing are left out; `opinovi` is the
portal's own.
"""

from typing import Any, NamedTuple

Record = dict[str, Any]

PORTAL_TERMS = "opinovi"  # the portal's own record inside a record of the standard

_HSDS = {
    "service": "id!:uuid organization_id:uuid name! alternate_name description url:uri additional_urls>url "
    "email:email status! interpretation_services application_process fees_description "
    "eligibility_description assured_date:date alert last_modified:date-time phones>phone schedules>schedule "
    "service_areas>service_area service_at_locations>service_at_location languages>language "
    "organization.organization funding>funding cost_options>cost_option "
    "required_documents>required_document contacts>contact attributes>attribute opinovi:object",
    "organization": "id!:uuid name! description! website:uri additional_websites>url "
    "parent_organization_id:uuid funding>funding contacts>contact phones>phone locations>location "
    "programs>program organization_identifiers>organization_identifier attributes>attribute "
    "services>service opinovi:object",
    "organization_identifier": "id!:uuid organization_id:uuid identifier_scheme identifier_type! identifier!",
    "location": "id!:uuid location_type! url:uri organization_id:uuid name description transportation "
    "latitude:number longitude:number addresses>address contacts>contact accessibility>accessibility "
    "phones>phone opinovi:object",
    "address": "id!:uuid location_id:uuid address_1! city! state_province! postal_code! country! "
    "address_type!",
    "service_at_location": "id!:uuid service_id:uuid location_id:uuid description schedules>schedule "
    "location.location service.service",
    "schedule": "id!:uuid service_id:uuid service_at_location_id:uuid valid_from:date valid_to:date "
    "dtstart:date timezone:number until:date count:number wkst freq interval:number byday description "
    "opens_at closes_at schedule_link:uri attending_type notes",
    "contact": "id!:uuid organization_id:uuid service_id:uuid location_id:uuid name title email:email "
    "phones>phone",
    "phone": "id!:uuid location_id:uuid service_id:uuid organization_id:uuid contact_id:uuid number! type",
    "language": "id!:uuid service_id:uuid name code",
    "service_area": "id!:uuid service_id:uuid name uri:uri",
    "cost_option": "id!:uuid service_id:uuid option currency amount:number amount_description",
    "program": "id!:uuid organization_id:uuid name! description!",
    "funding": "id!:uuid organization_id:uuid service_id:uuid source",
    "required_document": "id!:uuid service_id:uuid document",
    "accessibility": "id!:uuid location_id:uuid description",
    "attribute": "id!:uuid link_id:uuid taxonomy_term_id:uuid link_type link_entity "
    "taxonomy_term.taxonomy_term",
    "taxonomy": "id!:uuid name! description! uri:uri version",
    "taxonomy_term": "id!:uuid code name! description! parent_id:uuid taxonomy taxonomy_detail.taxonomy "
    "language taxonomy_id:uuid term_uri:uri opinovi:object",
    "url": "id!:uuid label url!:uri organization_id:uuid service_id:uuid",
}
# What the UK profile 3.0 keeps of them; `fees` is its own. Phones, e-mail addresses of contacts and the names
# of languages are not in the profile, but it allows more fields: without them nobody could be reached.
_ORUK = {
    "service": "id organization_id name description url email status fees assured_date alert last_modified "
    "phones schedules service_areas service_at_locations languages organization funding cost_options "
    "contacts attributes",
    "organization": "id name description website parent_organization_id organization_identifiers attributes "
    "services",
    "location": "id location_type name description latitude longitude addresses accessibility",
    "schedule": "id service_id service_at_location_id valid_from valid_to dtstart freq interval byday "
    "description opens_at closes_at schedule_link attending_type notes",
    "service_at_location": "id service_id location_id location service",
    "contact": "id service_id name title email phones",
    "cost_option": "id service_id option amount amount_description",
    "funding": "id service_id source",
    "attribute": "id link_id taxonomy_term_id link_type taxonomy_term",
    "taxonomy_term": "id name description parent_id taxonomy taxonomy_id term_uri",
}


class Field(NamedTuple):
    """A field of a table; `table` is where its records are, if it holds records."""

    name: str
    kind: str  # text, uuid, uri, email, number, date, date-time, object; array or record with a table
    table: str
    is_required: bool


def _read(word: str) -> Field:
    for mark, kind in ((">", "array"), (".", "record")):
        if mark in word:
            name, table = word.split(mark)
            return Field(name, kind, table, is_required=False)
    name, _colon, kind = word.partition(":")
    return Field(name.rstrip("!"), kind or "text", "", is_required="!" in name)


TABLES = {table: tuple(map(_read, fields.split())) for table, fields in _HSDS.items()}
_FEES = Field("fees", "text", "", is_required=False)
ORUK_TABLES = {
    table: tuple(field for field in fields if table not in _ORUK or field.name in _ORUK[table].split())
    + ((_FEES,) if table == "service" else ())
    for table, fields in TABLES.items()
}


def known(**fields: Any) -> Record:
    """The fields of which something is known: what is unknown is left out."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def as_oruk(table: str, record: Record) -> Record:
    """A record in the UK profile: `fees` in place of HSDS's longer name, all hours with the service."""
    if table == "service":
        places = record.get("service_at_locations", [])
        hours = [hours for place in places for hours in place.get("schedules", [])]
        schedules = record.get("schedules", []) + hours
        record = {**record, **known(fees=record.get("fees_description"), schedules=schedules)}
    kept = {}
    for field in ORUK_TABLES[table]:
        if field.name not in record:
            continue
        value = record[field.name]
        if field.kind == "array":
            value = [as_oruk(field.table, each) for each in value]
        elif field.kind == "record":
            value = as_oruk(field.table, value)
        kept[field.name] = value
    return kept
