"""Things of a notebook side by side: the same questions in the same order, whatever kind of thing it is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guidance.booking.models import GroupSession, NotebookItem
from guidance.catalogue.models import GuidanceService, TrainingOption
from opinovi.templatetags.portal import span, text

QUESTIONS = {
    "kind": gettext_lazy("What is it?"),
    "by": gettext_lazy("Who gives it?"),
    "where": gettext_lazy("Where?"),
    "when": gettext_lazy("When?"),
    "how": gettext_lazy("How does it go?"),
    "length": gettext_lazy("How long does it take?"),
    "cost": gettext_lazy("What does it cost?"),
    "languages": gettext_lazy("In which languages?"),
    "asked": gettext_lazy("What is asked for?"),
    "outcome": gettext_lazy("What does it lead to?"),
    "entry": gettext_lazy("How do I get in?"),
    "contact": gettext_lazy("Whom can I ask?"),
}

Answers = dict[str, list[str]]


class Question(NamedTuple):
    """One row of the table. Each answer has its lines; one without lines is not told."""

    text: str
    items: Sequence[NotebookItem]
    answers: list[list[str]]

    @property
    def by_item(self) -> list[tuple[NotebookItem, list[str]]]:
        return list(zip(self.items, self.answers, strict=True))

    @property
    def is_same(self) -> bool:
        """Whether all the things have just the same answer."""
        return all(answer == self.answers[0] for answer in self.answers)


def compare(items: Sequence[NotebookItem]) -> list[Question]:
    """The questions that at least one of the things answers; what has no page any more answers none."""
    answers = [_answers(item) if item.is_published else {} for item in items]
    rows = [
        Question(str(label), items, [[line for line in told.get(name, []) if line] for told in answers])
        for name, label in QUESTIONS.items()
    ]
    return [row for row in rows if any(row.answers)]


def _answers(item: NotebookItem) -> Answers:
    if item.training:
        return _of_training(item.training)
    return _of_service(item.service) if item.service else _of_session(item.session)  # type: ignore[arg-type]


def _of_training(training: TrainingOption) -> Answers:
    length = []
    if training.extent:
        length.append(f"{_number(training.extent)} {training.get_extent_unit_display()}")
    if months := training.duration_months:
        length.append(
            ngettext("about %(months)s month", "about %(months)s months", months) % {"months": months}
        )
    return {
        "kind": [capfirst(training.get_kind_display())],
        "by": [text(training.provider, "name")],
        "where": [text(place, "name") for place in training.municipalities.all()],
        "when": [_start(training)],
        "how": training.ways_of_study,
        "length": length,
        "cost": _cost(training.fee, text(training, "fee_note")),
        "languages": training.language_names,
        "asked": training.prior_education_names,
        "outcome": [training.get_outcome_display(), text(training, "titles")],
        "entry": [_applications(training)],
        "contact": [training.contact_name, *_ways_to_reach(training.contact_phone, training.contact_email)],
    }


def _of_service(service: GuidanceService) -> Answers:
    minutes = _("%(minutes)s minutes at a time") % {"minutes": service.duration_minutes}
    return {
        "kind": [_("Guidance")],
        "by": [text(service.organisation, "name")],
        "where": [text(area, "name") for area in service.areas.all()] or [_("the whole country")],
        "when": [text(service, "hours_note")],
        "how": [text(channel, "name") for channel in service.channels.all()],
        "length": [minutes] if service.booking != GuidanceService.Booking.NONE else [],
        "cost": _cost(service.fee, text(service, "fee_note")),
        "languages": service.language_names,
        "asked": [],
        "outcome": [],
        "entry": [service.get_booking_display(), *service.way_names],
        "contact": _ways_to_reach(service.phone, service.email),
    }


def _of_session(session: GroupSession) -> Answers:
    town = text(session.municipality, "name") if session.municipality else _("online")
    places = session.capacity
    return {
        "kind": [capfirst(session.get_kind_display())],
        "by": [text(session.organisation, "name")],
        "where": [text(session, "place"), session.street_address, town],
        "when": [span(session.starts_at, session.ends_at)],
        "how": [ngettext("%(places)s place", "%(places)s places", places) % {"places": places}]
        if places
        else [],
        "length": [],
        "cost": _cost(session.fee, ""),
        "languages": session.language_names,
        "asked": [],
        "outcome": [],
        "entry": [text(session, "registration_note")],
        "contact": _ways_to_reach(session.phone, session.email),
    }


def _ways_to_reach(phone: str, email: str) -> list[str]:
    """A number to call and an address to write to, as links; what is not told stays empty."""
    return [
        phone and format_html('<a href="tel:{}">{}</a>', phone.replace(" ", ""), phone),
        email and format_html('<a href="mailto:{0}">{0}</a>', email),
    ]


def _cost(fee: Decimal | None, note: str) -> list[str]:
    if fee is None:
        return [note]
    return [f"{_number(fee)} €" if fee else _("free of charge"), note]


def _number(value: Decimal) -> str:
    """Without decimals where there are none to tell."""
    return number_format(value, 0 if value == int(value) else None)


def _start(training: TrainingOption) -> str:
    if training.starts_on:
        return span(training.starts_on, training.ends_on or training.starts_on)
    if training.start == TrainingOption.Start.SEASON:
        return f"{training.get_start_season_display()} {training.start_year}"
    return "" if training.start == TrainingOption.Start.UNKNOWN else str(training.get_start_display())


def _applications(training: TrainingOption) -> str:
    if training.is_rolling:
        return _("Apply at any time")
    if training.is_closed:
        return _("Applications closed")
    when = span(training.applications_from, training.applications_to)
    return _("Apply: %(when)s") % {"when": when} if when else ""
