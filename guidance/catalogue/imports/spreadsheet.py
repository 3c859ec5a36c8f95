"""A spreadsheet in the shape of the template: training or guidance services, a row for each.

The first line holds the headings, in any of the portal's languages or as names of columns. A line whose
identifier begins with # is an explanation. The identifier makes a row the same row next time; two
organisations may use the same ones.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports.clean import column_of
from guidance.catalogue.imports.facts import Facts
from guidance.catalogue.imports.organisations import BY_NAME
from guidance.catalogue.imports.reading import Document, Unreadable
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.report import field_name
from guidance.catalogue.imports.targets import TARGETS
from guidance.catalogue.imports.texts import LANGUAGES, line, prose
from guidance.catalogue.models import GuidanceService, ImportedKind, TrainingOption
from guidance.catalogue.rounds import day_of, read_rounds
from network.business_id import SHAPE
from network.sheets import UnreadableSheet, read_sheet, write_sheet

LARGEST = 10  # megabytes of a sheet


def _each(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{code}" for name in names for code in LANGUAGES)


COLUMNS = {
    ImportedKind.TRAINING: (
        "id", "organisation", *_each("name"), "kind", "field", *_each("description", "keywords", "audience"),
        "requirements_fi", "municipalities", "extent", "extent_unit", "duration_months", "teaching_times",
        "mode", "languages", "fee", "fee_note_fi", "starts_on", "ends_on", "start_season",
        "start_year",
        "is_rolling", "applications_from", "applications_to", "applications_name", "rounds",
        "application_link", "seats", "prior_education", "outcome",
        "is_labour_market", "is_continuous_learning", "is_beside_work", "has_childcare", "is_step_free",
        "contact_name", "contact_phone", "contact_email", "website", "published",
    ),
    ImportedKind.SERVICE: (
        "id", "organisation", *_each("name", "summary", "description", "audience", "keywords", "bring"),
        "next_steps_fi", "channels", "areas", "ways", "referrers", "languages", "has_interpreter", "fee",
        "fee_note_fi", "hours_note_fi", "response_days", "phone", "email", "website", "published",
    ),
}  # fmt: skip
ROUNDS = "rounds"
LISTS = {"municipalities", "channels", "areas"}
ALWAYS: dict[ImportedKind, dict[str, str]] = {
    ImportedKind.TRAINING: {"kind": TrainingOption.Kind.COURSE, "field": TrainingOption.Field.GENERAL},
    ImportedKind.SERVICE: {"booking": GuidanceService.Booking.NONE},
}
YES, NO = {"yes", "kyllä", "ja", "x", "1", "true", "tosi"}, {"no", "ei", "nej", "0", "false", "epätosi"}


class SheetReader:
    """Rows of spreadsheets as training options or guidance services."""

    code = "spreadsheet"
    withdraws = (ImportedKind.TRAINING, ImportedKind.SERVICE)

    def __init__(self) -> None:
        self.told: set[str] = set()

    def read(self, documents: Iterable[Document]) -> Iterator[Record]:
        """Raises Unreadable."""
        for document in documents:
            rows = _rows(document)
            headings = list(rows[0]) if rows else []
            kind = kind_of(headings)
            for number, row in enumerate(rows, start=2):
                yield from self._record(kind, row, f"{document.name} {number}")

    def _record(self, kind: ImportedKind, row: dict[str, str], where: str) -> Iterator[Record]:
        facts = Facts()
        cells = _cells(kind, row, facts)
        own_id, organisation = cells.get("id", ""), line(cells.get("organisation"))
        if own_id.startswith("#"):
            return
        if not own_id or not organisation:
            missing = "no_owner" if own_id else "no_id"
            yield Record(kind, where, facts=[(missing, {})], is_wrong=True)
            return
        owner = f"{BY_NAME}{organisation.casefold()}"[:200]
        if owner not in self.told:
            self.told.add(owner)
            yield _organisation(owner, organisation)
        parts = _parts(cells, facts)
        values, links = _values(kind, cells)
        yield Record(
            kind,
            f"{owner.removeprefix(BY_NAME)[:100]}/{own_id}"[:200],
            values=values,
            owner=owner,
            links=links,
            parts=parts,
            is_published=cells.get("published", "").casefold() not in NO,
            facts=facts.list,
        )


def _rows(document: Document) -> list[dict[str, str]]:
    """Raises Unreadable."""
    try:
        with document.open() as file:
            content = file.read(LARGEST * 1024 * 1024 + 1)
    except OSError as error:
        raise Unreadable("no_file", name=document.name) from error
    if len(content) > LARGEST * 1024 * 1024:
        raise Unreadable("too_large", name=document.name, size=LARGEST)
    if not content.strip():
        raise Unreadable("empty", name=document.name)
    kind = "xlsx" if Path(document.name).suffix.lower() == ".xlsx" else "csv"
    try:
        return read_sheet(content, kind=kind)
    except UnreadableSheet as error:
        raise Unreadable("sheet", name=document.name, error=str(error)) from error


def _organisation(owner: str, cell: str) -> Record:
    is_number = re.match(SHAPE, cell) is not None
    values = {"name_fi": cell, **({"business_id": cell} if is_number else {})}
    return Record(ImportedKind.ORGANISATION, owner, values=values, is_reference=True)


def kind_of(headings: list[str]) -> ImportedKind:
    """Which template the headings are of: the one that knows more of them."""
    known = {kind: sum(heading in names_of(kind) for heading in headings) for kind in COLUMNS}
    is_service = known[ImportedKind.SERVICE] > known[ImportedKind.TRAINING]
    return ImportedKind.SERVICE if is_service else ImportedKind.TRAINING


@cache
def names_of(kind: ImportedKind) -> dict[str, str]:
    """Columns by their headings in every language and by their own names, in small letters."""
    found = {name: name for name in COLUMNS[kind]}
    for code in LANGUAGES:
        with override(code):
            found |= {heading_of(kind, name).casefold(): name for name in COLUMNS[kind]}
    return found


def heading_of(kind: ImportedKind, name: str) -> str:
    own = {
        "id": gettext("identifier"),
        "organisation": gettext("organisation"),
        ROUNDS: gettext("further application rounds"),
    }
    return capfirst(own.get(name) or field_name(kind, name))


def _cells(kind: ImportedKind, row: dict[str, str], facts: Facts) -> dict[str, str]:
    found = {}
    for heading, cell in row.items():
        name = names_of(kind).get(heading.casefold())
        if name:
            found[name] = cell.strip()
        elif heading and cell:
            facts.say("unknown_field", field=heading[:80])
    return found


def _parts(cells: dict[str, str], facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """The further application rounds, if the sheet has a column of them."""
    if ROUNDS not in cells:
        return {}
    rounds, wrong = read_rounds(cells[ROUNDS])
    for piece in wrong:
        facts.say("bad_value", field=ROUNDS, value=piece[:80])
    return {ROUNDS: rounds}


def _values(kind: ImportedKind, cells: dict[str, str]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    model = TARGETS[kind].model
    values: dict[str, Any] = {}
    links: dict[str, list[str]] = {}
    for name, cell in cells.items():
        if name in {"id", "organisation", "published", ROUNDS}:
            continue
        if name in LISTS:
            links[name] = _list(cell)
        else:
            values[name] = _value(column_of(model, name), cell)
    for name, value in ALWAYS[kind].items():
        values[name] = values.get(name) or value
    if kind == ImportedKind.TRAINING:
        start = TrainingOption.Start
        values["start"] = (
            start.DATE
            if values.get("starts_on")
            else start.SEASON
            if values.get("start_season")
            else start.UNKNOWN
        )
    return values, links


def _value(column: Any, cell: str) -> Any:
    """A cell as the column's kind asks; one that cannot be read stays text, which the report names."""
    if isinstance(column, ArrayField):
        return [_choice(column.base_field, word) for word in _list(cell)]
    if column.choices:
        return _choice(column, cell) if cell else ""
    if isinstance(column, models.BooleanField):
        folded = cell.casefold()
        return True if folded in YES else False if folded in NO or not cell else cell
    if isinstance(column, models.DateField):
        return _day(cell) or None
    if isinstance(column, models.TextField):
        return prose(cell)
    return line(cell) if isinstance(column, models.CharField) else cell or None


