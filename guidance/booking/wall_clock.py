"""The clock on the wall in Finland, and the moments (UTC) at which it shows a time."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

LOCAL = ZoneInfo(settings.TIME_ZONE)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def written(moment: datetime) -> str:
    """A start (UTC) as it stands in addresses and forms: local and to the minute, `2026-11-23T10:15`."""
    return f"{moment.astimezone(LOCAL):%Y-%m-%dT%H:%M}"


def read(word: str) -> datetime:
    """The start (UTC) that was written so. Raises ValueError."""
    wall = datetime.strptime(word, "%Y-%m-%dT%H:%M").replace(tzinfo=LOCAL)
    return wall.astimezone(UTC)


def minutes_between(starts: time, ends: time) -> int:
    """The length between two wall times; 0:00 as an end is the end of the day."""
    end = ends.hour * 60 + ends.minute or 24 * 60
    return end - starts.hour * 60 - starts.minute


@lru_cache(maxsize=4096)
def grid(day: date, starts: time, minutes: int, length: int, step: int) -> tuple[datetime, ...]:
    """The moments (UTC), a step (minutes) apart, at which meetings of a length can begin and end in time."""
    begin = datetime.combine(day, starts)
    end = moment_of(begin + timedelta(minutes=minutes))
    walls = (begin + timedelta(minutes=passed) for passed in range(0, minutes - length + 1, step))
    starts_at = [(wall, wall.replace(tzinfo=LOCAL).astimezone(UTC)) for wall in walls]
    return tuple(
        start
        for wall, start in starts_at
        if _exists(wall, start) and start + timedelta(minutes=length) <= end
    )


def moment(day: date, wall: time) -> datetime:
    """The moment (UTC) at which the clock reaches a time of a day."""
    return moment_of(datetime.combine(day, wall))


def moment_of(wall: datetime) -> datetime:
    """The moment (UTC) at which the clock on the wall has reached a time, the second time if it comes twice.

    The clock jumps on the full hour (Directive 2000/84/EC), so a time it jumps over is reached then.
    """
    reached = wall.replace(tzinfo=LOCAL, fold=1).astimezone(UTC)
    if _exists(wall, reached):
        return reached
    later = wall.replace(tzinfo=LOCAL, fold=0).astimezone(UTC)
    return later.replace(minute=0, second=0, microsecond=0)


def _exists(wall: datetime, reached: datetime) -> bool:
    """Whether the clock ever shows the time, which became the moment."""
    return reached.astimezone(LOCAL).replace(tzinfo=None) == wall
