"""A counsellor's day: which appointments there are, and what each of them waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment
from guidance.booking.models.appointment_queryset import AppointmentQuerySet
from guidance.casework.models import GuidanceSession
from opinovi.models import User

MOST_COMING = 60  # appointments of later days on one page
MOST_OVERDUE = 20  # earlier ones that nobody has logged
MISSED = (Appointment.Attendance.NO_SHOW, Appointment.Attendance.EXCUSED)


class State(models.TextChoices):
    """Where an appointment of today stands."""

    NOW = "now", _("now")
    NEXT = "next", _("next")
    LATER = "later", _("later")
    REQUESTED = "requested", _("waits for your answer")
    UNLOGGED = "unlogged", _("not logged yet")
    DONE = "done", _("done")
    MISSED = "missed", _("did not come")
    EXCUSED = "excused", _("told beforehand")
    CANCELLED = "cancelled", _("cancelled")


@dataclass(frozen=True)
class Meeting:
    """An appointment as it stands at this moment."""

    appointment: Appointment
    state: State

    @property
    def session(self) -> GuidanceSession | None:
        return getattr(self.appointment, "session", None)

    @property
    def may_be_logged(self) -> bool:
        """Whether the day of the meeting has come and no session is written of it."""
        return self.appointment.can_be_logged and self.state not in {State.DONE, State.REQUESTED}

    @property
    def may_be_marked(self) -> bool:
        """Whether one can say if the person came: the time has come, and no session says so already."""
        return self.session is None and self.appointment.can_be_marked

    @property
    def waits_for_log(self) -> bool:
        """Whether the meeting is on or over, and nothing has been written of it."""
        return self.state in {State.NOW, State.UNLOGGED}


@dataclass(frozen=True)
class Day:
    """What one page shows: today by time, later days, and earlier meetings that wait for their log.

    `requests` of any coming day wait for the counsellor's word; they stand under their days too.
    """

    requests: list[Meeting]
    today: list[Meeting]
    overdue: list[Meeting]
    has_more_overdue: bool
    coming: list[tuple[date, list[Meeting]]]
    has_more_coming: bool

    @property
    def meetings(self) -> list[Meeting]:
        later = [meeting for _day, meetings in self.coming for meeting in meetings]
        return [*self.today, *self.overdue, *later]

    def at_hand(self, pk: int | None = None) -> Meeting | None:
        """The asked meeting, or the one that is most likely in front of the counsellor.

        That is the one that is on, then the last that is over and not logged, then the next, then what
        was left from earlier days.
        """
        if pk is not None:
            return next((meeting for meeting in self.meetings if meeting.appointment.pk == pk), None)
        wanted = [State.NOW, State.UNLOGGED, State.NEXT]
        for state in wanted:
            if found := [meeting for meeting in self.today if meeting.state == state]:
                return found[-1]
        return next(iter(self.overdue), None)


def day_of(user: User, now: datetime | None = None) -> Day:
    """The day of a counsellor, in three queries. `now` (UTC) is this moment, unless given."""
    now = now or timezone.now()
    midnight, next_midnight = _local_day(now)
    own = _with_log(Appointment.objects.visible_to(user).filter(counsellor=user))
    waiting = own.live().filter(ends_at__lte=now, starts_at__lt=midnight, session=None)
    waiting = waiting.exclude(attendance__in=MISSED)
    overdue = list(waiting.order_by("-starts_at", "-pk")[: MOST_OVERDUE + 1])
    coming = list(own.live().filter(starts_at__gte=next_midnight)[: MOST_COMING + 1])
    today = _meetings(own.filter(starts_at__gte=midnight, starts_at__lt=next_midnight), now)
    later = [Meeting(row, state_of(row, now)) for row in coming[:MOST_COMING]]
    return Day(
        requests=[meeting for meeting in [*today, *later] if meeting.state == State.REQUESTED],
        today=today,
        overdue=[Meeting(row, State.UNLOGGED) for row in overdue[:MOST_OVERDUE]],
        has_more_overdue=len(overdue) > MOST_OVERDUE,
        coming=_by_day(later),
        has_more_coming=len(coming) > MOST_COMING,
    )


def colleagues_today(user: User, now: datetime | None = None) -> list[Meeting]:
    """Today's meetings of the other counsellors in the user's organisations."""
    now = now or timezone.now()
    midnight, next_midnight = _local_day(now)
    theirs = Appointment.objects.visible_to(user).exclude(counsellor=user)
    rows = _with_log(theirs).filter(starts_at__gte=midnight, starts_at__lt=next_midnight)
    return _meetings(rows.order_by("counsellor__name", "counsellor", "starts_at", "pk"), now)


def _with_log(appointments: AppointmentQuerySet) -> AppointmentQuerySet:
    rows = appointments.for_listing().with_failures()
    return rows.select_related("session__client").defer("session__notes")


def _local_day(now: datetime) -> tuple[datetime, datetime]:
    """Today's midnight and the next one, in local time; a day with a change of clock is not 24 hours."""
    local = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return local, local + timedelta(days=1)


def _meetings(appointments: Iterable[Appointment], now: datetime) -> list[Meeting]:
    """The first of each counsellor that has not begun is the next one."""
    meetings, have_next = [], set()
    for appointment in appointments:
        state = state_of(appointment, now)
        if state == State.LATER and appointment.counsellor_id not in have_next:
            have_next.add(appointment.counsellor_id)
            state = State.NEXT
        meetings.append(Meeting(appointment, state))
    return meetings


def state_of(appointment: Appointment, now: datetime | None = None) -> State:
    """Where an appointment loaded with its session stands."""
    now = now or timezone.now()
    if hasattr(appointment, "session"):
        return State.DONE
    if appointment.is_cancelled:
        return State.CANCELLED
    if appointment.attendance in MISSED:
        return State.MISSED if appointment.attendance == MISSED[0] else State.EXCUSED
    if appointment.is_requested and appointment.starts_at > now:
        return State.REQUESTED
    if appointment.ends_at <= now:
        return State.UNLOGGED
    return State.NOW if appointment.starts_at <= now else State.LATER


def _by_day(meetings: list[Meeting]) -> list[tuple[date, list[Meeting]]]:
    days = groupby(meetings, key=lambda meeting: timezone.localdate(meeting.appointment.starts_at))
    return [(day, list(of_day)) for day, of_day in days]
