"""The addresses of the API with what may be asked there, in HSDS and in its UK profile."""

from typing import NamedTuple

_LIST = ("search", "page", "per_page", "format", "lang")
_SORTED = ("taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after")
_UK = ("minimum_age", "maximum_age", "start_time", "end_time", "day")


class Profile(NamedTuple):
    """A way to write the same data."""

    name: str
    title: str
    version: str
    uri: str


PROFILES = {
    "hsds": Profile(
        "hsds", "HSDS 3.1", "3.1", "https://docs.openreferral.org/en/v3.1.0/hsds/schema_reference.html"
    ),
    "oruk": Profile(
        "oruk",
        "Open Referral UK 3.0",
        "HSDS-UK-3.0",
        "https://docs.openreferraluk.org/en/latest/hsds/schema_reference.html",
    ),
}
LISTS = {  # what may be asked of each list, and the table of its records
    "services": ("service", (*_LIST, *_SORTED, "minimal", "full")),
    "organizations": ("organization", (*_LIST, *_SORTED, "minimal", "full", "full_service")),
    "service_at_locations": ("service_at_location", (*_LIST, *_SORTED, "full", "postcode", "proximity")),
    "taxonomies": ("taxonomy", _LIST),
    "taxonomy_terms": ("taxonomy_term", (*_LIST, "taxonomy_id", "top_only", "parent_id", "full")),
}


def list_parameters(profile: str, plural: str) -> tuple[str, ...]:
    _table, names = LISTS[plural]
    is_uk = profile == "oruk" and plural in {"services", "service_at_locations"}
    return (*names, *_UK) if is_uk else names


def detail_parameters(plural: str) -> tuple[str, ...]:
    return ("lang", "full_service") if plural == "organizations" else ("lang",)
