"""What a criterion is, and the criteria that records of several kinds share."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.freshness import freshness
from guidance.catalogue.models import LinkCheck

LANGUAGE_WEIGHTS = {"fi": 0.5, "sv": 0.3, "en": 0.2}
GOOD_LENGTH = 200  # characters that a description has at least, as in data·inclusion
LONGEST_SUMMARY = 150  # characters, as the Finnish Digital and Population Data Services Agency asks in PTV

ADDRESS = re.compile(r"https?://|\bwww\.|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w-])(?!\d{7}-\d\b)(?:\+358|0)[\d \-()]{6,}\d(?![\w-])")  # but no business ID


@dataclass(frozen=True)
class Known:
    """What is known besides the record: the day (local), and how links have answered."""

    today: date = field(default_factory=timezone.localdate)
    links: Mapping[str, LinkCheck] = field(default_factory=dict)


class Found(NamedTuple):
    """How much of a criterion a record meets, from 0 to 1, and the form's fields that lack something."""

    share: float
    fields: tuple[str, ...] = ()


Measure = Callable[[Any, Known], Found | None]  # None: the criterion does not apply to this record


@dataclass(frozen=True)
class Criterion:
    """One thing asked of a record: how much it weighs, what it is called, and what to do where it lacks."""

    weight: int
    name: str | Promise
    advice: str | Promise
    measure: Measure

    @property
    def code(self) -> str:
        return self.measure.__name__


def text_of(record: Any, name: str) -> str:
    """A translated text in the first language it has."""
    return next((text for _code, text in _texts(record, name)), "")


def filled(record: Any, name: str) -> bool:
    return bool(text_of(record, name))


def yes(is_met: object, *fields: str) -> Found:
    """All or nothing; the fields are told where it is nothing."""
    return Found(1.0) if is_met else Found(0.0, fields)


def long_enough(record: Any, name: str) -> Found:
    """How near a text comes to two hundred characters in its longest language."""
    length = max((len(text) for _code, text in _texts(record, name)), default=0)
    return Found(1.0) if length >= GOOD_LENGTH else Found(length / GOOD_LENGTH, (f"{name}_fi",))


def three_languages_of(*names: str) -> Criterion:
    def three_languages(record: Any, _known: Known) -> Found:
        """How much of what is written at all is there in each language; an empty text does not count."""
        shares, missing = [], []
        for name in names:
            there = {code for code, _text in _texts(record, name)}
            if there:
                shares.append(sum(LANGUAGE_WEIGHTS[code] for code in there))
                missing += [f"{name}_{code}" for code in LANGUAGE_WEIGHTS if code not in there]
        return Found(sum(shares) / len(shares) if shares else 0.0, tuple(missing))

    advice = _("Write these texts in the languages that lack them.")
    return Criterion(3, _("In three languages"), advice, three_languages)


def checked(record: Any, known: Known) -> Found:
    return fresh(record.checked_on, known)


def fresh(checked_on: date | None, known: Known) -> Found:
    share = freshness(checked_on, known.today)
    return Found(share, () if share == 1 else ("checked_on",))


def working_links_of(*names: str) -> Criterion:
    def links_answer(record: Any, known: Known) -> Found | None:
        """How many of the links work; one that nobody has looked at lately speaks neither for nor against."""
        works = {
            name: not check.is_broken
            for name, url in links_of(record, names).items()
            if (check := known.links.get(url)) and (check.is_broken or check.answers)
        }
        if not works:
            return None
        broken = tuple(name for name, is_fine in works.items() if not is_fine)
        return Found(1 - len(broken) / len(works), broken)

    advice = _("Correct these links: they have not answered for days.")
    return Criterion(2, _("Links that work"), advice, links_answer)


def links_of(record: Any, names: tuple[str, ...]) -> dict[str, str]:
    """The record's links by the field they stand in; those that are there."""
    return {name: url for name in names if (url := getattr(record, name))}


def plain_texts_of(*names: str) -> Criterion:
    def plain_texts(record: Any, _known: Known) -> Found | None:
        """How many texts are free of phone numbers and addresses, which belong in fields of their own."""
        texts = {f"{name}_{code}": text for name in names for code, text in _texts(record, name)}
        if not texts:
            return None
        bad = tuple(name for name, text in texts.items() if ADDRESS.search(text) or PHONE.search(text))
        return Found(1 - len(bad) / len(texts), bad)

    advice = _("Move phone numbers, e-mail addresses and links out of these texts, to fields of their own.")
    return Criterion(1, _("Plain texts"), advice, plain_texts)


CHECKED = Criterion(
    3,
    _("Checked within six months"),
    _("Go through the record and say in its editor that you have checked it today."),
    checked,
)


def good_summary(record: Any) -> Found:
    """Whether there is a summary, at most 150 characters long, that does more than repeat the name."""
    texts = dict(_texts(record, "summary"))
    if not texts:
        return Found(0.0, ("summary_fi",))
    names = dict(_texts(record, "name"))
    bad = tuple(
        f"summary_{code}"
        for code, text in texts.items()
        if len(text) > LONGEST_SUMMARY or text.casefold() == names.get(code, "").casefold()
    )
    return Found(1 - len(bad) / len(texts), bad)


def _texts(record: Any, name: str) -> Iterator[tuple[str, str]]:
    """The languages that a translated text has, with the text."""
    for code in LANGUAGE_WEIGHTS:
        if text := (getattr(record, f"{name}_{code}") or "").strip():
            yield code, text
