"""What a person can choose before a time: the channel, the place and the language of a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from guidance.booking.models.appointment import Subject
from guidance.booking.offers import Supply
from guidance.booking.slots import Slot, Timetable, Way
from guidance.catalogue.models import Channel, GuidanceService
from network.models import ServicePoint


@dataclass(frozen=True)
class Choice:
    """How a person has chosen to meet, and what about; without a service point or a language, any will do."""

    channel: Channel
    service_point: ServicePoint | None = None
    language: str = ""
    about: Subject | None = None

    @property
    def way(self) -> Way:
        return Way(self.channel.pk, self.service_point.pk if self.service_point else None, self.language)

    @property
    def name(self) -> str:
        """How and where, such as `on site, Sampola library`."""
        return f"{self.channel}, {self.service_point}" if self.service_point else str(self.channel)

    @property
    def query(self) -> str:
        """The choice as it stands in an address, such as `channel=on-site&place=tampere`."""
        chosen = {
            "channel": self.channel.code,
            "place": self.service_point.slug if self.service_point else "",
            "language": self.language,
            "about": self.about.subject_word if self.about else "",
        }
        return urlencode({name: value for name, value in chosen.items() if value})

    def in_language(self, code: str) -> "Choice":
        return replace(self, language=code)

    def about_nothing(self) -> "Choice":
        return replace(self, about=None)


@dataclass(frozen=True)
class Offered:
    """A choice and the soonest free time it has, if there is one."""

    choice: Choice
    slot: Slot | None
    is_soonest: bool = False


class Menu:
    """Everything one can choose for a service, with its timetable; no query but the timetable's.

    What the person wants to talk about is chosen before all else, and goes along with every choice.
    """

    def __init__(
        self, service: GuidanceService, *, supply: Supply | None = None, about: Subject | None = None
    ) -> None:
        self.service = service
        self.about = about
        self.timetable = Timetable([service], supply=supply)
        self.channels = self.timetable.supply.channels

    @property
    def places(self) -> dict[int, ServicePoint]:
        return self.timetable.supply.places

    @cached_property
    def choices(self) -> list[Choice]:
        """Every way to meet, in the order of the channels and then of the places' names."""
        choices = [
            Choice(
                self.channels[way.channel_id],
                self.places[way.service_point_id] if way.service_point_id else None,
                about=self.about,
            )
            for way in self.timetable.ways(self.service)
        ]
        return sorted(choices, key=lambda choice: (choice.channel.order, str(choice.service_point or "")))

    @property
    def languages(self) -> list[str]:
        """The languages one can choose between; none when the language makes no difference to the times."""
        has_choice = len(self.service.languages) > 1 and self.timetable.has_languages(self.service)
        return self.service.languages if has_choice else []

    def chosen(self, words: Mapping[str, str]) -> Choice | None:
        """The choice that an address tells; None when it tells none that is there."""
        channel = next((row for row in self.channels.values() if row.code == words.get("channel")), None)
        if channel is None:
            return None
        language = words.get("language", "")
        language = language if language in self.service.languages else ""
        choice = Choice(channel, language=language, about=self.about)
        if not words.get("place"):
            return choice
        place = next((row for row in self.places.values() if row.slug == words["place"]), None)
        return replace(choice, service_point=place) if place else None

    def offered(self, choices: list[Choice]) -> list[Offered]:
        """The soonest free time of each choice."""
        slots = [self.timetable.first_free(self.service, choice.way) for choice in choices]
        soonest = min((slot.starts_at for slot in slots if slot), default=None)
        return [
            Offered(choice, slot, slot is not None and slot.starts_at == soonest)
            for choice, slot in zip(choices, slots, strict=True)
        ]

    def others(self, choice: Choice) -> list[Offered]:
        """Other ways that have a free time, for somebody whose own way has none."""
        others = [other for other in self.choices if not _is_within(other, choice)]
        if choice.language:
            others.insert(0, choice.in_language(""))
        return [offered for offered in self.offered(others) if offered.slot]


def _is_within(other: Choice, choice: Choice) -> bool:
    """Whether the choice has looked for the other's times already."""
    return other.channel == choice.channel and choice.service_point in {None, other.service_point}
