"""Who can take a meeting over when its counsellor cannot be there, and what becomes of many at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from guidance.booking import actions
from guidance.booking.models import Absence, Appointment
from guidance.booking.models.appointment_queryset import AppointmentQuerySet
from guidance.booking.offers import Busy, Offer, busy_times, offers_of
from guidance.booking.wall_clock import DAY, LOCAL, WEEK, moment
from guidance.catalogue.models import GuidanceService
from network.models import Affiliation
from opinovi.models import User


class Colleague(NamedTuple):
    """A counsellor who is free at the time of a meeting.

    `offers_it`: they offer the same service in the same way then. `meetings` is how many they have that week.
    """

    user: User
    offers_it: bool
    meetings: int


class Substitutes:
    """Which colleagues are free for appointments: a fixed number of queries, however many there are.

    A colleague is somebody who is a counsellor of the appointment's organisation on its day, and of its team
    where the service has one.
    """

    def __init__(self, appointments: Sequence[Appointment]) -> None:
        self.appointments = appointments
        self._affiliations: dict[int, list[Affiliation]] = defaultdict(list)
        self._offers: list[Offer] = []
        self._busy: dict[int, list[Busy]] = defaultdict(list)
        self._meetings: Counter[tuple[int, date]] = Counter()
        self._teams: dict[int, set[int]] = defaultdict(set)
        if appointments:
            self._learn()

    def of(self, appointment: Appointment) -> list[Colleague]:
        """Those who are free: who offers the time anyway first, then who has the fewest meetings."""
        day = _day(appointment.starts_at)
        colleagues = [
            Colleague(
                row.user, self._offers_it(row.user_id, appointment), self._meetings[row.user_id, _monday(day)]
            )
            for row in self._affiliations[appointment.organisation_id]
            if row.user_id != appointment.counsellor_id
            and row.since <= day
            and (row.until is None or day <= row.until)
            and self._is_of_the_team(row.user_id, appointment.guidance_service)
            and self._is_free(row.user_id, appointment)
        ]
        return sorted(colleagues, key=lambda one: (not one.offers_it, one.meetings, one.user.pk))

    def _learn(self) -> None:
        services = list({row.guidance_service_id: row.guidance_service for row in self.appointments}.values())
        rows = Affiliation.objects.counsellors().filter(
            organisation__in={row.organisation_id for row in self.appointments}, user__is_active=True
        )
        for row in rows.select_related("user"):
            self._affiliations[row.organisation_id].append(row)
        first, last = (_day(pick(row.starts_at for row in self.appointments)) for pick in (min, max))
        self._offers = offers_of(services, first, last)
        people = {row.user_id for rows in self._affiliations.values() for row in rows}
        monday = _monday(first)
        whole_weeks = (_midnight(monday), _midnight(_monday(last) + WEEK))
        for busy in busy_times(people, *whole_weeks, now=timezone.now()):
            self._busy[busy.counsellor_id].append(busy)
            if busy.kind == "meeting":
                self._meetings[busy.counsellor_id, _monday(_day(busy.starts_at))] += 1
        if teams := [row.pk for row in services if row.meeting == GuidanceService.Meeting.TEAM]:
            members = GuidanceService.team.through.objects.filter(guidanceservice__in=teams)
            for service, user in members.values_list("guidanceservice", "user"):
                self._teams[service].add(user)

    def _is_of_the_team(self, user: int, service: GuidanceService) -> bool:
        return service.meeting != GuidanceService.Meeting.TEAM or user in self._teams[service.pk]

    def _is_free(self, user: int, appointment: Appointment) -> bool:
        meeting, with_pauses = (appointment.starts_at, appointment.ends_at), appointment.busy
        return not any(
            busy.starts_at < until and busy.ends_at > since
            for busy in self._busy[user]
            for since, until in [
                meeting if busy.kind == "absence" else (with_pauses.lower, with_pauses.upper)
            ]
        )

    def _offers_it(self, user: int, appointment: Appointment) -> bool:
        day = _day(appointment.starts_at)
        return any(
            user in offer.counsellors
            and (offer.service_id, offer.channel_id)
            == (appointment.guidance_service_id, appointment.channel_id)
            and appointment.service_point_id in {None, offer.service_point_id}
            and (not offer.languages or appointment.spoken_language in offer.languages)
            and _lies_in(appointment, offer)
            for offer in self._offers
            if day in offer.days(day, day)
        )


def _lies_in(appointment: Appointment, offer: Offer) -> bool:
    starts_at = moment(_day(appointment.starts_at), offer.starts)
    return starts_at <= appointment.starts_at and appointment.ends_at <= starts_at + timedelta(
        minutes=offer.minutes
    )


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def _midnight(day: date) -> datetime:
    return moment(day, time())


class Outcome(models.TextChoices):
    """What became of a meeting whose counsellor is away."""

    HANDED = "handed", gettext_lazy("handed to")
    OFFERED = "offered", gettext_lazy("cancelled")
    LEFT = "left", gettext_lazy("left as it is: no colleague is free then")
    SETTLED = "settled", gettext_lazy("settled by somebody else meanwhile")


class Result(NamedTuple):
    """A meeting, what became of it, and who has it now where it was handed over."""

    appointment: Appointment
    outcome: Outcome
    colleague: User | None = None


def affected_by(absence: Absence, user: User) -> AppointmentQuerySet:
    """The meetings to come in an absence of which the user may know, the soonest first."""
    theirs = Appointment.objects.visible_to(user).live().filter(counsellor=absence.counsellor_id)
    within = theirs.filter(starts_at__lt=absence.ends_at, ends_at__gt=absence.starts_at)
    return within.filter(starts_at__gt=timezone.now()).for_listing().order_by("starts_at", "pk")


def hand_to(appointment: Appointment, *, to: User) -> Result:
    """Hand a meeting to a colleague, unless somebody has settled it since it was read.

    Raises SlotTaken as `actions.hand_over` does.
    """
    try:
        handed = actions.hand_over(appointment, to=to)
    except actions.TooLate:
        return Result(appointment, Outcome.SETTLED)
    if handed.counsellor_id != to.pk:
        return Result(appointment, Outcome.SETTLED)
    return Result(handed, Outcome.HANDED, to)


def offer_others(appointment: Appointment) -> Result:
    """Cancel a meeting with a letter that leads to other times, unless it is settled by now."""
    with transaction.atomic():
        same = Appointment.objects.select_for_update().live()
        if not same.filter(pk=appointment.pk, counsellor=appointment.counsellor_id).values_list("pk"):
            return Result(appointment, Outcome.SETTLED)
        with override(appointment.language):
            reason = _("Your counsellor is away at that time.")
        try:
            cancelled = actions.cancel(appointment, by=Appointment.Canceller.COUNSELLOR, reason=reason)
        except actions.TooLate:
            return Result(appointment, Outcome.SETTLED)
    return Result(cancelled, Outcome.OFFERED)


class Plan(NamedTuple):
    """A meeting, and who can take it: whoever comes first gets it."""

    appointment: Appointment
    colleagues: list[Colleague]


class Share(NamedTuple):
    """How many meetings would go to a colleague, and how many of these lie at times they do not offer."""

    user: User
    meetings: int
    unoffered: int


def plan(appointments: Sequence[Appointment]) -> list[Plan]:
    """Who would get each meeting now: who offers its time, else who is free then; the fewest meetings first.

    What is planned for one meeting counts for the next. Nothing is changed.
    """
    substitutes = Substitutes(appointments)
    given: Counter[tuple[int, date]] = Counter()
    plans = []
    for appointment in appointments:
        monday = _monday(_day(appointment.starts_at))
        able = substitutes.of(appointment)
        able.sort(key=lambda one: (not one.offers_it, one.meetings + given[one.user.pk, monday], one.user.pk))
        if able:
            given[able[0].user.pk, monday] += 1
        plans.append(Plan(appointment, able))
    return plans


def shares_of(plans: Iterable[Plan]) -> list[Share]:
    """Who would get how many of the planned meetings, the most first."""
    firsts = [one.colleagues[0] for one in plans if one.colleagues]
    people = {one.user.pk: one.user for one in firsts}
    meetings = Counter(one.user.pk for one in firsts)
    unoffered = Counter(one.user.pk for one in firsts if not one.offers_it)
    return [Share(people[pk], number, unoffered[pk]) for pk, number in meetings.most_common()]


def settle(appointments: Sequence[Appointment], *, offers_others_to_the_rest: bool) -> list[Result]:
    """Hand each meeting over as `plan` says; for those that nobody can take, offer other times or leave them.

    Each is settled on its own: what was done stays done when a later one fails, and nobody is told twice.
    """
    results = []
    for appointment, colleagues in plan(appointments):
        result = _first_of(appointment, colleagues)
        if result.outcome == Outcome.LEFT and offers_others_to_the_rest:
            result = offer_others(appointment)
        results.append(result)
    return results


def _first_of(appointment: Appointment, able: Iterable[Colleague]) -> Result:
    """Hand the meeting to the first who is still free when it comes to it."""
    for one in able:
        try:
            return hand_to(appointment, to=one.user)
        except actions.SlotTaken:
            continue
    return Result(appointment, Outcome.LEFT)
