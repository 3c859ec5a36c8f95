"""A great many offers, as a whole country would have them, to see how the portal bears it.

Names are compounds of real words, and everything is as skewed as in earnest: a few towns and schools have
most of it, most of it is in Finnish, and half of it has closed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate, count, islice
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count

from guidance.booking.models import GroupSession
from guidance.casework.demo.story import Story, in_languages, read
from guidance.catalogue.models import Channel, GuidanceService, TrainingOption
from network.models import Area, Organisation, Sector

BATCH = 2_000
PROVIDERS = 300
OFTEN = {  # how often what is chosen
    "kind": {"course": 45, "vocational": 16, "labour": 9, "part": 8, "open": 8, "further": 6, "higher": 4,
             "general": 2, "specialist": 1, "preparatory": 1},
    "mode": {"contact": 50, "blended": 25, "distance": 12, "workplace": 8, "self_paced": 5},
    "time": {"day": 55, "evening": 22, "multiform": 12, "weekend": 6, "free": 5},
    "language": {"fi": 84, "sv": 9, "en": 7},
}  # fmt: skip
Thing = TypeVar("Thing")
Row = TypeVar("Row", bound=models.Model)


class Many:
    """Makes rows without end; the first of a list is drawn most often, as in Zipf's law."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.words = read("many")
        towns = Area.objects.municipalities().valid_on().alias(size=Count("postcodes"))
        self.places = list(towns.order_by("-size", "pk").select_related("parent"))
        self.channels = list(Channel.objects.all())
        self.providers = _providers(story, self.places)
        self._weights: dict[int, list[float]] = {}
        self.trainings = (self._training(number) for number in count())
        self.services = (self._service(number) for number in count())
        self.events = (self._event(number) for number in count())

    def drawn(self, things: list[Thing]) -> Thing:
        """One of the things, the n-th with a weight of 1/n."""
        if len(things) not in self._weights:
            self._weights[len(things)] = list(accumulate(1 / (n + 1) for n in range(len(things))))
        return self.story.dice.choices(things, cum_weights=self._weights[len(things)])[0]

    def often(self, what: str) -> str:
        return self.story.dice.choices(list(OFTEN[what]), weights=list(OFTEN[what].values()))[0]

    def _name(self) -> list[str]:
        """A subject and a form: mostly one word in Finnish and Swedish, two in English."""
        subject, form = self.drawn(self.words["subjects"]), self.drawn(self.words["forms"])
        parted = " " if " " in subject[0] else ""
        return [f"{subject[0]}{parted}{form[0]}".capitalize(), f"{subject[1]}{form[1]}".capitalize(),
                f"{subject[2]} {form[2]}".capitalize()]  # fmt: skip

    def _text(self) -> list[str]:
        chosen = self.story.dice.sample(self.words["sentences"], 4)
        return [" ".join(texts) for texts in zip(*chosen, strict=True)]

    def _training(self, number: int) -> TrainingOption:
        dice, start = self.story.dice, self.story.dice.randint(-120, 300)
        is_rolling = dice.random() < 0.3
        closes = start - dice.randint(10, 60)
        return TrainingOption(
            provider=self.drawn(self.providers),
            slug=f"koulutus-{number}",
            kind=self.often("kind"),
            field=self.drawn(TrainingOption.Field.values),
            teaching_times=[self.often("time")],
            mode=self.often("mode"),
            languages=[self.often("language")],
            fee=dice.choice([0, 0, 0, None, 60, 120, 280]),
            duration_months=dice.randint(1, 36),
            start=TrainingOption.Start.PERSONAL if is_rolling else TrainingOption.Start.DATE,
            starts_on=None if is_rolling else self.story.day(start),
            is_rolling=is_rolling,
            applications_from=None if is_rolling else self.story.day(closes - 30),
            applications_to=None if is_rolling else self.story.day(closes),
            is_beside_work=dice.random() < 0.3,
            is_continuous_learning=dice.random() < 0.05,
            checked_on=self.story.day(-dice.randint(0, 400)),
            published_at=self.story.now,
            **in_languages("name", self._name()),
            **in_languages("description", self._text()),
        )

    def _service(self, number: int) -> GuidanceService:
        place, name = self.drawn(self.places), self.drawn(self.words["services"])
        return GuidanceService(
            organisation=self.drawn(self.providers),
            slug=f"ohjaus-{number}",
            languages=["fi", "sv", "en"][: self.story.dice.randint(1, 3)],
            phone="+358 000 000 011",
            published_at=self.story.now,
            **in_languages("name", [f"{text}, {place.name}" for text in name]),
            **in_languages("description", self._text()),
        )

    def _event(self, number: int) -> GroupSession:
        starts_at = self.story.now + timedelta(hours=self.story.dice.randint(-1000, 4000))
        return GroupSession(
            organisation=self.drawn(self.providers),
            slug=f"tapahtuma-{number}",
            municipality=self.drawn(self.places),
            languages=[self.often("language")],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            published_at=self.story.now,
            **in_languages("name", self.drawn(self.words["events"])),
            **in_languages("description", self._text()),
        )


def build(many: Many, *, trainings: int, services: int, events: int, tell: Callable[[str], None]) -> None:
    """Add so many more published rows of each kind, in batches."""
    for made in _batches(many.trainings, trainings, tell):
        _join(TrainingOption.municipalities.through, "area", made, [many.drawn(many.places) for _ in made])
    for given in _batches(many.services, services, tell):
        _join(GuidanceService.areas.through, "area", given, [many.drawn(many.places).parent for _ in given])
        _join(GuidanceService.channels.through, "channel", given, [many.drawn(many.channels) for _ in given])
    for _held in _batches(many.events, events, tell):
        pass  # an event tells its place itself


def _batches(rows: Iterator[Row], wanted: int, tell: Callable[[str], None]) -> Iterator[list[Row]]:
    """Write the rows, a batch at a time, and give each batch once it is written."""
    written = 0
    some = islice(rows, wanted)
    while batch := list(islice(some, BATCH)):
        yield type(batch[0])._default_manager.bulk_create(batch)
        written += len(batch)
        tell(f"{type(batch[0])._meta.verbose_name_plural}: {written} of {wanted}")


def _join(through: Any, target: str, rows: list[Row], others: list[Any]) -> None:
    source = rows[0]._meta.model_name
    through.objects.bulk_create(
        through(**{f"{source}_id": row.pk, f"{target}_id": other.pk})
        for row, other in zip(rows, others, strict=True)
    )


def _providers(story: Story, places: Sequence[Area]) -> list[Organisation]:
    sector = Sector.objects.get(code="education")
    return Organisation.objects.bulk_create(
        Organisation(
            slug=f"aikuisopisto-{number}",
            sector=sector,
            home_municipality=place,
            published_at=story.now,
            **in_languages("name", [f"Aikuisopisto {place.name} {number}"] * 3),
        )
        for number, place in enumerate(islice(places, PROVIDERS))
    )
