"""What a change of a group session means for those who are signed up for it, and saving it with that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from guidance.booking import registrations, series
from guidance.booking.forms.group_session import GroupSessionForm
from guidance.booking.models import Appointment, GroupSession
from opinovi.refusals import save_or_explain


@dataclass(frozen=True)
class Told:
    """How many people a change is told to by letter, and how many gave no e-mail address."""

    by_letter: int = 0
    by_nobody: int = 0

    def __bool__(self) -> bool:
        return bool(self.by_letter or self.by_nobody)


def people_of(sessions: Iterable[GroupSession]) -> Told:
    """Those whose registration for the sessions stands. One query."""
    numbers = [session.pk for session in sessions if session.pk]
    live = Q(registrations__state__in=["registered", "offered", "waiting"])
    counts = GroupSession.objects.filter(pk__in=numbers).aggregate(
        by_letter=Count("registrations", filter=live & ~Q(registrations__email="")),
        by_nobody=Count("registrations", filter=live & Q(registrations__email="")),
    )
    return Told(**counts)


class SessionChange:
    """A form of a session that is about to be saved, perhaps with the later meetings of its series."""

    def __init__(self, form: GroupSessionForm, before: GroupSession | None) -> None:
        self.form, self.before = form, before
        self.session: GroupSession = form.instance
        self.names = [name for name in form.changed_data if hasattr(GroupSession, name)]
        if form.cleaned_data.get("is_checked_today"):
            self.names.append("checked_on")
        takes_later = before is not None and form.cleaned_data.get("with_later")
        self.later = series.later_meetings(before) if before and takes_later else []
        self.skipped: list[datetime] = []

    @property
    def is_moved(self) -> bool:
        return self.before is not None and bool(series.MOVING.intersection(self.names))

    @property
    def told(self) -> Told:
        """Who is told that time or place have changed."""
        if not self.is_moved or self.session.is_over or self.session.is_cancelled:
            return Told()
        return people_of([self.session, *self.later])

    @property
    def busy_leaders(self) -> list[str]:
        """The names of those who are to lead it and have meetings of their own at that time. One query."""
        changed = {"leaders", "starts_at", "ends_at"}.intersection(self.form.changed_data)
        is_new = self.before is None or changed
        if not is_new or self.session.is_cancelled:
            return []
        meetings = Appointment.objects.filter(counsellor__in=self.form.cleaned_data["leaders"])
        clashing = meetings.clashing_with(self.session.starts_at, self.session.ends_at)
        return list(
            clashing.order_by("counsellor__name").values_list("counsellor__name", flat=True).distinct()
        )

    def save(self) -> bool:
        """Whether all was saved, and letters written; if not, nothing was, and the form says why.

        Raises series.Clash when later meetings cannot follow and are not to be left out.
        """
        with transaction.atomic():
            if not save_or_explain(self.form):
                return False
            if self.before is None:
                return True
            if self.is_moved:
                registrations.tell_of_move(self.session)
            registrations.settle(self.session.pk)
            if self.later:
                skips = self.form.cleaned_data["skips"]
                outcome = series.change_later(self.before, self.session, self.names, self.later, skips=skips)
                self.skipped = outcome.skipped
        return True
