"""How much of the hours that each counsellor offers is booked: names of counsellors, none of clients."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, Sum

from guidance.booking.diaries import Interval, merged
from guidance.booking.models import Appointment
from guidance.booking.offers import Offer
from guidance.booking.slots import Slot, Timetable, Way
from guidance.booking.wall_clock import DAY, WEEK, moment, moment_of
from guidance.catalogue.models import GuidanceService
from network.access import counsellors_of
from network.models import Organisation
from opinovi.models import User


@dataclass(frozen=True, slots=True)
class Load:
    """Time in seconds: offered without absences, that of meetings, and what can still be booked."""

    offered: int = 0
    booked: int = 0
    free: int = 0

    @property
    def percent(self) -> int | None:
        """How much of what is offered is booked; over 100 where meetings lie outside of what is offered."""
        return round(100 * self.booked / self.offered) if self.offered else None

    @property
    def offered_hours(self) -> float:
        return self.offered / 3600

    @property
    def booked_hours(self) -> float:
        return self.booked / 3600

    @property
    def free_hours(self) -> float:
        return self.free / 3600


@dataclass(frozen=True, slots=True)
class CounsellorLoad:
    """A counsellor with the load of theirs."""

    counsellor: User
    load: Load


class TeamLoad:
    """The load of each counsellor in some services, from today on for some weeks, by name.

    Time that is offered in several services, channels or places counts once; so much of it counts as can be
    booked already. `with_idle`: those too who are counsellors of the organisations but offer nothing. It
    takes the same number of queries for any number of counsellors.
    """

    def __init__(self, services: Sequence[GuidanceService], *, weeks: int, with_idle: bool) -> None:
        self.services = services
        self.timetable = Timetable(services)
        self.first = self.timetable.today
        self.last = self.first + weeks * WEEK - DAY
        self.timetable.learn_all()
        self._offers: dict[int, list[Offer]] = defaultdict(list)
        for service in services:
            for offer in self.timetable.supply.of(service):
                for counsellor in offer.counsellors:
                    self._offers[counsellor].append(offer)
        booked = self._booked()
        shown = Q(pk__in=self._offers.keys() | booked.keys())
        if with_idle:
            teams = Organisation.objects.filter(pk__in={service.organisation_id for service in services})
            shown |= Q(pk__in=counsellors_of(teams).values("pk"))
        self.rows = [
            CounsellorLoad(user, self._load(user.pk, booked[user.pk]))
            for user in User.objects.active().filter(shown).by_name()
        ]

    @property
    def total(self) -> Load:
        """All of them together."""
        loads = [row.load for row in self.rows]
        return Load(
            sum(load.offered for load in loads),
            sum(load.booked for load in loads),
            sum(load.free for load in loads),
        )

    def by_load(self) -> list[CounsellorLoad]:
        """Whose offered time is booked the most first; last who offers none."""
        return sorted(self.rows, key=lambda row: 1 if row.load.percent is None else -row.load.percent)

    def next_free(self, counsellor: int) -> Slot | None:
        """The first time that can be booked with the counsellor, as far ahead as one can book."""
        ways = {
            (offer.service_id, Way(offer.channel_id, offer.service_point_id, counsellor_id=counsellor))
            for offer in self._offers[counsellor]
        }
        services = {service.pk: service for service in self.services}
        slots = (self.timetable.first_free(services[service], way) for service, way in ways)
        return min(filter(None, slots), key=lambda slot: slot.starts_at, default=None)

    def _load(self, counsellor: int, booked: int) -> Load:
        diaries, now = self.timetable.diaries, int(self.timetable.now.timestamp())
        hours = merged([span for offer in self._offers[counsellor] for span in self._hours(offer)])
        return Load(
            offered=sum(diaries.time_there(counsellor, *span) for span in hours),
            booked=booked,
            free=sum(
                diaries.time_left(counsellor, max(since, now), until) for since, until in hours if until > now
            ),
        )

    def _hours(self, offer: Offer) -> Iterator[Interval]:
        """When the offer comes round; where the place is mobile, only while it is there."""
        place = offer.service_point_id
        for day in offer.days(self.first, self.last):
            since, until = _seconds(day, offer)
            if place is None or not self.timetable.supply.places[place].is_mobile:
                yield since, until
                continue
            for stop in self.timetable.supply.stops.get(place, []):
                there = max(since, int(stop.starts_at.timestamp())), min(until, int(stop.ends_at.timestamp()))
                if there[0] < there[1]:
                    yield there

    def _booked(self) -> Counter[int]:
        """How long the counsellors meet people in the services, by their number."""
        live = Appointment.objects.live().filter(
            guidance_service__in=self.services,
            starts_at__gte=moment(self.first, time(0)),
            starts_at__lt=moment(self.last + DAY, time(0)),
        )
        rows = live.order_by().values_list("counsellor").annotate(length=Sum(F("ends_at") - F("starts_at")))
        return Counter({counsellor: int(length.total_seconds()) for counsellor, length in rows})


def _seconds(day: date, offer: Offer) -> Interval:
    begin = datetime.combine(day, offer.starts)
    end = begin + timedelta(minutes=offer.minutes)
    return int(moment_of(begin).timestamp()), int(moment_of(end).timestamp())
