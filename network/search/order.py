"""Ranked rows, cut to a page."""

from typing import Any

from django.db.models import QuerySet

from network.models import Area
from network.search.rows import RANKED, Search
from opinovi.rows import Head

MOST_EXACT = 100  # rows with just the same name
HEAD = RANKED + MOST_EXACT  # rows of a part that must be known to rank it


def ranked_pks(
    search: Search,
    rows: QuerySet[Any],
    first: int,
    last: int,
    count: int,
    *,
    near: Area | None = None,
    head: Head | None = None,
) -> list[int]:
    """The primary keys that stand from `first` to before `last` of `count`: no row twice, and none left out.

    What is not past comes whole before what is. Of each, the exact names and the first `RANKED` others are
    put in order, and the rest follows by its number. `head` tells the first `HEAD` of each part where they
    are known already.
    """
    rows = rows.order_by()
    every = search.kind.model._default_manager
    if count <= RANKED:
        return list(search.ranked(rows, near).values_list("pk", flat=True)[first:last])
    found: list[int] = []
    start = 0  # where the part begins in the whole
    parts = (rows.exclude(search.kind.is_past()), rows.filter(search.kind.is_past()))
    for part, known in zip(parts, head[1:] if head else (None, None), strict=True):
        named = part.filter(search.exact(search.wish.text)).order_by("pk").values_list("pk", flat=True)
        exact = list(named[:MOST_EXACT])
        others = part.exclude(pk__in=exact).order_by("pk").values_list("pk", flat=True)
        begun = others[:RANKED] if known is None else [pk for pk in known if pk not in exact][:RANKED]
        ordered = list(
            search.ranked(every.filter(pk__in=[*exact, *begun]), near).values_list("pk", flat=True)
        )
        found += ordered[max(first - start, 0) : max(last - start, 0)]
        is_whole = len(ordered) < len(exact) + RANKED
        ahead = start + len(ordered)
        if not is_whole and last > ahead:
            found += others[RANKED + max(first - ahead, 0) : RANKED + last - ahead]
        if len(found) >= last - first:
            break
        start = ahead if is_whole else start + part.count()
    return found
