"""The portal's calendars as three programs understand them: icalendar, vobject and ical.js.

Each reads the times of a file by the time zone in it, and tells of its meetings in the same words.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import vobject
from playwright._impl._driver import compute_driver_executable

ICAL_JS = Path(__file__).with_name("read_calendars.mjs")

Reader = Callable[[str], list["Meeting"]]


class Meeting(NamedTuple):
    """What a calendar program knows of a meeting: texts are None where the file has none."""

    method: str | None
    uid: str
    sequence: int
    status: str
    summary: str
    location: str | None
    description: str | None
    wall: str | None  # what the clock shows when it begins; None where the file says it in UTC
    starts_at: datetime  # UTC
    ends_at: datetime  # UTC


def by_icalendar(text: str) -> list[Meeting]:
    """Strictly: there is no fault in any component, and no time zone is missing."""
    calendar = icalendar.Calendar.from_ical(text)
    assert [fault for component in calendar.walk() for fault in component.errors] == []
    assert calendar.get_missing_tzids() == set()
    return [
        Meeting(
            *(calendar.get("METHOD"), event["UID"], event["SEQUENCE"], event["STATUS"], event["SUMMARY"]),
            *(event.get("LOCATION"), event.get("DESCRIPTION")),
            *_span(event.start, event.end),
        )
        for event in calendar.events
    ]


def by_vobject(text: str) -> list[Meeting]:
    """Strictly as well."""
    calendar = vobject.readOne(text, validate=True)
    return [
        Meeting(
            *(calendar.getChildValue("method"), event.uid.value, int(event.sequence.value)),
            *(event.status.value, event.summary.value),
            *(event.getChildValue("location"), event.getChildValue("description")),
            *_span(event.dtstart.value, event.dtend.value),
        )
        for event in calendar.contents.get("vevent", [])
    ]


@contextmanager
def ical_js() -> Iterator[Reader]:
    """A reader in JavaScript: one program for all files, run by the node of the browser's driver."""
    node, _driver = compute_driver_executable()
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([node, ICAL_JS], **pipes) as program:

        def by_ical_js(text: str) -> list[Meeting]:
            print(json.dumps(text), file=program.stdin, flush=True)
            return [_told(meeting) for meeting in json.loads(program.stdout.readline())]

        yield by_ical_js
        program.stdin.close()


def _told(meeting: dict[str, Any]) -> Meeting:
    moments = {name: datetime.fromtimestamp(meeting[name], UTC) for name in ("starts_at", "ends_at")}
    return Meeting(**{**meeting, **moments})


def _span(starts: datetime, ends: datetime) -> tuple[str | None, datetime, datetime]:
    is_utc = starts.tzname() == "UTC"
    wall = None if is_utc else f"{starts:%Y-%m-%dT%H:%M:%S}"
    return wall, starts.astimezone(UTC), ends.astimezone(UTC)
