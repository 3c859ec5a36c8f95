"""The pages of a training and of a guidance service: questions as people ask them, in that order.

A question whose answer is not known is left out, in the page and in its table of contents.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import GuidanceService, TrainingNote, TrainingOption


class Part(NamedTuple):
    """A part of a page: its id, its question and the template of its answer, or a note of its keeper."""

    key: str
    heading: str | Promise
    template: str = ""
    note: TrainingNote | None = None


FOR_WHOM = Part("for-me", _("Is it for me?"), "catalogue/public/_training_for_whom.html")
TRAINING = (
    Part("when", _("When?"), "catalogue/public/_training_when.html"),
    Part("where", _("Where and how?"), "catalogue/public/_training_where.html"),
    Part(
        "content", _("What do I learn, and what does it lead to?"), "catalogue/public/_training_content.html"
    ),
    Part("cost", _("What does it cost?"), "catalogue/public/_training_cost.html"),
    Part("apply", _("How do I apply?"), "catalogue/public/_training_applying.html"),
    Part("ask", _("Whom do I ask?"), "catalogue/public/_training_asking.html"),
)


def parts_of_training(training: TrainingOption) -> list[Part]:
    """The parts of a training's page. The training is loaded with its notes."""
    suits = training.audience or training.requirements or training.prior_education or training.is_beside_work
    notes = [Part(f"note-{note.pk}", note.heading, note=note) for note in training.notes.all()]
    return [*([FOR_WHOM] if suits else []), *TRAINING, *notes]


SERVICE_FOR_WHOM = Part("for-me", _("Is it for me?"), "catalogue/public/_guidance_for_whom.html")
COMING = Part("come", _("How do I come?"), "catalogue/public/_guidance_coming.html")
WHERE = Part("where", _("When and where?"), "catalogue/public/_guidance_where.html")
LANGUAGES = Part("languages", _("In which languages?"), "catalogue/public/_guidance_languages.html")
BRING = Part("bring", _("What should I bring?"), "catalogue/public/_guidance_bring.html")
HAPPENS = Part("happens", _("What happens there, and then?"), "catalogue/public/_guidance_happens.html")
COST = Part("cost", _("What does it cost?"), "catalogue/public/_guidance_cost.html")
ANSWER = Part("answer", _("When do I get an answer?"), "catalogue/public/_guidance_answer.html")
AREA = Part("area", _("Which area does it serve?"), "catalogue/public/_guidance_area.html")
ASK = Part("ask", _("Whom do I ask?"), "catalogue/public/_guidance_asking.html")
REFERRING = Part("counsellors", _("For counsellors"), "catalogue/public/_guidance_referring.html")


def parts_of_service(service: GuidanceService, *, for_counsellor: bool) -> list[Part]:
    """The parts of a guidance service's page. The service is loaded with its topics and target groups.

    What only referring counsellors may see stands in a part of its own, which nobody else's page has.
    """
    suits = service.audience or service.target_groups.all() or service.topics.all()
    known: Iterable[tuple[Part, object]] = (
        (SERVICE_FOR_WHOM, suits),
        (COMING, True),
        (WHERE, True),
        (LANGUAGES, service.languages or service.has_interpreter),
        (BRING, service.bring),
        (HAPPENS, service.description or service.next_steps),
        (COST, True),
        (ANSWER, service.response_days),
        (AREA, True),
        (ASK, True),
        (REFERRING, for_counsellor and service.tells_counsellors),
    )
    return [part for part, is_known in known if is_known]
