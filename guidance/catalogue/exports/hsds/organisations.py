"""Organisations as HSDS organizations."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from guidance.catalogue.exports.hsds.ids import id_of, part_of
from guidance.catalogue.exports.hsds.networks import membership_parts, networks_of
from guidance.catalogue.exports.hsds.portal import area_key, own_record, page_url, page_urls
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.exports.hsds.terms import SECTOR, attributes, word
from network.models import Contact, Organisation
from network.models.organisation import OrganisationQuerySet
from opinovi.translated import text_in
from projects.models import Project, ProjectPartner

KIND = "organization"
ROUTE = "catalogue:public:organisation_detail"
TEXTS = ("name", "description")
VALUES = ("slug", "business_id", "website", "ended_on")
ORG_ID = "FI-PRH"  # the Finnish business register in the list of org-id.guide


def organizations() -> OrganisationQuerySet:
    """What is published, with what the short record shows."""
    return Organisation.objects.published().select_related("parent")


def with_parts(rows: OrganisationQuerySet) -> OrganisationQuerySet:
    """Load what the full record shows besides services and locations."""
    parts = ProjectPartner.objects.filter(project__published_at__isnull=False).select_related("project")
    funders = ProjectPartner.objects.filter(
        role=ProjectPartner.Role.FUNDER, project__published_at__isnull=False
    )
    carried = parts.carrying_out().prefetch_related(
        Prefetch("project__partners", funders.select_related("organisation"), to_attr="funders")
    )
    return rows.select_related("sector", "home_municipality").prefetch_related(
        *contact_parts(),
        membership_parts(),
        "successors",
        Prefetch("project_parts", carried.order_by("project__slug", "pk"), to_attr="carried_out"),
    )


def contact_parts(path: str = "") -> list[Prefetch]:
    """What loads an organisation's public contacts and no others; `path` leads to the organisation."""
    return [Prefetch(f"{path}contacts", Contact.objects.filter(is_public=True), to_attr="public_contacts")]


def organization_id(row: Organisation) -> str:
    return str(id_of(KIND, row.slug))


def organization(row: Organisation) -> Record:
    """The short record; a name stands in for the description that the standard demands."""
    parent = row.parent if row.parent and row.parent.published_at else None
    return known(
        id=organization_id(row),
        name=row.name,
        description=row.description or row.name,
        website=row.website or page_url(ROUTE, row.slug),
        parent_organization_id=organization_id(parent) if parent else None,
    )


def provider(row: Organisation) -> Record:
    """The organisation inside a full service: with its business ID and its public contacts."""
    short = organization(row)
    return {
        **short,
        **known(organization_identifiers=_identifiers(row), contacts=_contacts(row, short["id"])),
    }


def full_organization(row: Organisation, *, locations: Iterable[Record]) -> Record:
    """The organisation with what belongs to it. It is loaded by `with_parts`."""
    short = organization(row)
    me = short["id"]
    projects = [part.project for part in row.carried_out]  # type: ignore[attr-defined]  # loaded
    return {
        **short,
        **known(
            additional_websites=page_urls(ROUTE, row.slug, owner="organization_id", whole=me),
            organization_identifiers=_identifiers(row),
            contacts=_contacts(row, me),
            locations=list(locations),
            programs=[_program(project, me) for project in projects],
            funding=[each for project in projects for each in _funding(project, me)],
            attributes=attributes(
                "organization", id_of(KIND, row.slug), [word(SECTOR, row.sector), *networks_of(row)]
            ),
            opinovi=_own(row),
        ),
    }


def _identifiers(row: Organisation) -> list[Record]:
    if not row.business_id:
        return []
    me = str(id_of(KIND, row.slug))
    return [
        {
            "id": part_of(me, "identifier"),
            "organization_id": me,
            "identifier_scheme": ORG_ID,
            "identifier_type": _("Business ID"),
            "identifier": row.business_id,
        }
    ]


def _contacts(row: Organisation, me: str) -> list[Record]:
    return [contact(each, me) for each in row.public_contacts]  # type: ignore[attr-defined]  # loaded


def contact(row: Contact, organization_id: str) -> Record:
    me = part_of(organization_id, "contact", row.name, row.email, row.phone)
    return known(
        id=me,
        organization_id=organization_id,
        name=row.name,
        title=row.title,
        email=row.email,
        phones=phones(me, "contact_id", row.phone),
    )


def phones(whole: str, owner: str, number: str) -> list[Record]:
    """The one phone number a row has, if it has one; `owner` names the field that leads back."""
    return (
        [{"id": part_of(whole, "phone"), owner: whole, "number": number, "type": "voice"}] if number else []
    )


def _program(project: Project, organization_id: str) -> Record:
    return known(
        id=part_of(organization_id, "program", project.slug),
        organization_id=organization_id,
        name=project.name,
        description=project.summary or project.name,
    )


def _funding(project: Project, organization_id: str) -> list[Record]:
    """Who pays for a project, such as the European Social Fund."""
    return [
        {
            "id": part_of(organization_id, "funding", project.slug, part.organisation.slug),
            "organization_id": organization_id,
            "source": f"{part.organisation.name}: {project.name}",
        }
        for part in project.funders  # type: ignore[attr-defined]  # loaded
        if part.organisation.published_at
    ]


def _own(row: Organisation) -> Record:
    home = row.home_municipality
    contacts = [
        known(name=each.name, title=_titles(each), email=each.email, phone=each.phone)
        for each in row.public_contacts  # type: ignore[attr-defined]  # loaded
    ]
    return own_record(
        row,
        "organisation",
        texts=TEXTS,
        values=VALUES,
        sector=row.sector.code,
        parent=row.parent.slug if row.parent and row.parent.published_at else None,
        home_municipality=area_key(home) if home else None,
        successors=[each.slug for each in row.successors.all() if each.published_at],
        contacts=contacts,
    )


def _titles(row: Contact) -> Record:
    return known(**{code: text_in(code, row, "title") for code in ("fi", "sv", "en")})
