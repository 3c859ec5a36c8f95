from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    """Clients and the guidance they got."""

    name = "guidance.casework"
    verbose_name = _("Casework")
