"""What a person tells through the private link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.phone import clean_number
from guidance.booking.models import Appointment, AppointmentFeedback
from guidance.booking.ways import OtherWay
from guidance.catalogue.models import Channel
from opinovi.forms import PortalFormMixin

STARS = [
    (5, _("5 – very good")),
    (4, _("4 – good")),
    (3, _("3 – all right")),
    (2, _("2 – poor")),
    (1, _("1 – very poor")),
]


class CancelForm(PortalFormMixin, forms.Form):
    """Why the meeting is cancelled, for those who like to tell."""

    reason = forms.CharField(
        label=_("Why? You need not tell."),
        required=False,
        max_length=Appointment._meta.get_field("cancel_reason").max_length,
        help_text=_("Only the counsellors see it."),
    )

    is_public = True
    is_tagless = True


class OtherWayForm(PortalFormMixin, forms.Form):
    """What another way to meet needs and is not known yet: a number to call, or an address to come to."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=Appointment._meta.get_field("phone").max_length,
        help_text=_("The counsellor calls this number."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        error_messages={"required": _("Write the number that the counsellor calls.")},
    )
    visit_address = forms.CharField(
        label=_("Where shall we come?"),
        max_length=Appointment._meta.get_field("visit_address").max_length,
        help_text=_("Street, door and municipality."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Write the address where the counsellor comes.")},
    )

    is_public = True
    is_tagless = True

    def __init__(self, *args: Any, appointment: Appointment, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        if not channel.needs_phone or appointment.phone:
            del self.fields["phone"]
        if not channel.needs_address or appointment.visit_address:
            del self.fields["visit_address"]

    def clean_phone(self) -> str:
        return clean_number(self.cleaned_data["phone"])

    @property
    def way(self) -> OtherWay:
        """The way that was chosen, with what was told."""
        return OtherWay(self.channel, **self.cleaned_data)


class FeedbackForm(PortalFormMixin, forms.ModelForm):
    """From one to five, and words."""

    is_public = True
    is_tagless = True

    stars = forms.TypedChoiceField(
        label=_("How was the meeting?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose from one to five.")},
    )

    class Meta:
        model = AppointmentFeedback
        fields = ["stars", "text"]
        labels = {"text": _("In your own words")}
        help_texts = {
            "text": _(
                "What helped? What could be better? The counsellor you met and the coordinators of the "
                "organisation read this, without your name. From what you write they may guess who you are."
            )
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
