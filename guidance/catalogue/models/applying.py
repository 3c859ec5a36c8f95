"""When one can apply for a training: the round that counts today, and the further ones.

A training holds the period that people apply in now or next; further periods are rows. Which one counts is
worked out from both wherever it is asked, so that no answer waits for the nightly job that moves the next
round into the place of one that has ended (`guidance.catalogue.actions.take_up_next_rounds`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone


class Period(NamedTuple):
    """Days in which one can apply, both inside; without a last day until the places are taken."""

    opens_on: date | None
    closes_on: date | None
    name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether one can apply today (local); not known, so no, where the first day is not."""
        return self.opens_on is not None and self.opens_on <= timezone.localdate() and not self.is_over

    @property
    def is_coming(self) -> bool:
        return self.opens_on is not None and self.opens_on > timezone.localdate()

    @property
    def is_over(self) -> bool:
        return self.closes_on is not None and self.closes_on < timezone.localdate()


class Applying:
    """What a training tells of applying for it, by its own period and its further rounds."""

    is_rolling: Any
    applications_from: Any
    applications_to: Any
    applications_name: Any
    seats: Any
    applicants: Any
    rounds: Any
    pk: Any

    @property
    def periods(self) -> list[Period]:
        """Every period there is, in the order in which they open; a training without any has none."""
        return sorted(self._periods(), key=lambda period: period.opens_on or period.closes_on or date.min)

    @property
    def current_round(self) -> Period:
        """The period that counts today: the training's own while it is open, else one that is open.

        Else the next to open; else the training's own, which may be over or without days.
        """
        own = Period(self.applications_from, self.applications_to, self.applications_name)
        if self.is_rolling or own.is_open:
            return own
        periods = self.periods
        is_open = [period for period in periods if period.is_open]
        if is_open:
            return min(is_open, key=lambda period: period.closes_on or date.max)
        return next((period for period in periods if period.is_coming), own)

    @property
    def is_open(self) -> bool:
        """Whether one can apply today (local)."""
        return self.is_rolling or self.current_round.is_open

    @property
    def is_closed(self) -> bool:
        """Whether the time to apply is over (local), with no other to come."""
        return not self.is_rolling and self.current_round.is_over

    @property
    def days_left(self) -> int | None:
        """Days until applications close, 0 on the last day; None unless one can apply until a day."""
        if self.is_rolling or not self.current_round.is_open or not self.current_round.closes_on:
            return None
        return (self.current_round.closes_on - timezone.localdate()).days

    @property
    def closes_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= 7

    @property
    def applicants_per_place(self) -> float | None:
        """Applicants to one place in the last round, to one decimal."""
        return round(self.applicants / self.seats, 1) if self.seats and self.applicants else None

    def _periods(self) -> Iterator[Period]:
        if self.applications_from or self.applications_to:
            yield Period(self.applications_from, self.applications_to, self.applications_name)
        yield from self.further_periods()

    def further_periods(self) -> Iterator[Period]:
        """The rounds beside the training's own period, in the order in which they open."""
        told = getattr(
            self, "told_rounds", None
        )  # came with the training itself: TrainingOption.for_summary()
        if told is not None:
            for row in told:
                closes_on = row["closes_on"] and date.fromisoformat(row["closes_on"])
                yield Period(date.fromisoformat(row["opens_on"]), closes_on, row["name"])
            return
        for row in self.rounds.all() if self.pk else []:
            yield Period(row.opens_on, row.closes_on, row.name)