def _choice(column: Any, word: str) -> str:
    return _choices(column).get(word.casefold(), word)


def _choices(column: Any) -> dict[str, str]:
    """Values of a column's choices by themselves and by their words in each language."""
    found: dict[str, str] = {}
    for code in LANGUAGES:
        with override(code):
            for value, label in column.flatchoices:
                found |= {str(value).casefold(): value, str(label).casefold(): value}
    return found


def _list(cell: str) -> list[str]:
    return [word.strip() for word in cell.replace(";", ",").split(",") if word.strip()]


def _day(cell: str) -> str:
    try:
        return day_of(cell).isoformat()
    except ValueError:
        return cell


def template_sheet(kind: ImportedKind, *, file_type: str) -> bytes:
    """The template to fill in: headings in the reader's language, and under each what to write there."""
    names = COLUMNS[kind]
    headings = [heading_of(kind, name) for name in names]
    return write_sheet(headings, [[_explanation(kind, name) for name in names]], kind=file_type)


def _explanation(kind: ImportedKind, name: str) -> str:
    own = {
        "id": _("# A number or code of your own, the same next time. Lines that begin with # are not read."),
        "organisation": _("Its name or business ID, as it is in this portal."),
        "municipalities": _("Names or codes of municipalities, with commas between."),
        "areas": _("Names of areas, with commas between. Empty: the whole country."),
        "channels": _("With commas between: on-site, phone, video, home-visit, online."),
        "published": _("Yes or no. Empty: yes."),
        ROUNDS: _(
            "First and last day, and a name if it has one: 10.1.2027–24.1.2027 Spring; 1.3.2027– Late."
        ),
    }
    if name in own:
        return str(own[name])
    column = column_of(TARGETS[kind].model, name)
    if isinstance(column, ArrayField):
        words = ", ".join(str(label) for _value, label in column.base_field.flatchoices)
        return gettext("Any of these, with commas between: %(words)s.") % {"words": words}
    if column.choices:
        return gettext("One of these: %(words)s.") % {
            "words": ", ".join(str(label) for _value, label in column.flatchoices)
        }
    if isinstance(column, models.BooleanField):
        return gettext("Yes or no.")
    if isinstance(column, models.DateField):
        return gettext("A day, such as 2026-11-23 or 23.11.2026.")
    if isinstance(column, models.DecimalField | models.IntegerField):
        return str(column.help_text) or gettext("A number.")
    return str(getattr(column, "translated_field", column).help_text) or gettext("Text.")
