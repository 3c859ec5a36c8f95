"""What is asked of a way to finance studies."""

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Funding
from guidance.catalogue.quality.criterion import (
    CHECKED,
    Criterion,
    Found,
    Known,
    filled,
    good_summary,
    plain_texts_of,
    three_languages_of,
    working_links_of,
    yes,
)

LINKS = ("website",)
TEXTS = ("name", "summary", "audience", "amount", "application", "combining")


def in_one_sentence(funding: Funding, _known: Known) -> Found:
    return good_summary(funding)


def who_can_get_it(funding: Funding, _known: Known) -> Found:
    return yes(filled(funding, "audience"), "audience_fi")


def how_much(funding: Funding, _known: Known) -> Found:
    return yes(filled(funding, "amount"), "amount_fi")


def how_to_apply(funding: Funding, _known: Known) -> Found:
    return yes(funding.website or filled(funding, "application"), "website")


def with_others(funding: Funding, _known: Known) -> Found:
    return yes(filled(funding, "combining"), "combining_fi")


def who_pays(funding: Funding, _known: Known) -> Found:
    return yes(funding.payer_id or filled(funding, "payer_name"), "payer")


CRITERIA = (
    Criterion(
        2,
        _("In one sentence"),
        _("Say in at most 150 letters what it is; do not repeat its name."),
        in_one_sentence,
    ),
    Criterion(2, _("Who can get it"), _("Tell who can get it."), who_can_get_it),
    Criterion(2, _("How much"), _("Tell how much it is."), how_much),
    Criterion(2, _("How to apply"), _("Give the link where one applies, or tell how."), how_to_apply),
    Criterion(1, _("With others"), _("Tell how it fits with other ways to finance studies."), with_others),
    Criterion(1, _("Who pays"), _("Tell who pays it."), who_pays),
    three_languages_of(*TEXTS),
    CHECKED,
    working_links_of(*LINKS),
    plain_texts_of(*TEXTS),
)
