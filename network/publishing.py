"""Showing a row to everybody, and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _


def toggle_published(request: HttpRequest, thing: Any) -> None:
    """Make a draft public or what is public a draft, and say so; `thing` has `published_at`."""
    thing.published_at = None if thing.published_at else timezone.now()
    thing.save(update_fields=["published_at"])
    messages.success(request, _("It is public now.") if thing.published_at else _("It is a draft now."))
