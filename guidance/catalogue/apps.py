from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """What can be found: guidance services and training options."""

    name = "guidance.catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Let every app say what it adds to the catalogue's pages, in its `additions.py`."""
        autodiscover_modules("additions")
