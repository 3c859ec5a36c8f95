from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opinovi import quiet_hours

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
TOO_LATE = "It could not leave in time."

validate_number = RegexValidator(r"^\+[1-9]\d{6,14}$", _("Give the number like +358401234567."))


class LetterQuerySet(models.QuerySet["Letter"]):
    def queued(self) -> Self:
        return self.filter(state=Letter.State.QUEUED)

    def due(self, moment: datetime | None = None) -> Self:
        """Letters that should have left by the moment (UTC; now, unless given)."""
        return self.queued().filter(due_at__lte=moment or timezone.now())

    def unsent(self) -> Self:
        """Letters that wait, and those that could be sent again."""
        return self.filter(state__in=[Letter.State.QUEUED, Letter.State.FAILED])

    def failed(self) -> Self:
        return self.filter(state=Letter.State.FAILED)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def about(self, subject: models.Model) -> Self:
        """Letters that something, such as an appointment, has caused."""
        return self.about_any(type(subject)).filter(subject_id=subject.pk)

    def about_any(self, model: type[models.Model]) -> Self:
        return self.filter(subject_type=ContentType.objects.get_for_model(model))


class Letter(models.Model):
    """A message the portal sends (kirje): a row first, so that none is lost and none goes twice."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        CANCELLED = "cancelled", _("cancelled")

    class Medium(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("text message")

    key = models.CharField(
        _("key"), max_length=200, unique=True, help_text=_("What the letter is for; nothing has it twice.")
    )
    kind = models.CharField(_("kind"), max_length=60)
    medium = models.CharField(_("medium"), max_length=5, choices=Medium, default=Medium.EMAIL)
    recipient = models.CharField(
        _("recipient"),
        max_length=254,
        help_text=_("An e-mail address, or a phone number like +358401234567."),
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    calendar = models.TextField(_("calendar part"), blank=True)
    headers = models.JSONField(
        _("further headers"), default=dict, blank=True, help_text=_("Names and values, as in an e-mail.")
    )
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    not_after = models.DateTimeField(
        _("not after"),
        null=True,
        blank=True,
        help_text=_("A letter that has not left by then does not leave."),
    )
    first_hour = models.PositiveSmallIntegerField(_("first hour of the day (local)"), null=True, blank=True)
    last_hour = models.PositiveSmallIntegerField(_("hour of the day it ends (local)"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("subject_type", "subject_id")

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], name="letter_queue", condition=Q(state="queued")),
            models.Index(fields=["subject_type", "subject_id"], name="letter_about"),
            models.Index(fields=["-created_at", "-id"], name="letter_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_its_moment",
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                violation_error_message=_("A sent letter has the moment it left, and no other has."),
            ),
            models.CheckConstraint(
                name="letter_hours_follow_each_other",
                condition=Q(first_hour__isnull=True, last_hour__isnull=True)
                | Q(first_hour__isnull=False, first_hour__lt=F("last_hour"), last_hour__isnull=False)
                & Q(last_hour__lte=24),
                violation_error_message=_("A letter leaves between two hours of one day, or at any."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def clean(self) -> None:
        """The recipient is an address or a number, as the medium demands."""
        super().clean()
        validate = validate_number if self.medium == Letter.Medium.SMS else validate_email
        try:
            validate(self.recipient)
        except ValidationError as error:
            raise ValidationError({"recipient": error.messages}) from error

    @property
    def is_due(self) -> bool:
        return self.state == Letter.State.QUEUED and self.due_at <= timezone.now()

    def schedule(self, due_at: datetime) -> None:
        """Let it leave at the moment (UTC) or, when it has hours, in the next of them.

        One that cannot leave in time is cancelled.
        """
        self.due_at = self._next_moment(due_at)
        if self.not_after is not None and self.due_at >= self.not_after:
            self.cancel(TOO_LATE)

    def may_leave(self) -> bool:
        """Whether now, however late that is, is one of its hours and still in time."""
        now = timezone.now()
        return self._next_moment(now) == now and (self.not_after is None or now < self.not_after)

    def _next_moment(self, moment: datetime) -> datetime:
        if self.first_hour is None or self.last_hour is None:
            return moment
        return quiet_hours.within(moment, self.first_hour, self.last_hour)

    def mark_sent(self) -> None:
        """The mail server has it. What the letter said is forgotten: it may hold private links."""
        self.attempts += 1
        self.state, self.sent_at, self.error = Letter.State.SENT, timezone.now(), ""
        self._empty()

    def delay(self, error: str) -> None:
        """Not this time: wait longer than the last time, and give up after the longest pause.

        One that must leave by a moment does not wait past half of the time that is left.
        """
        self.attempts += 1
        self.error = error
        if self.attempts > len(PAUSES):
            self.state = Letter.State.FAILED
            return
        now, pause = timezone.now(), PAUSES[self.attempts - 1]
        if self.not_after is not None:
            pause = min(pause, (self.not_after - now) / 2)
        self.schedule(now + pause)

    def fail(self, error: str) -> None:
        """Not ever. The text is kept, so that the letter can be sent again to a corrected address."""
        self.attempts += 1
        self.state, self.error = Letter.State.FAILED, error

    def bounce(self, error: str) -> None:
        """The mail server had it, but could not bring it to the person."""
        self.state, self.sent_at, self.error = Letter.State.FAILED, None, error

    def cancel(self, reason: str = "") -> None:
        """It does not leave any more; why it had not left before is kept, unless there is a reason."""
        self.state, self.error = Letter.State.CANCELLED, reason or self.error
        self._empty()

    def _empty(self) -> None:
        if not settings.KEEP_SENT_LETTERS:
            self.text = self.html = self.calendar = ""
            self.headers = {}  # they may hold private links as well
