"""Pages of a list of public content that is looked through once and remembered until content changes."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

from django.core.cache import caches
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

Value = TypeVar("Value")


class RememberingPaginator(Paginator):
    """Remembers how many rows there are and which stand on a page: to know that, all must be looked at.

    `name` tells one list from another, with all that was asked of it and the language it is sorted in.
    """

    object_list: QuerySet[Any]

    def __init__(self, rows: QuerySet[Any], per_page: int, *, name: str) -> None:
        super().__init__(rows, per_page)
        self.name = name

    @cached_property
    def count(self) -> int:
        return self._remembered("count", self.object_list.count)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        pks = self.object_list.values_list("pk", flat=True)[first : first + self.per_page]
        numbers = self._remembered(str(number), lambda: list(pks))
        rows = self.object_list.order_by().in_bulk(numbers)
        return Page([rows[pk] for pk in numbers if pk in rows], number, self)

    def _remembered(self, part: str, look: Callable[[], Value]) -> Value:
        return cast("Value", caches["content"].get_or_set(f"{self.name} {part}", look))
