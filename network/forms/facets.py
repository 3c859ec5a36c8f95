"""Choices of a list, each with how many rows it would lead to."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.cache import caches
from django.db.models import Count, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from opinovi.rows import rows_of

Meaning = Callable[[Any], Q]
Option = tuple[str, str, Any]  # for the address, for the reader, for its meaning


class FacetMixin:
    """Counts the choices of a list form.

    `facets` tells by a field's name what one of its choices asks of a row. Within a field one choice or
    another is enough; between fields all must hold. The number at a choice is what the list would have if
    that choice stood alone in its field, with everything else as it is.
    """

    facets: Mapping[str, Meaning] = {}
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    base: QuerySet[Any]
    matching: Callable[..., QuerySet[Any]]
    layout: tuple
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

    @cached_property
    def counts(self) -> dict[tuple[str, str], int]:
        """By field and value how many rows the choice would lead to.

        One query, remembered until content changes.
        """
        key = f"counts {self.name} {get_language()}"
        return cast("dict[tuple[str, str], int]", caches["content"].get_or_set(key, self._count))

    def _count(self) -> dict[tuple[str, str], int]:
        asked = {
            (name, value): self._with_others(name, meaning)
            for name in self.facets
            for value, _label, meaning in self._options(name)
        }
        columns = {f"count_{number}": Count("pk", filter=q) for number, q in enumerate(asked.values())}
        found = self.matching(self.base.order_by()).aggregate(**columns) if columns else {}
        return dict(zip(asked, found.values(), strict=True))

    def _with_others(self, name: str, meaning: Any) -> Q:
        others = (self.condition(other) for other in self.facets if other != name)
        return reduce(and_, filter(None, others), self.facets[name](meaning))

    def _options(self, name: str) -> list[Option]:
        """What one may choose in a field; its rows are read once."""
        rows = self._rows_behind.get(name)
        return list(_options_of(self.fields[name], rows))

    @cached_property
    def _rows_behind(self) -> dict[str, list[Any]]:
        """The rows that fields choose among, read in one query."""
        fields = {name: self.fields[name] for name in self.facets}
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
                cast("forms.Form", self)[name].label = _counted(str(field.label), self.counts[name, "on"])
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
                    else _counted(label, self.counts[name, value]),
                )
                for value, label, _meaning in self._options(name)
                if self.counts[name, value] or value in chosen
            ]
            if not shown:
                nowhere.add(name)
            empty = [("", getattr(field, "empty_label", None) or dict(_plain_choices(field)).get("", ""))]
            cast("Any", field.widget).choices = shown if _is_ticked(field) else [*empty, *shown]
        self.layout = tuple(name for name in self.layout if name not in nowhere)

    def _chosen_values(self, name: str) -> set[str]:
        chosen, field = self.cleaned_data.get(name), self.fields[name]
        each = chosen if isinstance(chosen, (list, QuerySet)) else [chosen] if chosen else []
        return {str(field.prepare_value(one)) for one in each}


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


def _counted(label: str, number: int) -> SafeString:
    return format_html('{} <span class="filters__count">{}</span>', label, number)
