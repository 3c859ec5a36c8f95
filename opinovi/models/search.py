"""What the search remembers beside the rows themselves: the words there are, who wrote the index, and what
people looked for in vain."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class VocabularyWord(models.Model):
    """A word that public content has (hakusanasto), as it is written there or in its base form.

    `number` counts the rows that have it. What is not here cannot be found, so misspelt words are put right
    by it.
    """

    word = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    folded = models.CharField(max_length=60, help_text="The word without the dots of å, ä and ö.")
    number = models.PositiveIntegerField(default=1)
    is_name = models.BooleanField(default=False, help_text="A word of a name: fit to be suggested.")

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        ordering = ["word", "language"]
        indexes = [
            GinIndex(fields=["folded"], name="vocabulary_word_like", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["word"], name="vocabulary_word_begins", opclasses=["varchar_pattern_ops"]),
            models.Index(
                fields=["folded"], name="vocabulary_word_begins_plain", opclasses=["varchar_pattern_ops"]
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["word", "language"], name="vocabulary_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


class IndexMark(models.Model):
    """Which analyser wrote a table's terms, and when (hakemiston merkintä)."""

    table = models.CharField(max_length=63, unique=True)
    analyser = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("state of the search index")
        verbose_name_plural = _("states of the search index")
        ordering = ["table"]

    def __str__(self) -> str:
        return f"{self.table}: {self.analyser}"


class UnansweredSearchQuerySet(models.QuerySet["UnansweredSearch"]):
    def newest_first(self) -> Self:
        return self.order_by("-year", "-week", "-number", "pk")


class UnansweredSearch(models.Model):
    """Words that led nowhere in a week (tulokseton haku), and how often; nothing is known of who asked.

    `place` is the address word of an area, or empty. `year` and `week` are those of ISO 8601.
    """

    class Kind(models.TextChoices):
        NOTHING = "nothing", _("nothing was found")
        NO_TIME = "no_time", _("there was no free time")

    kind = models.CharField(_("what was missing"), max_length=10, choices=Kind)
    words = models.CharField(_("words"), max_length=100)
    place = models.CharField(_("place"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    week = models.PositiveSmallIntegerField(_("week"))
    number = models.PositiveIntegerField(_("times"), default=1)

    objects = UnansweredSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without an answer")
        verbose_name_plural = _("searches without an answer")
        ordering = ["-year", "-week", "-number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "week", "kind", "words", "place"], name="unanswered_search_once_a_week"
            ),
            models.CheckConstraint(
                name="unanswered_search_week",
                condition=models.Q(week__gte=1, week__lte=53, number__gte=1),
                violation_error_message=_(
                    "A year has weeks from 1 to 53, and a search happens at least once."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.words
