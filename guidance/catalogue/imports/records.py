"""What every source is turned into before anything is compared or written: neutral records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from guidance.catalogue.imports.reading import Document
from guidance.catalogue.models import ImportedKind

Fact = tuple[str, dict[str, Any]]  # a sentence of the report (its code in report.SENTENCES) and its words


@dataclass
class Record:
    """One organisation, service point, guidance service or training option, as its source tells it.

    `values` holds columns of the model by name (`name_fi`, `fee`, `starts_on`…) as JSON has them: a day as
    `2026-11-23`, a time as `09:00`. Only columns named here are written. `owner` is the source's own
    identifier of the organisation. `links` holds other rows by their codes: municipalities by Statistics
    Finland's (`837`), areas as `region 06`, channels by code, target groups by PTV code, service points by
    the source's identifier. `parts` holds rows that belong to this one alone, as lists of columns.
    """

    kind: ImportedKind
    source_id: str
    values: dict[str, Any] = field(default_factory=dict)
    owner: str = ""
    links: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    url: str = ""
    slug: str = ""  # the address word a new row gets if it is free; else one is made of its name
    is_published: bool = True
    facts: list[Fact] = field(default_factory=list)
    is_wrong: bool = False  # the facts tell why it cannot be taken
    is_reference: bool = False  # an organisation that must be here already, and is not changed

    @property
    def name(self) -> str:
        names = (self.values.get(f"name_{code}") for code in ("fi", "sv", "en"))
        return next((name for name in names if name), self.source_id)


class Reader(Protocol):
    """What a source has to be able to do: turn documents into records, organisations before what they own.

    Raises reading.Unreadable when a document cannot be read at all; then nothing of the run is kept. What
    is wrong with one record is said in that record's facts.
    """

    @property
    def code(self) -> str:
        """The word of the source."""

    @property
    def withdraws(self) -> tuple[ImportedKind, ...]:
        """Kinds that a complete input takes from the public when they are missing in it."""

    def read(self, documents: Iterable[Document]) -> Iterator[Record]: ...
