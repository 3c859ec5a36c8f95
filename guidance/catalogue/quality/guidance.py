"""What is asked of a guidance service."""

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import GuidanceService
from guidance.catalogue.quality.criterion import (
    CHECKED,
    Criterion,
    Found,
    Known,
    filled,
    good_summary,
    long_enough,
    plain_texts_of,
    three_languages_of,
    working_links_of,
    yes,
)

LINKS = ("website",)
TEXTS = ("name", "summary", "description", "audience", "bring", "next_steps", "hours_note", "fee_note")
Way = GuidanceService.Way


def in_one_sentence(service: GuidanceService, _known: Known) -> Found:
    return good_summary(service)


def what_happens(service: GuidanceService, _known: Known) -> Found:
    return long_enough(service, "description")


def who_it_is_for(service: GuidanceService, _known: Known) -> Found:
    return yes(filled(service, "audience") or service.target_groups.all(), "audience_fi")


def how_to_come(service: GuidanceService, _known: Known) -> Found:
    return yes(service.ways, "ways")


def contact_for_every_way(service: GuidanceService, _known: Known) -> Found | None:
    """Who calls needs a number, who writes an address, who drops in a place with hours.

    Times to book are the calendar's matter; whoever is referred needs to know by whom or how.
    """
    needed = {
        Way.CALL: (bool(service.phone), "phone"),
        Way.WRITE: (bool(service.email), "email"),
        Way.DROP_IN: (_has_hours(service), "service_points"),
        Way.REFERRED: (bool(service.referrers) or filled(service, "referral_note"), "referrers"),
    }
    claimed = [needed[way] for way in map(Way, service.ways) if way in needed]
    if not claimed:
        return None
    share = sum(is_there for is_there, _field in claimed) / len(claimed)
    return Found(share, tuple(name for is_there, name in claimed if not is_there))


def _has_hours(service: GuidanceService) -> bool:
    """Whether some place is open at told hours, weekly or as a stop to come."""
    points = service.service_points.all()
    return any(point.opening_hours.all() or point.stops.all() for point in points)


def where_it_is(service: GuidanceService, _known: Known) -> Found | None:
    if not any(channel.needs_place for channel in service.channels.all()):
        return None
    return yes(service.service_points.all(), "service_points")


def what_it_costs(service: GuidanceService, _known: Known) -> Found:
    return yes(service.fee is not None, "fee")


def when_we_answer(service: GuidanceService, _known: Known) -> Found:
    return yes(service.response_days is not None, "response_days")


CRITERIA = (
    Criterion(
        2,
        _("In one sentence"),
        _("Say in at most 150 letters what the service gives; do not repeat its name."),
        in_one_sentence,
    ),
    Criterion(
        2,
        _("What happens there"),
        _("Tell what happens there, in two hundred letters or more."),
        what_happens,
    ),
    Criterion(2, _("Who it is for"), _("Tell whom the service is for."), who_it_is_for),
    Criterion(
        2,
        _("How to come"),
        _("Tell how one comes: books, calls, writes, drops in, is referred."),
        how_to_come,
    ),
    Criterion(
        3,
        _("A contact for every way"),
        _("Give what each way needs: a number, an address to write to, a place with hours, who may refer."),
        contact_for_every_way,
    ),
    Criterion(1, _("Where it is"), _("Choose the service points where one can come."), where_it_is),
    Criterion(1, _("What it costs"), _("Tell the fee; 0 if there is none."), what_it_costs),
    Criterion(1, _("When you answer"), _("Tell in how many working days you answer."), when_we_answer),
    three_languages_of(*TEXTS),
    CHECKED,
    working_links_of(*LINKS),
    plain_texts_of(*TEXTS),
)
