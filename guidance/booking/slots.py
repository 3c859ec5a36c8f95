"""Free times, computed from what counsellors offer and never stored.

A `Timetable` knows what is offered for some services until their horizon, and learns when counsellors are
busy as it is asked. Lists, pages and the check before a booking all ask its `free`, so they cannot disagree.

Hours are kept as local wall time (Europe/Helsinki) and become moments (UTC) for each date on its own, so that
9:00 stays 9:00 through both changes of the clock. Times start on the service's grid, which begins where the
offer begins; a time that the clock jumps over is left out, and one it shows twice is offered once. A meeting
lies wholly in the offer and in no absence; the pauses around it may reach out of both, but touch no other
meeting with its own pauses, so that both keep theirs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from guidance.booking.diaries import Diaries
from guidance.booking.models import Appointment
from guidance.booking.offers import Offer, Supply
from guidance.booking.wall_clock import DAY, LOCAL, WEEK, grid, moment
from guidance.catalogue.models import GuidanceService
from network.models import RouteStop

NEAR = timedelta(days=3)  # how far before a wanted time another is looked for

When = tuple[datetime, int | None]  # the moment (UTC), and the service point where one meets
Openings = Callable[[], Iterable["Opening"]]
Order = Callable[[Iterable[int]], list[int]]


@dataclass(frozen=True, slots=True)
class Way:
    """How a person wants to meet; without a service point, a language or a counsellor, any will do."""

    channel_id: int
    service_point_id: int | None = None
    language: str = ""
    counsellor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A counsellor who is free at a time, and the languages they speak then (none: all of the service's)."""

    counsellor_id: int
    languages: frozenset[str]

    def speaks(self, language: str) -> bool:
        return not language or not self.languages or language in self.languages


