from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.checked import Checked
from network.models import Organisation
from opinovi.alphabet import name_key
from opinovi.fields import ChangedAtField
from opinovi.models import User
from opinovi.terms import TermsField


class FundingQuerySet(models.QuerySet["Funding"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def editable_by(self, user: User) -> Self:
        """All of them for every coordinator and administrator: they belong to no organisation."""
        roles = user.affiliations.current()
        return self.filter(Exists(roles.coordinators()) | Exists(roles.administrators()))

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("payer")

    def get_by_natural_key(self, slug: str) -> "Funding":
        return self.get(slug=slug)


class Funding(Checked, models.Model):
    """A way to finance adult study (opintojen rahoitus): who gets it, how much, where to apply."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    summary = models.CharField(_("in one sentence"), max_length=250, blank=True)
    audience = models.TextField(_("who can get it"), blank=True)
    amount = models.TextField(_("how much"), blank=True)
    application = models.TextField(_("how to apply"), blank=True)
    combining = models.TextField(_("how it fits with others"), blank=True)
    payer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fundings",
        verbose_name=_("paid by"),
    )
    payer_name = models.CharField(
        _("paid by, if not an organisation of the portal"), max_length=150, blank=True
    )
    website = models.URLField(_("where to apply"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(names=("name",), texts=("summary", "audience", "amount", "application", "combining"))

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = _("way to finance studies")
        verbose_name_plural = _("ways to finance studies")
        ordering = ["order", "slug"]
        indexes = [GinIndex(fields=["terms"], name="funding_terms")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def payer_in_words(self) -> str:
        """Who pays it, as far as that is known."""
        return self.payer.name if self.payer else self.payer_name

    @property
    def subject_word(self) -> str:
        """How an address says that one wants to talk about it."""
        return f"funding.{self.slug}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may read of it, as `published()` has it."""
        return self.published_at is not None
