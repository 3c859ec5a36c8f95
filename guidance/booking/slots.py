"""Free times, computed from what counsellors offer and never stored.

A `Timetable` knows what is offered for some services until their horizon, and learns when counsellors are
busy as it is asked. Lists, pages and the check before a booking all ask its `free`, so they cannot disagree.

Hours are kept as local wall time (Europe/Helsinki) and become moments (UTC) for each date on its own, so that
9:00 stays 9:00 through both changes of the clock. Times start on a grid of the service's length that begins
where the offer begins; a time that the clock jumps over is left out, and one it shows twice is offered once.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Lower, Upper
from django.utils import timezone

from guidance.booking.models import Absence, Appointment, Availability
from guidance.booking.wall_clock import DAY, LOCAL, WEEK, grid, minutes_between, moment
from guidance.catalogue.models import GuidanceService
from network.models import Affiliation, RouteStop, ServicePoint
from network.opening import holiday_name

NEAR = timedelta(days=3)  # how far before a wanted time another is looked for

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Way:
    """How a person wants to meet; without a service point or a language, any will do."""

    channel_id: int
    service_point_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A counsellor who is free at a time, and the languages they speak then (none: all of the service's)."""

    counsellor_id: int
    languages: frozenset[str]

    def speaks(self, language: str) -> bool:
        return not language or not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Slot:
    """A time when somebody is free: one line, however many counsellors there are. Moments are in UTC.

    Where the channel needs a place, the slot is at one; a mobile one stands at `stop` then.
    """

    starts_at: datetime
    ends_at: datetime
    openings: tuple[Opening, ...]
    service_point_id: int | None = None
    stop: RouteStop | None = None

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


