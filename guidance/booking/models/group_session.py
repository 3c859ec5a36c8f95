from datetime import date, datetime, time, timedelta
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guidance.booking.models.registration import (
    PLACES_IN_SQL,
    SEATED_IN_SQL,
    Presence,
    Registration,
    RegistrationQuerySet,
)
from guidance.booking.models.signing_up import LONGEST_OFFER, SigningUp
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.checked import Checked
from guidance.catalogue.models.vocabulary import (
    language_codes,
    names_of,
    newest_first_index,
    same_name_indexes,
    searched_names_of,
)
from network.identifiers import NamedUuid
from network.models import Area, Organisation, ServicePoint
from network.models.area import lies_within
from opinovi.fields import ChangedAtField
from opinovi.models import User
from opinovi.refusals import Refusal
from opinovi.terms import TermsField


def _midnight(day: date) -> datetime:
    """The moment at which a day begins in Finland."""
    return timezone.make_aware(datetime.combine(day, time.min))


def goes_on_between(first: date | None, last: date | None) -> Q:
    """What holds of sessions that go on at some time from the first day to the last (local)."""
    since = Q(ends_at__gt=_midnight(first)) if first else Q()
    return since & (Q(starts_at__lt=_midnight(last + timedelta(days=1))) if last else Q())


