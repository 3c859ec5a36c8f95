"""Hours of the local day in which something may leave, right over both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

LOCAL = ZoneInfo(settings.TIME_ZONE)
DAY = timedelta(days=1)


def within(moment: datetime, first: int, last: int) -> datetime:
    """The moment (UTC) itself, or the next at which the local clock stands between two full hours.

    `within(moment, 9, 17)` is from 9:00 until just before 17:00; 24 is the end of the day. A first hour that
    the clock jumps over in spring has come when it has jumped; of one that comes twice in autumn, the first
    time counts.
    """
    day = moment.astimezone(LOCAL).date()
    if moment < _at(day, first):
        return _at(day, first)
    if moment < _at(day, last):
        return moment
    return _at(day + DAY, first)


def _at(day: date, hour: int) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(hours=hour)
    return wall.replace(tzinfo=LOCAL).astimezone(UTC)
