"""What a person can want to talk about in a meeting, and which guidance is the nearest to it."""

from typing import Any

from django.utils.translation import gettext as _

from guidance.booking.models import GroupSession
from guidance.booking.models.appointment import Subject
from guidance.catalogue.models import Funding, GuidanceTopic, TrainingOption
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet

KINDS: dict[str, Any] = {"": TrainingOption, "event.": GroupSession, "funding.": Funding}


def subject_named(word: str) -> Subject | None:
    """What `subject_word` of a training, an event or a way to finance studies leads to.

    None where that is nothing a reader may see.
    """
    kind, dot, slug = word.rpartition(".")
    model = KINDS.get(kind + dot)
    if model is None or not slug:
        return None
    subject: Subject | None = model.objects.published().filter(slug=slug).first()
    return subject


def nearest_to(services: GuidanceServiceQuerySet, subject: Subject) -> GuidanceServiceQuerySet:
    """Services with how near each is to the subject as `nearness`, the nearest first."""
    if isinstance(subject, TrainingOption):
        return services.nearest_to(subject.provider_id, subject.municipalities.all())
    if isinstance(subject, GroupSession):
        places = [subject.municipality] if subject.municipality else []
        return services.nearest_to(subject.organisation_id, places)
    return services.nearest_to_topic(GuidanceTopic.FINANCING)


def headings_for(subject: Subject) -> tuple[str, ...]:
    """What services are shown under, by their nearness to the subject."""
    if isinstance(subject, TrainingOption):
        return (
            _("From the provider"),
            _("For people where the training is given"),
            _("Other guidance"),
        )
    if isinstance(subject, GroupSession):
        return _("From the organiser"), _("For people where the event is held"), _("Other guidance")
    return _("Guidance about money"), _("Other guidance")
