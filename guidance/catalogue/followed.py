"""Which lists can be followed, and what a followed search finds.

A later app adds its own list: `followed.SEARCHES["events"] = Followable(…)` in its AppConfig.ready.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guidance.catalogue.forms.search import FundingSearchForm, GuidanceSearchForm, TrainingSearchForm
from guidance.catalogue.models import Find, FollowedSearch, Funding, GuidanceService, TrainingOption
from guidance.catalogue.models.alert import LONGEST_QUERY
from network.forms.search import SearchForm


class Followable(NamedTuple):
    """A list whose searches can be followed. Its rows have a `name` and a `slug`."""

    label: str | Promise
    form: type[SearchForm[Any]]
    rows: Callable[[], QuerySet[Any]]
    list_route: str
    detail_route: str


SEARCHES: dict[str, Followable] = {
    "training": Followable(
        _("Training"),
        TrainingSearchForm,
        TrainingOption.objects.published,
        "catalogue:public:training_list",
        "catalogue:public:training_detail",
    ),
    "guidance": Followable(
        _("Guidance"),
        GuidanceSearchForm,
        GuidanceService.objects.published,
        "catalogue:public:guidance_list",
        "catalogue:public:guidance_detail",
    ),
    "funding": Followable(
        _("Ways to finance studies"),
        FundingSearchForm,
        Funding.objects.published,
        "catalogue:public:funding_list",
        "catalogue:public:funding_detail",
    ),
}


class Unreadable(Exception):
    """A choice of the search is not, or no longer, known to the list."""


class Search:
    """A search as the list's own form understands it. Raises Unreadable when it does not."""

    def __init__(self, source: str, query: str) -> None:
        self.source = SEARCHES[source]
        self.form = self.source.form(QueryDict(query))
        if self.form.errors or len(self.query) > LONGEST_QUERY:
            raise Unreadable

    @property
    def query(self) -> str:
        """The same for equal searches: known choices alone, sorted, without page and order of rows."""
        return urlencode(sorted(pair for pair in parse_qsl(self.form.query) if pair[0] != "sort"))

    def choices(self, *, with_words: bool = True) -> list[str]:
        """What was chosen, as people read it; without what a visitor wrote freely, unless told otherwise."""
        hidden = None if with_words else "q"
        return [str(_("certain words") if tag.field == hidden else tag.label) for tag in self.form.tags]

    @property
    def url(self) -> str:
        """The path of the list, in the language of now."""
        path = reverse(self.source.list_route)
        return f"{path}?{self.query}" if self.query else path

    def numbers(self) -> set[int]:
        """The primary keys of all rows that match now."""
        return set(self.form.narrow(self.source.rows()).order_by().values_list("pk", flat=True))


def asked_for(source: str, query: str, language: str) -> FollowedSearch:
    """The row of a search, made where nobody follows it yet. Raises Unreadable."""
    with override(language):
        search = Search(source, query)
        known = {"source": source, "language": language, "query": search.query}
        row = FollowedSearch.objects.filter(**known).first()
        if row is None:
            row, _is_new = FollowedSearch.objects.get_or_create(
                **known, defaults={"known": sorted(search.numbers())}
            )
        return row


def described(row: FollowedSearch, *, with_words: bool = True) -> dict[str, Any]:
    """What pages and letters say of a search; only its list, where it cannot be read any more."""
    source = SEARCHES[row.source]
    with override(row.language):
        try:
            search = Search(row.source, row.query)
        except Unreadable:
            return {"label": source.label, "choices": [], "url": reverse(source.list_route), "is_lost": True}
        choices = search.choices(with_words=with_words)
        return {"label": source.label, "choices": choices, "url": search.url, "is_lost": False}


def look(number: int) -> None:
    """Write down what matches a search now and never did before. Raises Unreadable.

    The row is locked, so that two workers find nothing twice; a worker that dies has found nothing at all.
    """
    with transaction.atomic():
        row = FollowedSearch.objects.select_for_update().get(pk=number)
        with override(row.language):
            numbers = Search(row.source, row.query).numbers()
        new = sorted(numbers.difference(row.known))
        moment = timezone.now()
        Find.objects.bulk_create(
            [Find(search=row, row=one, found_at=moment) for one in new], ignore_conflicts=True
        )
        row.checked_at = moment
        if new:
            row.known = sorted({*row.known, *new})
        row.save(update_fields=["checked_at", "known"] if new else ["checked_at"])
