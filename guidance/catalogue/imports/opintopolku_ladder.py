"""The steps of Opintopolku's ladder, and what is gathered on the way from them to a record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guidance.catalogue.imports.facts import Facts, Notes, mapping, text_of


@dataclass
class Ladder:
    """All that is known about one training: the steps of koulutus → toteutus → hakukohde → haku."""

    oid: str
    koulutus: Mapping[str, Any] = field(default_factory=dict)
    toteutus: Mapping[str, Any] = field(default_factory=dict)
    hakukohteet: list[Mapping[str, Any]] = field(default_factory=list)
    haut: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    owner: str = ""

    @property
    def top(self) -> Mapping[str, Any]:
        """The step the training is named after."""
        return self.toteutus or self.koulutus

    def of_koulutus(self, name: str) -> Any:
        return mapping(self.koulutus.get("metadata")).get(name)

    def of_toteutus(self, name: str) -> Any:
        return mapping(self.toteutus.get("metadata")).get(name)

    @property
    def is_published(self) -> bool:
        return all(
            text_of(step.get("tila")) in {"", "julkaistu"} for step in (self.toteutus, self.koulutus) if step
        )


class Gathering:
    """What is gathered on the way from a ladder to a record."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder
        self.values: dict[str, Any] = {}
        self.places: list[str] = []
        self.rounds: list[dict[str, Any]] = []
        self.notes = Notes()
        self.facts = Facts()
