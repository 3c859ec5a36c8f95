"""What a source says, made into what a column can hold; and what does not fit, said in words.

Values are kept as JSON has them: a day `2026-11-23`, a time `09:00`, a number with decimals as text.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from guidance.catalogue.imports.records import Fact
from guidance.catalogue.models import TrainingOption
from network.models import Organisation

Values = dict[str, Any]
GREATEST = {"PositiveSmallIntegerField": 32_767, "PositiveIntegerField": 2_147_483_647}


class Unfit(Exception):
    """A value cannot stand in its column."""


def cleaned(model: type[models.Model], values: Values) -> tuple[Values, list[Fact]]:
    """The values that fit the model's columns, and what had to be cut or left out."""
    kept: Values = {}
    facts: list[Fact] = []
    for name, value in values.items():
        column = column_of(model, name)
        try:
            kept[name] = _fitted(column, value)
        except Unfit:
            facts.append(("bad_value", {"field": name, "value": str(value)[:80]}))
            continue
        most = getattr(column, "max_length", None)
        if most and isinstance(kept[name], str) and len(kept[name]) > most:
            kept[name] = f"{kept[name][: most - 1].rstrip()}…"
            facts.append(("too_long", {"field": name, "most": most}))
    for rule in RULES.get(model, ()):
        facts += rule(kept)
    return kept, facts


@cache
def column_of(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def plain(column: Any, value: Any) -> Any:
    """A column's value in a row as JSON has it; no text and empty text are the same."""
    if value is None:
        return "" if isinstance(column, models.CharField | models.TextField) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, list | tuple) else value


def _fitted(column: Any, value: Any) -> Any:
    """Raises Unfit."""
    if value is None or value == "":
        return plain(column, None if column.null or not isinstance(column, ArrayField) else [])
    if isinstance(column, ArrayField):
        if not isinstance(value, list):
            raise Unfit
        return list(dict.fromkeys(_fitted(column.base_field, each) for each in value))
    fit = next((fit for kind, fit in FITS if isinstance(column, kind)), None)
    if fit is None:
        raise Unfit
    found = fit(column, value)
    if column.choices and found not in dict(column.flatchoices):
        raise Unfit
    return found


def _text(column: Any, value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit
    return value


def _checked_text(column: Any, value: Any) -> str:
    """An address of a page or of e-mail, or a word of a certain shape."""
    text = _text(column, value).strip()
    try:
        column.run_validators(text)
    except ValidationError as error:
        raise Unfit from error
    return text


def _yes_or_no(_column: Any, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit
    return value


def _decimal(column: Any, value: Any) -> str:
    if isinstance(value, bool):
        raise Unfit
    try:
        number = Decimal(str(value).replace(",", ".").strip())
        number = number.quantize(Decimal(1).scaleb(-column.decimal_places))
        column.run_validators(number)
    except (InvalidOperation, ValidationError) as error:
        raise Unfit from error
    return str(number)


def _integer(column: Any, value: Any) -> int:
    if isinstance(value, bool):
        raise Unfit
    try:
        number = int(str(value).strip())
    except ValueError as error:
        raise Unfit from error
    most = GREATEST.get(column.get_internal_type(), 2_147_483_647)
    if not 0 <= number <= most:
        raise Unfit
    try:
        column.run_validators(number)
    except ValidationError as error:
        raise Unfit from error
    return number


def _day(_column: Any, value: Any) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise Unfit from error
    if not 1900 <= day.year <= 2100:
        raise Unfit
    return day.isoformat()


def _moment(_column: Any, value: Any) -> str:
    """A moment, in UTC; one without an offset is none."""
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise Unfit
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise Unfit from error


def _key(_column: Any, value: Any) -> int:
    """A primary key that a lookup found."""
    return int(value)


def _time(_column: Any, value: Any) -> str:
    try:
        return f"{time.fromisoformat(str(value)[:5]):%H:%M}"
    except ValueError as error:
        raise Unfit from error


FITS: tuple[tuple[Any, Callable[[Any, Any], Any]], ...] = (
    (models.URLField, _checked_text),
    (models.EmailField, _checked_text),
    (models.CharField, _text),
    (models.TextField, _text),
    (models.BooleanField, _yes_or_no),
    (models.DecimalField, _decimal),
    (models.IntegerField, _integer),
    (models.ForeignKey, _key),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.TimeField, _time),
)


def _in_order(first: str, last: str) -> Callable[[Values], list[Fact]]:
    def rule(values: Values) -> list[Fact]:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            fact: Fact = ("ends_before", {"field": first, "first": values[first], "last": values[last]})
            values[last] = None
            return [fact]
        return []

    return rule


def _extent(values: Values) -> list[Fact]:
    """An extent has its unit, and the greatest is not below the least."""
    least, most = values.get("extent"), values.get("extent_to")
    if least and not values.get("extent_unit"):
        values |= {"extent": None, "extent_to": None}
        return [("no_unit", {"value": least})]
    if most and (not least or Decimal(most) < Decimal(least)):
        values["extent_to"] = None
        return [("bad_value", {"field": "extent_to", "value": most})]
    return []


def _start(values: Values) -> list[Fact]:
    """A start is told: the day, or the season and the year."""
    start = TrainingOption.Start
    has_day, has_season = values.get("starts_on"), values.get("start_season") and values.get("start_year")
    if values.get("start") == start.DATE and not has_day:
        values["start"] = start.SEASON if has_season else start.UNKNOWN
    elif values.get("start") == start.SEASON and not has_season:
        values["start"] = start.UNKNOWN
    return []


def _business_id(values: Values) -> list[Fact]:
    values["business_id"] = values.get("business_id") or None
    if values["business_id"] is None:
        del values["business_id"]
    return []


RULES: dict[type[models.Model], tuple[Callable[[Values], list[Fact]], ...]] = {
    TrainingOption: (
        _in_order("applications_from", "applications_to"),
        _in_order("starts_on", "ends_on"),
        _extent,
        _start,
    ),
    Organisation: (_business_id,),
}
