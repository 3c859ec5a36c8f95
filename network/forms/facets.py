"""Choices of a list, each with how many rows it would lead to."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.cache import caches
from django.db.models import Count, F, Q, QuerySet, Value
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from opinovi.bits import ChoiceBits, bits_of
from opinovi.rows import grouped, rows_of

BITS = "choice_bits"  # the column in which rows keep their choices
TOGETHER = 20  # choices by which rows are put in groups at once: by more, there were too many groups
OFFERED = 10  # choices of a field that has very many
FEW = 5_000  # rows of which each may lead to several such choices: to count those of more took 0.1 s
Meaning = Callable[[Any], Q]
Option = tuple[str, str, Any]  # for the address, for the reader, for its meaning


@dataclass(frozen=True)
class Kept:
    """A choice that rows keep as a bit: the meaning of a field whose values stand in a column."""

    bits: ChoiceBits
    column: str
    only: Any = None  # the one value that a box to tick stands for, where that is not True

    def __call__(self, value: Any) -> Q:
        return Q((f"{BITS}__any", self.bit(value)))

    def bit(self, value: Any) -> int:
        return self.bits.bit(self.column, value if self.only is None else self.only)


class Table(NamedTuple):
    """Choices as the bits of a number: the number, and the bit of each by its field and value."""

    bits: Any
    places: dict[tuple[str, str], int]


class Counted(NamedTuple):
    """How many rows a list has, and by field and value how many rows each choice would lead to.

    `offered` are the choices of fields that have very many, as value and label.
    """

    total: int
    numbers: dict[tuple[str, str], int]
    offered: dict[str, list[tuple[str, str]]]


class FacetMixin:
    """Counts the choices of a list form.

    `facets` tells by a field's name what one of its choices asks of a row. Within a field one choice or
    another is enough; between fields all must hold. The number at a choice is what the list would have if
    that choice stood alone in its field, with everything else as it is.

    `many` names the fields whose choices are rows of another table, hundreds of them, and the relation that
    leads there. Such a field offers the `OFFERED` choices with the most rows, and what was chosen in it.
    Where a row may have several of them, others are offered only once no more than `FEW` rows are left.
    """

    facets: Mapping[str, Meaning] = {}
    many: Mapping[str, str] = {}
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    base: QuerySet[Any]
    matching: Callable[..., QuerySet[Any]]
    layout: tuple | None
    name: str

    def condition(self, name: str) -> Q | None:
        """What was chosen in a field, as a condition; None where nothing was."""
        chosen = self.cleaned_data.get(name)
        if not chosen:
            return None
        each = chosen if isinstance(chosen, (list, QuerySet)) else [chosen]
        return reduce(or_, (self.facets[name](one) for one in each))

    @property
    def helper(self) -> FormHelper:
        """The crispy helper; asked for as the form is drawn, which is when its choices are counted."""
        if hasattr(self, "base"):
            self._show_counts()
        return cast("FormHelper", super().helper)  # type: ignore[misc]  # PortalFormMixin's

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """By field and value how many rows the choice would lead to."""
        return self._counted.numbers

    @property
    def count(self) -> int:
        """How many rows the list has with all that was chosen."""
        return self._counted.total

    @cached_property
    def _counted(self) -> Counted:
        """One query for the whole list and its choices, remembered until content changes.

        What `many` leads to takes a second one for the names, and a third where a row may have several.
        """
        key = f"counts {self.name} {get_language()}"
        return cast("Counted", caches["content"].get_or_set(key, self._count))

    def _count(self) -> Counted:
        """Group the rows by the choices that they answer, and add the groups up."""
        own = {name: 1 << place for place, name in enumerate(filter(self.condition, self.facets))}
        every = sum(own.values())
        tables = self._tables() or [Table(Value(0), {})]
        single = [name for name in self.many if not self._leads_to_several(name)]
        columns = [*(table.bits for table in tables), *(F(self.many[name]) for name in single)]
        named = {f"column_{number}": column for number, column in enumerate(columns)}
        passed = bits_of(filter(None, map(self.condition, own)))
        rows = self.matching(self.base.order_by()).annotate(passed=passed, **named)
        groups = grouped(rows, [("passed", column) for column in named])

        def answering(name: str, found: list[tuple[Any, ...]]) -> Counter[int]:
            """How many rows have which value, of those that answer all that was chosen in other fields."""
            numbers: Counter[int] = Counter()
            for passed, value, number in found:
                if passed | own.get(name, 0) == every:
                    numbers[value] += number
            return numbers

        counts: dict[tuple[str, str], int] = {}
        for table, found in zip(tables, groups, strict=False):
            counts |= _added_up(table, found, own)
        numbers = {
            name: answering(name, found) for name, found in zip(single, groups[len(tables) :], strict=True)
        }
        for name in self.many.keys() - numbers.keys():
            are_few = answering(name, groups[0]).total() <= FEW
            numbers[name] = self._numbers_behind(name, only_chosen=not are_few)
        offered = self._offered(numbers)
        counts |= {(name, value): number for name, told in offered.items() for value, _, number in told}
        choices = {name: [(value, label) for value, label, _ in told] for name, told in offered.items()}
        return Counted(answering("", groups[0]).total(), counts, choices)

    def _leads_to_several(self, name: str) -> bool:
        return bool(self.base.model._meta.get_field(self.many[name]).many_to_many)

    def _numbers_behind(self, name: str, *, only_chosen: bool) -> Counter[int]:
        """By the primary key of what the field's relation leads to, how many rows there are."""
        path = self.many[name]
        rows = self.matching(self.base.order_by(), *(other for other in self.facets if other != name))
        asked = {f"{path}__in": list(self.cleaned_data.get(name) or ())}
        there = rows.filter(**asked if only_chosen else {f"{path}__isnull": False})
        return Counter(dict(there.values_list(path).annotate(number=Count("pk"))))

    def _offered(self, numbers: dict[str, Counter[int]]) -> dict[str, list[tuple[str, str, int]]]:
        """What fields of very many choices offer: value, label and number of rows, the most first."""
        asked: dict[str, QuerySet[Any]] = {}
        for name, found in numbers.items():
            pks = {pk for pk, _number in found.most_common(OFFERED)}
            pks |= {row.pk for row in self.cleaned_data.get(name) or ()}
            if pks:
                asked[name] = cast("Any", self.fields[name]).queryset.filter(pk__in=pks)
        offered: dict[str, list[tuple[str, str, int]]] = {name: [] for name in self.many}
        for name, rows in zip(asked, rows_of(list(asked.values())), strict=True):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            told = [
                (str(field.prepare_value(row)), field.label_from_instance(row), numbers[name][row.pk])
                for row in rows
            ]
            offered[name] = sorted(told, key=lambda one: (-one[2], one[1]))
        return offered

    def _tables(self) -> list[Table]:
        """All choices as bits of a few numbers; what the rows themselves keep so is not worked out again."""
        kept: list[tuple[str, str, int]] = []
        others: list[tuple[str, str, Q]] = []
        for name, meaning in self.facets.items():
            if name in self.many:
                continue
            for value, _label, chosen in self._options(name):
                if isinstance(meaning, Kept):
                    kept.append((name, value, meaning.bit(chosen)))
                else:
                    others.append((name, value, meaning(chosen)))
        tables = []
        for some in _parts(kept, TOGETHER):
            bits = F(BITS).bitand(sum(bit for _name, _value, bit in some))
            tables.append(Table(bits, {(name, value): bit for name, value, bit in some}))
        for some in _parts(others, TOGETHER):
            places = {(name, value): 1 << place for place, (name, value, _meaning) in enumerate(some)}
            tables.append(Table(bits_of(meaning for _name, _value, meaning in some), places))
        return tables

    def _options(self, name: str) -> list[Option]:
        """What one may choose in a field; its rows are read once."""
        if name in self.many:
            return [(value, label, None) for value, label in self._counted.offered[name]]
        rows = self._rows_behind.get(name)
        return list(_options_of(self.fields[name], rows))

    @cached_property
    def _rows_behind(self) -> dict[str, list[Any]]:
        """The rows that fields choose among, read in one query."""
        fields = {name: self.fields[name] for name in self.facets if name not in self.many}
        asked = {
            name: cast("QuerySet[Any]", field.queryset)
            for name, field in fields.items()
            if isinstance(field, forms.ModelChoiceField) and not field.widget.is_hidden
        }
        return dict(zip(asked, rows_of(list(asked.values())), strict=True))

    def _show_counts(self) -> None:
        """Write the numbers beside the choices; what leads nowhere and was not chosen is left out."""
        nowhere = set()
        for name in self.facets:
            field = self.fields[name]
            if field.widget.is_hidden:
                continue
            if isinstance(field, forms.BooleanField):
                cast("forms.Form", self)[name].label = _numbered(str(field.label), self.counts[name, "on"])
                if not self.counts[name, "on"] and not self.cleaned_data.get(name):
                    nowhere.add(name)
                continue
            is_list = isinstance(field.widget, forms.Select) and not isinstance(
                field.widget, forms.CheckboxInput
            )
            chosen = self._chosen_values(name)
            shown = [
                (
                    value,
                    f"{label} ({self.counts[name, value]})"
                    if is_list and not _is_ticked(field)
                    else _numbered(label, self.counts[name, value]),
                )
                for value, label, _meaning in self._options(name)
                if self.counts[name, value] or value in chosen
            ]
            if not shown:
                nowhere.add(name)
            empty = [("", getattr(field, "empty_label", None) or dict(_plain_choices(field)).get("", ""))]
            cast("Any", field.widget).choices = shown if _is_ticked(field) else [*empty, *shown]
        self.layout = tuple(name for name in self.layout or () if name not in nowhere)

    def _chosen_values(self, name: str) -> set[str]:
        chosen, field = self.cleaned_data.get(name), self.fields[name]
        each = chosen if isinstance(chosen, (list, QuerySet)) else [chosen] if chosen else []
        return {str(field.prepare_value(one)) for one in each}


