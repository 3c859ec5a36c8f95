"""Where the bus stops next for somebody who has said where they are; nobody is tracked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from network.models import Area, RouteStop
from network.models.service_point import RouteStopQuerySet


class Ring(IntEnum):
    """How near a stop is, as far as areas tell: distances between places are not known."""

    HERE = 0  # in the place that was named
    SUBREGION = 1  # elsewhere in its sub-region
    REGION = 2  # elsewhere in its region
    FARTHER = 3


@dataclass(frozen=True)
class Near:
    """The nearest stops that are coming, soonest first, and the area that they share with the place."""

    ring: Ring
    area: Area | None
    stops: list[RouteStop]
    cancelled: list[RouteStop]  # at least as near, but called off: whoever waits must learn of it

    @property
    def is_here(self) -> bool:
        return self.ring == Ring.HERE


def nearest(place: Area, stops: RouteStopQuerySet) -> Near | None:
    """The stops of the narrowest ring around the place that has any; None when no stop is coming at all."""
    coming = list(stops.coming())
    rings = _rings(place)
    by_ring: dict[Ring, list[RouteStop]] = {ring: [] for ring in Ring}
    for stop in coming:
        by_ring[_ring_of(stop, rings)].append(stop)
    cancelled: list[RouteStop] = []
    for ring, found in by_ring.items():
        cancelled += [stop for stop in found if stop.cancelled_at]
        if live := [stop for stop in found if not stop.cancelled_at]:
            return Near(ring, rings[ring][0], live, cancelled)
    return Near(Ring.FARTHER, None, [], cancelled) if cancelled else None


def _rings(place: Area) -> dict[Ring, tuple[Area | None, Sequence[int]]]:
    """The area of each ring and the municipalities in it; farther away no area is shared."""
    wholes = place.wholes.filter(kind=Area.Kind.SUBREGION) if place.kind == Area.Kind.MUNICIPALITY else []
    subregion = next(iter(wholes), None)
    region = place.parent if place.parent and place.parent.kind == Area.Kind.REGION else None
    return {
        Ring.HERE: (place, [place.pk] if place.kind == Area.Kind.MUNICIPALITY else _inside(place)),
        Ring.SUBREGION: (subregion, _inside(subregion)),
        Ring.REGION: (region, _inside(region)),
        Ring.FARTHER: (None, ()),
    }


def _inside(area: Area | None) -> Sequence[int]:
    return list(Area.objects.within(area).values_list("pk", flat=True)) if area else ()


def _ring_of(stop: RouteStop, rings: dict[Ring, tuple[Area | None, Sequence[int]]]) -> Ring:
    inside = (ring for ring, (_area, pks) in rings.items() if stop.municipality_id in pks)
    return next(inside, Ring.FARTHER)
