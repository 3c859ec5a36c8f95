import hashlib
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models.network import DayRange
from network.models.organisation import Organisation
from opinovi.models import User

INVITATION_LASTS = timedelta(days=7)


class Role(models.TextChoices):
    """What a person does in an organisation."""

    COUNSELLOR = "counsellor", _("counsellor")
    COORDINATOR = "coordinator", _("coordinator")
    ADMINISTRATOR = "administrator", _("administrator")


GIVEN_BY_COORDINATORS = (Role.COUNSELLOR, Role.COORDINATOR)


def may_be_given_by(user: User) -> Q:
    """Which rows with a role and an organisation the user may make and take back, today.

    An administrator any role anywhere; a coordinator the roles of counsellor and coordinator in the
    organisations where they are coordinator.
    """
    roles = user.affiliations.current()
    own = roles.coordinators().values("organisation")
    given = Q(role__in=GIVEN_BY_COORDINATORS, organisation__in=own)
    return Exists(roles.administrators()) | given


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self) -> Self:
        """Affiliations in force today (local)."""
        today = timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)

    def counsellors(self) -> Self:
        return self.filter(role=Role.COUNSELLOR)

    def coordinators(self) -> Self:
        return self.filter(role=Role.COORDINATOR)

    def administrators(self) -> Self:
        return self.filter(role=Role.ADMINISTRATOR)

    def editable_by(self, user: User) -> Self:
        return self.filter(may_be_given_by(user))

    def for_listing(self) -> Self:
        return self.select_related("user", "organisation")


class Affiliation(models.Model):
    """A person's role in an organisation (tehtävä): every right in the portal follows from it."""

    Role = Role

    user = models.ForeignKey(User, models.PROTECT, related_name="affiliations", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="affiliations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["user", "organisation", "role", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="affiliation_ends_after_it_begins",
                condition=Q(until__gte=F("since")) | Q(until__isnull=True),
                violation_error_message=_("The last day cannot be before the first."),
            ),
            ExclusionConstraint(
                name="affiliation_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DayRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person already has this role there at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return self.since <= today and (self.until is None or self.until >= today)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Invitations nobody has accepted or withdrawn; they may have run out, and be sent again."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self) -> Self:
        """Invitations that can still be accepted."""
        return self.waiting().filter(expires_at__gt=timezone.now())

    def with_key(self, key: str) -> Self:
        return self.filter(key_hash=hash_key(key))

    def editable_by(self, user: User) -> Self:
        return self.filter(may_be_given_by(user))

    def for_listing(self) -> Self:
        return self.select_related("organisation", "invited_by")


def hash_key(key: str) -> str:
    """What is stored of a link's key; who reads the database cannot make the link from it."""
    return hashlib.sha256(key.encode()).hexdigest()


def invitation_end() -> datetime:
    """When an invitation made now runs out (UTC)."""
    return timezone.now() + INVITATION_LASTS


class Invitation(models.Model):
    """An invitation to work in the portal (kutsu): a letter with a link, good for seven days and once."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("run out")

    email = models.EmailField(_("e-mail address"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role)
    language = models.CharField(
        _("language of the letter"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_made")
    created_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("good until"), default=invitation_end)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                violation_error_message=_("An accepted invitation has somebody who accepted it."),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message=_(
                    "An accepted invitation cannot be withdrawn: end the role instead."
                ),
            ),
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                "role",
                name="invitation_one_at_a_time",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                violation_error_message=_(
                    "The person already has this invitation. Send it again from the list of invitations."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_role_display()}"

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def state(self) -> "Invitation.State":
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.OPEN if self.expires_at > timezone.now() else self.State.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
