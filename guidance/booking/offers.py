"""What counsellors offer and when they are busy, as the database tells it.

The questions are asked in SQL of their own: every list of times asks them, and composing them with
Django's queries takes ten times as long as answering them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import prefetch_related_objects

from guidance.booking.wall_clock import DAY, LOCAL, WEEK, minutes_between
from guidance.catalogue.models import GuidanceService
from network.models import RouteStop, ServicePoint
from network.opening import is_holiday

# The days of an offer are those on which the counsellor also works at the service's organisation. One at a
# stop of the bus has the stop's day and hours by the clock on the wall, as long as the bus comes. Counsellors
# who offer the very same stand in one row.
OFFERS = """
    SELECT services.guidanceservice_id, channels.channel_id,
           array_agg(availability.counsellor_id),
           coalesce(stop.service_point_id, availability.service_point_id), availability.languages,
           availability.weekday, availability.every_weeks, availability.skipped, availability.is_on_holidays,
           availability.valid_from, coalesce(stop.starts, availability.starts_at),
           coalesce(stop.ends, availability.ends_at),
           greatest(%(first)s, availability.on, stop.on, availability.valid_from, affiliation.since),
           least(%(last)s, availability.on, stop.on, availability.valid_to, affiliation.until)
    FROM booking_availability AS availability
    JOIN booking_availability_services AS services ON services.availability_id = availability.id
    JOIN booking_availability_channels AS channels ON channels.availability_id = availability.id
    JOIN opinovi_user AS person ON person.id = availability.counsellor_id AND person.is_active
    JOIN network_affiliation AS affiliation
      ON affiliation.user_id = availability.counsellor_id AND affiliation.role = 'counsellor'
    JOIN catalogue_guidanceservice AS service ON service.id = services.guidanceservice_id
    LEFT JOIN (
        SELECT id, service_point_id, cancelled_at, (starts_at AT TIME ZONE %(zone)s)::date AS on,
               (starts_at AT TIME ZONE %(zone)s)::time AS starts,
               (ends_at AT TIME ZONE %(zone)s)::time AS ends
        FROM network_routestop
    ) AS stop ON stop.id = availability.stop_id
    WHERE (services.guidanceservice_id, affiliation.organisation_id)
          IN (SELECT * FROM unnest(%(services)s::bigint[], %(organisations)s::bigint[]))
      AND stop.cancelled_at IS NULL
      AND (service.meeting <> 'team' OR EXISTS (
          SELECT FROM catalogue_guidanceservice_team AS team
          WHERE team.guidanceservice_id = service.id AND team.user_id = availability.counsellor_id))
      AND greatest(%(first)s, availability.on, stop.on, availability.valid_from, affiliation.since)
          <= least(%(last)s, availability.on, stop.on, availability.valid_to, affiliation.until)
    GROUP BY 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
"""
# Moments come as whole seconds: there may be thousands, and a number is read ten times as fast as a moment.
BUSY = """
    SELECT counsellor_id, floor(extract(epoch FROM lower(busy)))::bigint,
           ceil(extract(epoch FROM upper(busy)))::bigint, 'meeting'
    FROM booking_appointment
    WHERE cancelled_at IS NULL AND counsellor_id = ANY(%(counsellors)s::bigint[])
      AND busy && tstzrange(%(since)s, %(until)s) AND id <> %(ignoring)s
    UNION ALL
    SELECT counsellor_id, floor(extract(epoch FROM lower(busy)))::bigint,
           ceil(extract(epoch FROM upper(busy)))::bigint, 'hold'
    FROM booking_hold
    WHERE expires_at > %(now)s AND counsellor_id = ANY(%(counsellors)s::bigint[])
      AND busy && tstzrange(%(since)s, %(until)s) AND nonce IS DISTINCT FROM %(holding)s
    UNION ALL
    SELECT counsellor_id, floor(extract(epoch FROM starts_at))::bigint,
           ceil(extract(epoch FROM ends_at))::bigint, 'absence'
    FROM booking_absence
    WHERE counsellor_id = ANY(%(counsellors)s::bigint[]) AND starts_at < %(until)s AND ends_at > %(since)s
    UNION ALL
    SELECT leader.user_id, floor(extract(epoch FROM session.starts_at))::bigint,
           ceil(extract(epoch FROM session.ends_at))::bigint, 'absence'
    FROM booking_groupsession AS session
    JOIN booking_groupsession_leaders AS leader ON leader.groupsession_id = session.id
    WHERE leader.user_id = ANY(%(counsellors)s::bigint[]) AND session.cancelled_at IS NULL
      AND session.starts_at < %(until)s AND session.ends_at > %(since)s
