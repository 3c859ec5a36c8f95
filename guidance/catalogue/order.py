"""The order that people give to rows of a short list."""

from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

Row = Any  # of a model with `order`; django-stubs cannot say so


def move(row: Row, among: "QuerySet[Any]", *, up: bool) -> None:
    """Change places with the row above or below, and number the list anew; the ends stay where they are."""
    with transaction.atomic():
        rows = list(among.select_for_update(of=("self",)).order_by("order", "pk"))
        here = rows.index(row)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
        for order, each in enumerate(rows, start=1):
            each.order = order
        among.model._default_manager.bulk_update(rows, ["order"])


def place_at_end(among: "QuerySet[Any]") -> int:
    """The order of a new row, the last of the list."""
    return (among.aggregate(last=Max("order"))["last"] or 0) + 1
