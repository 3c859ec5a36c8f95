"""People who asked to be called."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import GuidanceLanguage, GuidanceService
from opinovi.models import User


class CallBackRequestQuerySet(models.QuerySet["CallBackRequest"]):
    def open(self) -> Self:
        """Requests nobody has answered, the oldest first."""
        return self.filter(done_at__isnull=True).order_by("created_at", "pk")

    def done(self) -> Self:
        return self.filter(done_at__isnull=False).order_by("-done_at", "-pk")

    def visible_to(self, user: User) -> Self:
        """Requests to services of the organisations where the user is a counsellor today."""
        roles = user.affiliations.current().counsellors()
        return self.filter(guidance_service__organisation__in=roles.values("organisation"))

    def for_listing(self) -> Self:
        return self.select_related("guidance_service", "done_by")


class CallBackRequest(models.Model):
    """Somebody wants a counsellor to call (soittopyyntö), because no time was free or to ask first."""

    is_on_public_pages = False

    class Time(models.TextChoices):
        """When one can be called, on working days."""

        MORNING = "morning", _("in the morning")
        AFTERNOON = "afternoon", _("in the afternoon")
        EVENING = "evening", _("in the evening")

    guidance_service = models.ForeignKey(
        GuidanceService, models.PROTECT, related_name="call_back_requests", verbose_name=_("guidance service")
    )
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=40)
    times = ArrayField(
        models.CharField(max_length=9, choices=Time), default=list, blank=True, verbose_name=_("when to call")
    )
    spoken_language = models.CharField(
        _("language of the call"), max_length=2, choices=GuidanceLanguage, default=GuidanceLanguage.FINNISH
    )
    wish = models.TextField(_("what it is about"), blank=True, max_length=2000)
    language = models.CharField(_("language of the portal"), max_length=2, choices=settings.LANGUAGES)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("answered"), null=True, blank=True)
    done_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_call_backs",
        verbose_name=_("answered by"),
    )

    objects = CallBackRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a call")
        verbose_name_plural = _("requests for a call")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["guidance_service", "created_at"],
                name="call_back_open",
                condition=Q(done_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="call_back_has_a_number",
                condition=~Q(phone=""),
                violation_error_message=_("Write the number that the counsellor calls."),
            ),
            models.CheckConstraint(
                name="call_back_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message=_("Say who answered the request."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guidance_service} {self.pk}"

    @property
    def time_names(self) -> list[str]:
        return [str(self.Time(code).label) for code in self.times]
