"""Forms by which a contact without an account corrects what we say of training and guidance."""

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import GuidanceService, TrainingOption
from opinovi.forms import GivenFieldsMixin, PortalFormMixin

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CorrectionForm(PortalFormMixin, GivenFieldsMixin, forms.ModelForm):
    """What all corrections have; `changed` names the fields whose values are new."""

    note = forms.CharField(
        label=_("Something else"),
        help_text=_("A coordinator of the portal reads this."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    is_public = True
    submit = _("Save; the rest is right")

    @property
    def changed(self) -> list[str]:
        return [name for name in self.changed_data if name != "note"]


class TrainingCorrectionForm(CorrectionForm):
    layout = (
        Fieldset(_("Start"), "start", "starts_on", "start_season", "start_year"),
        Fieldset(_("Applying"), "is_rolling", "applications_from", "applications_to", "application_link"),
        Fieldset(_("Cost"), "fee"),
        Fieldset(_("Contact"), "contact_name", "contact_phone", "contact_email", "website"),
        "note",
    )
    given = ("ends_on",)

    class Meta:
        model = TrainingOption
        fields = [
            "start", "starts_on", "start_season", "start_year", "is_rolling", "applications_from",
            "applications_to", "application_link", "fee", "contact_name", "contact_phone", "contact_email",
            "website",
        ]  # fmt: skip
        widgets = {"starts_on": Day, "applications_from": Day, "applications_to": Day}


class GuidanceCorrectionForm(CorrectionForm):
    layout = (
        Fieldset(_("Contact"), "phone", "email", "website", "response_days"),
        Fieldset(_("Cost"), "fee"),
        Fieldset(
            _("In one sentence: a coordinator looks at it first"), "summary_fi", "summary_sv", "summary_en"
        ),
        "note",
    )

    class Meta:
        model = GuidanceService
        fields = [
            "phone",
            "email",
            "website",
            "response_days",
            "fee",
            "summary_fi",
            "summary_sv",
            "summary_en",
        ]
