"""What people say of a meeting afterwards."""

from datetime import timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.appointment import Appointment
from opinovi.models import User

CAN_CHANGE_FOR = timedelta(days=7)


class AppointmentFeedbackQuerySet(models.QuerySet["AppointmentFeedback"]):
    def visible_to(self, user: User) -> Self:
        """Feedback to the organisations where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        own = Q(appointment__organisation__in=roles.coordinators().values("organisation"))
        return self.filter(Exists(roles.administrators()) | own)

    def to_counsellor(self, user: User) -> Self:
        """Feedback to the user's own meetings at the organisations where they are a counsellor today."""
        own = Appointment.objects.visible_to(user).filter(counsellor=user)
        return self.filter(appointment__in=own)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class AppointmentFeedback(models.Model):
    """What the person says of a meeting (palaute): from one to five, and words; nobody is told their name."""

    is_on_public_pages = False

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="feedback")
    stars = models.PositiveSmallIntegerField(
        _("how it was"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(_("in your own words"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)

    objects = AppointmentFeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback on a meeting")
        verbose_name_plural = _("feedback on meetings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="appointment_feedback_from_one_to_five",
                condition=Q(stars__gte=1, stars__lte=5),
                violation_error_message=_("Choose from one to five."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars}/5"

    @property
    def can_change(self) -> bool:
        """Whether the person may still change what they said: for a week."""
        return timezone.now() < self.created_at + CAN_CHANGE_FOR
