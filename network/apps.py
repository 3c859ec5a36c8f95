from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    """Who is there: areas, organisations, service points, networks, people at work."""

    name = "network"
    verbose_name = _("Network")

    def ready(self) -> None:
        """Let every app add what can be found of it: its module `found`."""
        autodiscover_modules("found")
