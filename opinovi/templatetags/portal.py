"""Links that know where one is, texts that know their language, and dates as people write them.

Nothing here queries the database. Moments are shown in Europe/Helsinki. Names of days and months stand
here by hand, because a page prints dozens of dates and Django's own localisation costs ten times as much.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.template import Context, Library
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from opinovi.translated import text_in

register = Library()

SHORT_DAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("må", "ti", "on", "to", "fr", "lö", "sö"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
LONG_DAYS = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = {
    "fi": (
        "tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu",
        "heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu",
    ),
    "sv": (
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
BEFORE_CLOCK = {"fi": " klo ", "sv": " kl. ", "en": ", "}


class LanguageLink(NamedTuple):
    """This same page in one of the portal's languages."""

    code: str
    name: str
    path: str
    is_current: bool


LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, name: str, label: str, *args: Any, also: str = "", **kwargs: Any
) -> SafeString:
    """A link that says so when it leads to this page, or to the part of the portal this page is in.

    `also` names further pages, with spaces between, for which the link stands.
    """
    path = reverse(name, args=args, kwargs=kwargs)
    request = context.get("request")
    if request and request.path == path:
        return format_html('<a href="{}" aria-current="page">{}</a>', path, label)
    paths = {name: path} | {other: reverse(other) for other in also.split()}
    if request and any(_is_within(request, its_path, its_name) for its_name, its_path in paths.items()):
        return format_html('<a href="{}" aria-current="true">{}</a>', path, label)
    return format_html('<a href="{}">{}</a>', path, label)


def _is_within(request: HttpRequest, path: str, name: str) -> bool:
    """Whether the page is one of the list's: under its address, or about the same thing (`network_edit`)."""
    if request.path == path:
        return True
    if not name.endswith(("_list", "_index")):
        return False
    if not path.endswith(("/desk/", "/office/")) and request.path.startswith(path):
        return True
    match = request.resolver_match
    return match is not None and _subject(match.view_name) == _subject(name)


def _subject(name: str) -> str:
    return name.rpartition("_")[0]


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """This page in each language; the front page where this one has no such address, as on a 404."""
    request = context.get("request")
    current = get_language() or settings.LANGUAGE_CODE
    return [
        LanguageLink(code, LANGUAGE_NAMES[code], _path_in(code, request, current), code == current)
        for code, _name in settings.LANGUAGES
    ]


def _path_in(code: str, request: HttpRequest | None, current: str) -> str:
    match = request.resolver_match if request else None
    if request and match and code == current:
        return request.get_full_path()
    with override(code):
        if request and match and (path := _path_to(match)) not in {"", request.path}:
            query = request.META.get("QUERY_STRING", "")
            return f"{path}?{query}" if query else path
        return reverse("catalogue:public:front_page")


def _path_to(match: ResolverMatch) -> str:
    """The page's address in the language of now, by its route; empty if that has no name."""
    with suppress(NoReverseMatch):
        return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    return ""


@register.simple_tag
def text(thing: Model, field: str) -> str:
    """A translated field's text; in a `<span lang>` where it had to fall back to another language."""
    value, language = _value_and_language(thing, field)
    if not language:
        return conditional_escape(value)
    return format_html('<span lang="{}">{}</span>', language, value)


@register.simple_tag
def prose(thing: Model, field: str) -> str:
    """A translated field's text as paragraphs; nothing where there is no text."""
    value, language = _value_and_language(thing, field)
    if not value:
        return ""
    paragraphs = mark_safe(linebreaks(value, autoescape=True))  # noqa: S308 - linebreaks has escaped it
    if not language:
        return format_html('<div class="prose">{}</div>', paragraphs)
    return format_html('<div class="prose" lang="{}">{}</div>', language, paragraphs)


def _value_and_language(thing: Model, field: str) -> tuple[str, str]:
    """The first text there is, and its language unless that is the page's own."""
    current = get_language() or settings.LANGUAGE_CODE
    for code in (current, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES):
        if value := text_in(code, thing, field):
            return value, "" if code == current else code
    return "", ""


def _in_words(write: Callable[[date, str], str]) -> Callable[[date | None], str]:
    """Turn a writer of dates into a filter that knows the language and prints nothing for no date."""

    def printed(value: date | None) -> str:
        if not value:
            return ""
        return write(_local(value), get_language() or settings.LANGUAGE_CODE)

    printed.__doc__ = write.__doc__
    return printed


