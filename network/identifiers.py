"""Identifiers of open data, as PostgreSQL computes them from an address word.

They are UUIDs of version 3 (RFC 9562, 5.3): MD5 of a namespace and a name, here `kind:word`. MD5 is asked for
no secrecy: it is the one name-based digest that PostgreSQL can index without an extension.
"""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Func

_NAMESPACE = "opinovi:opendata"  # sixteen letters: the bytes of the namespace, which md5(text) then takes
_MD5 = f"md5('{_NAMESPACE}%(kind)s:' || %(expressions)s)"
NAMESPACE = UUID(bytes=_NAMESPACE.encode())


class NamedUuid(Func):
    """`uuid3(NAMESPACE, "kind:" + slug)` of a row; `kind` is ours and never a reader's."""

    output_field = models.UUIDField()
    template = (
        f"(substr({_MD5}, 1, 12) || '3' || substr({_MD5}, 14, 3)"
        f" || translate(substr({_MD5}, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab')"
        f" || substr({_MD5}, 18))::uuid"
    )

    def __init__(self, kind: str, field: str = "slug", **extra: Any) -> None:
        super().__init__(field, **{"kind": kind, **extra})
