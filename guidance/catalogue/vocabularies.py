"""The word lists an administrator keeps, whichever app a list lives in."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Channel, GuidanceTopic
from guidance.catalogue.order import move, place_at_end
from network.models import Sector
from projects.models import TargetGroup

Word = Any  # a Sector, TargetGroup, GuidanceTopic or Channel; mypy does not know their translated columns


class WordInUse(Exception):
    """The word sorts something, so it cannot go; `uses` tells what and how many."""

    def __init__(self, uses: list[tuple[str, int]]) -> None:
        super().__init__(uses)
        self.uses = uses


@dataclass(frozen=True)
class WordList:
    """One list: its word in addresses, its name and what it is for."""

    slug: str
    model: type[Word]
    title: str | Promise
    purpose: str | Promise
    extra_fields: tuple[str, ...] = ()

    def new_word(self) -> Word:
        """A word to be filled in, the last of the list."""
        return self.model(order=place_at_end(self.model.objects.all()))


WORD_LISTS = {
    words.slug: words
    for words in (
        WordList("sectors", Sector, _("Sectors"), _("What kind of organisation it is.")),
        WordList(
            "target-groups",
            TargetGroup,
            _("Target groups"),
            _("Whom services and projects are for."),
            ("ptv_code",),
        ),
        WordList("topics", GuidanceTopic, _("Guidance topics"), _("What guidance can be about.")),
        WordList(
            "channels",
            Channel,
            _("Channels"),
            _("How a person and a counsellor meet."),
            ("needs_place", "needs_phone", "needs_address", "needs_link"),
        ),
    )
}


def free_code(word: Word) -> str:
    """A code for a new word, by its English or Finnish name; exports and fixtures know the word by it."""
    base = slugify(word.name_en or word.name_fi)[:40] or "word"
    taken = set(type(word).objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def uses_of(word: Word) -> list[tuple[str, int]]:
    """What the word sorts, and how many of each."""
    counts = (
        (relation.related_model, getattr(word, relation.get_accessor_name()).count())
        for relation in word._meta.related_objects
    )
    return [(str(model._meta.verbose_name_plural), count) for model, count in counts if count]


def delete_word(word: Word) -> None:
    """Take a word out of its list. Raises WordInUse while it sorts something."""
    with transaction.atomic():
        type(word).objects.select_for_update().get(pk=word.pk)  # nothing new can point at it meanwhile
        if uses := uses_of(word):
            raise WordInUse(uses)
        word.delete()


def move_word(word: Word, *, up: bool) -> None:
    """Change places with the word above or below."""
    move(word, type(word).objects.all(), up=up)
