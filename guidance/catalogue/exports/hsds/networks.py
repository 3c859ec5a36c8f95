"""Networks as words of a list: they sort the organisations that are members.

HSDS has no word for organisations that work together. Area, lead and each member's part in the network are in
the portal's own record of the word.
"""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from guidance.catalogue.exports.hsds.portal import area_key, own_record
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.exports.hsds.terms import NETWORK, Term, word
from network.models import Network, NetworkMembership

KIND = "network"
TEXTS = ("name", "description")
VALUES = ("slug",)


def membership_parts() -> Prefetch:
    """Loads an organisation's memberships of today in published networks."""
    open_ones = NetworkMembership.objects.on().filter(network__published_at__isnull=False)
    rows = open_ones.select_related("network").order_by("network__slug", "pk")
    return Prefetch("memberships", rows, to_attr="open_memberships")


def networks_of(row: Any) -> list[Term]:
    """The networks of an organisation, which is loaded with `membership_parts`."""
    return [word(NETWORK, membership.network) for membership in row.open_memberships]


def own_networks() -> dict[UUID, Record]:
    """The portal's own record of each published network, by the identifier of its word. Two queries."""
    memberships = NetworkMembership.objects.on().filter(organisation__published_at__isnull=False)
    members = Prefetch("memberships", memberships.select_related("organisation"), to_attr="members")
    rows = Network.objects.published().select_related("area", "lead").prefetch_related(members)
    return {word(NETWORK, row).id: _own(row) for row in rows}


def _own(row: Any) -> Record:
    members = [
        known(
            organisation=each.organisation.slug,
            role=each.role,
            since=each.since.isoformat(),
            until=each.until.isoformat() if each.until else "",
        )
        for each in row.members
    ]
    return own_record(
        row,
        KIND,
        texts=TEXTS,
        values=VALUES,
        area=area_key(row.area),
        lead=row.lead.slug if row.lead.published_at else None,
        memberships=members,
    )
