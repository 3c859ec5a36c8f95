"""Free times as people read them: under their day, by parts of the day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
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
    """A free time: its start on the wall, the same as forms and addresses write it, and where it is."""

    starts: datetime
    word: str
    address: str
    service_point: ServicePoint | None


class Part(NamedTuple):
    """A part of a day, with an id in the page."""

    key: str
    name: str | Promise
    times: list[Time]


class Day(NamedTuple):
    on: date
    parts: list[Part]


def by_days(
    slots: Iterable[Slot],
    *,
    places: Mapping[int, ServicePoint] | None = None,
    queries: Mapping[int | None, str] | None = None,
) -> list[Day]:
    """Slots in the order of time under their local days.

    `places` are named at the times, where given; `queries` tell an address the choice, for each place.
    """
    words, named = queries or {}, places or {}
    times = []
    for slot in slots:
        starts = slot.starts_at.astimezone(LOCAL).replace(tzinfo=None)
        word, place = written(slot.starts_at), slot.service_point_id
        times.append(Time(starts, word, f"{word}/?{words.get(place, '')}", named.get(place or 0)))
    return [
        Day(on, [_part(name, list(of_part)) for name, of_part in groupby(of_day, key=_part_of_day)])
        for on, of_day in groupby(times, key=lambda time: time.starts.date())
    ]


def _part(name: str | Promise, times: list[Time]) -> Part:
    return Part(f"from-{times[0].word.replace(':', '')}", name, times)


def _part_of_day(time: Time) -> str | Promise:
    return MORNING if time.starts.hour < NOON else AFTERNOON if time.starts.hour < EVENING else EVENINGS
