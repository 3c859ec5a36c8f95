"""Further application rounds in one cell of a sheet: `2027-01-10–2027-01-24 Spring; 2027-03-01– Late`."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from guidance.catalogue.models import Period

DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}"
ROUND = re.compile(rf"(?P<opens>{DAY})(\s*[–-]\s*(?P<closes>{DAY})?)?(\s+(?P<name>.+))?", re.DOTALL)
SHAPES = ("%Y-%m-%d", "%d.%m.%Y")


def day_of(text: str) -> date:
    """A day as people write it. Raises ValueError."""
    for shape in SHAPES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


def written(periods: Iterable[Period]) -> str:
    """The periods as a cell says them; those without a first day are no rounds."""
    return "; ".join(_written(period) for period in periods if period.opens_on)


def _written(period: Period) -> str:
    closes = period.closes_on.isoformat() if period.closes_on else ""
    name = period.name.replace(";", ",")
    return f"{period.opens_on}–{closes} {name}".rstrip()


def read_rounds(cell: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The rounds that a cell tells, as imports have them, and the pieces that are none."""
    rounds, wrong = [], []
    for piece in filter(None, (piece.strip() for piece in re.split(r"[;\n]", cell))):
        try:
            rounds.append(_round(piece))
        except ValueError:
            wrong.append(piece)
    return rounds, wrong


def _round(piece: str) -> dict[str, Any]:
    """Raises ValueError."""
    found = ROUND.fullmatch(piece)
    if not found:
        raise ValueError(piece)
    opens, closes = found["opens"], found["closes"]
    return {
        "name": " ".join((found["name"] or "").split()),
        "opens_on": day_of(opens).isoformat(),
        "closes_on": day_of(closes).isoformat() if closes else None,
    }
