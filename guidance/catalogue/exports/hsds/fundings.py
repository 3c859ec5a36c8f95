"""Ways to finance studies as HSDS services: a benefit that somebody pays and people apply for."""

from uuid import UUID

from guidance.catalogue.exports.hsds.ids import id_of, part_of
from guidance.catalogue.exports.hsds.organisations import (
    contact_parts,
    organization,
    organization_id,
    provider,
)
from guidance.catalogue.exports.hsds.portal import own_record, page_url, page_urls
from guidance.catalogue.exports.hsds.situations import chosen_parts, situations_of
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.exports.hsds.terms import KIND, attributes, choice
from guidance.catalogue.models import Funding
from guidance.catalogue.models.funding import FundingQuerySet
from network.models import Organisation

FUNDING = "funding"
ROUTE = "catalogue:public:funding_detail"
TEXTS = ("name", "summary", "audience", "amount", "application", "combining", "payer_name")
VALUES = ("slug", "website", "order", "checked_on")


def fundings() -> FundingQuerySet:
    """What is published, with what the short record shows."""
    return Funding.objects.published().select_related("payer__parent").order_by("pk")


def with_funding_parts(rows: FundingQuerySet) -> FundingQuerySet:
    return rows.prefetch_related(chosen_parts("fundings"), *contact_parts("payer__"))


def funding(row: Funding) -> Record:
    """The short record. One that is paid by nobody of the portal has no organisation."""
    payer = _payer(row)
    return known(
        id=str(id_of(FUNDING, row.slug)),
        organization_id=organization_id(payer) if payer else None,
        name=row.name,
        description="\n\n".join(filter(None, [row.summary, row.amount, row.combining])),
        url=row.website or page_url(ROUTE, row.slug),
        status="active",
        application_process=row.application,
        eligibility_description=row.audience,
        assured_date=row.checked_on.isoformat() if row.checked_on else "",
        last_modified=row.changed_at.isoformat(),
        organization=organization(payer) if payer else None,
    )


def full_funding(row: Funding) -> Record:
    """The full record of a way to finance studies that is loaded by `with_funding_parts`."""
    me = id_of(FUNDING, row.slug)
    payer = _payer(row)
    return {
        **funding(row),
        **known(
            organization=provider(payer) if payer else None,
            additional_urls=page_urls(ROUTE, row.slug, owner="service_id", whole=str(me)),
            funding=_paid_by(row, me),
            attributes=attributes("service", me, [choice(KIND, FUNDING), *situations_of(row)]),
            opinovi=own_record(row, FUNDING, texts=TEXTS, values=VALUES, payer=payer.slug if payer else None),
        ),
    }


def _payer(row: Funding) -> Organisation | None:
    return row.payer if row.payer and row.payer.published_at else None


def _paid_by(row: Funding, me: UUID) -> list[Record]:
    """Who pays, where that is no organisation of the portal."""
    if not row.payer_name:
        return []
    return [{"id": part_of(me, "funding"), "service_id": str(me), "source": row.payer_name}]
