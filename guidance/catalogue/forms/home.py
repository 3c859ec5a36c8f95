"""The form that asks where one lives, to narrow a page to what is there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from network.forms.place import PlaceField
from network.models import Area
from opinovi.forms import PortalFormMixin


class HomeForm(PortalFormMixin, forms.Form):
    """Where one lives, as a municipality, a region or a postcode; nothing is kept but the address."""

    method = "get"

    place = PlaceField(
        label=_("Where do you live?"),
        help_text=_("A municipality, a region or a postcode. You then see the training and guidance there."),
    )

    def clean_place(self) -> Area | None:
        """Show the name of a place that came as an address word or a postcode."""
        area = self.cleaned_data["place"]
        if area:
            self.data = {"place": area.name}
        return area
