"""The form that asks where one is, to tell the next stop of the bus there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from network.forms.place import PlaceField
from opinovi.forms import PortalFormMixin


class WhereForm(PortalFormMixin, forms.Form):
    """Where one is, as a postcode or a municipality; nothing is asked of the device."""

    method = "get"
    submit = _("Show the next stop")

    place = PlaceField(label=_("Where are you?"), help_text=_("A municipality or a postcode."))
