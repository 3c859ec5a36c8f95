"""The partner list from a spreadsheet: first a plan, line by line, of what would change."""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from network.exports import COLUMNS
from network.models import Area, Network, NetworkMembership, Organisation, Sector
from opinovi.models import User
from opinovi.translated import text_in

Row = dict[str, str]


class OutOfDate(Exception):
    """The plan that was shown is no longer what would happen."""


@dataclass
class Change:
    """One value that would change, as people read it."""

    name: str
    old: str
    new: str


@dataclass
class Line:
    """What one line of the sheet would do."""

    number: int
    name: str
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    organisation: Organisation | None = None
    membership: NetworkMembership | None = None
    organisation_values: dict[str, Any] = field(default_factory=dict)
    membership_values: dict[str, Any] = field(default_factory=dict)

    @property
    def fate(self) -> tuple[bool, bool, bool]:
        """What becomes of the line: changes anything, makes an organisation, makes a membership."""
        return self.is_change, self.is_new_organisation, self.is_new_member

    @property
    def is_change(self) -> bool:
        return bool(self.organisation_values or self.membership_values) and not self.errors

    @property
    def is_new_organisation(self) -> bool:
        return self.organisation is None and not self.errors

    @property
    def is_new_member(self) -> bool:
        return self.membership is None and not self.errors


