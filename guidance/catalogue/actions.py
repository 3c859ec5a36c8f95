"""What is done to several rows of the catalogue at once."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from guidance.catalogue.models import ApplicationRound, TrainingOption


def take_up_next_rounds() -> int:
    """Let the next round take the place of a training's own round that has ended, or that has no days.

    Tells how many were moved. Doing it twice does nothing more. Nobody waits for it: what is open today is
    worked out from all rounds; this keeps the training's own fields true for editors and exports.
    """
    rounds = ApplicationRound.objects.filter(training=OuterRef("pk")).unended()
    over = Q(applications_to__lt=timezone.localdate())
    dateless = Q(applications_from__isnull=True, applications_to__isnull=True)
    with transaction.atomic():
        trainings = TrainingOption.objects.filter(over | dateless, Exists(rounds), is_rolling=False)
        moved = 0
        for training in trainings.select_for_update().order_by("pk"):
            _take_up(training)
            moved += 1
    return moved


def _take_up(training: TrainingOption) -> None:
    """The round that counts today becomes the training's own; its row has done its work."""
    current = training.current_round
    rows = training.rounds.all()
    next(row for row in rows if (row.opens_on, row.closes_on, row.name) == current).delete()
    training.applications_from, training.applications_to, training.applications_name = current
    training.save(update_fields=["applications_from", "applications_to", "applications_name", "changed_at"])
