"""The field in which one names a place."""

from typing import Any

from django import forms
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from network.models import Area
from network.search import understand


class PlaceField(forms.CharField):
    """A municipality, a region or another area: its name in any language and, as in the search box, in any
    case form; its address word; or a postcode.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Where"))
        kwargs.setdefault("help_text", _("A municipality, a region or a postcode."))
        super().__init__(required=False, max_length=100, **kwargs)

    def clean(self, value: Any) -> Area | None:
        """Raises ValidationError when there is no such place."""
        words = super().clean(value)
        if not words:
            return None
        if area := Area.objects.named(words).first():
            return area
        wish = understand(words)
        if wish.places and not wish.words:
            return wish.places[0]
        if near := _nearest_area(words):
            raise ValidationError(
                _("We know no place called “%(words)s”. Did you mean %(near)s?"),
                params={"words": words, "near": near},
            )
        raise ValidationError(
            _("We know no place called “%(words)s”. Try a postcode or a larger place nearby."),
            params={"words": words},
        )


def _nearest_area(words: str) -> Area | None:
    """The region or municipality whose name looks most like the words, if any does."""
    likeness = Greatest(TrigramSimilarity("name_fi", words), TrigramSimilarity("name_sv", words))
    places = Area.objects.filter(kind__in=[Area.Kind.REGION, Area.Kind.MUNICIPALITY])
    return places.annotate(likeness=likeness).filter(likeness__gt=0.3).order_by("-likeness", "pk").first()
