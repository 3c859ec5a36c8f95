"""The sources that can be imported from. A new one is a reader module and a line here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports.hsds import HsdsReader
from guidance.catalogue.imports.opintopolku import OpintopolkuReader
from guidance.catalogue.imports.ptv import PtvReader
from guidance.catalogue.imports.records import Reader
from guidance.catalogue.imports.spreadsheet import SheetReader


@dataclass(frozen=True)
class Source:
    """A source as people choose it: its name, what to send from it, and who reads it."""

    code: str
    name: str | Promise
    what: str | Promise
    file_types: tuple[str, ...]
    make_reader: Callable[[], Reader]


SOURCES = {
    source.code: source
    for source in (
        Source(
            "opintopolku",
            "Opintopolku",
            _("JSON of the open interface: koulutus, toteutus, hakukohde, haku or search hits."),
            (".json", ".ndjson"),
            OpintopolkuReader,
        ),
        Source(
            "ptv",
            _("Finnish Service Catalogue (PTV)"),
            _("JSON of the open interface, version 11 or 12: services, channels and organisations."),
            (".json", ".ndjson"),
            PtvReader,
        ),
        Source(
            "hsds",
            _("Open data of another portal (HSDS)"),
            _("JSON of the open interface with full records, or the whole package as a zip."),
            (".json", ".ndjson", ".zip"),
            HsdsReader,
        ),
        Source(
            "spreadsheet",
            _("Spreadsheet"),
            _("XLSX or CSV in the shape of the template: training or guidance, a row for each."),
            (".xlsx", ".csv"),
            SheetReader,
        ),
    )
}
