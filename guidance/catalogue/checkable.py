"""What an organisation's contact may check by the link in our letter: which records, and how.

Apps to the right add their own, in their `additions.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guidance.catalogue.forms.checks import CorrectionForm, GuidanceCorrectionForm, TrainingCorrectionForm
from guidance.catalogue.freshness import stale
from guidance.catalogue.models import GuidanceService, QualityScore, TrainingOption
from guidance.catalogue.quality.subjects import SUBJECTS
from network.models import Organisation
from opinovi.models import User

Kind = QualityScore.Kind


@dataclass(frozen=True)
class Checkable:
    """A kind of record that contacts check."""

    kind: QualityScore.Kind
    published: Callable[[], QuerySet[Any]]
    keeper: str  # the column of its organisation
    form: type[CorrectionForm]
    facts: str  # the template of what is asked about, of a `record`
    end: Callable[[Any], object]  # what is done when it is no longer offered

    def of(self, organisation: Any) -> QuerySet[Any]:
        """Published records of an organisation, or of the one that an outer query is at."""
        return self.published().filter(**{self.keeper: organisation})


def withdraw(record: TrainingOption | GuidanceService) -> None:
    """Make it a draft."""
    record.published_at = None
    record.save(update_fields=["published_at", "changed_at"])


CHECKABLES = {
    checkable.kind.value: checkable
    for checkable in (
        Checkable(
            Kind.TRAINING,
            TrainingOption.objects.published,
            "provider",
            TrainingCorrectionForm,
            "catalogue/public/_check_training_facts.html",
            withdraw,
        ),
        Checkable(
            Kind.SERVICE,
            GuidanceService.objects.published,
            "organisation",
            GuidanceCorrectionForm,
            "catalogue/public/_check_guidance_facts.html",
            withdraw,
        ),
    )
}


def checkable_of(record: Any) -> Checkable:
    """How a record is checked."""
    return next(
        checkable for checkable in CHECKABLES.values() if isinstance(record, SUBJECTS[checkable.kind].model)
    )


def records_of(organisation: Organisation) -> dict[str, QuerySet[Any]]:
    """What a contact may check: the organisation's published records, by kind."""
    return {kind: checkable.of(organisation) for kind, checkable in CHECKABLES.items()}


def stale_number(organisation: Organisation) -> int:
    """How many of them nobody has checked in six months. One query."""
    first, *others = (
        rows.filter(stale()).order_by().values("pk") for rows in records_of(organisation).values()
    )
    return first.union(*others, all=True).count()


def own_records(user: User) -> dict[str, QuerySet[Any]]:
    """Records that a coordinator keeps and contacts may check, by kind."""
    return {kind: SUBJECTS[checkable.kind].own(user) for kind, checkable in CHECKABLES.items()}
