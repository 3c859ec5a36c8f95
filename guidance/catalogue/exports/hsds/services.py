"""What all HSDS services have in common: fees, languages, areas."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from guidance.catalogue.exports.hsds.ids import part_of
from guidance.catalogue.exports.hsds.portal import area_key
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.models.vocabulary import GuidanceLanguage
from network.models import Area

_AREAS = (
    "https://data.stat.fi/api/classifications/v2/classifications/{list}/classificationItems#{list}_{code}"
)


def fees_description(fee: Decimal | None, note: str) -> str:
    """The fee in words; empty where nobody knows it."""
    if fee is None:
        return note
    amount = _("Free of charge") if fee == 0 else f"{fee} €"
    return f"{amount}. {note}" if note else amount


def cost_options(me: UUID, fee: Decimal | None, note: str) -> list[Record]:
    """The fee in euros; none where nobody knows it."""
    if fee is None:
        return []
    option = known(
        option=_("Free of charge") if fee == 0 else _("Fee"), currency="EUR", amount_description=note
    )
    return [{"id": part_of(me, "cost"), "service_id": str(me), "amount": float(fee), **option}]


def languages(me: UUID, codes: Iterable[str]) -> list[Record]:
    return [
        {
            "id": part_of(me, "language", code),
            "service_id": str(me),
            "name": str(GuidanceLanguage(code).label),
            "code": code,
        }
        for code in codes
    ]


def service_areas(me: UUID, areas: Iterable[Area]) -> list[Record]:
    """Whom the service is for by where they live; the whole country where no area is named."""
    found = [
        known(id=part_of(me, "area", area_key(area)), service_id=str(me), name=area.name, uri=area_uri(area))
        for area in areas
    ]
    return found or [{"id": part_of(me, "area"), "service_id": str(me), "name": _("Finland")}]


def area_uri(area: Area) -> str:
    """A region or municipality in the classification of Statistics Finland; empty for other areas.

    An area that is no more stands in the classification of its last year.
    """
    names = {Area.Kind.MUNICIPALITY: "kunta", Area.Kind.REGION: "maakunta"}
    if area.kind not in names:
        return ""
    year = area.valid_to.year if area.is_past and area.valid_to else timezone.localdate().year
    return _AREAS.format(list=f"{names[Area.Kind(area.kind)]}_1_{year}0101", code=area.code)
