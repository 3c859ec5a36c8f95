"""`manage.py import_ptv`: guidance services from the Finnish Service Catalogue (PTV)."""

from guidance.catalogue.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import services, channels and organisations from the Finnish Service Catalogue (PTV), as JSON."
    source = "ptv"