def _number_of(registrations: RegistrationQuerySet) -> Coalesce:
    """How many of the registrations each session has."""
    own = registrations.filter(session=OuterRef("pk")).order_by().values("session")
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False, organisation__published_at__isnull=False)

    def coming(self) -> Self:
        """Sessions that have not ended, soonest first; cancelled ones too: people must learn of it."""
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def over(self) -> Self:
        """Sessions that have ended, the latest first."""
        return self.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")

    def live(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def between(self, first: date | None, last: date | None) -> Self:
        """Sessions that go on at some time from the first day to the last (local); either may be open."""
        return self.filter(goes_on_between(first, last))

    def within(self, area: Area) -> Self:
        """Sessions held in the area, and those held only online."""
        return self.filter(Q(lies_within("municipality", area)) | Q(municipality__isnull=True))

    def editable_by(self, user: User) -> Self:
        """Sessions of the organisations where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        own = Q(organisation__in=roles.coordinators().values("organisation"))
        return self.filter(Exists(roles.administrators()) | own)

    def hosted_by(self, user: User) -> Self:
        """Sessions whose participants the user may see.

        Those of the organisations where the user is counsellor or coordinator today; an administrator of
        the portal has no business with them.
        """
        roles = user.affiliations.current()
        own = roles.counsellors() | roles.coordinators()
        return self.filter(organisation__in=own.values("organisation"))

    def led_by(self, user: User) -> Self:
        """Sessions that the user leads."""
        return self.filter(leaders=user)

    def for_calendar_of(self, user: User) -> Self:
        """Sessions of the own organisations that a counsellor leads, or that nobody leads.

        `is_led` tells them apart. Those that a colleague leads stand in the colleague's calendar.
        """
        through: Any = GroupSession.leaders.through
        leaders = through.objects.filter(groupsession=OuterRef("pk"))
        roles = user.affiliations.current().counsellors()
        own = self.filter(organisation__in=roles.values("organisation")).select_related("organisation")
        return own.annotate(is_led=Exists(leaders.filter(user=user))).filter(
            Q(is_led=True) | ~Exists(leaders)
        )

    def clashing_with(self, session: "GroupSession") -> Self:
        """Live sessions at the same service point, or of the same series, that go on at the same time."""
        same = Q(service_point=session.service_point_id) if session.service_point_id else Q(pk=None)
        if session.series:
            same |= Q(series=session.series)
        others = self.live().filter(same, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        return others.exclude(pk=session.pk)

    def with_seats(self) -> Self:
        """With how many places are taken on site and online, and how many people wait."""
        registrations = Registration.objects.all()
        return self.annotate(
            taken_on_site=_number_of(registrations.seats().filter(presence=Presence.ON_SITE)),
            taken_online=_number_of(registrations.seats().filter(presence=Presence.ONLINE)),
            waiting_count=_number_of(registrations.waiting()),
        )

    def for_listing(self) -> Self:
        return self.select_related("organisation", "municipality", "service_point").with_seats()

    def get_by_natural_key(self, slug: str) -> "GroupSession":
        return self.get(slug=slug)


class GroupSession(Checked, SigningUp):
    """Guidance or information for several people at once (ryhmäohjaus, infotilaisuus)."""

    class Kind(models.TextChoices):
        GROUP = "group", _("group guidance")
        INFORMATION = "information", _("information event")
        WORKSHOP = "workshop", _("workshop")
        OPEN_DOORS = "open_doors", _("open doors")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="group_sessions", verbose_name=_("held by")
    )
    service = models.ForeignKey(
        GuidanceService,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="group_sessions",
        verbose_name=_("part of the service"),
    )
    leaders = models.ManyToManyField(
        User,
        blank=True,
        related_name="led_sessions",
        verbose_name=_("leaders"),
        help_text=_(
            "Counsellors of the organisation. They see it in their calendar, "
            "and nobody can book them meanwhile."
        ),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INFORMATION)
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    summary = models.CharField(_("in one sentence"), max_length=250, blank=True)
    description = models.TextField(_("what happens there"), blank=True)
    audience = models.TextField(_("who it is for"), blank=True)
    service_point = models.ForeignKey(
        ServicePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="group_sessions",
        verbose_name=_("service point"),
    )
    place = models.CharField(_("place"), max_length=150, blank=True)
    street_address = models.CharField(_("street address"), max_length=150, blank=True)
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="group_sessions",
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        verbose_name=_("municipality"),
    )
    online_link = models.URLField(_("link for taking part online"), max_length=500, blank=True)
    languages = language_codes()
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    capacity = models.PositiveSmallIntegerField(
        pgettext_lazy("seats", "places"),
        null=True,
        blank=True,
        help_text=_("Empty: there is room for everyone."),
    )
    series = models.UUIDField(_("series"), null=True, blank=True, editable=False, db_index=True)
    fee = models.DecimalField(
        _("fee, €"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        default=0,
        help_text=_("0: free of charge. Empty: not known."),
    )
    registration_note = models.CharField(_("how to sign up"), max_length=250, blank=True)
    registration_link = models.URLField(_("where to sign up"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    changed_at = ChangedAtField()
    checked_on = models.DateField(_("checked on"), null=True, blank=True, default=timezone.localdate)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(
        names=("name",),
        texts=("summary", "description", "audience", "place", "street_address"),
        facts="facts_in_words",
    )
    is_led: bool  # by `for_calendar_of`

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("group session")
        verbose_name_plural = _("group sessions")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["ends_at"], name="group_session_end"),
            *same_name_indexes("group_session_named"),
            models.Index(NamedUuid("event"), name="group_session_open_id"),
            newest_first_index("group_session_newest_first"),
            GinIndex(fields=["terms"], name="group_session_terms"),
        ]
        constraints = [
            models.CheckConstraint(
                name="group_session_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A session must end after it starts."),
            ),
            models.CheckConstraint(
                name="group_session_is_somewhere",
                condition=Q(municipality__isnull=False) | ~Q(online_link=""),
                violation_error_message=_("Give a municipality, or a link for taking part online."),
            ),
            models.CheckConstraint(
                name="group_session_fee_not_negative",
                condition=Q(fee__isnull=True) | Q(fee__gte=0),
                violation_error_message=_("A fee cannot be negative."),
            ),
            models.CheckConstraint(
                name="group_session_one_way_to_sign_up",
                condition=Q(has_registration=False) | Q(registration_link=""),
                violation_error_message=_("People sign up either here or on the other site: choose one."),
            ),
            models.CheckConstraint(
                name="group_session_online_places_beside_others",
                condition=Q(online_capacity__isnull=True)
                | Q(municipality__isnull=False) & ~Q(online_link=""),
                violation_error_message=_(
                    "Places online are for an event held on site too: it needs a municipality and a link."
                ),
            ),
            models.CheckConstraint(
                name="group_session_registration_closes_after_it_opens",
                condition=Q(registration_closes_at__gt=F("registration_opens_at"))
                | Q(registration_closes_at__isnull=True)
                | Q(registration_opens_at__isnull=True),
                violation_error_message=_("Signing up must close after it opens."),
            ),
            models.CheckConstraint(
                name="group_session_offer_hours_in_reason",
                condition=Q(offer_hours__gte=1, offer_hours__lte=LONGEST_OFFER),
                violation_error_message=_("An offer stands for at least an hour and at most a week."),
            ),
        ]
        triggers = [
            Refusal(
                name="group_session_keeps_its_seats",
                operation=pgtrigger.UpdateOf("capacity", "online_capacity", "municipality_id", "online_link"),
                when=pgtrigger.Before,
                func=f"""
                    IF EXISTS (
                        SELECT FROM booking_registration AS seat
                        WHERE seat.session_id = NEW.id AND seat.state IN ({SEATED_IN_SQL})
                        GROUP BY seat.presence
                        HAVING count(*) > CASE
                            WHEN seat.presence = 'on_site' AND NEW.municipality_id IS NULL THEN 0
                            WHEN seat.presence = 'online' AND NEW.online_link = '' THEN 0
                            ELSE coalesce(
                                {PLACES_IN_SQL.format(presence="seat.presence", session="NEW.")}, 32767
                            ) END
                    ) THEN
                        RAISE EXCEPTION 'more places are taken' USING
                            ERRCODE = 'check_violation', CONSTRAINT = 'group_session_keeps_its_seats';
                    END IF;
                    RETURN NEW;
                """,
                violation_error_message=_(
                    "More people have a place than there would be. Cancel some registrations first."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A session at a service point is in the municipality of that point, unless another is given."""
        if self.service_point and not self.municipality:
            self.municipality = self.service_point.municipality
        self.refuse_fewer_places_than_taken()

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def language_names(self) -> list[str]:
        return names_of(self.languages)

    def facts_in_words(self) -> list[str]:
        return searched_names_of(self.languages)

    @property
    def place_lines(self) -> list[str]:
        """Where people meet, line by line; none when it is held online only."""
        if self.municipality is None:
            return []
        point = self.service_point
        street = self.street_address or (point.street_address if point else "")
        lines = [self.place, point.name if point else "", street, self.municipality.name]
        return [line for line in dict.fromkeys(lines) if line]

    @property
    def subject_word(self) -> str:
        """How an address says that one wants to talk about it."""
        return f"event.{self.slug}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may read of it, as `published()` has it."""
        return self.published_at is not None and self.organisation.published_at is not None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
