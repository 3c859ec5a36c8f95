from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpinoviConfig(AppConfig):
    """The portal itself: people, sign-in, letters, the read log, page furniture."""

    name = "opinovi"
    verbose_name = _("Portal")
