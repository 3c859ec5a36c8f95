"""Who takes part in a group session: the registrations, the waiting list and the places offered from it."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guidance.catalogue.models import GuidanceLanguage
from opinovi import private_links
from opinovi.models import User
from opinovi.private_links import hash_of
from opinovi.refusals import Refusal

LINK_LASTS = timedelta(days=30)  # after the session; the link opens what a person told us
KEPT_FOR = timedelta(days=90)  # after the session: until then a question about it can be answered


class Presence(models.TextChoices):
    """How one takes part in a session that can be attended in both ways."""

    ON_SITE = "on_site", pgettext_lazy("taking part", "on site")
    ONLINE = "online", pgettext_lazy("taking part", "online")


class State(models.TextChoices):
    """What has become of a registration."""

    REGISTERED = "registered", _("has a place")
    OFFERED = "offered", _("a place is offered")
    WAITING = "waiting", _("on the waiting list")
    CANCELLED = "cancelled", _("cancelled")


SEATED = (State.REGISTERED, State.OFFERED)  # whoever was offered a place holds it until the offer runs out
SEATED_IN_SQL = ", ".join(f"'{state.value}'" for state in SEATED)
PLACES_IN_SQL = (
    "CASE WHEN {presence} = 'online' AND {session}municipality_id IS NOT NULL "
    "THEN {session}online_capacity ELSE {session}capacity END"
)


def key_for(nonce: uuid.UUID) -> str:
    """The key of the private link to the registration that was made with a nonce."""
    return private_links.key_for("booking.registration", nonce)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def seats(self) -> Self:
        """Registrations that take a place: the one rule by which places are counted everywhere."""
        return self.filter(state__in=SEATED)

    def registered(self) -> Self:
        return self.filter(state=State.REGISTERED)

    def waiting(self) -> Self:
        """Who waits for a place, the one who joined first at the head."""
        return self.filter(state=State.WAITING).order_by("joined_at", "pk")

    def offers_over(self) -> Self:
        """Offers that were not answered in time."""
        return self.filter(state=State.OFFERED, offered_until__lte=timezone.now())

    def live(self) -> Self:
        return self.exclude(state=State.CANCELLED)

    def of_the_same_person(self, other: "Registration") -> Self:
        """Live registrations for the same session under the same e-mail address, or else phone number.

        Who signs up somebody else may do so for several people: then the name must be the same too.
        """
        same = self.live().filter(session=other.session_id)
        same = same.filter(email__iexact=other.email) if other.email else same.filter(phone=other.phone)
        if other.registered_by or not other.email:
            return same.filter(name__iexact=other.name)
        return same.filter(registered_by="")

    def opened_by(self, key: str) -> Self:
        """The registration a private link leads to; none when the link is unknown or too old."""
        until = timezone.now() - LINK_LASTS
        return self.filter(key_hash=hash_of(key), session__ends_at__gt=until, erased_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Registrations for sessions of the organisations where the user is counsellor or coordinator."""
        roles = user.affiliations.current()
        own = roles.counsellors() | roles.coordinators()
        return self.filter(session__organisation__in=own.values("organisation"))

    def past_retention(self) -> Self:
        """Registrations whose session ended so long ago that nobody needs to know whose they are."""
        return self.filter(erased_at__isnull=True, session__ends_at__lt=timezone.now() - KEPT_FOR)

    def for_listing(self) -> Self:
        return self.select_related(
            "session__organisation", "session__municipality", "session__service_point__municipality"
        )


