"""Free times, computed from what counsellors offer and never stored.

A `Timetable` knows what is offered for some services until their horizon, and learns when counsellors are
busy as it is asked. Lists, pages and the check before a booking all ask its `free`, so they cannot disagree.

Hours are kept as local wall time (Europe/Helsinki) and become moments (UTC) for each date on its own, so that
9:00 stays 9:00 through both changes of the clock. Times start on the service's grid, which begins where the
offer begins; a time that the clock jumps over is left out, and one it shows twice is offered once. A meeting
lies wholly in the offer and in no absence; the pauses around it may reach out of both, but touch no other
meeting with its own pauses, so that both keep theirs.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from uuid import UUID

from django.utils import timezone

from guidance.booking.models import Appointment
from guidance.booking.offers import Offer, Supply, busy_times
from guidance.booking.wall_clock import DAY, LOCAL, WEEK, grid, moment
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.booking_rules import MOST_PAUSE
from network.models import RouteStop

PAUSE = timedelta(minutes=MOST_PAUSE)  # the longest one around a meeting
NEAR = timedelta(days=3)  # how far before a wanted time another is looked for

Interval = tuple[int, int]  # Unix seconds


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

    Where the channel needs a place, the slot is at one; a mobile one stands at `stop` then. Who is free is
    looked up only when somebody asks: a list of times need not know.
    """

    starts_at: datetime
    ends_at: datetime
    service_point_id: int | None = None
    stop: RouteStop | None = None
    find: Callable[[], Iterable[Opening]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Each counsellor who is free, once; the fairest first where the slot was asked for by its time."""
        return tuple(_one_each(self.find()))

    @property
    def day(self) -> date:
        """The local day."""
        return self.starts_at.astimezone(LOCAL).date()

    def counsellors(self, language: str) -> list[int]:
        """Who speaks the language, in the order of the openings."""
        return [opening.counsellor_id for opening in self.openings if opening.speaks(language)]

    def languages_of(self, service: GuidanceService) -> list[str]:
        """The languages in which somebody is free."""
        return [code for code in service.languages if any(opening.speaks(code) for opening in self.openings)]


class Timetable:
    """What counsellors offer for the services from today to the horizon, and when they are busy.

    Beside the queries of the supply, unless one is at hand, asking for free times costs one for each stretch
    of days that is not yet known, whatever the number of counsellors, offers and appointments. The time of
    `ignoring` counts as free: an appointment that is to be moved is not in its own way. So does the time that
    is held under the nonce `holding`. `without_lead`: times count that are sooner than strangers may book.
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
        self.ignoring = ignoring
        self.holding = holding
        self.without_lead = without_lead
        self._busy: dict[int, list[Interval]] = {}
        self._away: dict[int, list[Interval]] = {}
        self._meetings: dict[int, list[int]] = defaultdict(list)  # when they begin
        self._known: tuple[date, date] | None = None

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
        first, last = max(first, self.today), min(last, self.last_day(service))
        offers = [offer for offer in self.supply.of(service, way.channel_id) if _suits(offer, way)]
        if not offers or first > last:
            return []
        self._learn_busy(first, last)
        found: dict[tuple[datetime, int | None], list[Offer]] = defaultdict(list)
        earliest = self.now if self.without_lead else self.now + timedelta(hours=service.lead_hours)
        for offer in offers:
            for day in offer.days(first, last):
                for starts_at in _starts(service, offer, day):
                    found[starts_at, offer.service_point_id].append(offer)
        slots = (
            self._slot(service, way, starts_at, place, offered)
            for (starts_at, place), offered in sorted(found.items(), key=_time_and_place)
            if starts_at >= earliest
        )
        return [slot for slot in slots if slot]

    def _slot(
        self,
        service: GuidanceService,
        way: Way,
        starts_at: datetime,
        place: int | None,
        offers: Sequence[Offer],
    ) -> Slot | None:
        """The time as a slot, if the place is there then and one of the counsellors is free."""
        ends_at = starts_at + service.duration
        stop = self._stop(place, starts_at, ends_at)
        if self._is_mobile(place) and stop is None:
            return None
        openings = partial(self._openings, service, way, starts_at, offers)
        if next(openings(), None) is None:
            return None
        return Slot(starts_at, ends_at, place, stop, find=openings)

    def _openings(
        self, service: GuidanceService, way: Way, starts_at: datetime, offers: Sequence[Offer]
    ) -> Iterator[Opening]:
        """Who is free at the time: there for a whole meeting, with pauses that touch no other meeting."""
        since = int(starts_at.timestamp())
        until = since + service.duration_minutes * 60
        busy_since, busy_until = (
            since - service.pause_before_minutes * 60,
            until + service.pause_after_minutes * 60,
        )
        for offer in offers:
            for counsellor in offer.counsellors if way.counsellor_id is None else [way.counsellor_id]:
                busy, away = self._busy.get(counsellor), self._away.get(counsellor)
                if busy and _overlaps(busy, busy_since, busy_until):
                    continue
                if away and _overlaps(away, since, until):
                    continue
                yield Opening(counsellor, offer.languages)

    def first_free(self, service: GuidanceService, way: Way, after: date | None = None) -> Slot | None:
        """The soonest free time, from a local day on if one is given."""
        day = after or self.today
        self._learn_busy(day, day + WEEK - DAY)
        while day <= self.last_day(service):
            if slots := self.free(service, way, day, day + WEEK - DAY):
                return slots[0]
            day += WEEK
            self._learn_busy(day, self.supply.last)  # all that is left, in one query
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
        monday = _monday(day)
        self._learn_busy(monday, monday + WEEK - DAY)
        slots = self.free(service, way, day, day)
        slot = next((slot for slot in slots if slot.starts_at == starts_at), None)
        return slot and replace(slot, find=lambda: sorted(slot.openings, key=self._fairness(monday)))

    def _fairness(self, monday: date) -> Callable[[Opening], tuple[int, int]]:
        """Orders counsellors by their meetings in a week that is known."""
        since, until = (moment(day, time(0)).timestamp() for day in (monday, monday + WEEK))

        def key(opening: Opening) -> tuple[int, int]:
            begins = self._meetings.get(opening.counsellor_id, [])
            return (sum(since <= begin < until for begin in begins), opening.counsellor_id)

        return key

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

    def _learn_busy(self, first: date, last: date) -> None:
        """Load when the counsellors are busy on the days, as far as that is not known."""
        if not self.supply.counsellors:
            return
        if self._known is None:
            self._load_busy(first, last)
            self._known = (first, last)
            return
        known_first, known_last = self._known
        if first < known_first:
            self._load_busy(first, known_first - DAY)
        if last > known_last:
            self._load_busy(known_last + DAY, last)
        self._known = (min(first, known_first), max(last, known_last))

    def _load_busy(self, first: date, last: date) -> None:
        """Add when the counsellors are busy on days that were not loaded before; one query."""
        since, until = moment(first, time(0)), moment(last + DAY, time(0))
        begin, end = since.timestamp(), until.timestamp()
        changed = set()
        for counsellor, starts, ends, kind in busy_times(
            self.supply.counsellors,
            since - PAUSE,
            until + PAUSE,
            now=self.now,
            ignoring=self.ignoring.pk if self.ignoring else None,
            holding=self.holding,
        ):
            taken = self._away if kind == "absence" else self._busy
            taken.setdefault(counsellor, []).append((starts, ends))
            changed.add(counsellor)
            if kind == "meeting" and begin <= starts < end:
                self._meetings[counsellor].append(starts)
        for intervals in (self._busy, self._away):
            for counsellor in changed & intervals.keys():
                intervals[counsellor] = _merged(intervals[counsellor])


def _suits(offer: Offer, way: Way) -> bool:
    speaks = not way.language or not offer.languages or way.language in offer.languages
    is_with = way.counsellor_id is None or way.counsellor_id in offer.counsellors
    return speaks and is_with and way.service_point_id in {None, offer.service_point_id}


def _starts(service: GuidanceService, offer: Offer, day: date) -> tuple[datetime, ...]:
    return grid(day, offer.starts, offer.minutes, service.duration_minutes, service.step_minutes)


def _time_and_place(found: tuple[tuple[datetime, int | None], list[Offer]]) -> tuple[datetime, int]:
    (starts_at, place), _offers = found
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


def _merged(intervals: list[Interval]) -> list[Interval]:
    """The same time as intervals that do not touch, in order."""
    merged: list[Interval] = []
    for starts_at, ends_at in sorted(intervals):
        if merged and starts_at <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends_at, merged[-1][1]))
        else:
            merged.append((starts_at, ends_at))
    return merged


def _overlaps(intervals: list[Interval], since: int, until: int) -> bool:
    """Whether the time shares a moment with one of the intervals, which are in order and do not touch."""
    position = bisect_left(intervals, (until,))
    return position > 0 and intervals[position - 1][1] > since
