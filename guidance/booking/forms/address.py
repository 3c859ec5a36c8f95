"""The e-mail address that a letter about a booking goes to."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from opinovi.forms import PortalFormMixin


class AddressForm(PortalFormMixin, forms.Form):
    """For a counsellor whose letter did not reach the person."""

    email = forms.EmailField(label=_("The person's e-mail address"))

    submit = _("Save and send the letter again")


class LinksForm(PortalFormMixin, forms.Form):
    """For a person whose private link does not open the booking any more."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one that you gave when you booked."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    is_public = True
    action = reverse_lazy("booking:public:appointment_links")
    submit = _("Send me the links to my bookings")
