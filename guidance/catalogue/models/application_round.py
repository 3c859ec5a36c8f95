from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApplicationRoundQuerySet(models.QuerySet["ApplicationRound"]):
    def open(self) -> Self:
        """Rounds one can apply in today (local), what closes soonest first."""
        today = timezone.localdate()
        return self.unended().filter(opens_on__lte=today).order_by(F("closes_on").asc(nulls_last=True), "pk")

    def unended(self) -> Self:
        """Rounds that are open or still to come (local), in the order in which they open."""
        return self.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=timezone.localdate()))


class ApplicationRound(models.Model):
    """A further time in which one can apply for a training (hakuaika); the training itself holds the next."""

    training = models.ForeignKey("catalogue.TrainingOption", models.CASCADE, related_name="rounds")
    name = models.CharField(_("name"), max_length=200, blank=True)
    opens_on = models.DateField(_("applications from"))
    closes_on = models.DateField(_("applications until"), null=True, blank=True)

    objects = ApplicationRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("application round")
        verbose_name_plural = _("application rounds")
        ordering = ["opens_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="application_round_ends_after_it_begins",
                condition=Q(closes_on__gte=F("opens_on")) | Q(closes_on__isnull=True),
                violation_error_message=_("The application period cannot end before it begins."),
            ),
            models.UniqueConstraint(
                fields=["training", "opens_on", "closes_on"],
                name="application_round_once",
                nulls_distinct=False,
                violation_error_message=_("This application period is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.opens_on:%d.%m.%Y}"
