"""Pages of a list of public content that is looked through once and remembered until content changes."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from django.core.cache import caches
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

Value = TypeVar("Value")
Cut = Callable[
    [int, int, int], list[int]
]  # from a place to before another, of so many: the primary keys there


class KnownRows(Sequence[Model]):
    """Rows of which only the primary keys are known; they are read when a template comes to them.

    A row that was deleted in between is not among those that are read.
    """

    def __init__(self, rows: QuerySet[Any], pks: list[int]) -> None:
        self._rows = rows
        self._pks = pks

    def __len__(self) -> int:
        return len(self._pks)

    def __getitem__(self, index: Any) -> Any:
        return self._read[index]

    @cached_property
    def _read(self) -> list[Model]:
        rows = self._rows.in_bulk(self._pks)
        return [rows[pk] for pk in self._pks if pk in rows]


class RememberedPage(Page):
    """A page of rows. `name` tells it from every other, so that a template can keep what it makes of it."""

    paginator: "RememberingPaginator"
    reasons: Mapping[int, list[str]] = {}  # why a row stands where it does, by its primary key

    @property
    def explained(self) -> list[tuple[Any, list[str]]]:
        """The rows with the reasons for their order, where these were asked for."""
        return [(row, self.reasons.get(row.pk, [])) for row in self.object_list]

    @property
    def name(self) -> str:
        return f"{self.paginator.name} {self.number}"


class RememberingPaginator(Paginator):
    """Remembers how many rows there are and which stand on a page: to know that, all must be looked at.

    `name` tells one list from another, with all that was asked of it and the language it is sorted in.
    """

    object_list: QuerySet[Any]

    def __init__(
        self,
        rows: QuerySet[Any],
        per_page: int,
        *,
        name: str,
        cut: Cut | None = None,
        count: Callable[[], int] | None = None,
    ) -> None:
        """`cut` finds the rows of a page where they are not in the order of the queryset.

        `count` tells how many there are where somebody has counted them already.
        """
        super().__init__(rows, per_page)
        self.name = name
        self._cut = cut or self._cut_rows
        self._count = count or self.object_list.count

    @cached_property
    def count(self) -> int:
        return self._remembered("count", self._count)

    def page(self, number: int | str) -> RememberedPage:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        numbers = self._remembered(str(number), lambda: self._cut(first, first + self.per_page, self.count))
        return RememberedPage(KnownRows(self.object_list.order_by(), numbers), number, self)

    def _cut_rows(self, first: int, last: int, _count: int) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True)[first:last])

    def _remembered(self, part: str, look: Callable[[], Value]) -> Value:
        return cast("Value", caches["content"].get_or_set(f"{self.name} {part}", look))