"""
MEETINGS = """
    SELECT counsellor_id, count(*)
    FROM booking_appointment
    WHERE cancelled_at IS NULL AND counsellor_id = ANY(%(counsellors)s::bigint[])
      AND starts_at >= %(since)s AND starts_at < %(until)s AND id <> %(ignoring)s
    GROUP BY counsellor_id
"""


class Busy(NamedTuple):
    """Time (Unix seconds) in which a counsellor cannot be booked: a `meeting`, a `hold` or an `absence`.

    Whoever leads a group session is absent from single meetings for as long as it goes on.
    """

    counsellor_id: int
    since: int
    until: int
    kind: str

    @property
    def starts_at(self) -> datetime:
        """The moment (UTC) from which on they are busy."""
        return datetime.fromtimestamp(self.since, UTC)

    @property
    def ends_at(self) -> datetime:
        """The moment (UTC) until which they are busy."""
        return datetime.fromtimestamp(self.until, UTC)


GROUPS = (0, 4, 16, 64, 256, 1024, None)  # where the counsellors of an offer are parted; see `Offer.group`


@dataclass(frozen=True, slots=True)
class Offer:
    """A time for one service and channel, cut to the days on which it holds (both inside).

    It is offered by one counsellor, or by several whose availabilities say just the same.
    """

    service_id: int
    channel_id: int
    counsellors: tuple[int, ...]
    service_point_id: int | None
    languages: frozenset[str]
    rhythm: "Rhythm | None"
    starts: time
    minutes: int
    first: date
    last: date

    def group(self, number: int) -> tuple[int, ...]:
        """Some of its counsellors: a few are looked at first, and four times as many where none is free."""
        return self.counsellors[GROUPS[number] : GROUPS[number + 1]]

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days it comes round, from the first to the last, both inside."""
        first, last = max(first, self.first), min(last, self.last)
        if self.rhythm is not None:
            yield from self.rhythm.days(first, last)
        elif first <= last:
            yield first


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a weekly offer comes round: on which day of the week, every how many weeks, and when not."""

    weekday: int
    every_weeks: int = 1
    counted_from: date | None = None
    skipped: frozenset[date] = frozenset()
    is_on_holidays: bool = False

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days between two days, both inside; public holidays are left out unless it keeps them."""
        day = first + DAY * ((self.weekday - first.isoweekday()) % 7)
        if self.counted_from and self.every_weeks > 1:
            passed = (_monday(day) - _monday(self.counted_from)).days // 7
            day += WEEK * (-passed % self.every_weeks)
        while day <= last:
            if day not in self.skipped and (self.is_on_holidays or not is_holiday(day)):
                yield day
            day += WEEK * self.every_weeks