@dataclass
class Plan:
    """What a whole sheet would do."""

    rows: list[Row]
    lines: list[Line]

    @property
    def fingerprint(self) -> str:
        """The same for two plans that say the same to the reader."""
        told = [
            (line.number, line.errors, line.notes, [(c.name, c.old, c.new) for c in line.changes], *line.fate)
            for line in self.lines
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @property
    def can_be_written(self) -> bool:
        return self.change_count > 0 and self.error_count == 0

    @property
    def error_count(self) -> int:
        return sum(bool(line.errors) for line in self.lines)

    @property
    def change_count(self) -> int:
        return sum(line.is_change for line in self.lines)

    @property
    def same_count(self) -> int:
        return len(self.lines) - self.error_count - self.change_count


def make_plan(network: Network, rows: list[Row], *, user: User) -> Plan:
    """What the rows would change in the network; writes nothing.

    An organisation is known by its `id`, else by its business ID, else by its exact name. A member that
    the sheet does not name stays as it is. Facts of an organisation that is already in the portal change
    only when the user may edit it. Costs a fixed number of queries.
    """
    return Plan(rows, _Planner(network, user).lines(rows))


class _Planner:
    """What is known before the first line is read."""

    def __init__(self, network: Network, user: User) -> None:
        organisations = list(Organisation.objects.select_related("sector", "home_municipality"))
        self.by_slug = {organisation.slug: organisation for organisation in organisations}
        self.by_business_id = {o.business_id: o for o in organisations if o.business_id}
        self.by_name = {_folded(text_in("fi", o, "name")): o for o in organisations}
        self.editable = set(Organisation.objects.editable_by(user).values_list("pk", flat=True))
        self.memberships = defaultdict(list)
        for membership in network.memberships.order_by("since", "pk"):
            self.memberships[membership.organisation_id].append(membership)
        self.sectors = _choices_of(Sector.objects.all(), "code")
        self.municipalities = _choices_of(Area.objects.municipalities(), "code")
        self.roles = _labels(NetworkMembership.Role)
        self.statuses = _labels(NetworkMembership.Status)
        self.seen: dict[str, int] = {}

    def lines(self, rows: list[Row]) -> list[Line]:
        return [self._line(number, row) for number, row in enumerate(rows, start=2)]

    def _line(self, number: int, row: Row) -> Line:
        line = Line(number, row.get("name_fi", "") or row.get("id", ""))
        unknown = [name for name in row if name and name not in COLUMNS]
        if unknown:
            line.errors.append(_("Unknown column: %(names)s.") % {"names": ", ".join(unknown)})
            return line
        line.organisation = self._find(row, line)
        self._refuse_twice(row, line)
        self._read_organisation(row, line)
        line.membership = self._membership(row, line)
        self._read_membership(row, line)
        return line

    def _find(self, row: Row, line: Line) -> Organisation | None:
        if key := row.get("id"):
            if key not in self.by_slug:
                line.errors.append(
                    _("No organisation has the id %(id)s. Leave it empty for a new one.") % {"id": key}
                )
            return self.by_slug.get(key)
        known = self.by_business_id.get(row.get("business_id", ""))
        return known or self.by_name.get(_folded(row.get("name_fi", "")))

    def _membership(self, row: Row, line: Line) -> NetworkMembership | None:
        """The membership that began on the line's day, else the one that goes on."""
        known = self.memberships[line.organisation.pk] if line.organisation else []
        since = _day(row.get("since", ""))
        same_day = [membership for membership in known if membership.since == since]
        running = [membership for membership in known if not membership.has_ended]
        return next(iter(same_day or running), None)

    def _refuse_twice(self, row: Row, line: Line) -> None:
        who = line.organisation.slug if line.organisation else _folded(row.get("name_fi", ""))
        key = f"{who} {row.get('since', '')}"
        if key in self.seen:
            line.errors.append(
                _("The same organisation is already on line %(line)s.") % {"line": self.seen[key]}
            )
        self.seen.setdefault(key, line.number)

    def _read_organisation(self, row: Row, line: Line) -> None:
        values = self._organisation_values(row, line)
        if line.organisation is None:
            self._make_new(values, line)
            return
        self._refuse_taken_id(values, line)
        changed = {name: value for name, value in values.items() if getattr(line.organisation, name) != value}
        if changed and line.organisation.pk not in self.editable:
            line.notes.append(
                _("The organisation's own facts stay: only its coordinator or an administrator changes them.")
            )
            return
        for name, value in changed.items():
            line.changes.append(_change(line.organisation, name, value))
        line.organisation_values = changed
        _check(changed, line)

    def _organisation_values(self, row: Row, line: Line) -> dict[str, Any]:
        texts = ("name_fi", "name_sv", "name_en", "business_id", "website")
        values: dict[str, Any] = {name: row[name] for name in texts if row.get(name)}
        for name, choices in (("sector", self.sectors), ("home_municipality", self.municipalities)):
            if word := row.get(name):
                if found := choices.get(_folded(word)):
                    values[name] = found
                else:
                    line.errors.append(
                        _("%(word)s is not known in the column %(column)s.") % {"word": word, "column": name}
                    )
        return values

    def _make_new(self, values: dict[str, Any], line: Line) -> None:
        if not values.get("name_fi"):
            line.errors.append(_("A new organisation needs its name in the column name_fi."))
        if not values.get("sector"):
            line.errors.append(_("A new organisation needs its sector."))
        if line.errors:
            return
        values["slug"] = self._free_slug(values["name_fi"])
        line.organisation_values = values
        self._refuse_taken_id(values, line)
        _check(values, line)

    def _refuse_taken_id(self, values: dict[str, Any], line: Line) -> None:
        holder = self.by_business_id.get(values.get("business_id", ""))
        if holder and holder != line.organisation:
            line.errors.append(_("Another organisation has this business ID."))

    def _free_slug(self, name: str) -> str:
        base = slugify(name)[:100] or "organisation"
        slug, number = base, 1
        while slug in self.by_slug or slug in self.seen:
            number += 1
            slug = f"{base}-{number}"
        self.seen[slug] = 0
        return slug

    def _read_membership(self, row: Row, line: Line) -> None:
        values: dict[str, Any] = {}
        for name, choices in (("role", self.roles), ("status", self.statuses)):
            if word := row.get(name):
                if value := choices.get(_folded(word)):
                    values[name] = value
                else:
                    allowed = ", ".join(sorted(set(choices.values())))
                    text = _("%(word)s is not known in the column %(column)s. Use one of: %(allowed)s.")
                    line.errors.append(text % {"word": word, "column": name, "allowed": allowed})
        for name in ("since", "until"):
            if word := row.get(name):
                day = _day(word)
                if day is None:
                    text = _(
                        "%(word)s in the column %(column)s is not a date. Write 2026-11-23 or 23.11.2026."
                    )
                    line.errors.append(text % {"word": word, "column": name})
                else:
                    values[name] = day
        if line.membership is None and "since" not in values:
            line.errors.append(_("A new member needs the day it joined, in the column since."))
        self._compare_membership(values, line)

    def _compare_membership(self, values: dict[str, Any], line: Line) -> None:
        if line.errors:
            return
        if line.membership is None:
            line.membership_values = values
            first, last = values["since"], values.get("until")
        else:
            changed = {
                name: value for name, value in values.items() if getattr(line.membership, name) != value
            }
            line.membership_values = changed
            line.changes += [_change(line.membership, name, value) for name, value in changed.items()]
            first = changed.get("since", line.membership.since)
            last = changed.get("until", line.membership.until)
        if last and last < first:
            line.errors.append(_("A membership cannot end before it begins."))


def _check(values: dict[str, Any], line: Line) -> None:
    """Let the model judge the words as a form would; rows that were looked up are right by themselves."""
    words = {name: value for name, value in values.items() if isinstance(value, str) and name != "slug"}
    try:
        Organisation(**words).clean_fields(
            exclude={column.name for column in Organisation._meta.get_fields() if column.name not in words}
        )
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            line.errors += [f"{name}: {message}" for message in messages]


def _change(row: Any, name: str, value: Any) -> Change:
    field_ = row._meta.get_field(name)
    labels = dict(field_.flatchoices)
    old = getattr(row, name)
    return Change(str(field_.verbose_name), _shown(old, labels), _shown(value, labels))


def _shown(value: Any, labels: dict[str, Any]) -> str:
    if value is None or value == "":
        return "–"
    return str(labels.get(value, value))


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _choices_of(rows: Any, key: str) -> dict[str, Any]:
    """Rows by their code and by their name in each language."""
    names = (key, "name_fi", "name_sv", "name_en")
    return {_folded(getattr(row, name)): row for row in rows for name in names if getattr(row, name)}


def _labels(choices: Any) -> dict[str, str]:
    """A choice's value by its value and by its label in the reader's language."""
    return {_folded(text): value for value, label in choices.choices for text in (value, str(label))}


def _day(text: str) -> date | None:
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day if 1900 <= day.year <= 2100 else None
    return None
