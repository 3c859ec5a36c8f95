"""Whole addresses of pages, for what is read outside of the portal: feeds, calendars, search engines."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """A path of the portal with the portal's own scheme and host before it, whichever host was asked."""
    return f"{settings.ADDRESS}{path}"


def address_of(name: str, *args: Any) -> str:
    """The whole address of a route, in the language of now."""
    return absolute(reverse(name, args=args))
