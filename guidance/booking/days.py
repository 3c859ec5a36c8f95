"""Free times as people read them: under their day, by parts of the day."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.booking.menu import Choice
from guidance.booking.slots import Slot
from guidance.booking.wall_clock import LOCAL, written
from guidance.catalogue.models import Channel
from network.models import ServicePoint

NOON, EVENING = 12, 17  # local hours
MORNING = _("Morning")
AFTERNOON = _("Afternoon")
EVENINGS = _("Evening")


class Time(NamedTuple):
    """A free time: its start on the wall, the same as forms write it, and the choice as addresses tell it.

    `query` is empty where the person's own choice leads to the time. `channel` and `service_point` are named
    where the person left them open; `is_kept`: it is held for them.
    """

    starts: datetime
    word: str
    query: str
    channel: Channel | None
    service_point: ServicePoint | None
    is_kept: bool

    @property
    def key(self) -> str:
        """The same for times that look the same."""
        channel, place = (thing and thing.pk for thing in (self.channel, self.service_point))
        return f"{self.word} {self.query} {channel} {place} {self.is_kept}"


class Part(NamedTuple):
    """A part of a day, with an id in the page."""

    key: str
    name: str | Promise
    times: list[Time]


class Day(NamedTuple):
    on: date
    parts: list[Part]

    @property
    def key(self) -> str:
        """The same for days that look the same."""
        return ", ".join(time.key for part in self.parts for time in part.times)


def by_days(
    found: Iterable[tuple[Slot, Choice | None]],
    *,
    chosen: Choice | None = None,
    kept_at: datetime | None = None,
) -> list[Day]:
    """Slots in the order of time under their local days, each with the choice that leads to it.

    `chosen` is what the person asked for: what it leaves open is named at the times. `kept_at` is the
    moment (UTC) of the time that is held for the person.
    """
    times = [_time(slot, choice, chosen, kept_at) for slot, choice in found]
    return [
        Day(on, [_part(name, list(of_part)) for name, of_part in groupby(of_day, key=_part_of_day)])
        for on, of_day in groupby(times, key=lambda time: time.starts.date())
    ]


def _time(slot: Slot, choice: Choice | None, chosen: Choice | None, kept_at: datetime | None) -> Time:
    starts = slot.starts_at.astimezone(LOCAL).replace(tzinfo=None)
    return Time(
        starts,
        written(slot.starts_at),
        choice.query if choice and choice != chosen else "",
        choice.channel if choice and chosen and not chosen.channel else None,
        choice.service_point if choice and chosen and not chosen.service_point else None,
        slot.starts_at == kept_at,
    )


def _part(name: str | Promise, times: list[Time]) -> Part:
    return Part(f"from-{times[0].word.replace(':', '')}", name, times)


def _part_of_day(time: Time) -> str | Promise:
    return MORNING if time.starts.hour < NOON else AFTERNOON if time.starts.hour < EVENING else EVENINGS
