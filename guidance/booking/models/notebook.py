import secrets
import uuid
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.group_session import GroupSession
from guidance.catalogue.models import GuidanceService, TrainingOption
from opinovi import private_links
from opinovi.private_links import hash_of

MOST_ITEMS = 100  # in one notebook
LONGEST_NOTE = 2000  # characters
MOST_COMPARED = 4
KEEP_REMOVED = timedelta(days=1)  # what was removed can be brought back for so long
KEEP_CLOSED_LINKS = timedelta(days=30)  # for so long a link that has run out can say so

Kept = TrainingOption | GuidanceService | GroupSession


def today() -> date:
    return timezone.localdate()


class NotebookQuerySet(models.QuerySet["Notebook"]):
    def of_device(self, key: str) -> Self:
        """The notebook whose key a browser's cookie holds."""
        return self.filter(devices__key_hash=hash_of(key))

    def unused(self) -> Self:
        """Notebooks that nobody has opened for `NOTEBOOK_DAYS`."""
        return self.filter(used_on__lt=today() - timedelta(days=settings.NOTEBOOK_DAYS))


class Notebook(models.Model):
    """What a visitor keeps without an account (muistivihko). It knows nothing about the person."""

    is_on_public_pages = False

    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    used_on = models.DateField(_("last used"), default=today)

    objects = NotebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("notebook")
        verbose_name_plural = _("notebooks")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["used_on"], name="notebook_used")]

    def __str__(self) -> str:
        return f"notebook {self.pk}"


class NotebookDevice(models.Model):
    """A browser that a notebook opens on; the browser's cookie holds the key."""

    is_on_public_pages = False

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("device of a notebook")
        verbose_name_plural = _("devices of notebooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"device {self.pk}"

    @staticmethod
    def new_key() -> str:
        """A key that nobody can guess (256 bits)."""
        return secrets.token_urlsafe(32)


class NotebookLinkQuerySet(models.QuerySet["NotebookLink"]):
    def live(self) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())

    def showing(self) -> Self:
        return self.filter(purpose=NotebookLink.Purpose.SHOW)

    def opening(self) -> Self:
        return self.filter(purpose=NotebookLink.Purpose.OPEN)

    def with_key(self, key: str) -> Self:
        return self.filter(key_hash=hash_of(key))

    def long_closed(self) -> Self:
        return self.filter(expires_at__lt=timezone.now() - KEEP_CLOSED_LINKS)


class NotebookLink(models.Model):
    """A private link to a notebook (yksityinen linkki): it runs out by itself and can be taken back."""

    is_on_public_pages = False

    class Purpose(models.TextChoices):
        SHOW = "show", _("to show it to somebody")
        OPEN = "open", _("to open it on another device")

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="links")
    purpose = models.CharField(_("purpose"), max_length=4, choices=Purpose)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = NotebookLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a notebook")
        verbose_name_plural = _("links to notebooks")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def key(self) -> str:
        return private_links.key_for("notebook.link", self.nonce)

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def set_key(self) -> None:
        """Let the link that belongs to the nonce open it."""
        self.key_hash = hash_of(self.key)


class NotebookItemQuerySet(models.QuerySet["NotebookItem"]):
    def kept(self) -> Self:
        """What is in the notebook now, newest first."""
        return self.filter(removed_at__isnull=True).order_by("-kept_at", "-pk")

    def removed(self) -> Self:
        return self.filter(removed_at__isnull=False)

    def long_removed(self) -> Self:
        return self.filter(removed_at__lt=timezone.now() - KEEP_REMOVED)

    def for_listing(self) -> Self:
        rows = self.select_related(
            "training__provider", "service__organisation", "session__organisation", "session__municipality"
        )
        return rows.prefetch_related("training__municipalities", "service__channels", "service__areas")


class NotebookItem(models.Model):
    """One training, service or group session that somebody keeps, with a note of their own."""

    is_on_public_pages = False

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="items")
    training = models.ForeignKey(
        TrainingOption, models.CASCADE, null=True, blank=True, related_name="notebook_items"
    )
    service = models.ForeignKey(
        GuidanceService, models.CASCADE, null=True, blank=True, related_name="notebook_items"
    )
    session = models.ForeignKey(
        GroupSession, models.CASCADE, null=True, blank=True, related_name="notebook_items"
    )
    note = models.TextField(_("your note"), blank=True, max_length=LONGEST_NOTE)
    kept_at = models.DateTimeField(_("kept"), default=timezone.now)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = NotebookItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing in a notebook")
        verbose_name_plural = _("things in notebooks")
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="notebook_item_is_one_thing",
                condition=Q(training__isnull=False, service__isnull=True, session__isnull=True)
                | Q(training__isnull=True, service__isnull=False, session__isnull=True)
                | Q(training__isnull=True, service__isnull=True, session__isnull=False),
                violation_error_message=_("A line of a notebook keeps exactly one thing."),
            ),
            models.UniqueConstraint(
                fields=["notebook", "training"],
                name="notebook_item_training_once",
                violation_error_message=_("It is in your notebook already."),
            ),
            models.UniqueConstraint(
                fields=["notebook", "service"],
                name="notebook_item_service_once",
                violation_error_message=_("It is in your notebook already."),
            ),
            models.UniqueConstraint(
                fields=["notebook", "session"],
                name="notebook_item_session_once",
                violation_error_message=_("It is in your notebook already."),
            ),
            models.CheckConstraint(
                name="notebook_item_note_is_short",
                condition=LessThanOrEqual(Length("note"), LONGEST_NOTE),
                violation_error_message=_("A note has at most 2,000 characters."),
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def kind(self) -> str:
        """The word that addresses and templates know its kind by."""
        if self.training_id:
            return "training"
        return "guidance" if self.service_id else "session"

    @property
    def thing(self) -> Kept:
        return self.training or self.service or self.session  # type: ignore[return-value]  # it is one of them

    @property
    def is_published(self) -> bool:
        """Whether the thing still has a page; its name is shown in any case, for the person knows it."""
        owner = self.training.provider if self.training else self.thing.organisation  # type: ignore[union-attr]
        return self.thing.published_at is not None and owner.published_at is not None