@dataclass(frozen=True, slots=True)
class _Offer:
    """An availability for one service and channel, cut to the days on which its counsellor works there."""

    service_id: int
    channel_id: int
    counsellor_id: int
    service_point_id: int | None
    is_mobile: bool
    languages: frozenset[str]
    weekday: int | None
    starts: time
    minutes: int
    first: date
    last: date

    def suits(self, way: Way) -> bool:
        return (
            self.channel_id == way.channel_id
            and way.service_point_id in {None, self.service_point_id}
            and (not way.language or not self.languages or way.language in self.languages)
        )

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days it comes round; a weekly one leaves public holidays out."""
        day, last = max(first, self.first), min(last, self.last)
        if self.weekday is None:
            if day <= last:
                yield day
            return
        day += DAY * ((self.weekday - day.isoweekday()) % 7)
        while day <= last:
            if not holiday_name(day):
                yield day
            day += WEEK


@dataclass
class Timetable:
    """What counsellors offer for the services from today to the horizon, and when they are busy.

    Loaded with two queries at most; asking for free times costs one more for each stretch of days that is not
    yet known, whatever the number of counsellors, offers and appointments. The time of `ignoring` counts as
    free: an appointment that is to be moved is not in its own way.
    """

    services: Sequence[GuidanceService]
    ignoring: Appointment | None = None
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        self.today = self.now.astimezone(LOCAL).date()
        horizon = max((service.horizon_days for service in self.services), default=0)
        self._last = self.today + horizon * DAY
        self._offers: dict[int, list[_Offer]] = defaultdict(list)
        for offer in _offers(self.services, self.today, self._last):
            self._offers[offer.service_id].append(offer)
        self._counsellors = {offer.counsellor_id for offers in self._offers.values() for offer in offers}
        self._stops = _stops({offer for offers in self._offers.values() for offer in offers}, self.now)
        self._busy: dict[int, list[Interval]] = defaultdict(list)
        self._meetings: Counter[tuple[int, date]] = Counter()
        self._known: tuple[date, date] | None = None

    def ways(self, service: GuidanceService) -> list[Way]:
        """Every way in which somebody offers to meet, each place on its own."""
        ways = {Way(offer.channel_id, offer.service_point_id) for offer in self._offers[service.pk]}
        return sorted(ways, key=lambda way: (way.channel_id, way.service_point_id or 0))

    def has_languages(self, service: GuidanceService) -> bool:
        """Whether the language makes a difference to when one can meet."""
        return any(offer.languages for offer in self._offers[service.pk])

    def last_day(self, service: GuidanceService) -> date:
        """The last local day on which a meeting can begin."""
        return self.today + service.horizon_days * DAY

    def free(self, service: GuidanceService, way: Way, first: date, last: date) -> list[Slot]:
        """Free times from the first local day to the last, both inside, the soonest first."""
        first, last = max(first, self.today), min(last, self.last_day(service))
        offers = [offer for offer in self._offers[service.pk] if offer.suits(way)]
        if not offers or first > last:
            return []
        self._learn_busy(first, last)
        openings: dict[tuple[datetime, int | None], dict[int, Opening]] = defaultdict(dict)
        for offer in offers:
            opening = Opening(offer.counsellor_id, offer.languages)
            for starts_at in self._free_starts(offer, service, first, last):
                found = openings[starts_at, offer.service_point_id]
                found[offer.counsellor_id] = _joined(found.get(offer.counsellor_id), opening)
        length = timedelta(minutes=service.duration_minutes)
        slots = [
            Slot(
                starts_at,
                starts_at + length,
                tuple(found.values()),
                place,
                self._stop(place, starts_at, starts_at + length),
            )
            for (starts_at, place), found in openings.items()
        ]
        return sorted(slots, key=lambda slot: (slot.starts_at, slot.service_point_id or 0))

    def first_free(self, service: GuidanceService, way: Way, after: date | None = None) -> Slot | None:
        """The soonest free time, from a local day on if one is given."""
        day = after or self.today
        self._learn_busy(day, day + 2 * WEEK)  # so that the week from the found day on is known too
        while day <= self.last_day(service):
            if slots := self.free(service, way, day, day + WEEK - DAY):
                return slots[0]
            day += WEEK
            self._learn_busy(day, self._last)  # all that is left, in one query
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
        return slot and replace(slot, openings=tuple(sorted(slot.openings, key=self._fairness(monday))))

    def _fairness(self, monday: date) -> Callable[[Opening], tuple[int, int]]:
        def key(opening: Opening) -> tuple[int, int]:
            return (self._meetings[opening.counsellor_id, monday], opening.counsellor_id)

        return key

    def nearest(self, service: GuidanceService, way: Way, wanted: datetime, count: int = 6) -> list[Slot]:
        """The free times nearest to a moment (UTC), in order of time."""
        day = wanted.astimezone(LOCAL).date()
        slots = self.free(service, way, day - NEAR, day + WEEK)
        if len(slots) < count:
            slots = self.free(service, way, self.today, self.last_day(service))
        near = sorted(slots, key=lambda slot: abs(slot.starts_at - wanted))[:count]
        return sorted(near, key=lambda slot: slot.starts_at)

    def _free_starts(
        self, offer: _Offer, service: GuidanceService, first: date, last: date
    ) -> Iterator[datetime]:
        earliest = self.now + timedelta(hours=service.lead_hours)
        length = timedelta(minutes=service.duration_minutes)
        busy = self._busy.get(offer.counsellor_id, [])
        for day in offer.days(first, last):
            for starts_at in grid(day, offer.starts, offer.minutes, service.duration_minutes):
                if starts_at < earliest or _overlaps(busy, starts_at, starts_at + length):
                    continue
                if not offer.is_mobile or self._stop(offer.service_point_id, starts_at, starts_at + length):
                    yield starts_at

    def _stop(self, place: int | None, starts_at: datetime, ends_at: datetime) -> RouteStop | None:
        stops = self._stops.get(place, [])
        return next((stop for stop in stops if stop.starts_at <= starts_at and ends_at <= stop.ends_at), None)

    def _learn_busy(self, first: date, last: date) -> None:
        """Load when the counsellors are busy on the days, unless that is known."""
        if not self._counsellors:
            return
        if self._known:
            if self._known[0] <= first and last <= self._known[1]:
                return
            first, last = min(first, self._known[0]), max(last, self._known[1])
        since, until = moment(first, time(0)), moment(last + DAY, time(0))
        busy: dict[int, list[Interval]] = defaultdict(list)
        self._meetings.clear()
        rows = _busy_rows(self._counsellors, since, until, self.ignoring)
        for counsellor, starts_at, ends_at, is_meeting in rows:
            busy[counsellor].append((starts_at, ends_at))
            if is_meeting:
                self._meetings[counsellor, _monday(starts_at.astimezone(LOCAL).date())] += 1
        self._busy = {counsellor: _merged(intervals) for counsellor, intervals in busy.items()}
        self._known = (first, last)


def _offers(services: Sequence[GuidanceService], first: date, last: date) -> Iterable[_Offer]:
    """Offers of counsellors who work at the service's organisation and can sign in, at open places."""
    rows = (
        Availability.objects.annotate(
            work=FilteredRelation(
                "counsellor__affiliations",
                condition=Q(counsellor__affiliations__role=Affiliation.Role.COUNSELLOR),
            )
        )
        .filter(
            Q(on__isnull=True) | Q(on__range=(first, last)),
            Q(valid_from__isnull=True) | Q(valid_from__lte=last),
            Q(valid_to__isnull=True) | Q(valid_to__gte=first),
            Q(work__until__isnull=True) | Q(work__until__gte=first),
            services__in=[service.pk for service in services],
            channels__guidance_services=F("services"),
            work__organisation=F("services__organisation"),
            work__since__lte=last,
            counsellor__is_active=True,
        )
        .order_by()
        .values_list(
            "services", "channels", "channels__needs_place", "counsellor", "service_point",
            "service_point__kind", "service_point__published_at", "service_point__closed_on",
            "languages", "weekday", "on", "starts_at", "ends_at", "valid_from", "valid_to",
            "work__since", "work__until",
        )
    )  # fmt: skip
    return filter(None, (_offer(row, first, last) for row in rows))


