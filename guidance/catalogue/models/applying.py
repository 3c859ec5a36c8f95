"""Whether one can apply for training, as conditions on its rows."""

from django.db.models import Q
from django.utils import timezone


def is_open() -> Q:
    """Training one can apply for today (local)."""
    today = timezone.localdate()
    return Q(is_rolling=True) | Q(applications_from__lte=today, applications_to__gte=today)


def is_closed() -> Q:
    """Training whose time to apply is over (local)."""
    return Q(is_rolling=False, applications_to__lt=timezone.localdate())
