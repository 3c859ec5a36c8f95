"""Free times as people read them: under their day, by parts of the day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.booking.slots import Slot
from guidance.booking.wall_clock import LOCAL, written
from network.models import ServicePoint

NOON, EVENING = 12, 17  # local hours
MORNING = _("Morning")
AFTERNOON = _("Afternoon")
EVENINGS = _("Evening")


class Time(NamedTuple):
    """A free time: when it starts, as people and as addresses write it, and where."""

    slot: Slot
    word: str
    url: str
    service_point: ServicePoint | None

    @property
    def key(self) -> str:
        """An id in the page."""
        return f"t{self.word.replace(':', '')}-{self.slot.service_point_id or 0}"


class Part(NamedTuple):
    name: str | Promise
    times: list[Time]


class Day(NamedTuple):
    on: date
    parts: list[Part]


def by_days(
    slots: Iterable[Slot],
    *,
    places: Mapping[int, ServicePoint] | None = None,
    address: Callable[[Slot], str] = lambda slot: "",
) -> list[Day]:
    """Slots in the order of time under their local days; `places` are named at the times, where given."""
    known = places or {}
    days = []
    for on, of_day in groupby(slots, key=lambda slot: slot.day):
        parts = [
            Part(name, [_time(slot, known, address) for slot in of_part])
            for name, of_part in groupby(of_day, key=_part_of_day)
        ]
        days.append(Day(on, parts))
    return days


def _time(slot: Slot, places: Mapping[int, ServicePoint], address: Callable[[Slot], str]) -> Time:
    return Time(slot, written(slot.starts_at), address(slot), places.get(slot.service_point_id or 0))


def _part_of_day(slot: Slot) -> str | Promise:
    hour = slot.starts_at.astimezone(LOCAL).hour
    return MORNING if hour < NOON else AFTERNOON if hour < EVENING else EVENINGS
