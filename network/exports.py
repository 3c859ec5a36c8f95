"""The partner list as a spreadsheet that can be read back in."""

from network.models import Network, NetworkMembership
from network.sheets import write_sheet

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
        organisation.name_fi or "",
        organisation.name_sv or "",
        organisation.name_en or "",
        organisation.sector.code,
        organisation.business_id or "",
        municipality.name_fi or "" if municipality else "",
        organisation.website,
        membership.role,
        membership.status,
        membership.since.isoformat(),
        membership.until.isoformat() if membership.until else "",
    ]
