"""Training as HSDS services: the standard has no word for studies."""

from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guidance.catalogue.exports.hsds import places
from guidance.catalogue.exports.hsds.ids import id_of, pair_of, part_of
from guidance.catalogue.exports.hsds.organisations import (
    contact_parts,
    organization,
    organization_id,
    phones,
    provider,
)
from guidance.catalogue.exports.hsds.portal import area_key, own_record, page_url, page_urls
from guidance.catalogue.exports.hsds.services import cost_options, fees_description, languages
from guidance.catalogue.exports.hsds.tables import Record, known
from guidance.catalogue.exports.hsds.terms import (
    FIELD,
    KIND,
    MODE,
    TIME,
    TRAINING_KIND,
    attributes,
    choice,
    choices,
)
from guidance.catalogue.models import TrainingOption
from guidance.catalogue.models.training_queryset import TrainingOptionQuerySet
from network.models import Area

TRAINING = "training"
ROUTE = "catalogue:public:training_detail"
CONTINUOUS_LEARNING = "Jatkuvan oppimisen ja työllisyyden palvelukeskus (JOTPA)"
TEXTS = (
    *("name", "description", "outcomes", "titles", "keywords", "audience", "requirements", "fee_note"),
    *("funding", "application_note"),
)
VALUES = (
    *("slug", "field", "prior_education", "outcome", "is_continuous_learning", "is_labour_market"),
    *("is_beside_work", "has_childcare", "is_step_free", "extent", "extent_to", "extent_unit"),
    *("duration_months", "teaching_times", "mode", "languages", "fee", "start", "starts_on", "ends_on"),
    *("start_season", "start_year", "is_rolling", "applications_from", "applications_to"),
    *(
        "applications_name",
        "application_link",
        "seats",
        "applicants",
        "contact_name",
        "contact_phone",
        "contact_email",
    ),
    *("website", "checked_on"),
)


def trainings() -> TrainingOptionQuerySet:
    """What is published, with what the short record shows."""
    return TrainingOption.objects.published().for_summary().select_related("provider__parent").order_by("pk")


def with_training_parts(rows: TrainingOptionQuerySet) -> TrainingOptionQuerySet:
    return rows.prefetch_related("municipalities", "rounds", "notes", *contact_parts("provider__"))


def training(row: TrainingOption) -> Record:
    """The short record of a training; one whose time to apply is over is inactive."""
    description = [row.description, row.outcomes]
    return {
        **known(
            id=str(id_of(TRAINING, row.slug)),
            organization_id=organization_id(row.provider),
            name=row.name,
            description="\n\n".join(filter(None, description)),
            url=row.website or page_url(ROUTE, row.slug),
            email=row.contact_email,
            status="inactive" if row.is_closed else "active",
            application_process="\n\n".join(filter(None, [_applications(row), row.application_note])),
            fees_description=fees_description(row.fee, row.fee_note),
            eligibility_description="\n\n".join(filter(None, [row.audience, row.requirements])),
            assured_date=row.checked_on.isoformat() if row.checked_on else "",
            last_modified=row.changed_at.isoformat(),
        ),
        "organization": organization(row.provider),
    }


def full_training(row: TrainingOption) -> Record:
    """The full record of a training that is loaded by `with_training_parts`."""
    me = id_of(TRAINING, row.slug)
    terms = [choice(KIND, TRAINING), choice(TRAINING_KIND, row.kind), choice(FIELD, row.field)]
    terms += [*choices(TIME, row.teaching_times), choice(MODE, row.mode)]
    links = page_urls(ROUTE, row.slug, owner="service_id", whole=str(me))
    if row.application_link:
        apply = {"label": _("Apply"), "url": row.application_link, "service_id": str(me)}
        links.append({"id": part_of(me, "url", "apply"), **apply})
    funding = {"id": part_of(me, "funding"), "service_id": str(me), "source": CONTINUOUS_LEARNING}
    return {
        **training(row),
        "organization": provider(row.provider),
        **known(
            additional_urls=links,
            phones=phones(str(me), "service_id", row.contact_phone),
            contacts=_contacts(row, me),
            schedules=_dates(row, me),
            service_at_locations=[at_municipality(me, area) for area in row.municipalities.all()],
            languages=languages(me, row.languages),
            funding=[funding] if row.is_continuous_learning else [],
            cost_options=cost_options(me, row.fee, row.fee_note),
            attributes=attributes("service", me, terms),
            opinovi=_own_training(row),
        ),
    }


def _applications(row: TrainingOption) -> str:
    if row.is_rolling:
        return _("You can apply at any time.")
    if row.applications_from and row.applications_to:
        first, last = (_written(day) for day in (row.applications_from, row.applications_to))
        return _("Apply from %(first)s to %(last)s.") % {"first": first, "last": last}
    return ""


def _written(day: date) -> str:
    return date_format(day, "j.n.Y")


def _contacts(row: TrainingOption, me: UUID) -> list[Record]:
    if not row.contact_name:
        return []
    name, email = row.contact_name, row.contact_email
    return [known(id=part_of(me, "contact"), service_id=str(me), name=name, email=email)]


def _dates(row: TrainingOption, me: UUID) -> list[Record]:
    """From when until when the training lasts, if that is known to the day."""
    if not row.starts_on:
        return []
    first, last = row.starts_on.isoformat(), row.ends_on.isoformat() if row.ends_on else ""
    record = known(service_id=str(me), valid_from=first, valid_to=last, dtstart=first, until=last)
    times = ", ".join(row.teaching_time_names).capitalize()
    return [{"id": part_of(me, "schedule"), **record, **known(description=times)}]


def at_municipality(me: UUID, area: Area) -> Record:
    """The training in one of its municipalities."""
    place = places.municipality(area)
    pair = str(pair_of(me, places.municipality_id(area)))
    return {"id": pair, "service_id": str(me), "location_id": place["id"], "location": place}


def _own_training(row: TrainingOption) -> Record:
    texts, dates = ("heading", "text"), ("name", "opens_on", "closes_on")
    return own_record(
        row,
        TRAINING,
        texts=TEXTS,
        values=VALUES,
        training_kind=row.kind,
        provider=row.provider.slug,
        municipalities=[area_key(each) for each in row.municipalities.all()],
        rounds=[own_record(each, "round", texts=(), values=dates) for each in row.rounds.all()],
        notes=[own_record(each, "note", texts=texts, values=("order",)) for each in row.notes.all()],
    )
