"""Texts, contacts and hours of the Finnish Service Catalogue, as several of its records have them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from guidance.catalogue.imports.facts import mapping, objects, pairs, text_of
from guidance.catalogue.imports.texts import Words, line, prose
from opinovi.templatetags.portal import SHORT_DAYS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAYS = 100  # of one exceptional period
Step = Mapping[str, Any]


def texts(entries: Any, *types: str) -> Words:
    """Texts by language, of the given types; those of one language follow each other."""
    chosen = [entry for entry in objects(entries) if not types or text_of(entry.get("type")) in types]
    found = pairs(chosen)
    return {code: text for code, values in found.items() if (text := "\n\n".join(map(prose, values)).strip())}


def lines(entries: Any, *types: str) -> Words:
    return {code: line(text) for code, text in texts(entries, *types).items()}


def names(entries: Any) -> list[Words]:
    """The names of classes, terms and groups."""
    return [lines(entry.get("name")) for entry in objects(entries)]


def phone_numbers(channel: Step) -> list[str]:
    """Numbers as one dials them; a Finnish service number has no country code."""
    found = []
    for entry in objects(channel.get("phoneNumbers")):
        number, prefix = text_of(entry.get("number")), text_of(entry.get("prefixNumber"))
        if number:
            is_service = entry.get("isFinnishServiceNumber") is True or not prefix
            found.append(number if is_service else f"{prefix} {number}")
    return list(dict.fromkeys(found))


def phone_lines(channel: Step) -> list[str]:
    """The numbers with what is said of each: what for, what it costs."""
    found = []
    for number, entry in zip(phone_numbers(channel), objects(channel.get("phoneNumbers")), strict=False):
        said = [text_of(entry.get("additionalInformation")), text_of(entry.get("chargeDescription"))]
        said = [word for word in said if word]
        found.append(f"{number} ({', '.join(said)})" if said else number)
    return found


def emails(channel: Step) -> list[str]:
    entries = [*objects(channel.get("emails")), *objects(channel.get("supportEmails"))]
    return list(dict.fromkeys(value for entry in entries if (value := text_of(entry.get("value")))))


def websites(channel: Step) -> list[str]:
    found = [text_of(entry.get("url")) for entry in objects(channel.get("webPages"))]
    return [url for url in dict.fromkeys(found) if url.startswith(("http://", "https://"))]


def weekly_hours(channel: Step) -> list[dict[str, Any]]:
    """Hours of every week as rows; whoever is open day and night is so until a minute to midnight."""
    rows = []
    for hours in objects(channel.get("serviceHours")):
        if text_of(hours.get("serviceHourType")) not in {"DaysOfTheWeek", "Standard"}:
            continue
        valid: dict[str, str | None] = {"valid_from": None, "valid_to": None}
        if hours.get("validForNow") is not True:
            valid = {
                "valid_from": day_of(hours.get("validFrom")),
                "valid_to": day_of(hours.get("validTo")),
            }
        if hours.get("isAlwaysOpen") is True:
            rows += [{"weekday": n, "opens_at": "00:00", "closes_at": "23:59", **valid} for n in range(1, 8)]
        for entry in objects(hours.get("openingHour")):
            opens, closes = text_of(entry.get("from"))[:5], text_of(entry.get("to"))[:5]
            closes = "23:59" if closes in {"00:00", "24:00"} else closes
            rows += [
                {"weekday": number, "opens_at": opens, "closes_at": closes, **valid}
                for number in _weekdays(entry)
                if opens < closes
            ]
    return rows


def exceptional_days(channel: Step) -> list[dict[str, Any]]:
    """Days that differ, one row each: the hours of the day, or none when it is closed."""
    rows: list[dict[str, Any]] = []
    for hours in objects(channel.get("serviceHours")):
        first = day_of(hours.get("validFrom"))
        if text_of(hours.get("serviceHourType")) != "Exceptional" or first is None:
            continue
        last = date.fromisoformat(day_of(hours.get("validTo")) or first)
        entry = next(iter(objects(hours.get("openingHour"))), {})
        opens, closes = text_of(entry.get("from"))[:5], text_of(entry.get("to"))[:5]
        is_closed = hours.get("isClosed") is True or not opens < closes
        reason = next(iter(lines(hours.get("additionalInformation")).values()), "")
        day = date.fromisoformat(first)
        while day <= last and len(rows) < MOST_DAYS:
            times = (
                {"opens_at": None, "closes_at": None}
                if is_closed
                else {"opens_at": opens, "closes_at": closes}
            )
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


def is_public(record: Step) -> bool:
    return text_of(mapping(record).get("publishingStatus")) in {"", "Published"}
