"""What more is told of trainings and services: by their kind first, then what is some row's own."""

from collections.abc import Iterator
from typing import Any

from guidance.casework.demo.story import Story, in_languages, read
from guidance.catalogue.models import ApplicationRound, TrainingNote, TrainingOption


class More:
    """The columns that the files tell, found by a row's kind and its address word."""

    def __init__(self, story: Story) -> None:
        self.story = story
        trainings, services = read("trainings_more"), read("services_more")
        self.kinds, self.trainings = trainings["kinds"], trainings["trainings"]
        self.bookings, self.services = services["bookings"], services["services"]

    def of_training(self, slug: str, kind: str) -> dict[str, Any]:
        own = self.trainings.get(slug, {})
        columns = _columns(self.kinds.get(kind, {})) | _columns(own)
        if season := own.get("season"):
            word, years = season
            year = self.story.today.year + years
            columns |= {"start": "season", "start_season": word, "start_year": year, "starts_on": None}
        return columns

    def of_service(self, slug: str, booking: str) -> dict[str, Any]:
        return _columns(self.bookings[booking]) | _columns(self.services.get(slug, {}))

    def rounds(self, training: TrainingOption) -> Iterator[ApplicationRound]:
        for first, *rest in self.trainings.get(training.slug, {}).get("rounds", []):
            yield ApplicationRound(
                training=training,
                opens_on=self.story.day(first),
                closes_on=self.story.day(rest[0]) if rest else None,
                name=rest[1] if len(rest) > 1 else "",
            )

    def notes(self, training: TrainingOption) -> Iterator[TrainingNote]:
        for note in self.trainings.get(training.slug, {}).get("notes", []):
            texts = in_languages("heading", note["heading"]) | in_languages("text", note["text"])
            yield TrainingNote(training=training, **texts)


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    columns = dict(told.get("fields", {}))
    for name, texts in told.get("texts", {}).items():
        columns |= in_languages(name, texts)
    return columns
