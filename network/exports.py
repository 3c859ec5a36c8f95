"""The partner list as a spreadsheet that can be read back in."""

from network.models import Network, NetworkMembership
from network.sheets import write_sheet
from opinovi.translated import text_in

COLUMNS = (
    "id",
    "name_fi",
    "name_sv",
    "name_en",
    "sector",
    "business_id",
    "home_municipality",
    "website",
    "role",
    "status",
    "since",
    "until",
)


def partner_sheet(network: Network, *, kind: str) -> bytes:
    """The network's members, past ones too, as `xlsx` or `csv`; a header and one line a membership."""
    memberships = network.memberships.for_listing().order_by("organisation__slug", "since", "pk")
    return write_sheet(list(COLUMNS), (_row(membership) for membership in memberships), kind=kind)


def _row(membership: NetworkMembership) -> list[str]:
    organisation = membership.organisation
    municipality = organisation.home_municipality
    return [
        organisation.slug,
        *(text_in(language, organisation, "name") for language in ("fi", "sv", "en")),
        organisation.sector.code,
        organisation.business_id or "",
        text_in("fi", municipality, "name") if municipality else "",
        organisation.website,
        membership.role,
        membership.status,
        membership.since.isoformat(),
        membership.until.isoformat() if membership.until else "",
    ]