def _offer(row: tuple, first: date, last: date) -> _Offer | None:
    """What a row offers; None when its channel needs a place and it has none."""
    (
        service, channel, needs_place, counsellor, place, kind, published_at, closed_on, languages,
        weekday, on, starts, ends, valid_from, valid_to, since, until,
    ) = row  # fmt: skip
    if needs_place and (place is None or published_at is None):
        return None
    last_open = closed_on - DAY if needs_place and closed_on else None
    return _Offer(
        service_id=service,
        channel_id=channel,
        counsellor_id=counsellor,
        service_point_id=place if needs_place else None,
        is_mobile=needs_place and kind == ServicePoint.Kind.MOBILE,
        languages=frozenset(languages),
        weekday=weekday,
        starts=starts,
        minutes=minutes_between(starts, ends),
        first=max(filter(None, (first, on, valid_from, since))),
        last=min(filter(None, (last, on, valid_to, until, last_open))),
    )


def _stops(offers: Iterable[_Offer], now: datetime) -> dict[int | None, list[RouteStop]]:
    """Where mobile service points will stand."""
    mobile = {offer.service_point_id for offer in offers if offer.is_mobile}
    if not mobile:
        return {}
    stops: dict[int | None, list[RouteStop]] = defaultdict(list)
    coming = RouteStop.objects.live().filter(service_point__in=mobile, ends_at__gt=now)
    for stop in coming.select_related("municipality"):
        stops[stop.service_point_id].append(stop)
    return stops


def _busy_rows(
    counsellors: Iterable[int], since: datetime, until: datetime, ignoring: Appointment | None
) -> Iterable[tuple[int, datetime, datetime, bool]]:
    """Appointments and absences of the counsellors that touch the time, in one query."""
    appointments = Appointment.objects.clashing_with(since, until).filter(counsellor__in=counsellors)
    if ignoring:
        appointments = appointments.exclude(pk=ignoring.pk)
    absences = Absence.objects.filter(counsellor__in=counsellors, starts_at__lt=until, ends_at__gt=since)
    return (
        appointments.order_by()
        .values_list("counsellor", Lower("busy"), Upper("busy"), Value(True))
        .union(absences.order_by().values_list("counsellor", "starts_at", "ends_at", Value(False)), all=True)
    )


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


def _overlaps(intervals: list[Interval], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the time shares a moment with one of the intervals, which are in order and do not touch."""
    position = bisect_left(intervals, (ends_at,))
    return position > 0 and intervals[position - 1][1] > starts_at
