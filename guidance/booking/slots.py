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

from django.utils import timezone

from guidance.booking.diaries import Diaries
from guidance.booking.models import Appointment
from guidance.booking.offers import Offer, Supply, meetings_of
from guidance.booking.wall_clock import DAY, LOCAL, WEEK, grid, moment
from guidance.catalogue.models import GuidanceService
from network.models import RouteStop

NEAR = timedelta(days=3)  # how far before a wanted time another is looked for
TRIED_TOGETHER = 16  # counsellors whose diaries are read at once to find the fairest

When = tuple[datetime, int | None]  # the moment (UTC), and the service point where one meets
Openings = Callable[[], Iterable["Opening"]]
Fairest = Callable[[str, int | None], Iterator[int]]


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
    fairest: Fairest | None = field(default=None, repr=False, compare=False)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Each counsellor who is free, once."""
        return tuple(_one_each(self.find()))

    @property
    def day(self) -> date:
        """The local day."""
        return self.starts_at.astimezone(LOCAL).date()

    def counsellors(self, language: str, *, first: int | None = None) -> Iterable[int]:
        """Who is free and speaks the language; the fairest in front where the slot was asked for by its time.

        A counsellor with the number `first` stands before all others.
        """
        if self.fairest:
            return self.fairest(language, first)
        able = (opening.counsellor_id for opening in self.openings if opening.speaks(language))
        return sorted(able, key=lambda counsellor: counsellor != first)

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
    few of the counsellors are busy. Where none of those is free, one more asks of four times as many, and so
    on; whoever wants to know everybody who is free asks of all.

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
        self.diaries = Diaries(now=self.now, ignoring=self.ignoring, holding=holding)

    def learn_all(self) -> None:
        """Know the diaries of all counsellors up to the horizon: one query, and no more later."""
        self.diaries.learn_all(self.supply.groups, self.today, self.supply.last)

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
        """Who is free at the time; the diaries of some days are read, of as few counsellors as will do."""
        is_free = self._freedom(service, starts_at)
        for number, group in enumerate(self.supply.groups):
            some = [(counsellor, offer) for offer in offers for counsellor in offer.group(number)]
            if not some:
                return
            self.diaries.learn(group, *days)
            for counsellor, offer in some:
                if way.counsellor_id in {None, counsellor} and is_free(counsellor):
                    yield Opening(counsellor, offer.languages)

    def first_free(self, service: GuidanceService, way: Way, after: date | None = None) -> Slot | None:
        """The soonest free time, from a local day on if one is given."""
        day = after or self.today
        until = day + 2 * WEEK - DAY  # so that the week from the first free day on is known as well
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
        for when in sorted((when for when in times if when[0] == starts_at), key=_time_and_place):
            if slot := self._slot(service, way, when, times[when], (day, day)):
                return replace(slot, fairest=partial(self._fairest, service, way, starts_at, times[when]))
        return None

    def _fairest(
        self,
        service: GuidanceService,
        way: Way,
        starts_at: datetime,
        offers: Sequence[Offer],
        language: str,
        first: int | None,
    ) -> Iterator[int]:
        """Who is free at the time and speaks the language, whoever has the fewest meetings that week first.

        The counsellor with the number `first` stands before them.

        One query counts the meetings of all who offer the time; the diaries are read as they are asked for.
        """
        offered = (Opening(one, offer.languages) for offer in offers for one in offer.counsellors)
        known = [
            opening.counsellor_id
            for opening in _one_each(offered)
            if opening.speaks(language) and way.counsellor_id in {None, opening.counsellor_id}
        ]
        day = starts_at.astimezone(LOCAL).date()
        in_order = self._fewest_meetings_first(known, _monday(day))
        in_order.sort(key=lambda counsellor: counsellor != first)
        is_free = self._freedom(service, starts_at)
        for number in range(0, len(in_order), TRIED_TOGETHER):
            some = in_order[number : number + TRIED_TOGETHER]
            self.diaries.learn(tuple(some), day, day)
            yield from filter(is_free, some)

    def _freedom(self, service: GuidanceService, starts_at: datetime) -> Callable[[int], bool]:
        """Tells whether a counsellor whose diary is known is free for a meeting at the moment (UTC)."""
        since = int(starts_at.timestamp())
        return partial(
            self.diaries.is_free,
            since=since,
            until=since + service.duration_minutes * 60,
            before=service.pause_before_minutes * 60,
            after=service.pause_after_minutes * 60,
        )

    def _fewest_meetings_first(self, counsellors: list[int], monday: date) -> list[int]:
        """The counsellors in the order of how many meetings they have in the week."""
        if len(counsellors) < 2:
            return counsellors
        since, until = moment(monday, time(0)), moment(monday + WEEK, time(0))
        meetings = meetings_of(counsellors, since, until, ignoring=self.ignoring)
        return sorted(counsellors, key=lambda counsellor: (meetings.get(counsellor, 0), counsellor))

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
