"""What is asked of a training option."""

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import TrainingOption
from guidance.catalogue.quality.criterion import (
    CHECKED,
    Criterion,
    Found,
    Known,
    filled,
    long_enough,
    plain_texts_of,
    three_languages_of,
    working_links_of,
    yes,
)

LINKS = ("website", "application_link")
TEXTS = ("name", "description", "outcomes", "audience", "requirements", "fee_note", "application_note")
Mode = TrainingOption.Mode


def what_you_learn(training: TrainingOption, _known: Known) -> Found:
    return long_enough(training, "description")


def whom_it_suits(training: TrainingOption, _known: Known) -> Found:
    return yes(filled(training, "audience"), "audience_fi")


def what_is_asked_for(training: TrainingOption, _known: Known) -> Found:
    return yes(training.prior_education or filled(training, "requirements"), "requirements_fi")


def when_it_starts(training: TrainingOption, known: Known) -> Found:
    """Known, and not over: who can come in at any time does not care for the day."""
    is_over = training.starts_on and training.starts_on < known.today and not training.is_rolling
    return yes(training.start != TrainingOption.Start.UNKNOWN and not is_over, "start")


def where_it_is(training: TrainingOption, _known: Known) -> Found:
    is_anywhere = training.mode in {Mode.DISTANCE, Mode.SELF_PACED}
    return yes(is_anywhere or training.municipalities.all(), "municipalities")


def how_long_it_is(training: TrainingOption, _known: Known) -> Found:
    return yes(training.extent or training.duration_months, "extent")


def what_it_costs(training: TrainingOption, _known: Known) -> Found:
    return yes(training.fee is not None, "fee")


def when_to_apply(training: TrainingOption, known: Known) -> Found:
    """A time that has not passed, or any time."""
    ends = [training.applications_to, *(round_.closes_on for round_ in training.rounds.all())]
    return yes(training.is_rolling or any(end and end >= known.today for end in ends), "applications_to")


def how_to_apply(training: TrainingOption, _known: Known) -> Found:
    return yes(training.application_link or filled(training, "application_note"), "application_link")


def whom_to_ask(training: TrainingOption, _known: Known) -> Found:
    """A phone number or an e-mail address; the page of the training is half of it."""
    if training.contact_email or training.contact_phone:
        return Found(1.0)
    return Found(0.5 if training.website else 0.0, ("contact_email",))


CRITERIA = (
    Criterion(
        2,
        _("What you learn"),
        _("Tell what one learns there, in two hundred letters or more."),
        what_you_learn,
    ),
    Criterion(2, _("Who it suits"), _("Tell whom the training suits."), whom_it_suits),
    Criterion(
        1,
        _("What is asked for"),
        _("Tell which earlier studies or skills are needed, or that none are."),
        what_is_asked_for,
    ),
    Criterion(
        2,
        _("When it starts"),
        _("Tell when the training starts next: a day, a season, or by agreement."),
        when_it_starts,
    ),
    Criterion(
        1,
        _("Where it is"),
        _("Tell the municipalities, or that one studies at a distance."),
        where_it_is,
    ),
    Criterion(1, _("How long it takes"), _("Tell the extent or how many months it takes."), how_long_it_is),
    Criterion(2, _("What it costs"), _("Tell the fee; 0 if there is none."), what_it_costs),
    Criterion(
        2,
        _("When to apply"),
        _("Tell the next time to apply, or that one can apply at any time."),
        when_to_apply,
    ),
    Criterion(2, _("How to apply"), _("Give the link where one applies, or tell how."), how_to_apply),
    Criterion(2, _("Whom to ask"), _("Give a phone number or an e-mail address for questions."), whom_to_ask),
    three_languages_of(*TEXTS),
    CHECKED,
    working_links_of(*LINKS),
    plain_texts_of(*TEXTS),
)
