"""What a person can choose before a time: the channel, the place and the language of a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from guidance.booking.models import Appointment, BookingInvitation
from guidance.booking.models.appointment import Subject
from guidance.booking.offers import Supply
from guidance.booking.slots import Slot, Timetable, Way
from guidance.catalogue.models import Channel, GuidanceService
from network.models import ServicePoint

ANY = "any"  # the channel of an address where any will do


@dataclass(frozen=True)
class Choice:
    """How a person has chosen to meet, and what about.

    Without a channel, a service point or a language, any will do. An invitation goes along.
    """

    channel: Channel | None
    service_point: ServicePoint | None = None
    language: str = ""
    about: Subject | None = None
    invitation: BookingInvitation | None = None

    @property
    def way(self) -> Way:
        """How timetables know it; only a choice with a channel is one way."""
        if self.channel is None:
            raise ValueError(self)
        place = self.service_point.pk if self.service_point else None
        counsellor = self.invitation.counsellor_id if self.invitation else None
        return Way(self.channel.pk, place, self.language, counsellor)

    @property
    def name(self) -> str:
        """How and where, such as `on site, Sampola library`."""
        return f"{self.channel}, {self.service_point}" if self.service_point else str(self.channel)

    @property
    def query(self) -> str:
        """The choice as it stands in an address, such as `channel=on-site&place=tampere`."""
        chosen = {
            "channel": self.channel.code if self.channel else ANY,
            "place": self.service_point.slug if self.service_point else "",
            "language": self.language,
            **along(self.about, self.invitation),
        }
        return urlencode({name: value for name, value in chosen.items() if value})

    def in_language(self, code: str) -> "Choice":
        return replace(self, language=code)

    def about_nothing(self) -> "Choice":
        return replace(self, about=None)


def along(about: Subject | None, invitation: BookingInvitation | None) -> dict[str, str]:
    """What goes along from the first page to the last, as an address tells it."""
    words = {"about": about.subject_word if about else "", "invitation": invitation.key if invitation else ""}
    return {name: value for name, value in words.items() if value}


@dataclass(frozen=True)
class Offered:
    """A choice and the soonest free time it has, if there is one."""

    choice: Choice
    slot: Slot | None
    is_soonest: bool = False


class Menu:
    """Everything one can choose for a service, with its timetable; no query but the timetable's.

    What the person wants to talk about is chosen before all else, and goes along with every choice. So does
    an invitation. The time that is held under the nonce `holding` counts as free, and so does that of the
    appointment `ignoring`, which is to be moved.
    """

    def __init__(
        self,
        service: GuidanceService,
        *,
        supply: Supply | None = None,
        about: Subject | None = None,
        invitation: BookingInvitation | None = None,
        holding: UUID | None = None,
        ignoring: Appointment | None = None,
    ) -> None:
        self.service = service
        self.about = about
        self.invitation = invitation
        self.holding = holding
        self.ignoring = ignoring
        self.timetable = Timetable([service], supply=supply, holding=holding, ignoring=ignoring)
        self.channels = self.timetable.supply.channels

    def anew(self) -> "Menu":
        """The same menu with a timetable that asks again when the counsellors are busy."""
        return Menu(
            self.service,
            supply=self.timetable.supply,
            about=self.about,
            invitation=self.invitation,
            holding=self.holding,
            ignoring=self.ignoring,
        )

    @property
    def places(self) -> dict[int, ServicePoint]:
        return self.timetable.supply.places

    @cached_property
    def choices(self) -> list[Choice]:
        """Every way to meet, in the order of the channels and then of the places' names."""
        counsellor = self.invitation.counsellor_id if self.invitation else None
        ways = {
            (offer.channel_id, offer.service_point_id)
            for offer in self.timetable.supply.of(self.service)
            if counsellor is None or counsellor in offer.counsellors
        }
        choices = [
            self._choice(self.channels[channel], self.places[place] if place else None)
            for channel, place in ways
        ]
        return sorted(choices, key=_order)

    @property
    def soonest(self) -> Choice:
        """Whatever is soonest: any channel, any place."""
        return self._choice(None)

    def _choice(
        self, channel: Channel | None, place: ServicePoint | None = None, language: str = ""
    ) -> Choice:
        return Choice(channel, place, language, self.about, self.invitation)

    @property
    def languages(self) -> list[str]:
        """The languages one can choose between; none when the language makes no difference to the times."""
        has_choice = len(self.service.languages) > 1 and self.timetable.has_languages(self.service)
        return self.service.languages if has_choice else []

    def chosen(self, words: Mapping[str, str]) -> Choice | None:
        """The choice that an address tells; None when it tells none that is there."""
        language = words.get("language", "")
        language = language if language in self.service.languages else ""
        if words.get("channel") == ANY:
            return self._choice(None, language=language)
        channel = next((row for row in self.channels.values() if row.code == words.get("channel")), None)
        if channel is None:
            return None
        if not words.get("place"):
            return self._choice(channel, language=language)
        place = next((row for row in self.places.values() if row.slug == words["place"]), None)
        return self._choice(channel, place, language) if place else None

    def offered(self, choices: list[Choice]) -> list[Offered]:
        """The soonest free time of each choice."""
        slots = [self.timetable.first_free(self.service, choice.way) for choice in choices]
        soonest = min((slot.starts_at for slot in slots if slot), default=None)
        return [
            Offered(choice, slot, slot is not None and slot.starts_at == soonest)
            for choice, slot in zip(choices, slots, strict=True)
        ]

    def free(self, choice: Choice, first: date, last: date) -> list[tuple[Slot, Choice]]:
        """Free times on local days, each with the choice that leads to it alone, the soonest first.

        Where any channel will do, each time stands once: in the channel that comes first.
        """
        if choice.channel:
            slots = self.timetable.free(self.service, choice.way, first, last)
            return [(slot, self.at_place_of(slot, choice)) for slot in slots]
        found: dict[datetime, tuple[Slot, Choice]] = {}
        for one in self._meant_by(choice):
            for slot in self.timetable.free(self.service, one.way, first, last):
                found.setdefault(slot.starts_at, (slot, one))
        return [found[starts_at] for starts_at in sorted(found)]

    def first_free(self, choice: Choice, after: date | None = None) -> Slot | None:
        """The soonest free time of the choice, from a local day on if one is given."""
        ways = [one.way for one in self._meant_by(choice)]
        slots = [self.timetable.first_free(self.service, way, after) for way in ways]
        return min(filter(None, slots), key=lambda slot: slot.starts_at, default=None)

    def _meant_by(self, choice: Choice) -> list[Choice]:
        """The choice, or each one that it stands for."""
        return [choice] if choice.channel else [one.in_language(choice.language) for one in self.choices]

    def at_place_of(self, slot: Slot, choice: Choice) -> Choice:
        """The choice with the place of the slot, where it is at one."""
        place = slot.service_point_id
        return replace(choice, service_point=self.places[place]) if place else choice

    def others(self, choice: Choice) -> list[Offered]:
        """Other ways that have a free time, for somebody whose own way has none."""
        others = [other for other in self.choices if not _is_within(other, choice)]
        if choice.language:
            others = [one.in_language("") for one in self._meant_by(choice)] + others
        return [offered for offered in self.offered(others) if offered.slot]


def _order(choice: Choice) -> tuple[int, int, str, int]:
    channel, place = choice.channel, choice.service_point
    return (
        channel.order if channel else 0,
        channel.pk if channel else 0,
        str(place or ""),
        place.pk if place else 0,
    )


def _is_within(other: Choice, choice: Choice) -> bool:
    """Whether the choice has looked for the other's times already."""
    if choice.channel is None:
        return True
    return other.channel == choice.channel and choice.service_point in {None, other.service_point}
