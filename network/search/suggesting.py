"""What a field of words must say for static/js/suggest.js to complete them."""

from django.urls import reverse
from django.utils.translation import ngettext


def suggesting() -> dict[str, str]:
    """Attributes of the field: where suggestions come from, and how their number, `#`, is told."""
    return {
        "data-suggest": reverse("catalogue:public:suggest"),
        "data-suggest-one": _told(1),
        "data-suggest-many": _told(2),
    }


def _told(number: int) -> str:
    said = ngettext(
        "%(number)s suggestion, use the arrow keys to choose it",
        "%(number)s suggestions, use the arrow keys to choose one",
        number,
    )
    return said % {"number": "#"}
