"""How far apart municipalities lie.

The measure is the straight line between their centres (GeoNames, CC BY 4.0), worked out on a plane: right
to a few kilometres in a country of this size. Roads are longer, and within a municipality nothing is known.
A region begins at the middle of its municipalities.
"""

from math import cos, radians
from typing import Any, TypeVar

from django.db.models import Avg, F, FloatField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Power

from network.models import Area

KILOMETRES = 111.2  # in a degree of latitude
Rows = TypeVar("Rows", bound=QuerySet[Any])


def nearest_first(rows: Rows, path: str, area: Area, *, then: Any = "pk") -> Rows:
    """The rows by the distance of the nearest municipality behind `path`; those without a place come last.

    `then` orders those that are as near as each other.
    """
    here = _centre(area)
    if here is None:
        return rows.order_by(then, "pk")
    own = rows.model._default_manager.filter(pk=OuterRef("pk")).order_by().values("pk")
    nearest = own.annotate(far=Min(_squared(f"{path}__", *here))).values("far")
    return rows.alias(far=Subquery(nearest, output_field=FloatField())).order_by(
        F("far").asc(nulls_last=True), then, "pk"
    )


def neighbours(area: Area, *, most: int = 5, within: float = 60) -> list[tuple[Area, int]]:
    """The nearest other municipalities, with kilometres to each, up to `within`.

    None when its place is not known.
    """
    here = _centre(area)
    if here is None:
        return []
    others = Area.objects.municipalities().valid_on().exclude(pk__in=Area.objects.within(area).values("pk"))
    measured = others.filter(latitude__isnull=False).annotate(far=_squared("", *here))
    near = measured.filter(far__lte=within**2).order_by("far", "pk")[:most]
    return [(one, round(one.far**0.5)) for one in near]


def _squared(path: str, latitude: float, longitude: float) -> Any:
    """Square kilometres, which order as the kilometres themselves do."""
    north = (F(f"{path}latitude") - latitude) * KILOMETRES
    east = (F(f"{path}longitude") - longitude) * (KILOMETRES * cos(radians(latitude)))
    return Power(north, 2, output_field=FloatField()) + Power(east, 2, output_field=FloatField())


def _centre(area: Area) -> tuple[float, float] | None:
    if area.latitude is not None and area.longitude is not None:
        return area.latitude, area.longitude
    inside = Area.objects.municipalities().valid_on().within(area).order_by()
    middle = inside.aggregate(Avg("latitude"), Avg("longitude"))
    if middle["latitude__avg"] is None:
        return None
    return middle["latitude__avg"], middle["longitude__avg"]
