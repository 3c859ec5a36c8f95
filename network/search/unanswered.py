"""Counting what people look for in vain: the words, the place and the week, and nothing of the person."""

import re

from django.db import connection
from django.utils import timezone

from network.search.wishes import MAX_LENGTH
from opinovi.models import UnansweredSearch

_PERSONAL = re.compile(
    r"@"  # an address
    r"|\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]"  # a Finnish personal identity code
    r"|(?:\d[\s-]?){6,}"  # a phone number, or another long number
    r"|https?:",
    re.IGNORECASE,
)


def count_unanswered(
    words: str, *, place: str = "", kind: UnansweredSearch.Kind = UnansweredSearch.Kind.NOTHING
) -> None:
    """Count once more that these words, near the area with the address word `place`, led nowhere this week.

    Words that look like a person's own (addresses, numbers, identity codes) are not kept.
    """
    plain = " ".join(words.replace("\0", " ").lower().split())[:MAX_LENGTH]
    if not plain or _PERSONAL.search(plain):
        return
    year, week, _weekday = timezone.localdate().isocalendar()
    table = UnansweredSearch._meta.db_table
    with connection.cursor() as cursor:  # one statement: two who search at once are both counted
        cursor.execute(
            f'INSERT INTO "{table}" (kind, words, place, year, week, number) VALUES (%s, %s, %s, %s, %s, 1)'  # noqa: S608
            f' ON CONFLICT (year, week, kind, words, place) DO UPDATE SET number = "{table}".number + 1',
            [kind.value, plain, place, year, week],
        )
