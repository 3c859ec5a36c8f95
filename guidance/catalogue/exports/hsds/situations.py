"""Life situations as words of a list: they sort the services that somebody chose for their pages.

HSDS has no pages that gather services. The page itself (its texts, searches and order) is the portal's own
record of the word.
"""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from guidance.catalogue.exports.hsds.portal import own_record
from guidance.catalogue.exports.hsds.tables import Record
from guidance.catalogue.exports.hsds.terms import SITUATION, Term, word
from guidance.catalogue.models import Funding, GuidanceService, LifeSituation, SituationPart

KIND = "situation"
TEXTS = ("name", "introduction", "keywords")
VALUES = ("slug", "order")
PART_TEXTS = ("heading", "text")
PART_VALUES = ("query", "order")
_CHOSEN = {"services": SituationPart.Kind.SERVICES, "fundings": SituationPart.Kind.FUNDING}


def chosen_parts(relation: str) -> Prefetch:
    """Loads the parts of published situations that guidance services, or ways to finance, are chosen for."""
    parts = _choosing(relation).select_related("situation").order_by("situation__order", "pk")
    return Prefetch("situation_parts", parts, to_attr="chosen_in")


def situations_of(row: Any) -> list[Term]:
    """The situations a service is chosen for; it is loaded with `chosen_parts`."""
    situations = {part.situation_id: part.situation for part in row.chosen_in}
    return [word(SITUATION, situation) for situation in situations.values()]


def in_situation(relation: str, code: str | None) -> Q:
    """What holds of services, or ways to finance, chosen for a situation, or for any of them."""
    parts = _choosing(relation) if code is None else _choosing(relation).filter(situation__slug=code)
    return Q(pk__in=parts.values(relation))


def _choosing(relation: str) -> QuerySet[SituationPart]:
    return SituationPart.objects.filter(kind=_CHOSEN[relation], situation__published_at__isnull=False)


def own_situations() -> dict[UUID, Record]:
    """The portal's own record of each published situation, by the identifier of its word. Five queries."""
    services = Prefetch("services", GuidanceService.objects.published(), to_attr="open_services")
    fundings = Prefetch("fundings", Funding.objects.published(), to_attr="open_fundings")
    parts = SituationPart.objects.prefetch_related(services, fundings, "fundings")
    rows = LifeSituation.objects.published().prefetch_related(Prefetch("parts", parts))
    return {word(SITUATION, row).id: _own(row) for row in rows}


def _own(row: LifeSituation) -> Record:
    parts = [_own_part(part) for part in row.parts.all() if _is_public(part)]
    return own_record(row, KIND, texts=TEXTS, values=VALUES, parts=parts)


def _is_public(part: Any) -> bool:
    """Whether something is left of a part without what is not published: no choice would mean all."""
    if part.kind == SituationPart.Kind.FUNDING:
        return bool(part.open_fundings) or not part.fundings.all()
    return part.kind != SituationPart.Kind.SERVICES or bool(part.open_services)


def _slugs(part: SituationPart, relation: str, chosen: list[Any]) -> list[str]:
    """What is chosen for a part, if its page shows choices of that kind."""
    return sorted(each.slug for each in chosen) if part.kind == _CHOSEN[relation] else []


def _own_part(part: Any) -> Record:
    return own_record(
        part,
        "part",
        texts=PART_TEXTS,
        values=PART_VALUES,
        part_kind=part.kind,
        services=_slugs(part, "services", part.open_services),
        fundings=_slugs(part, "fundings", part.open_fundings),
    )
