from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def about(self, subject: models.Model) -> Self:
        """What has been read or changed about a person's record."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_id=subject.pk)

    def for_listing(self) -> Self:
        return self.select_related("user")


class AccessEvent(models.Model):
    """Somebody read or changed what the portal knows of a person (käyttölokimerkintä).

    Kept so that the client and an officer can be told who used the record:
    General Data Protection Regulation (EU) 2016/679, articles 5(2) and 32. The database
    refuses to change or delete a row.
    """

    class Action(models.TextChoices):
        READ = "read", _("read")
        CHANGE = "change", _("changed")

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="access_events",
        null=True,
        verbose_name=_("who"),
        help_text=_("Empty when the person used their own private link."),
    )
    action = models.CharField(_("what"), max_length=10, choices=Action)
    page = models.CharField(_("page"), max_length=100)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="access_events")
    subject_id = models.PositiveBigIntegerField()
    about = GenericForeignKey("subject_type", "subject_id")

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("access event")
        verbose_name_plural = _("access events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-at"], name="access_about")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action} {self.page} {self.at:%Y-%m-%d %H:%M}"
