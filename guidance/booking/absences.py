"""Absences that come again every week, and the meetings that lie in absences."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import transaction

from guidance.booking.models import Absence, Appointment, GroupSession
from guidance.booking.models.availability import AbsenceQuerySet
from guidance.booking.wall_clock import LOCAL, WEEK, moment_of

LONGEST_SERIES = timedelta(days=366)

Row = TypeVar("Row", Appointment, GroupSession)


@dataclass(frozen=True)
class Clash:
    """An absence that is to be saved, and the coming meetings and group sessions that lie in it."""

    absence: Absence
    appointments: list[Appointment]
    sessions: list[GroupSession]


def weekly(absence: Absence, until: date | None) -> list[Absence]:
    """The absence, and the same by the clock on the wall every week up to a last day; none is saved yet.

    Without a last day, or when that comes before the next week, it is the absence alone. A series ends a year
    after its first day whatever the last day says, so that a mistyped one costs nothing.
    """
    starts, ends = (at.astimezone(LOCAL).replace(tzinfo=None) for at in (absence.starts_at, absence.ends_at))
    last = min(until or starts.date(), starts.date() + LONGEST_SERIES)
    weeks = max(0, (last - starts.date()) // WEEK)
    if not weeks:
        return [absence]
    absence.series = uuid.uuid4()
    return [absence] + [
        Absence(
            counsellor=absence.counsellor,
            starts_at=moment_of(starts + number * WEEK),
            ends_at=moment_of(ends + number * WEEK),
            series=absence.series,
            note=absence.note,
        )
        for number in range(1, weeks + 1)
    ]


def moved_together(changed: Absence, *, before: Absence) -> list[Absence]:
    """A changed absence of a series, and the following ones changed in the same way; none is saved yet.

    `before` is the absence as it stands in the database. The others keep their distance by the clock on the
    wall.
    """
    shift_start, shift_end = (
        new.astimezone(LOCAL).replace(tzinfo=None) - old.astimezone(LOCAL).replace(tzinfo=None)
        for new, old in ((changed.starts_at, before.starts_at), (changed.ends_at, before.ends_at))
    )
    later = list(following(before).exclude(pk=before.pk))
    for row in later:
        starts, ends = (at.astimezone(LOCAL).replace(tzinfo=None) for at in (row.starts_at, row.ends_at))
        row.starts_at, row.ends_at = moment_of(starts + shift_start), moment_of(ends + shift_end)
        row.note = changed.note
    return [changed, *later]


def following(absence: Absence) -> AbsenceQuerySet:
    """The absence and those of its series that come after it."""
    if absence.series is None:
        return Absence.objects.filter(pk=absence.pk)
    return Absence.objects.filter(
        counsellor=absence.counsellor_id, series=absence.series, starts_at__gte=absence.starts_at
    )


def clashes_of(absences: Sequence[Absence]) -> list[Clash]:
    """The absences in which coming meetings of their counsellor lie, or sessions they lead; two queries."""
    first = min(row.starts_at for row in absences)
    last = max(row.ends_at for row in absences)
    counsellor = absences[0].counsellor
    meetings = list(counsellor.appointments.coming().clashing_with(first, last).for_listing())
    led = GroupSession.objects.live().coming().led_by(counsellor)
    sessions = list(led.filter(starts_at__lt=last, ends_at__gt=first))
    clashes = [Clash(row, _within(row, meetings), _within(row, sessions)) for row in absences]
    return [clash for clash in clashes if clash.appointments or clash.sessions]


def _within(absence: Absence, rows: Iterable[Row]) -> list[Row]:
    """Those that go on at some time of the absence."""
    return [row for row in rows if row.starts_at < absence.ends_at and row.ends_at > absence.starts_at]


def save(absences: Iterable[Absence], *, but: Iterable[Absence] = ()) -> int:
    """Save the absences but those that were left out, and stay as they were. Returns how many were saved."""
    left_out = {id(row) for row in but}
    with transaction.atomic():
        saved = [row for row in absences if id(row) not in left_out]
        for row in saved:
            row.save()
    return len(saved)