def _local(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: date, language: str) -> str:
    """Mon 23 Nov 2026 · ma 23.11.2026 · må 23.11.2026."""
    return f"{SHORT_DAYS[language][value.weekday()]} {_short_day(value, language)}"


def _short_day(value: date, language: str) -> str:
    """23 Nov 2026 · 23.11.2026 · 23.11.2026."""
    if language == "en":
        return f"{value.day} {SHORT_MONTHS[value.month - 1]} {value.year}"
    return f"{value.day}.{value.month}.{value.year}"


def _month(value: date, language: str) -> str:
    """March 2026 · 3/2026 · 3/2026, within a sentence."""
    return _whole_month(value, language) if language == "en" else f"{value.month}/{value.year}"


def _whole_month(value: date, language: str) -> str:
    """March 2026 · maaliskuu 2026 · mars 2026, for headings."""
    return f"{LONG_MONTHS[language][value.month - 1]} {value.year}"


def _weekday(value: date, language: str) -> str:
    """Monday 23 November · maanantai 23.11. · måndag 23.11, for headings."""
    name = LONG_DAYS[language][value.weekday()]
    if language == "en":
        return f"{name} {value.day} {LONG_MONTHS[language][value.month - 1]}"
    return f"{name} {value.day}.{value.month}{'.' if language == 'fi' else ''}"


def _short_weekday(value: date, language: str) -> str:
    """Mon · ma · må, for the head of a month."""
    return SHORT_DAYS[language][value.weekday()]


def _clock(value: date | time, language: str) -> str:
    """10:15 · 10.15 · 10.15."""
    hour, minute = value.hour, value.minute  # type: ignore[union-attr]  # a day has no clock
    return f"{hour}{':' if language == 'en' else '.'}{minute:02}"


def _moment(value: date, language: str) -> str:
    """Mon 23 Nov 2026, 10:15 · ma 23.11.2026 klo 10.15 · må 23.11.2026 kl. 10.15."""
    return f"{_day(value, language)}{BEFORE_CLOCK[language]}{_clock(value, language)}"


def _day_of_this_year(value: date, language: str) -> str:
    """Mon 23 Nov · ma 23.11. · må 23.11; with the year when it is another one."""
    if value.year != timezone.localdate().year:
        return _day(value, language)
    name = SHORT_DAYS[language][value.weekday()]
    if language == "en":
        return f"{name} {value.day} {SHORT_MONTHS[value.month - 1]}"
    return f"{name} {value.day}.{value.month}{'.' if language == 'fi' else ''}"


register.filter("day", _in_words(_day))
register.filter("short_day", _in_words(_short_day))
register.filter("month", _in_words(_month))
register.filter("whole_month", _in_words(_whole_month))
register.filter("weekday", _in_words(_weekday))
register.filter("short_weekday", _in_words(_short_weekday))
register.filter("clock", _in_words(_clock))
register.filter("moment", _in_words(_moment))


@register.simple_tag
def span(starts: date | None, ends: date | None) -> str:
    """From when to when: *Mon 23 Nov, 10:15–11:00* for moments, *1 Sep 2008 – 31 Mar 2012* for days.

    Either end may be missing. The year of a moment is said only when it is not this year.
    """
    language = get_language() or settings.LANGUAGE_CODE
    first, last = (_local(value) if value else None for value in (starts, ends))
    if isinstance(first or last, datetime):
        return _span_of_moments(first, last, language)
    if first == last:
        return _short_day(first, language) if first else ""
    from_, to = (_short_day(value, language) if value else "" for value in (first, last))
    return f"{from_}–{to}" if from_ and to and language != "en" else f"{from_} – {to}".strip()


def _span_of_moments(first: date | None, last: date | None, language: str) -> str:
    def written(value: date) -> str:
        return f"{_day_of_this_year(value, language)}{BEFORE_CLOCK[language]}{_clock(value, language)}"

    if first is None or last is None:
        return written(first) if first else f"– {written(last)}" if last else ""
    same_day = (first.year, first.month, first.day) == (last.year, last.month, last.day)
    if same_day:
        return f"{written(first)}–{_clock(last, language)}"
    return f"{written(first)} – {written(last)}"
