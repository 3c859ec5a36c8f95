from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """Figures that hold counts only."""

    name = "guidance.reporting"
    verbose_name = _("Figures")
