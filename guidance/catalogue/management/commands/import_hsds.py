"""`manage.py import_hsds`: guidance and training from the open data of another portal (HSDS 3.1)."""

from guidance.catalogue.imports.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import organisations, service points, guidance and training from HSDS 3.1: JSON, JSON lines or the "
        "tabular package (zip). Ask another portal of this kind with full=true, or for its package: only "
        "then it sends all languages."
    )
    source = "hsds"
