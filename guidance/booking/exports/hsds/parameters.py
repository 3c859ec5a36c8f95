"""What one may ask the API: each parameter once, for the reader of queries and for the OpenAPI document."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.exports.hsds.places import DAYS

MOST_PER_PAGE = 1000
PER_PAGE = 50
LAST_PAGE = 1_000_000
LANGUAGES = ("fi", "sv", "en")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NULL = "\x00"

Answers = dict[str, Any]  # what was asked, by the parameter's name; what was not is not there


class BadParameter(Exception):
    """A parameter cannot be understood. `name` is which, the text says what to do."""

    status = 400

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


class UnknownPlace(BadParameter):
    """There is no such place, or none was named to measure a distance from."""

    status = 404


@dataclass(frozen=True)
class Parameter:
    """A query parameter. `read` makes a value of its text or raises ValueError; `needs` says what to give."""

    name: str
    description: str | Promise
    needs: str
    read: Callable[[str], Any]
    schema: dict[str, Any]


def read_query(query: QueryDict, names: tuple[str, ...]) -> Answers:
    """What was asked. Raises BadParameter for an unknown, a repeated or an unreadable parameter."""
    answers: Answers = {}
    for name, values in query.lists():
        if name not in names:
            known = ", ".join(names)
            raise BadParameter(name, f"There is no such parameter here. These can be used: {known}.")
        if len(values) > 1:
            raise BadParameter(name, "Give this parameter once.")
        parameter = PARAMETERS[name]
        try:
            answers[name] = parameter.read(values[0])
        except ValueError as error:
            raise BadParameter(name, f"This must be {parameter.needs}.") from error
    if "proximity" in answers and "postcode" not in answers:
        raise UnknownPlace("proximity", "Give a postcode too: the distance is measured from there.")
    return answers


def read_uuid(text: str) -> UUID:
    """Raises ValueError unless it is a UUID as HSDS writes them."""
    if not _UUID.fullmatch(text):
        raise ValueError(text)
    return UUID(text)


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def _flag(text: str) -> bool:
    return _one_of("true", "false")(text) == "true"


def _words(text: str) -> str:
    if _NULL in text or len(text) > 100:
        raise ValueError(text)
    return text


def _moment(text: str) -> datetime:
    """A date, or a moment; without an offset it is UTC. An offset's plus that came as a space is mended."""
    if not text.isascii():
        raise ValueError(text)
    moment = parse_datetime(re.sub(r" (\d\d:\d\d)$", r"+\1", text).replace("t", "T").replace("z", "Z"))
    if moment is None:
        moment = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # a moment before the first year or after the last, seen from UTC
        return moment.replace(tzinfo=UTC)


def _postcode(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5}", text, re.ASCII):
        raise ValueError(text)
    return text


def _clock(text: str) -> time:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text, re.ASCII):
        raise ValueError(text)
    return time.fromisoformat(text)


def _weekday(text: str) -> int:
    return DAYS.index(text) + 1


_UUID_SCHEMA = {"type": "string", "format": "uuid"}
_TIME_SCHEMA = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_AGE = {"type": "integer", "minimum": 0, "maximum": 150}
_A_UUID = "a UUID such as those in the answers"
_A_FLAG = "true or false"
_A_TIME = "a time of day such as 09:00"

PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        Parameter(
            "search",
            _("Words to look for, in Finnish, Swedish or English and in any form."),
            "at most 100 characters of text",
            _words,
            {"type": "string", "maxLength": 100, "pattern": "^[^\\u0000]*$"},
        ),
        Parameter(
            "page",
            _("Which page, from 1. A page after the last is empty."),
            f"a whole number from 1 to {LAST_PAGE}",
            _number(1, LAST_PAGE),
            {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
        ),
        Parameter(
            "per_page",
            _("How many records a page."),
            f"a whole number from 1 to {MOST_PER_PAGE}",
            _number(1, MOST_PER_PAGE),
            {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
        ),
        Parameter(
            "format",
            _("json: a page. ndjson: every record that fits, one a line, as it is read; pages do not count."),
            "json or ndjson",
            _one_of("json", "ndjson"),
            {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
        ),
        Parameter(
            "lang",
            _(
                "The language of texts; otherwise that of Accept-Language. What is not written in it "
                "comes in the first of Finnish, Swedish and English that there is."
            ),
            "fi, sv or en",
            _one_of(*LANGUAGES),
            {"type": "string", "enum": list(LANGUAGES)},
        ),
        Parameter(
            "taxonomy_term_id",
            _("Only records that this term sorts."),
            _A_UUID,
            read_uuid,
            _UUID_SCHEMA,
        ),
        Parameter(
            "taxonomy_id",
            _("Only records that a term of this taxonomy sorts."),
            _A_UUID,
            read_uuid,
            _UUID_SCHEMA,
        ),
        Parameter(
            "organization_id",
            _("Only what this organization provides."),
            _A_UUID,
            read_uuid,
            _UUID_SCHEMA,
        ),
        Parameter(
            "modified_after",
            _("Only what was changed at this moment or later."),
            "a moment such as 2026-01-31T12:00:00Z",
            _moment,
            {"type": "string", "format": "date-time"},
        ),
        Parameter(
            "minimal",
            _("true: each record as its id and last_modified alone."),
            _A_FLAG,
            _flag,
            {"type": "boolean", "default": False},
        ),
        Parameter(
            "full",
            _("true: each record with everything that belongs to it, as when it is asked for alone."),
            _A_FLAG,
            _flag,
            {"type": "boolean", "default": False},
        ),
        Parameter(
            "full_service",
            _("true: full organizations with their full services, at most 1000 in an answer."),
            _A_FLAG,
            _flag,
            {"type": "boolean", "default": False},
        ),
        Parameter(
            "top_only",
            _("true: only terms that lie under no other. All do: these lists are flat."),
            _A_FLAG,
            _flag,
            {"type": "boolean", "default": False},
        ),
        Parameter("parent_id", _("Only terms under this term."), _A_UUID, read_uuid, _UUID_SCHEMA),
        Parameter(
            "postcode",
            _("Only services for people who live here; with proximity, only locations so near."),
            "a Finnish postcode: five digits",
            _postcode,
            {"type": "string", "pattern": "^[0-9]{5}$"},
        ),
        Parameter(
            "proximity",
            _("Metres from the middle of the postcode, as far as the portal knows it."),
            "a whole number of metres from 0 to 2000000",
            _number(0, 2_000_000),
            {"type": "integer", "minimum": 0, "maximum": 2_000_000},
        ),
        Parameter(
            "minimum_age",
            _("Only services for people of this age or older. No service here sets an age."),
            "an age in years from 0 to 150",
            _number(0, 150),
            _AGE,
        ),
        Parameter(
            "maximum_age",
            _("Only services for people of this age or younger. No service here sets an age."),
            "an age in years from 0 to 150",
            _number(0, 150),
            _AGE,
        ),
        Parameter(
            "start_time",
            _("Only services open some time after this time of day (Helsinki)."),
            _A_TIME,
            _clock,
            _TIME_SCHEMA,
        ),
        Parameter(
            "end_time",
            _("Only services open some time before this time of day (Helsinki)."),
            _A_TIME,
            _clock,
            _TIME_SCHEMA,
        ),
        Parameter(
            "day",
            _("Only services open on this day of the week."),
            "one of " + ", ".join(DAYS),
            _weekday,
            {"type": "string", "enum": list(DAYS)},
        ),
    )
}
