from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    """Free times and the appointments booked on them."""

    name = "guidance.booking"
    verbose_name = _("Booking")