class Supply:
    """What counsellors offer for some services from a local day to the horizon.

    It never changes once it is made, so it can be kept for as long as the content stays the same. It asks one
    query for the channels and one for the offers, and two more when somebody wants to come to a place.
    """

    def __init__(self, services: Sequence[GuidanceService], first: date) -> None:
        prefetch_related_objects(services, "channels")
        self.services = services
        self.last = first + max((service.horizon_days for service in services), default=0) * DAY
        self.channels = {channel.pk: channel for service in services for channel in service.channels.all()}
        used = {service.pk: {channel.pk for channel in service.channels.all()} for service in services}
        self._offers: dict[int, list[Offer]] = defaultdict(list)
        self._placed_offers: dict[int, list[Offer]] = {}
        for offer in offers_of(services, first, self.last):
            if offer.channel_id in used[offer.service_id]:
                self._offers[offer.service_id].append(offer)

    @cached_property
    def groups(self) -> list[tuple[int, ...]]:
        """All counsellors, each once: the first group has what is first in any of the offers, and so on."""
        offers = list(chain.from_iterable(self._offers.values()))
        groups: list[tuple[int, ...]] = []
        known: set[int] = set()
        for number in range(len(GROUPS) - 1):
            group = set(chain.from_iterable(offer.group(number) for offer in offers)) - known
            groups.append(tuple(sorted(group)))
            known |= group
        return groups

    @cached_property
    def places(self) -> dict[int, ServicePoint]:
        """The service points to which people can come: published, and not closed."""
        numbers = {
            offer.service_point_id
            for offers in self._offers.values()
            for offer in offers
            if offer.service_point_id and self._needs_place(offer)
        }
        points = ServicePoint.objects.published().open().select_related("municipality")
        return points.in_bulk(numbers) if numbers else {}

    @cached_property
    def stops(self) -> dict[int, list[RouteStop]]:
        """Where mobile service points will stand."""
        mobile = [place for place in self.places.values() if place.is_mobile]
        stops: dict[int, list[RouteStop]] = defaultdict(list)
        if mobile:
            coming = RouteStop.objects.live().coming().filter(service_point__in=mobile)
            for stop in coming.select_related("municipality"):
                stops[stop.service_point_id].append(stop)
        return stops

    def of(self, service: GuidanceService, channel: int | None = None) -> list[Offer]:
        """The service's offers, in one channel if it is given; at a place only where one is needed."""
        if service.pk not in self._placed_offers:
            placed = map(self._placed, self._offers[service.pk])
            self._placed_offers[service.pk] = [offer for offer in placed if offer]
        offers = self._placed_offers[service.pk]
        return [offer for offer in offers if channel in {None, offer.channel_id}]

    def _needs_place(self, offer: Offer) -> bool:
        return self.channels[offer.channel_id].needs_place

    def _placed(self, offer: Offer) -> Offer | None:
        """The offer without a place, or at one until that closes; None when it has none."""
        if not self._needs_place(offer):
            return replace(offer, service_point_id=None)
        place = self.places.get(offer.service_point_id or 0)
        if place is None:
            return None
        return replace(offer, last=min(offer.last, place.closed_on - DAY)) if place.closed_on else offer


def offers_of(services: Sequence[GuidanceService], first: date, last: date) -> list[Offer]:
    """What counsellors who can sign in offer for the services on some of the days."""
    if not services:
        return []
    words: dict[str, Any] = {
        "first": first,
        "last": last,
        "zone": str(LOCAL),
        "services": [service.pk for service in services],
        "organisations": [service.organisation_id for service in services],
    }
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, words)
        return [_offer(*row) for row in cursor]


def _offer(
    service: int, channel: int, counsellors: list[int], place: int | None, languages: list[str],
    weekday: int | None, every_weeks: int, skipped: list[date], is_on_holidays: bool,
    counted_from: date | None, starts: time, ends: time, first: date, last: date,
) -> Offer:  # fmt: skip
    rhythm = weekday and Rhythm(weekday, every_weeks, counted_from, frozenset(skipped), is_on_holidays)
    return Offer(
        service, channel, tuple(sorted(set(counsellors))), place, frozenset(languages), rhythm or None,
        starts, minutes_between(starts, ends), first, last,
    )  # fmt: skip


def meetings_of(
    counsellors: Iterable[int], since: datetime, until: datetime, *, ignoring: int | None = None
) -> dict[int, int]:
    """How many meetings begin between two moments (UTC), by counsellor; those who have none are left out.

    One query. The appointment with the number `ignoring` is not counted.
    """
    words: dict[str, Any] = {
        "counsellors": _written(counsellors),
        "since": since,
        "until": until,
        "ignoring": ignoring or 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(MEETINGS, words)
        return dict(cursor.fetchall())


def _written(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL reads them: for psycopg, a list is milliseconds of work."""
    return f"{{{','.join(map(str, numbers))}}}"


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def busy_times(
    counsellors: Iterable[int],
    since: datetime,
    until: datetime,
    *,
    now: datetime,
    ignoring: int | None = None,
    holding: UUID | None = None,
) -> list[Busy]:
    """What keeps counsellors busy at some time between two moments (UTC); one query.

    The appointment with the number `ignoring` is left out, and the hold with the nonce `holding`.
    """
    words: dict[str, Any] = {
        "counsellors": _written(counsellors),
        "since": since,
        "until": until,
        "now": now,
        "ignoring": ignoring or 0,
        "holding": holding,
    }
    with connection.cursor() as cursor:
        cursor.execute(BUSY, words)
        return list(map(Busy._make, cursor.fetchall()))