def _added_up(
    table: Table, groups: list[tuple[Any, ...]], own: Mapping[str, int]
) -> dict[tuple[str, str], int]:
    """How many rows each choice leads to; `own` has the bits of the fields in which something was chosen."""
    counts = dict.fromkeys(table.places, 0)
    every = sum(own.values())
    places = {bit: (choice, own.get(choice[0], 0)) for choice, bit in table.places.items()}
    for passed, bits, number in groups:
        left = bits
        while left:
            bit = left & -left  # the lowest
            left -= bit
            choice, is_own = places[bit]
            if passed | is_own == every:
                counts[choice] += number
    return counts


def _parts(things: list[Any], size: int) -> list[list[Any]]:
    return [things[start : start + size] for start in range(0, len(things), size)]


def _options_of(field: forms.Field, rows: list[Any] | None) -> Iterator[Option]:
    if field.widget.is_hidden:
        return
    if isinstance(field, forms.BooleanField):
        yield "on", str(field.label), True
    elif isinstance(field, forms.ModelChoiceField):
        for row in rows or []:
            yield str(field.prepare_value(row)), field.label_from_instance(row), row
    else:
        for value, label in _plain_choices(field):
            if value:
                yield str(value), str(label), value


def _plain_choices(field: forms.Field) -> list[tuple[Any, Any]]:
    choices = getattr(field, "choices", [])
    return [] if isinstance(choices, ModelChoiceIterator) else list(choices)


def _is_ticked(field: forms.Field) -> bool:
    return isinstance(field.widget, (forms.CheckboxSelectMultiple, forms.RadioSelect))


def _numbered(label: str, number: int) -> SafeString:
    return format_html('{} <span class="filters__count">{}</span>', label, number)
