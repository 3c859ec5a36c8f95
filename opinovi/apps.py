from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class OpinoviConfig(AppConfig):
    """The portal itself: people, sign-in, letters, the read log, page furniture."""

    name = "opinovi"
    verbose_name = _("Portal")


class AdminConfig(admin.AdminConfig):
    """Django's admin, with the portal's own rules on who enters."""

    default = False  # "opinovi" among INSTALLED_APPS means the other one
    default_site = "opinovi.admin_site.PortalAdminSite"
