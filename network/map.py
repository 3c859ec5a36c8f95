"""The map of Finland's regions, drawn from outlines that lie beside this file.

The outlines come from Natural Earth (public domain), in a transverse Mercator projection on 27° E.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from network.models import Area

_DRAWN = json.loads(Path(__file__).with_name("region_outlines.json").read_text(encoding="utf-8"))


class MapRegion(NamedTuple):
    """A region as the map draws it: its area, its outline, how much there is and whether one is there."""

    area: Area
    path: str
    amount: int | None
    is_here: bool


class RegionsMap(NamedTuple):
    """What `partials/_map.html` draws."""

    view_box: str
    regions: list[MapRegion]


def regions_map(
    regions: Iterable[Area], *, counts: Mapping[int, int] | None = None, here: Area | None = None
) -> RegionsMap:
    """Draw the regions in the order given.

    `counts` tells by an area's primary key how much there is to find; `here` is the page's own region.
    A region without an outline is in the list beside the map but not on it.
    """
    return RegionsMap(
        _DRAWN["viewBox"],
        [
            MapRegion(
                area,
                _DRAWN["regions"].get(area.code, {}).get("path", ""),
                counts.get(area.pk, 0) if counts is not None else None,
                area == here,
            )
            for area in regions
        ],
    )
