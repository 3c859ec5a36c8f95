"""`manage.py import_hsds`: what another portal publishes as open data (HSDS 3.1)."""

from guidance.catalogue.imports.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import from HSDS 3.1: JSON, JSON lines or the tabular package (zip). Of another portal of this kind "
        "give the package, or organizations, services and taxonomy_terms with full=true: only then come all "
        "languages, training, events, ways to finance studies, networks and life situations. Of others come "
        "organisations, service points and guidance."
    )
    source = "hsds"
