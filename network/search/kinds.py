"""What can be found. Each app adds its kinds as it is ready, so that no app need know those to its right."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from network.models import Area


def _nothing() -> Q:
    return Q(pk__in=[])


def _anywhere(rows: QuerySet, _area: Area) -> QuerySet:
    return rows


def _nowhere(_area: Area) -> Q:
    return Q(pk__in=[])


def _in_no_language(_code: str) -> Q:
    return Q(pk__in=[])


@dataclass(frozen=True)
class Kind:
    """A kind of row that people look for.

    `rows` gives all that a stranger may find, with what a row of `template` shows (it is included with
    `hit`). `listing` and `detail` are names of routes; the list takes `?q=`, the detail page a slug, and
    either may be missing. `through` names relations whose names find a row too. `within` narrows rows to a
    place, `near` tells which of them are there themselves; `is_open` and `is_past` tell what one can act on
    now, and no longer; `speaks` which of them are given in a language.
    """

    slug: str
    label: str | Promise
    model: type[Model]
    rows: Callable[[], QuerySet]
    template: str
    order: int  # of kinds whose best hits are equally good
    listing: str = ""
    detail: str = ""
    name: str = "name"
    through: tuple[str, ...] = ()
    within: Callable[[QuerySet, Area], QuerySet] = _anywhere
    near: Callable[[Area], Q] = _nowhere
    is_open: Callable[[], Q] = field(default=_nothing)
    is_past: Callable[[], Q] = field(default=_nothing)
    speaks: Callable[[str], Q] = field(default=_in_no_language)

    @property
    def is_local(self) -> bool:
        """Whether a place narrows its rows: what is the same everywhere answers no question about a place."""
        return self.within is not _anywhere


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let these be found. Called from an app's `ready()`; a kind that is there already is replaced."""
    _kinds.update({kind.slug: kind for kind in kinds})


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kind_of(model: type[Model]) -> Kind | None:
    """The kind whose rows these are."""
    return next((kind for kind in _kinds.values() if kind.model is model), None)
