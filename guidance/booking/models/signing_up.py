"""How people sign up for a group session: the window, the places and how many of them are free."""

import math
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models.registration import Presence

SHORTEST_OFFER = timedelta(minutes=30)  # nobody can answer an offer that stands for less
USUAL_OFFER, LONGEST_OFFER = 24, 7 * 24  # hours


class SigningUp(models.Model):
    """What a group session says of signing up; part of `GroupSession` (ilmoittautuminen)."""

    # What the session itself tells: mypy does not look into the class that this one is part of.
    starts_at: Any
    cancelled_at: Any
    published_at: Any
    capacity: Any
    municipality_id: Any
    online_link: Any
    registrations: Any
    taken_on_site: int  # by `with_seats`
    taken_online: int

    online_capacity = models.PositiveSmallIntegerField(
        _("places online"),
        null=True,
        blank=True,
        help_text=_("Only for an event that is held both on site and online. Empty: room for everyone."),
    )
    minimum = models.PositiveSmallIntegerField(
        _("fewest participants"),
        null=True,
        blank=True,
        help_text=_(
            "With fewer than these, the event is not worth holding. You decide and cancel it yourself."
        ),
    )
    has_registration = models.BooleanField(
        _("people sign up here"),
        default=False,
        help_text=_("The portal keeps the list, the letters and the waiting list."),
    )
    registration_opens_at = models.DateTimeField(
        _("signing up opens"), null=True, blank=True, help_text=_("Empty: when the event is published.")
    )
    registration_closes_at = models.DateTimeField(
        _("signing up closes"), null=True, blank=True, help_text=_("Empty: when the event begins.")
    )
    has_waiting_list = models.BooleanField(_("a waiting list when it is full"), default=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=USUAL_OFFER,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_OFFER)],
        help_text=_(
            "So long is a free place kept for the next on the waiting list; shorter when the event is near."
        ),
    )
    cancel_hours = models.PositiveSmallIntegerField(
        _("hours before the event until which one can cancel"),
        default=0,
        validators=[MaxValueValidator(LONGEST_OFFER)],
        help_text=_("0: until it begins."),
    )

    class Meta:
        abstract = True

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def presences(self) -> list[Presence]:
        """The ways in which one can take part."""
        offered = {Presence.ON_SITE: bool(self.municipality_id), Presence.ONLINE: bool(self.online_link)}
        return [presence for presence in Presence if offered[presence]]

    def places(self, presence: str) -> int | None:
        """How many can take part in a way; None when there is room for everyone."""
        is_beside = presence == Presence.ONLINE and self.municipality_id
        return self.online_capacity if is_beside else self.capacity

    def taken(self, presence: str) -> int:
        """How many places are taken in a way; of a session that was loaded `with_seats`."""
        return self.taken_online if presence == Presence.ONLINE else self.taken_on_site

    def free(self, presence: str) -> int | None:
        """How many places are free in a way; None when there is room for everyone.

        Of a session that was loaded `with_seats`.
        """
        places = self.places(presence)
        return None if places is None else max(0, places - self.taken(presence))

    @property
    def seats(self) -> list[tuple[Presence, int | None, int | None]]:
        """Each way with its places and how many of them are free; of a session loaded `with_seats`."""
        return [(presence, self.places(presence), self.free(presence)) for presence in self.presences]

    @property
    def is_full(self) -> bool:
        """Whether nobody can get a place at once: none is free, or others wait for the one that is."""
        return self.has_registration and all(free == 0 for _way, _places, free in self.seats)

    @property
    def lacks_participants(self) -> bool:
        """Whether fewer have a place than the event needs; of a session loaded `with_seats`."""
        seats = sum(self.taken(presence) for presence in Presence)
        return bool(self.minimum and self.has_registration and seats < self.minimum)

    @property
    def closes_at(self) -> datetime:
        """When signing up ends, at the latest when the session begins."""
        return min(self.registration_closes_at or self.starts_at, self.starts_at)

    @property
    def opens_later(self) -> bool:
        return bool(self.registration_opens_at and self.registration_opens_at > timezone.now())

    @property
    def is_open(self) -> bool:
        """Whether people can sign up now, for a place or for the waiting list."""
        is_held = self.has_registration and self.published_at and not self.cancelled_at
        return bool(is_held) and not self.opens_later and timezone.now() < self.closes_at

    @property
    def cancel_until(self) -> datetime:
        return self.starts_at - timedelta(hours=self.cancel_hours)

    def offer_ends_at(self, now: datetime) -> datetime | None:
        """Until when a place that is offered now (UTC) is kept; None when it is too late to offer one.

        For the session's hours, but at most for half of the time that is left, so that the next one gets a
        chance too.
        """
        left = self.starts_at - now
        longest = min(timedelta(hours=self.offer_hours), left / 2)
        if self.cancelled_at or longest < SHORTEST_OFFER:
            return None
        return now + timedelta(minutes=math.floor(longest / timedelta(minutes=1)))

    def refuse_fewer_places_than_taken(self) -> None:
        """Say how many have a place, before the database refuses. Raises ValidationError."""
        if not self.pk:
            return
        if not self.has_registration and self.registrations.live().exists():
            raise ValidationError(
                _("People are signed up here. Cancel the event or their registrations first.")
            )
        for presence in Presence:
            taken = self.registrations.seats().filter(presence=presence).count()
            places = self.places(presence) if presence in self.presences else 0
            if places is not None and taken > places:
                message = _(
                    "%(taken)s people have a place (%(how)s) and there would be %(places)s. "
                    "Cancel some registrations first, or leave more places."
                )
                how = presence.label
                raise ValidationError(message, params={"taken": taken, "how": how, "places": places})
