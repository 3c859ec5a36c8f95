from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Regional development projects."""

    name = "projects"
    verbose_name = _("Projects")
