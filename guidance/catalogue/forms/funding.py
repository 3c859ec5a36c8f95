"""The form of a way to finance studies."""

from typing import Any

from crispy_forms.layout import Fieldset
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.forms.checked import CheckedForm
from guidance.catalogue.models import Funding
from network.models import Organisation


class FundingForm(CheckedForm):
    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en"),
        Fieldset(_("In one sentence"), "summary_fi", "summary_sv", "summary_en"),
        Fieldset(_("Who can get it"), "audience_fi", "audience_sv", "audience_en"),
        Fieldset(_("How much"), "amount_fi", "amount_sv", "amount_en"),
        Fieldset(_("How to apply"), "application_fi", "application_sv", "application_en", "website"),
        Fieldset(_("How it fits with others"), "combining_fi", "combining_sv", "combining_en"),
        Fieldset(_("Paid by"), "payer", "payer_name_fi", "payer_name_sv", "payer_name_en"),
        Fieldset(_("Checked"), "is_checked_today"),
    )
    has_save_bar = True

    class Meta:
        model = Funding
        exclude = [
            "name", "summary", "audience", "amount", "application", "combining", "payer_name", "slug",
            "order", "published_at", "checked_on",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].queryset = Organisation.objects.published().current().by_name()
