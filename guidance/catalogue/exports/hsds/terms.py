"""The word lists by which open data sorts services and organisations: HSDS's taxonomies and their terms."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.exports.hsds.ids import id_of, part_of
from guidance.catalogue.exports.hsds.portal import page_url
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.models import (
    Channel,
    GuidanceService,
    GuidanceTopic,
    LifeSituation,
    TrainingOption,
)
from network.models import Network, Sector
from opinovi.rows import rows_of
from projects.models import TargetGroup

PTV_GROUPS = "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/"  # of the Finnish Service Catalogue
VERSION = "1"


class Taxonomy(NamedTuple):
    """A word list. `link_type` is what a word of it says about a service, in HSDS's open list of codes."""

    code: str
    name: str | Promise
    description: str | Promise
    link_type: str

    @property
    def id(self) -> UUID:
        return id_of("taxonomy", self.code)


class Term(NamedTuple):
    """A word of a list."""

    taxonomy: Taxonomy
    code: str
    name: str
    uri: str = ""
    description: str = ""

    @property
    def id(self) -> UUID:
        return id_of("term", f"{self.taxonomy.code}:{self.code}")


KIND = Taxonomy("kind", _("Kind of record"), _("What a service of this data is in the portal."), "type")
GROUP = Taxonomy(
    "target-group", _("Target groups"), _("Whom services and projects are for."), "intended_audience"
)
TOPIC = Taxonomy("topic", _("Guidance topics"), _("What guidance can be about."), "topic")
CHANNEL = Taxonomy("channel", _("Channels"), _("How a person and a counsellor meet."), "delivery_channel")
WAY = Taxonomy("way", _("Ways to come"), _("How a person comes to the service."), "application_process")
FIELD = Taxonomy("field", _("Fields of training"), _("What a training is about."), "topic")
TRAINING_KIND = Taxonomy("training-kind", _("Kinds of training"), _("What sort of studies it is."), "type")
TIME = Taxonomy("teaching-time", _("Teaching times"), _("When there is teaching."), "schedule")
MODE = Taxonomy(
    "teaching-mode", _("Teaching modes"), _("Where and how there is teaching."), "delivery_channel"
)
EVENT_KIND = Taxonomy("event-kind", _("Kinds of events"), _("What sort of meeting it is."), "type")
SECTOR = Taxonomy("sector", _("Sectors"), _("What kind of organisation it is."), "type")
SITUATION = Taxonomy(
    "situation", _("Life situations"), _("Where somebody is in life, and what helps there."), "situation"
)
NETWORK = Taxonomy("network", _("Networks"), _("Organisations that guide adults together."), "membership")

TAXONOMIES = {
    taxonomy.code: taxonomy
    for taxonomy in (
        *(KIND, GROUP, TOPIC, CHANNEL, WAY, FIELD, TRAINING_KIND, TIME, MODE, EVENT_KIND, SECTOR),
        *(SITUATION, NETWORK),
    )
}
_CHOICES: dict[str, Any] = {
    WAY.code: GuidanceService.Way,
    FIELD.code: TrainingOption.Field,
    TRAINING_KIND.code: TrainingOption.Kind,
    TIME.code: TrainingOption.TeachingTime,
    MODE.code: TrainingOption.Mode,
}
_KINDS = {
    "guidance": _("Guidance"),
    "training": _("Training"),
    "event": _("Events"),
    "funding": _("Ways to finance studies"),
}
_PAGES = {  # words that are pages of the portal: their route, and the column of their first words
    SITUATION.code: ("catalogue:public:situation_detail", "introduction"),
    NETWORK.code: ("catalogue:public:network_detail", "description"),
}


def choice(taxonomy: Taxonomy, code: str) -> Term:
    """A word of a list that is written in the code."""
    name = _KINDS[code] if taxonomy is KIND else _CHOICES[taxonomy.code](code).label
    return Term(taxonomy, code, str(name))


def choices(taxonomy: Taxonomy, codes: Iterable[str]) -> list[Term]:
    return [choice(taxonomy, code) for code in codes]


def word(taxonomy: Taxonomy, row: Any) -> Term:
    """A word of a list that administrators keep, or a page that sorts like one."""
    if taxonomy.code in _PAGES:
        route, column = _PAGES[taxonomy.code]
        return Term(taxonomy, row.slug, row.name, page_url(route, row.slug), getattr(row, column))
    return Term(
        taxonomy, row.code, row.name, PTV_GROUPS + row.ptv_code if getattr(row, "ptv_code", "") else ""
    )


def all_terms(event_kinds: Any) -> list[Term]:
    """Every word of every list, list by list, in the reader's language. One query.

    `event_kinds` are the choices of a later app.
    """
    listed = {**_CHOICES, EVENT_KIND.code: event_kinds}
    kept: dict[str, Any] = {
        GROUP.code: TargetGroup.objects.all(),
        TOPIC.code: GuidanceTopic.objects.all(),
        CHANNEL.code: Channel.objects.all(),
        SECTOR.code: Sector.objects.all(),
        SITUATION.code: LifeSituation.objects.published(),
        NETWORK.code: Network.objects.published(),
    }
    rows = dict(zip(kept, rows_of(list(kept.values())), strict=True))
    found: list[Term] = []
    for code, taxonomy in TAXONOMIES.items():
        if code in rows:
            found += [word(taxonomy, row) for row in rows[code]]
        else:
            pairs = _KINDS.items() if taxonomy is KIND else listed[code].choices
            found += [Term(taxonomy, value, str(name)) for value, name in pairs]
    return found


def taxonomy_record(taxonomy: Taxonomy) -> Record:
    return known(
        id=str(taxonomy.id),
        name=str(taxonomy.name),
        description=str(taxonomy.description),
        version=VERSION,
    )


def term_record(term: Term, *, is_full: bool = False, own: Record | None = None) -> Record:
    """`own` is the portal's own record of a word that is a page."""
    return known(
        id=str(term.id),
        code=term.code,
        name=term.name,
        description=term.description or term.name,
        taxonomy=str(term.taxonomy.name),
        taxonomy_detail=taxonomy_record(term.taxonomy) if is_full else None,
        language=(get_language() or "fi")[:2],
        taxonomy_id=str(term.taxonomy.id),
        term_uri=term.uri,
        opinovi=own,
    )


def attributes(entity: str, whole: UUID, terms: Iterable[Term]) -> list[Record]:
    """What sorts a record: one attribute a word."""
    return [
        {
            "id": part_of(whole, "attribute", term.id),
            "link_id": str(whole),
            "taxonomy_term_id": str(term.id),
            "link_type": term.taxonomy.link_type,
            "link_entity": entity,
            "taxonomy_term": term_record(term),
        }
        for term in terms
    ]
