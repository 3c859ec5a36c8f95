"""The portal's own record inside a record of the standard: everything that is published of a row.

HSDS knows one language and not every fact of the portal. Under `opinovi` a full record carries the rest:
texts in all languages (`{"fi": …, "sv": …}`), values as they stand in the portal's columns, and other rows by
their address words and codes, so that another portal can read all of it back. A column stands here by name
or it does not go out.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import get_language_info, override

from guidance.catalogue.exports.hsds.ids import part_of
from guidance.catalogue.exports.hsds.tables import Record, known
from network.models import Area
from opinovi.translated import text_in

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def own_record(row: Model, kind: str, *, texts: Iterable[str], values: Iterable[str], **more: Any) -> Record:
    """What the portal knows of a row; empty texts and values that are not known are left out."""
    languages = {name: known(**{code: text_in(code, row, name) for code in LANGUAGES}) for name in texts}
    plain = {name: plainly(getattr(row, name)) for name in values}
    return known(kind=kind, **languages, **plain, **more)


def plainly(value: Any) -> Any:
    """A value as JSON has it: amounts as text, so that no cent is lost; moments with their offset (UTC)."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def area_key(area: Area) -> str:
    """An area as another portal knows it: `municipality:837`."""
    return f"{area.kind}:{area.code}"


def page_url(route: str, slug: str) -> str:
    """The row's page of the portal, in the reader's language."""
    return settings.ADDRESS + reverse(route, args=[slug])


def page_urls(route: str, slug: str, *, owner: str, whole: str) -> list[Record]:
    """The row's page in each language: HSDS itself knows one language at a time."""
    found = []
    for code in LANGUAGES:
        with override(code):
            address = page_url(route, slug)
        label = str(get_language_info(code)["name_local"])
        found.append({"id": part_of(whole, "url", code), "label": label, "url": address, owner: whole})
    return found
