from django.db import models
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models.training_option import TrainingOption


class TrainingNote(models.Model):
    """Something more to know about a training, under a heading of its own (lisätieto)."""

    training = models.ForeignKey(TrainingOption, models.CASCADE, related_name="notes")
    heading = models.CharField(_("heading"), max_length=150)
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("further information")
        verbose_name_plural = _("further information")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.heading
