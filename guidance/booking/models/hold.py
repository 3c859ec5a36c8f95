"""Times that are kept for somebody for a while."""

import uuid
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Channel, GuidanceService
from network.models import ServicePoint
from opinovi.models import User

HELD_FOR = timedelta(minutes=10)

# A trigger that waits for its counsellor's turn sees what was committed meanwhile. See decision 0019.
ONE_AFTER_THE_OTHER = "PERFORM pg_advisory_xact_lock({classid}, NEW.counsellor_id::int);"
COUNSELLORS = 20_019  # the class of the locks, one for each counsellor


def turn_of_counsellor() -> str:
    """SQL of a trigger that lets changes to one counsellor's time happen one after the other."""
    return ONE_AFTER_THE_OTHER.format(classid=COUNSELLORS)


class HoldQuerySet(models.QuerySet["Hold"]):
    def live(self) -> Self:
        """Holds that the clock has not released."""
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class Hold(models.Model):
    """A time that is kept while its person fills in the form (varattavana oleva aika).

    It has the nonce of the booking that may come of it. The clock alone releases it; rows that have run out
    are in nobody's way and are swept when their time is wanted again.
    """

    is_on_public_pages = False  # the pages that show free times are never kept

    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    counsellor = models.ForeignKey(User, models.CASCADE, related_name="holds", verbose_name=_("counsellor"))
    guidance_service = models.ForeignKey(
        GuidanceService, models.CASCADE, related_name="holds", verbose_name=_("guidance service")
    )
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="holds", verbose_name=_("channel"))
    service_point = models.ForeignKey(
        ServicePoint,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("service point"),
    )
    starts_at = models.DateTimeField(_("starts"))
    busy = DateTimeRangeField(_("counsellor is busy"))
    expires_at = models.DateTimeField(_("kept until"))
    extended_at = models.DateTimeField(_("kept longer"), null=True, blank=True)
    typed = models.TextField(
        blank=True, default="", editable=False, help_text=_("What was written in the form, encrypted.")
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("held time")
        verbose_name_plural = _("held times")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["expires_at"], name="hold_expiry")]
        constraints = [
            ExclusionConstraint(
                name="hold_one_at_a_time",
                expressions=[("counsellor", RangeOperators.EQUAL), ("busy", RangeOperators.OVERLAPS)],
                violation_error_message=_("Somebody else is just booking this time."),
            ),
            models.CheckConstraint(
                name="hold_is_extended_once",
                condition=Q(extended_at__isnull=True) | Q(extended_at__lt=F("expires_at")),
                violation_error_message=_("A time is kept longer once."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="hold_a_free_time",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=pgtrigger.Func(
                    turn_of_counsellor()
                    + """
                    IF EXISTS (
                        SELECT FROM booking_appointment
                        WHERE counsellor_id = NEW.counsellor_id AND busy && NEW.busy AND cancelled_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'the counsellor has an appointment at that time'
                        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'hold_a_free_time';
                    END IF;
                    RETURN NEW;
                    """
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H.%M}"

    @property
    def is_live(self) -> bool:
        return self.expires_at > timezone.now()

    @property
    def can_be_extended(self) -> bool:
        """Whether it may be kept longer: once, and only while it is still held."""
        return self.is_live and self.extended_at is None


def held_until(now: datetime) -> datetime:
    """When the clock releases a time that is held from now (UTC)."""
    return now + HELD_FOR
