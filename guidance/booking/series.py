"""Several meetings of the same kind that are made and edited together."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from guidance.booking import registrations
from guidance.booking.models import GroupSession, RegistrationQuestion
from network.slugs import free_slug

MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")
PLACES = (
    "service_point", "place_fi", "place_sv", "place_en", "street_address", "municipality", "online_link",
)  # fmt: skip
MOVING = frozenset({"starts_at", "ends_at", *PLACES})  # a change of these is told to those who come


class Outcome(NamedTuple):
    """What became of the meetings of a series: those written, and the times of those left out."""

    written: list[GroupSession]
    skipped: list[datetime]


class Clash(Exception):
    """Some meetings cannot be as wished: another is there at the same time, or people would lose a place."""

    def __init__(self, times: list[datetime]) -> None:
        super().__init__(len(times))
        self.times = times


def repeat(session: GroupSession, *, every: int, times: int, skips: bool) -> Outcome:
    """Make so many further meetings, one every so many weeks by the clock on the wall.

    Raises Clash, with nothing made, when one would be where another is already; with `skips`, those are left
    out instead and what is there stays as it is.
    """
    outcome = Outcome([], [])
    with transaction.atomic():
        if session.series is None:
            session.series = uuid.uuid4()
            session.save(update_fields=["series"])
        questions, leaders = list(session.questions.all()), list(session.leaders.all())
        for number in range(1, times + 1):
            meeting = copied(session, timedelta(weeks=every * number))
            if GroupSession.objects.clashing_with(meeting).exists():
                outcome.skipped.append(meeting.starts_at)
                continue
            meeting.slug = free_slug(GroupSession, slugify(str(session.name_fi)))  # type: ignore[attr-defined]
            meeting.save()
            meeting.leaders.set(leaders)
            copy_questions(questions, meeting)
            outcome.written.append(meeting)
        _refuse(outcome, skips)
    return outcome


def copied(session: GroupSession, later: timedelta) -> GroupSession:
    """The same session so much later by the clock on the wall; not yet saved."""
    meeting = GroupSession.objects.get(pk=session.pk)
    meeting.pk, meeting.slug, meeting.cancelled_at = None, "", None
    meeting.checked_on = timezone.localdate()
    meeting._state.adding = True
    for name in MOMENTS:
        if (moment := getattr(meeting, name)) is not None:
            setattr(meeting, name, moved(moment, later))
    return meeting


def copy_questions(questions: Iterable[RegistrationQuestion], session: GroupSession) -> None:
    for question in questions:
        question.pk, question.session = None, session
        question._state.adding = True
        question.save()


def later_meetings(session: GroupSession) -> list[GroupSession]:
    """The meetings of the series that come after this one and are held, the next one first."""
    if session.pk is None or session.series is None:
        return []
    rows = GroupSession.objects.filter(series=session.series, starts_at__gt=session.starts_at)
    return list(rows.live().coming().exclude(pk=session.pk))


def change_later(
    before: GroupSession,
    after: GroupSession,
    names: Collection[str],
    meetings: list[GroupSession],
    *,
    skips: bool,
) -> Outcome:
    """Let the later meetings of a series follow what was changed in one of them.

    Times move by as much as the one's did, by the clock on the wall. Raises Clash with nothing changed; with
    `skips`, meetings that clash stay as they were.
    """
    changed = set(names) - {"leaders"}
    leaders = list(after.leaders.all()) if "leaders" in names else None
    shift = _wall(after.starts_at) - _wall(before.starts_at)
    outcome = Outcome([], [])
    with transaction.atomic():
        for meeting in reversed(meetings) if shift > timedelta(0) else meetings:
            was = meeting.starts_at
            _follow(meeting, after, changed, shift)
            if _write(meeting, is_moved=bool(changed & MOVING)):
                if leaders is not None:
                    meeting.leaders.set(leaders)
                outcome.written.append(meeting)
            else:
                outcome.skipped.append(was)
        _refuse(outcome, skips)
    return outcome


def _follow(meeting: GroupSession, after: GroupSession, changed: set[str], shift: timedelta) -> None:
    length = _wall(after.ends_at) - _wall(after.starts_at)
    meeting.starts_at = moved(meeting.starts_at, shift)
    if changed & {"starts_at", "ends_at"}:
        meeting.ends_at = moved(meeting.starts_at, length)
    for name in changed - {"starts_at", "ends_at"}:
        value = getattr(after, name)
        if name in MOMENTS and value is not None:
            value = moved(meeting.starts_at, _wall(value) - _wall(after.starts_at))
        setattr(meeting, name, value)


def _write(meeting: GroupSession, *, is_moved: bool) -> bool:
    """Whether the meeting could be changed; if not, it is as it was."""
    if is_moved and GroupSession.objects.clashing_with(meeting).exists():
        return False
    try:
        with transaction.atomic():
            meeting.refuse_fewer_places_than_taken()
            meeting.save()
    except (ValidationError, IntegrityError):
        return False
    if is_moved:
        registrations.tell_of_move(meeting)
    registrations.settle(meeting.pk)
    return True


def _refuse(outcome: Outcome, skips: bool) -> None:
    if outcome.skipped and not skips:
        raise Clash(sorted(outcome.skipped))


def moved(moment: datetime, by: timedelta) -> datetime:
    """The moment later by the clock on the wall, also when the clocks were changed in between."""
    return timezone.make_aware(_wall(moment) + by)


def _wall(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)
