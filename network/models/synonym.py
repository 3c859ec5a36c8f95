from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opinovi.models import User


class SynonymsQuerySet(models.QuerySet["Synonyms"]):
    def editable_by(self, user: User) -> Self:
        """All of them for every coordinator and administrator: the portal has one search."""
        roles = user.affiliations.current()
        return self if roles.coordinators().exists() or roles.administrators().exists() else self.none()

    def get_by_natural_key(self, words: str) -> "Synonyms":
        return self.get(words=words)


class Synonyms(models.Model):
    """Words that mean the same to people who search (synonyymit): whoever writes one finds the others too."""

    words = models.TextField(
        _("words"),
        max_length=1000,
        help_text=_("One word or phrase a line, in any language, in its base form. Two at least."),
    )

    objects = SynonymsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")
        ordering = ["words", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["words"],
                name="synonyms_once",
                violation_error_message=_("These words are together already."),
            ),
            models.CheckConstraint(
                name="synonyms_two_at_least",
                condition=Q(words__regex=r"\S[^\n]*\n+\s*\S"),
                violation_error_message=_("Write at least two words or phrases, each on its own line."),
            ),
        ]

    def __str__(self) -> str:
        return " – ".join(self.members)

    def natural_key(self) -> tuple[str]:
        return (self.words,)

    @property
    def members(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]
