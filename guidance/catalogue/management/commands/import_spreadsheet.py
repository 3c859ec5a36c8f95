"""`manage.py import_spreadsheet`: training or guidance from a spreadsheet in the shape of the template."""

from guidance.catalogue.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import training or guidance services from a spreadsheet (XLSX or CSV)."
    source = "spreadsheet"