@dataclass(frozen=True)
class Slot:
    """A time when somebody is free: one line, however many counsellors there are. Moments are in UTC.

    Where the channel needs a place, the slot is at one; a mobile one stands at `stop` then. Who else is free
    is looked up only when somebody asks: a list of times need not know.
    """

    starts_at: datetime
    ends_at: datetime
    service_point_id: int | None = None
    stop: RouteStop | None = None
    find: Openings = field(default=tuple, repr=False, compare=False)
    order: Order = field(default=sorted, repr=False, compare=False)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Each counsellor who is free, once."""
        return tuple(_one_each(self.find()))

    @property
    def day(self) -> date:
        """The local day."""
        return self.starts_at.astimezone(LOCAL).date()

    def counsellors(self, language: str) -> list[int]:
        """Who speaks the language; the fairest first where the slot was asked for by its time."""
        return self.order(opening.counsellor_id for opening in self.openings if opening.speaks(language))

    def languages_of(self, service: GuidanceService) -> list[str]:
        """The languages in which somebody is free; asks no further than it must."""
        missing = set(service.languages)
        for opening in self.find():
            missing -= {code for code in missing if opening.speaks(code)}
            if not missing:
                break
        return [code for code in service.languages if code not in missing]


class Timetable:
    """What counsellors offer for the services from today to the horizon, and when they are busy.

    Beside the queries of the supply, unless one is at hand, asking for free times costs one for each stretch
    of days that is not yet known, whatever the number of counsellors, offers and appointments: it asks when a
    few of the counsellors are busy. Only where none of those is free, or somebody wants to know everybody who
    is, it costs one more, which asks of all the others.

    The time of `ignoring` counts as free: an appointment that is to be moved is not in its own way. So does
    the time that is held under the nonce `holding`. `without_lead`: times count that are sooner than
    strangers may book.
    """

    def __init__(
        self,
        services: Sequence[GuidanceService],
        *,
        supply: Supply | None = None,
        ignoring: Appointment | None = None,
        holding: UUID | None = None,
        without_lead: bool = False,
    ) -> None:
        self.now = timezone.now()
        self.today = self.now.astimezone(LOCAL).date()
        self.supply = supply or Supply(services, self.today)
        self.ignoring = ignoring.pk if ignoring else None
        self.without_lead = without_lead
        self._diaries = Diaries(now=self.now, ignoring=self.ignoring, holding=holding)

    def ways(self, service: GuidanceService) -> list[Way]:
        """Every way in which somebody offers to meet, each place on its own."""
        ways = {Way(offer.channel_id, offer.service_point_id) for offer in self.supply.of(service)}
        return sorted(ways, key=lambda way: (way.channel_id, way.service_point_id or 0))

    def has_languages(self, service: GuidanceService) -> bool:
        """Whether the language makes a difference to when one can meet."""
        return any(offer.languages for offer in self.supply.of(service))

    def last_day(self, service: GuidanceService) -> date:
        """The last local day on which a meeting can begin."""
        return self.today + service.horizon_days * DAY

    def free(self, service: GuidanceService, way: Way, first: date, last: date) -> list[Slot]:
        """Free times from the first local day to the last, both inside, the soonest first."""
        return list(self._free(service, way, first, last, until=last))

    def _free(
        self, service: GuidanceService, way: Way, first: date, last: date, until: date
    ) -> Iterator[Slot]:
        """Free times on some days. Diaries are read until another day when more may be asked."""
        times = self._times(service, way, first, last)
        if not times:
            return
        days = max(first, self.today), min(until, self.last_day(service))
        self._diaries.learn(self.supply.few, *days)
        for when in sorted(times, key=_time_and_place):
            if slot := self._slot(service, way, when, times[when], days):
                yield slot

    def _times(self, service: GuidanceService, way: Way, first: date, last: date) -> dict[When, list[Offer]]:
        """When and where meetings are offered that may still be booked, whoever is busy then."""
        first, last = max(first, self.today), min(last, self.last_day(service))
        earliest = self.now if self.without_lead else self.now + timedelta(hours=service.lead_hours)
        times: dict[When, list[Offer]] = defaultdict(list)
        for offer in self.supply.of(service, way.channel_id):
            if not _suits(offer, way):
                continue
            for day in offer.days(first, last):
                for starts_at in _starts(service, offer, day):
                    if starts_at >= earliest:
                        times[starts_at, offer.service_point_id].append(offer)
        return times

    def _slot(
        self, service: GuidanceService, way: Way, when: When, offers: Sequence[Offer], days: tuple[date, date]
    ) -> Slot | None:
        """The time as a slot, if the place is there then and one of the counsellors is free."""
        starts_at, place = when
        ends_at = starts_at + service.duration
        stop = self._stop(place, starts_at, ends_at)
        if self._is_mobile(place) and stop is None:
            return None
        openings = partial(self._openings, service, way, starts_at, offers, days)
        if next(openings(), None) is None:
            return None
        return Slot(starts_at, ends_at, place, stop, find=openings)

    def _openings(
        self,
        service: GuidanceService,
        way: Way,
        starts_at: datetime,
        offers: Sequence[Offer],
        days: tuple[date, date],
    ) -> Iterator[Opening]:
        """Who is free at the time; for all but the first few, the diaries of some days are read."""
        since = int(starts_at.timestamp())
        is_free = partial(
            self._diaries.is_free,
            since=since,
            until=since + service.duration_minutes * 60,
            before=service.pause_before_minutes * 60,
            after=service.pause_after_minutes * 60,
        )
        for offer in offers:
            for counsellor in offer.few:
                if way.counsellor_id in {None, counsellor} and is_free(counsellor):
                    yield Opening(counsellor, offer.languages)
        if any(offer.others for offer in offers):
            self._diaries.learn(self.supply.others, *days)
        for offer in offers:
            for counsellor in offer.others:
                if way.counsellor_id in {None, counsellor} and is_free(counsellor):
                    yield Opening(counsellor, offer.languages)

    def first_free(self, service: GuidanceService, way: Way, after: date | None = None) -> Slot | None:
        """The soonest free time, from a local day on if one is given."""
        day = after or self.today
        until = day + WEEK - DAY
        while day <= self.last_day(service):
            if slot := next(self._free(service, way, day, day + WEEK - DAY, until), None):
                return slot
            day += WEEK
            until = self.supply.last  # all that is left, in one query
        return None

    def soonest(self, service: GuidanceService) -> Slot | None:
        """The soonest free time, however and wherever one meets."""
        slots = [self.first_free(service, way) for way in self.ways(service)]
        return min(filter(None, slots), key=lambda slot: slot.starts_at, default=None)

    def at(self, service: GuidanceService, way: Way, starts_at: datetime) -> Slot | None:
        """The free time that begins at the moment (UTC), or None when there is none.

        Its counsellors are in order of fairness: whoever has the fewest meetings that week comes first.
        """
        day = starts_at.astimezone(LOCAL).date()
        times = self._times(service, way, day, day)
        self._diaries.learn(self.supply.few, day, day)
        for when in sorted((when for when in times if when[0] == starts_at), key=_time_and_place):
            if slot := self._slot(service, way, when, times[when], (day, day)):
                return replace(slot, order=partial(self._fairest_first, _monday(day)))
        return None

    def _fairest_first(self, monday: date, counsellors: Iterable[int]) -> list[int]:
        """The counsellors, whoever has the fewest meetings in the week first; one query."""
        known = list(counsellors)
        if len(known) < 2:
            return known
        week = Appointment.objects.live().filter(
            counsellor__in=known,
            starts_at__gte=moment(monday, time(0)),
            starts_at__lt=moment(monday + WEEK, time(0)),
        )
        rows = week.exclude(pk=self.ignoring or 0).order_by().values_list("counsellor").annotate(Count("pk"))
        meetings = dict(rows)
        return sorted(known, key=lambda counsellor: (meetings.get(counsellor, 0), counsellor))

    def nearest(self, service: GuidanceService, way: Way, wanted: datetime, count: int = 6) -> list[Slot]:
        """The free times nearest to a moment (UTC), in order of time."""
        day = wanted.astimezone(LOCAL).date()
        slots = self.free(service, way, day - NEAR, day + WEEK)
        if len(slots) < count:
            slots = self.free(service, way, self.today, self.last_day(service))
        near = sorted(slots, key=lambda slot: abs(slot.starts_at - wanted))[:count]
        return sorted(near, key=lambda slot: slot.starts_at)

    def _is_mobile(self, place: int | None) -> bool:
        return place is not None and self.supply.places[place].is_mobile

    def _stop(self, place: int | None, starts_at: datetime, ends_at: datetime) -> RouteStop | None:
        stops = self.supply.stops.get(place, []) if place else []
        return next((stop for stop in stops if stop.starts_at <= starts_at and ends_at <= stop.ends_at), None)


def _suits(offer: Offer, way: Way) -> bool:
    speaks = not way.language or not offer.languages or way.language in offer.languages
    is_with = way.counsellor_id is None or way.counsellor_id in offer.counsellors
    return speaks and is_with and way.service_point_id in {None, offer.service_point_id}


def _starts(service: GuidanceService, offer: Offer, day: date) -> tuple[datetime, ...]:
    return grid(day, offer.starts, offer.minutes, service.duration_minutes, service.step_minutes)


def _time_and_place(when: When) -> tuple[datetime, int]:
    starts_at, place = when
    return starts_at, place or 0


def _one_each(openings: Iterable[Opening]) -> list[Opening]:
    """Each counsellor once, with all the languages of their offers for the time."""
    each: dict[int, Opening] = {}
    for opening in openings:
        each[opening.counsellor_id] = _joined(each.get(opening.counsellor_id), opening)
    return list(each.values())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _joined(known: Opening | None, other: Opening) -> Opening:
    """What two offers of one counsellor for the same time come to."""
    if known is None:
        return other
    if not known.languages or not other.languages:
        return Opening(known.counsellor_id, frozenset())
    return Opening(known.counsellor_id, known.languages | other.languages)
