from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    """Who is there: areas, organisations, service points, networks, people at work."""

    name = "network"
    verbose_name = _("Network")
