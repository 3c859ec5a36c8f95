"""What training, guidance and ways to finance studies say outside their pages: in spreadsheets and feeds."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Funding, GuidanceService, TrainingOption
from guidance.catalogue.rounds import written
from network.listed import shortened, yes_or_no
from network.lists import Column
from opinovi.addresses import address_of
from opinovi.feeds import Entry
from opinovi.fields import last_change
from opinovi.templatetags.portal import span


def training_address(training: TrainingOption) -> str:
    return address_of("catalogue:public:training_detail", training.slug)


def guidance_address(service: GuidanceService) -> str:
    return address_of("catalogue:public:guidance_detail", service.slug)


def funding_address(funding: Funding) -> str:
    return address_of("catalogue:public:funding_detail", funding.slug)


def _names(relation: str) -> Callable[[Any], str]:
    return lambda row: ", ".join(each.name for each in getattr(row, relation).all())


def starts(training: TrainingOption) -> str:
    """When the studies begin, as far as that is known: a day, a season, or by agreement."""
    if training.starts_on:
        return span(training.starts_on, training.starts_on)
    if training.start == TrainingOption.Start.SEASON:
        return f"{training.get_start_season_display()} {training.start_year}"
    return training.get_start_display()


TRAINING_COLUMNS = [
    Column(_("name"), lambda row: row.name),
    Column(_("kind"), lambda row: row.get_kind_display()),
    Column(_("field"), lambda row: row.get_field_display()),
    Column(_("provider"), lambda row: row.provider.name),
    Column(_("places"), _names("municipalities")),
    Column(_("teaching mode"), lambda row: row.get_mode_display()),
    Column(_("teaching time"), lambda row: ", ".join(row.teaching_time_names)),
    Column(_("languages"), lambda row: ", ".join(row.language_names)),
    Column(_("extent"), lambda row: row.extent),
    Column(_("extent, at most"), lambda row: row.extent_to),
    Column(_("unit of the extent"), lambda row: row.get_extent_unit_display()),
    Column(_("planned duration, months"), lambda row: row.duration_months),
    Column(_("start"), starts),
    Column(_("first day"), lambda row: row.starts_on),
    Column(_("last day"), lambda row: row.ends_on),
    Column(_("applications from"), lambda row: row.applications_from),
    Column(_("applications until"), lambda row: row.applications_to),
    Column(_("name of the application round"), lambda row: row.applications_name),
    Column(_("further application rounds"), lambda row: written(row.further_periods())),
    Column(_("you can apply at any time"), lambda row: yes_or_no(row.is_rolling)),
    Column(_("fee, €"), lambda row: row.fee),
    Column(_("what the fee covers"), lambda row: row.fee_note),
    Column(_("earlier studies asked for"), lambda row: ", ".join(row.prior_education_names)),
    Column(_("leads to"), lambda row: row.get_outcome_display()),
    Column(_("where to apply"), lambda row: row.application_link),
    Column(_("page of the training"), lambda row: row.website),
    Column(_("checked on"), lambda row: row.checked_on),
    Column(_("page in the portal"), training_address),
]

GUIDANCE_COLUMNS = [
    Column(_("name"), lambda row: row.name),
    Column(_("in one sentence"), lambda row: row.summary),
    Column(_("given by"), lambda row: row.organisation.name),
    Column(_("channels"), _names("channels")),
    Column(_("serves people in"), _names("areas")),
    Column(_("languages"), lambda row: ", ".join(row.language_names)),
    Column(_("an interpreter can be arranged"), lambda row: yes_or_no(row.has_interpreter)),
    Column(_("how to come"), lambda row: ", ".join(row.way_names)),
    Column(_("booking"), lambda row: row.get_booking_display()),
    Column(_("fee, €"), lambda row: row.fee),
    Column(_("what the fee covers"), lambda row: row.fee_note),
    Column(_("phone"), lambda row: row.phone),
    Column(_("e-mail address"), lambda row: row.email),
    Column(_("website"), lambda row: row.website),
    Column(_("checked on"), lambda row: row.checked_on),
    Column(_("page in the portal"), guidance_address),
]

FUNDING_COLUMNS = [
    Column(_("name"), lambda row: row.name),
    Column(_("in one sentence"), lambda row: row.summary),
    Column(_("paid by"), lambda row: row.payer_in_words),
    Column(_("who can get it"), lambda row: row.audience),
    Column(_("how much"), lambda row: row.amount),
    Column(_("how to apply"), lambda row: row.application),
    Column(_("how it fits with others"), lambda row: row.combining),
    Column(_("where to apply"), lambda row: row.website),
    Column(_("checked on"), lambda row: row.checked_on),
    Column(_("page in the portal"), funding_address),
]


def training_entry(training: TrainingOption) -> Entry:
    places = ", ".join(place.name for place in training.municipalities.all())
    facts = [training.provider.name, places, training.get_mode_display(), shortened(training.description)]
    return Entry(
        key=f"training/{training.pk}",
        title=training.name,
        url=training_address(training),
        summary=". ".join(filter(None, facts)),
        author=training.provider.name,
        published_at=training.published_at,
        changed_at=last_change(training),
    )


def guidance_entry(service: GuidanceService) -> Entry:
    return Entry(
        key=f"guidance/{service.pk}",
        title=service.name,
        url=guidance_address(service),
        summary=service.summary or shortened(service.description),
        author=service.organisation.name,
        published_at=service.published_at,
        changed_at=last_change(service),
    )


def funding_entry(funding: Funding) -> Entry:
    return Entry(
        key=f"funding/{funding.pk}",
        title=funding.name,
        url=funding_address(funding),
        summary=funding.summary or shortened(funding.audience),
        author=funding.payer_in_words,
        published_at=funding.published_at,
        changed_at=last_change(funding),
    )