class Registration(models.Model):
    """A person's registration for a group session (ilmoittautuminen); also a place on its waiting list."""

    class Canceller(models.TextChoices):
        PERSON = "person", _("the person")
        HOST = "host", _("the organiser")
        SESSION = "session", _("the event was cancelled")
        CLOCK = "clock", _("the offer ran out")

    class Attendance(models.TextChoices):
        UNKNOWN = "", _("not marked")
        PRESENT = "present", _("was there")
        NO_SHOW = "no_show", _("did not come")
        EXCUSED = "excused", _("told in advance")

    session = models.ForeignKey(
        "booking.GroupSession", models.PROTECT, related_name="registrations", verbose_name=_("event")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REGISTERED)
    presence = models.CharField(
        _("how you take part"), max_length=8, choices=Presence, default=Presence.ON_SITE
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    registered_by = models.CharField(
        _("signed up by"),
        max_length=150,
        blank=True,
        help_text=_("Who signed up the person, when it was somebody else; then the addresses are theirs."),
    )
    spoken_language = models.CharField(
        _("language"), max_length=2, choices=GuidanceLanguage, default=GuidanceLanguage.FINNISH
    )
    needs_interpreter = models.BooleanField(_("an interpreter is needed"), default=False)
    special_needs = models.CharField(_("special needs"), max_length=500, blank=True)
    answers = models.JSONField(
        _("answers"),
        default=list,
        blank=True,
        help_text=_("A list of objects: question (its number), asked (its words) and answer."),
    )
    language = models.CharField(_("language of the portal"), max_length=2, choices=settings.LANGUAGES)
    added_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations_added",
        verbose_name=_("added by"),
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(_("signed up"), default=timezone.now, editable=False)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=12, choices=Canceller, blank=True)
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance, blank=True, default="")
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["joined_at", "pk"]
        indexes = [
            models.Index(fields=["session", "state", "presence"], name="registration_seats"),
            models.Index(
                fields=["offered_until"], name="registration_offers", condition=Q(state=State.OFFERED)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="registration_person_can_be_reached",
                condition=Q(erased_at__isnull=False) | ~Q(name="") & (~Q(email="") | ~Q(phone="")),
                violation_error_message=_(
                    "Give a name, and an e-mail address or a phone number, so that we can reach you."
                ),
            ),
            models.CheckConstraint(
                name="registration_offered_until_a_moment",
                condition=Q(state=State.OFFERED, offered_until__isnull=False)
                | ~Q(state=State.OFFERED) & Q(offered_until__isnull=True),
                violation_error_message=_("Only an offer has a moment until which it stands."),
            ),
            models.CheckConstraint(
                name="registration_cancelled_by_somebody",
                condition=Q(state=State.CANCELLED, cancelled_at__isnull=False) & ~Q(cancelled_by="")
                | ~Q(state=State.CANCELLED) & Q(cancelled_at__isnull=True, cancelled_by=""),
                violation_error_message=_("Say who cancelled the registration, and when."),
            ),
            models.CheckConstraint(
                name="registration_only_participants_attend",
                condition=Q(attendance="") | Q(state=State.REGISTERED),
                violation_error_message=_(
                    "Only somebody who has a place can be marked as present or absent."
                ),
            ),
            models.UniqueConstraint(
                "session",
                Lower("email"),
                name="registration_once_by_email",
                condition=~Q(state=State.CANCELLED) & ~Q(email="") & Q(registered_by=""),
                violation_error_message=_("This address is signed up already."),
            ),
            models.UniqueConstraint(
                "session",
                Lower("email"),
                Lower("name"),
                name="registration_once_for_another",
                condition=~Q(state=State.CANCELLED) & ~Q(email="") & ~Q(registered_by=""),
                violation_error_message=_("This person is signed up already."),
            ),
            models.UniqueConstraint(
                "session",
                "phone",
                Lower("name"),
                name="registration_once_by_phone",
                condition=~Q(state=State.CANCELLED) & Q(email="", erased_at__isnull=True),
                violation_error_message=_("This person is signed up already."),
            ),
        ]
        triggers = [
            Refusal(
                name="registration_within_capacity",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "presence", "session_id"),
                when=pgtrigger.Before,
                declare=[("places", "integer"), ("taken", "integer")],
                func=f"""
                    IF NEW.state NOT IN ({SEATED_IN_SQL}) THEN RETURN NEW; END IF;
                    -- the row of the session is locked before the count: two at once come one by one
                    SELECT {PLACES_IN_SQL.format(presence="NEW.presence", session="")} INTO places
                        FROM booking_groupsession WHERE id = NEW.session_id FOR NO KEY UPDATE;
                    SELECT count(*) INTO taken FROM booking_registration
                        WHERE session_id = NEW.session_id AND presence = NEW.presence
                        AND state IN ({SEATED_IN_SQL}) AND id <> NEW.id;
                    IF places IS NOT NULL AND taken >= places THEN
                        RAISE EXCEPTION 'no place is free' USING
                            ERRCODE = 'check_violation', CONSTRAINT = 'registration_within_capacity';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  # our own words
                violation_error_message=_("No place is free."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.joined_at:%Y-%m-%d} {self.pk}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Nothing: the database refuses, and asking it beforehand costs a query for each constraint."""

    @property
    def key(self) -> str:
        """The key of the private link."""
        return key_for(self.nonce)

    @property
    def first_name(self) -> str:
        """What a page that opens by a link says of the person."""
        return self.name.split(" ")[0]

    @property
    def is_registered(self) -> bool:
        return self.state == State.REGISTERED

    @property
    def is_offered(self) -> bool:
        """Whether a place is kept for the person; what the clock has ended is no offer."""
        return self.state == State.OFFERED and bool(
            self.offered_until and self.offered_until > timezone.now()
        )

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def can_cancel(self) -> bool:
        """Whether the person may still cancel by themselves; who only waits may leave until it begins."""
        if self.is_cancelled:
            return False
        until = self.session.cancel_until if self.is_registered else self.session.starts_at
        return timezone.now() < until

    @property
    def rank(self) -> int:
        """The place on the waiting list just now: 1 is next. One query."""
        before = Q(joined_at__lt=self.joined_at) | Q(joined_at=self.joined_at, pk__lt=self.pk)
        line = Registration.objects.waiting().filter(session=self.session_id, presence=self.presence)
        return line.filter(before).count() + 1

    @property
    def told(self) -> list[dict[str, str]]:
        """What was asked and answered, in words."""
        words = {"yes": _("yes"), "no": _("no")}
        return [
            {
                "asked": told["asked"],
                "answer": ", ".join(told["answer"])
                if isinstance(told["answer"], list)
                else str(words.get(told["answer"], told["answer"])),
            }
            for told in self.answers
        ]

    @property
    def place_lines(self) -> list[str]:
        """Where one meets, line by line; none for who takes part online."""
        return [] if self.presence == Presence.ONLINE else self.session.place_lines

    def says_the_same_as(self, other: "Registration") -> bool:
        """Whether the person told the same in both."""
        told = ("name", "email", "phone", "presence", "registered_by", "spoken_language", "special_needs")
        return self.answers == other.answers and all(
            getattr(self, name) == getattr(other, name) for name in told
        )

    def set_key(self) -> None:
        """Let the private link that belongs to the nonce open it."""
        self.key_hash = hash_of(self.key)


class RegistrationQuestion(models.Model):
    """What a group session asks those who sign up (ilmoittautumiskysymys)."""

    class Kind(models.TextChoices):
        TEXT = "text", _("free text")
        YES_NO = "yes_no", _("yes or no")
        ONE_OF = "one_of", _("one of several")
        SEVERAL_OF = "several_of", _("any of several")

    session = models.ForeignKey("booking.GroupSession", models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("One on each line, in the same order in each language.")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("question at registration")
        verbose_name_plural = _("questions at registration")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="registration_question_has_choices",
                condition=~Q(kind__in=["one_of", "several_of"]) | ~Q(choices=""),
                violation_error_message=_("Write the choices, one on each line."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices: what is kept of each (the Finnish words), and its words in the language of now."""
        kept = _lines(getattr(self, "choices_fi", "") or self.choices)
        shown = _lines(self.choices)
        return list(zip(kept, shown if len(shown) == len(kept) else kept, strict=True))


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
