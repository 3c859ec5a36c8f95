"""Opening hours of the Finnish Service Catalogue.

A row here begins and ends on one day, so hours that go past midnight are split there: the part before it ends
at 23:59, the rest belongs to the next day.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from guidance.catalogue.imports.facts import Facts, objects, text_of
from guidance.catalogue.imports.ptv_texts import lines
from guidance.catalogue.imports.texts import Words
from opinovi.templatetags.portal import SHORT_DAYS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKLY = {"DaysOfTheWeek", "Standard"}
OVER_MIDNIGHT = {"OverMidnight", "Special"}  # from a time of one day to a time of another, without a break
FIRST, LAST = "00:00", "23:59"
MOST_DAYS = 100  # of one exceptional period
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
Step = Mapping[str, Any]
Span = tuple[int, str, str]  # day of the week (1 for Monday), opens, closes


def weekly_hours(channel: Step, facts: Facts) -> list[dict[str, Any]]:
    """Hours of every week as rows; whoever is open day and night is so until a minute to midnight."""
    rows = []
    for hours in objects(channel.get("serviceHours")):
        kind = text_of(hours.get("serviceHourType"))
        if kind not in WEEKLY | OVER_MIDNIGHT:
            continue
        valid: dict[str, str | None] = {"valid_from": None, "valid_to": None}
        if hours.get("validForNow") is not True:
            valid = {
                "valid_from": day_of(hours.get("validFrom")),
                "valid_to": day_of(hours.get("validTo")),
            }
        spans: list[Span] = []
        if hours.get("isAlwaysOpen") is True:
            spans += [(number, FIRST, LAST) for number in range(1, 8)]
        for entry in objects(hours.get("openingHour")):
            found = list(_unbroken(entry) if kind in OVER_MIDNIGHT else _daily(entry))
            if not found:
                facts.say("bad_value", field="opening_hours", value=_as_written(entry))
            spans += found
        rows += [
            {"weekday": number, "opens_at": opens, "closes_at": closes, **valid}
            for number, opens, closes in spans
        ]
    return rows


def _daily(entry: Step) -> Iterator[Span]:
    """The same hours on each day; what goes past midnight ends on the morning after."""
    opens, closes = _clocks(entry)
    if not opens or not closes or opens == closes:
        return
    for number in _weekdays(entry):
        yield from _split([number] if opens < closes else [number, number % 7 + 1], opens, closes)


def _unbroken(entry: Step) -> Iterator[Span]:
    """Open from a time of the first day until a time of the last."""
    opens, closes = _clock(entry.get("from")), _clock(entry.get("to"))
    days = _weekdays(entry)
    if not opens or not closes or not days:
        return
    if len(days) == 1 and closes <= opens:
        days.append(days[0] % 7 + 1)
    yield from _split(days, opens, closes)


def _split(days: list[int], opens: str, closes: str) -> Iterator[Span]:
    for place, number in enumerate(days):
        first = opens if place == 0 else FIRST
        last = closes if place == len(days) - 1 else LAST
        if first < last:  # on a last day that ends as it begins there is nothing
            yield number, first, last


def _clocks(entry: Step) -> tuple[str, str]:
    """When it opens and closes on a day, as `09:00`; midnight at its end is a minute before."""
    opens, closes = _clock(entry.get("from")), _clock(entry.get("to"))
    return opens, LAST if closes == FIRST else closes


def _clock(value: Any) -> str:
    found = CLOCK.match(text_of(value).replace("24:00", FIRST))
    return f"{int(found[1]):02}:{found[2]}" if found else ""


def _as_written(entry: Step) -> str:
    return f"{text_of(entry.get('dayFrom'))} {text_of(entry.get('from'))}–{text_of(entry.get('to'))}".strip()


def exceptional_days(channel: Step, facts: Facts) -> list[dict[str, Any]]:
    """Days that differ, one row each: the hours of the day, or none when it is closed.

    Hours past midnight end with the day, as a row for the day after would hide that day's own hours.
    """
    rows: list[dict[str, Any]] = []
    for hours in objects(channel.get("serviceHours")):
        first = day_of(hours.get("validFrom"))
        if text_of(hours.get("serviceHourType")) != "Exceptional" or first is None:
            continue
        last = date.fromisoformat(day_of(hours.get("validTo")) or first)
        entry = next(iter(objects(hours.get("openingHour"))), {})
        opens, closes = _clocks(entry)
        if hours.get("isClosed") is True or not opens or not closes or opens == closes:
            opens = closes = ""
        elif closes < opens:
            closes = LAST
            facts.say("past_midnight", day=first, hours=_as_written(entry))
        reason = next(iter(lines(hours.get("additionalInformation")).values()), "")
        day = date.fromisoformat(first)
        while day <= last and len(rows) < MOST_DAYS:
            times = {"opens_at": opens or None, "closes_at": closes or None}
            rows.append({"on": day.isoformat(), "reason": reason, **times})
            day += timedelta(days=1)
    return rows


def hours_text(channel: Step) -> Words:
    """The hours of a week in one line, such as "ma–pe 9.00–11.30, 12.30–15.00"."""
    spans: dict[tuple[int, int], list[str]] = {}
    for hours in objects(channel.get("serviceHours")):
        for entry in objects(hours.get("openingHour")):
            days = _weekdays(entry)
            clock = "–".join(
                text_of(entry.get(key))[:5].lstrip("0").replace(":", ".") for key in ("from", "to")
            )
            if days and text_of(hours.get("serviceHourType")) != "Exceptional":
                spans.setdefault((days[0], days[-1]), []).append(clock)
    if not spans:
        return {}
    return {
        code: "; ".join(
            f"{short[first - 1]}{'–' + short[last - 1] if last != first else ''} {', '.join(clocks)}"
            for (first, last), clocks in spans.items()
        )
        for code, short in SHORT_DAYS.items()
    }


def _weekdays(entry: Step) -> list[int]:
    """The days of the week, 1 for Monday, from `dayFrom` to `dayTo`."""
    first, last = text_of(entry.get("dayFrom")), text_of(entry.get("dayTo"))
    if first not in DAYS:
        return []
    start = DAYS.index(first) + 1
    end = DAYS.index(last) + 1 if last in DAYS else start
    return list(range(start, end + 1)) if start <= end else [*range(start, 8), *range(1, end + 1)]


def day_of(value: Any) -> str | None:
    """The local day of a moment that may be in UTC."""
    text = text_of(value)
    try:
        moment: datetime | None = parse_datetime(text)
        if moment is None:
            return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return moment.date().isoformat()
