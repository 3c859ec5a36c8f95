"""Choices of a row as the bits of one number: a long list compares and counts numbers faster than texts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Case, Func, Q, Value, When
from django.utils.deconstruct import deconstructible

Choices = tuple[str, Sequence[Any]]  # a column and its values
MOST_BITS = 62  # of a bigint that is never negative


@deconstructible
class Sum(Func):
    """The sum of numbers of one row."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = BigIntegerField()


def bits_of(conditions: Iterable[Q]) -> Sum:
    """A number whose n-th bit is set where the n-th condition holds of the row; at most `MOST_BITS`."""
    flags = [
        Case(When(condition, then=Value(1 << number)), default=Value(0))
        for number, condition in enumerate(conditions)
    ]
    return Sum(Value(0), *flags)


class BitsColumn(models.BigIntegerField):
    """A number that is asked for its bits."""


@BitsColumn.register_lookup
class HasAny(models.Lookup):
    """`choice_bits__any=5`: the row has one of these bits."""

    lookup_name = "any"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        bits, bits_params = self.process_rhs(compiler, connection)
        return f"({column} & {bits}) <> 0", (*params, *bits_params)


class ChoiceBits(models.GeneratedField):
    """What was chosen in other columns, one bit for each choice; PostgreSQL keeps it true.

    `one_of` names columns of one value and `any_of` those of several, each with the values that have a bit.
    Other values are other bits: the migration takes the column away and adds it anew.
    """

    def __init__(
        self,
        *,
        one_of: Sequence[Choices],
        any_of: Sequence[Choices],
        **kwargs: Any,
    ) -> None:
        self.one_of, self.any_of = one_of, any_of
        meanings = {(column, value): Q((column, value)) for column, values in one_of for value in values}
        meanings |= {
            (column, value): Q((f"{column}__contains", [value]))
            for column, values in any_of
            for value in values
        }
        self.places = {choice: place for place, choice in enumerate(meanings)}
        kwargs |= {
            "expression": bits_of(meanings.values()),
            "output_field": BitsColumn(),
            "db_persist": True,
            "editable": False,
        }
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        for computed in ("expression", "output_field", "db_persist", "editable"):
            kwargs.pop(computed, None)
        return name, path, args, {**kwargs, "one_of": self.one_of, "any_of": self.any_of}

    def bit(self, column: str, value: Any) -> int:
        """The bit of a value of a column. Raises KeyError for one that has none."""
        return 1 << self.places[column, value]
