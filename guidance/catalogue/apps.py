from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """What can be found: guidance services and training options."""

    name = "guidance.catalogue"
    verbose_name = _("Catalogue")
