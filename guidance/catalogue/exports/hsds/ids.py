"""Identifiers that stay the same: a UUID of version 3 (RFC 9562) made from a row's kind and address word.

They are computed, never stored: PostgreSQL computes the same ones (`network.identifiers`), with an index over
them, so that a row is found by its UUID at once. They do not depend on the portal's address or on primary
keys: content that is exported and read into another portal keeps them.
"""

from typing import Any, TypeVar
from uuid import UUID, uuid3

from django.db.models import QuerySet

from network.identifiers import NAMESPACE, NamedUuid

Rows = TypeVar("Rows", bound=QuerySet[Any])
HALF = 64  # bits
LOW = (1 << HALF) - 1


def id_of(kind: str, word: str) -> UUID:
    """The identifier of what has this address word, or this code, among its kind."""
    return uuid3(NAMESPACE, f"{kind}:{word}")


def part_of(whole: UUID | str, *names: object) -> str:
    """The identifier of a part that has no page of its own, such as a phone number."""
    return str(uuid3(UUID(str(whole)), ":".join(map(str, names))))


def pair_of(service: UUID, location: UUID) -> UUID:
    """The identifier of a service at a location: the first half of the one and the last half of the other.

    So the service can be looked up by it, though the pair is stored nowhere.
    """
    return UUID(int=(service.int >> HALF << HALF) | (location.int & LOW))


def with_id(rows: Rows, kind: str, wanted: UUID) -> Rows:
    """The row that has the identifier, or none."""
    return rows.alias(uuid=NamedUuid(kind)).filter(uuid=wanted)


def with_first_half(rows: Rows, kind: str, pair: UUID) -> Rows:
    """Rows whose identifier begins like that of a pair: hardly ever more than one."""
    first = pair.int >> HALF << HALF
    between = (UUID(int=first), UUID(int=first | LOW))
    return rows.alias(uuid=NamedUuid(kind)).filter(uuid__range=between)
