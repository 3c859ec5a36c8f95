"""The form of a way to finance studies."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.forms.office import Day
from guidance.catalogue.models import Funding
from network.models import Organisation
from opinovi.forms import PortalFormMixin


class FundingForm(PortalFormMixin, forms.ModelForm):
    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en"),
        Fieldset(_("In one sentence"), "summary_fi", "summary_sv", "summary_en"),
        Fieldset(_("Who can get it"), "audience_fi", "audience_sv", "audience_en"),
        Fieldset(_("How much"), "amount_fi", "amount_sv", "amount_en"),
        Fieldset(_("How to apply"), "application_fi", "application_sv", "application_en", "website"),
        Fieldset(_("How it fits with others"), "combining_fi", "combining_sv", "combining_en"),
        Fieldset(_("Paid by"), "payer", "payer_name_fi", "payer_name_sv", "payer_name_en", "checked_on"),
    )
    has_save_bar = True

    class Meta:
        model = Funding
        exclude = [  # noqa: DJ006 - all the others
            "name", "summary", "audience", "amount", "application", "combining", "payer_name", "slug",
            "order", "published_at",
        ]  # fmt: skip
        widgets = {"checked_on": Day}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].queryset = Organisation.objects.published().current().by_name()
        self.fields["name_fi"].required = True
