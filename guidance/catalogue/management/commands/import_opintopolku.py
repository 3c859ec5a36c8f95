"""`manage.py import_opintopolku`: training from Opintopolku, out of files or from its open interface."""

from guidance.catalogue.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import training from Opintopolku: koulutus, toteutus, hakukohde, haku and search hits, as JSON."
    source = "opintopolku"
