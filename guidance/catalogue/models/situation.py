from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.funding import Funding
from guidance.catalogue.models.guidance_service import GuidanceService
from opinovi.fields import ChangedAtField
from opinovi.terms import TermsField


class LifeSituationQuerySet(models.QuerySet["LifeSituation"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def get_by_natural_key(self, slug: str) -> "LifeSituation":
        return self.get(slug=slug)


class LifeSituation(models.Model):
    """Where somebody is in life (elämäntilanne), with a page that gathers what helps there."""

    name = models.CharField(_("name"), max_length=120, help_text=_("As people say it: I lost my job."))
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    introduction = models.TextField(_("introduction"), blank=True)
    keywords = models.CharField(
        _("other words for it"),
        max_length=500,
        blank=True,
        help_text=_("Words people may search by, with commas between."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(names=("name",), keywords=("keywords",), texts=("introduction",))

    objects = LifeSituationQuerySet.as_manager()

    class Meta:
        verbose_name = _("life situation")
        verbose_name_plural = _("life situations")
        ordering = ["order", "slug"]
        indexes = [GinIndex(fields=["terms"], name="life_situation_terms")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class SituationPartQuerySet(models.QuerySet["SituationPart"]):
    def get_by_natural_key(self, slug: str, order: int) -> "SituationPart":
        return self.get(situation__slug=slug, order=order)


class SituationPart(models.Model):
    """A part of a life situation's page: text, a search with its first hits, or chosen services."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        TRAINING = "training", _("a search of training")
        GUIDANCE = "guidance", _("a search of guidance")
        SERVICES = "services", _("chosen guidance services")
        FUNDING = "funding", _("ways to finance studies")

    situation = models.ForeignKey(LifeSituation, models.CASCADE, related_name="parts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    heading = models.CharField(_("heading"), max_length=150)
    text = models.TextField(_("text"), blank=True)
    query = models.CharField(
        _("search"),
        max_length=300,
        blank=True,
        help_text=_("What stands after the question mark in the address of a list, such as time=evening."),
    )
    services = models.ManyToManyField(
        GuidanceService, blank=True, related_name="situation_parts", verbose_name=_("guidance services")
    )
    fundings = models.ManyToManyField(
        Funding,
        blank=True,
        related_name="situation_parts",
        verbose_name=_("ways to finance studies"),
        help_text=_("None chosen: all of them."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SituationPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a life situation's page")
        verbose_name_plural = _("parts of a life situation's page")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="situation_part_search_has_query",
                condition=~Q(kind__in=["training", "guidance"]) | ~Q(query=""),
                violation_error_message=_("A search needs its words or choices."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def natural_key(self) -> tuple[str, int]:
        """The place on the page: a fixture's parts are known by it until somebody moves them."""
        return (*self.situation.natural_key(), self.order)

    @property
    def is_search(self) -> bool:
        return self.kind in {self.Kind.TRAINING, self.Kind.GUIDANCE}
