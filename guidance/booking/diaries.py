"""When counsellors are busy, learnt from the database as it is asked."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from uuid import UUID

from guidance.booking.offers import busy_times
from guidance.booking.wall_clock import DAY, moment
from guidance.catalogue.models.booking_rules import MOST_PAUSE

PAUSE = timedelta(minutes=MOST_PAUSE)  # the longest one around a meeting

Interval = tuple[int, int]  # Unix seconds


class Diaries:
    """When counsellors meet, are held or are away, on the days for which that has been learnt.

    Time is given in Unix seconds. The appointment with the number `ignoring` keeps nobody busy, nor does the
    time that is held under the nonce `holding`.
    """

    def __init__(self, *, now: datetime, ignoring: int | None = None, holding: UUID | None = None) -> None:
        self.now = now
        self.ignoring = ignoring
        self.holding = holding
        self._busy: dict[int, list[Interval]] = {}
        self._away: dict[int, list[Interval]] = {}
        self._known: dict[tuple[int, ...], tuple[date, date]] = {}

    def learn(self, counsellors: tuple[int, ...], first: date, last: date) -> None:
        """Know when the counsellors are busy from the first local day to the last, both inside.

        One query for each stretch of days that is not known of the same counsellors yet.
        """
        if not counsellors:
            return
        known = self._known.get(counsellors)
        for stretch in _unknown(known, first, last):
            self._load(counsellors, *stretch)
        self._known[counsellors] = (min(first, known[0]), max(last, known[1])) if known else (first, last)

    def learn_all(self, groups: Sequence[tuple[int, ...]], first: date, last: date) -> None:
        """Know the same of several groups of counsellors in one query."""
        self.learn(tuple(chain.from_iterable(groups)), first, last)
        self._known.update(dict.fromkeys(groups, (first, last)))

    def is_free(self, counsellor: int, since: int, until: int, *, before: int = 0, after: int = 0) -> bool:
        """Whether they are there for a whole meeting whose pauses (seconds) touch no other meeting."""
        busy, away = self._busy.get(counsellor), self._away.get(counsellor)
        if busy and _overlaps(busy, since - before, until + after):
            return False
        return not (away and _overlaps(away, since, until))

    def time_there(self, counsellor: int, since: int, until: int) -> int:
        """How many seconds of a time they are not away."""
        return until - since - _shared(self._away.get(counsellor, []), since, until)

    def time_left(self, counsellor: int, since: int, until: int) -> int:
        """How many seconds of a time they are neither away nor busy with a meeting or its pauses."""
        taken = merged([*self._away.get(counsellor, []), *self._busy.get(counsellor, [])])
        return until - since - _shared(taken, since, until)

    def _load(self, counsellors: tuple[int, ...], first: date, last: date) -> None:
        changed = set()
        for counsellor, starts, ends, kind in busy_times(
            counsellors,
            moment(first, time(0)) - PAUSE,
            moment(last + DAY, time(0)) + PAUSE,
            now=self.now,
            ignoring=self.ignoring,
            holding=self.holding,
        ):
            taken = self._away if kind == "absence" else self._busy
            taken.setdefault(counsellor, []).append((starts, ends))
            changed.add(counsellor)
        for intervals in (self._busy, self._away):
            for counsellor in changed & intervals.keys():
                intervals[counsellor] = merged(intervals[counsellor])


def _unknown(known: tuple[date, date] | None, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The stretches, up to two, that join the known days with the wanted ones."""
    if known is None:
        yield first, last
        return
    if first < known[0]:
        yield first, known[0] - DAY
    if last > known[1]:
        yield known[1] + DAY, last


def merged(intervals: list[Interval]) -> list[Interval]:
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


def _shared(intervals: list[Interval], since: int, until: int) -> int:
    """How many seconds the time shares with intervals that do not touch."""
    return sum(max(0, min(ends, until) - max(starts, since)) for starts, ends in intervals)
