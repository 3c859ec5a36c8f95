"""The form by which a contact without an account corrects what we say of an event."""

from crispy_forms.layout import Fieldset
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import GroupSession
from guidance.catalogue.forms.checks import CorrectionForm


class EventCorrectionForm(CorrectionForm):
    """What can change without anybody coming in vain; of time and place a coordinator tells people."""

    layout = (
        Fieldset(_("Contact"), "phone", "email"),
        Fieldset(_("Signing up"), "registration_link"),
        Fieldset(_("Cost"), "fee"),
        Fieldset(
            _("In one sentence: a coordinator looks at it first"), "summary_fi", "summary_sv", "summary_en"
        ),
        "note",
    )
    given = ("has_registration",)

    class Meta:
        model = GroupSession
        fields = ["phone", "email", "registration_link", "fee", "summary_fi", "summary_sv", "summary_en"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Another time or place, or something else")
        self.fields["note"].help_text = _(
            "A coordinator of the portal reads this, changes the event and tells those who have signed up."
        )
