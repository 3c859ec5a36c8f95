"""What a person tells through the private link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment, AppointmentFeedback
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
