"""Forms of organisations and their contacts."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from network.forms.networks import Day
from network.models import Area, Contact, Organisation
from opinovi.choices import read_together
from opinovi.forms import PortalFormMixin


class OrganisationForm(PortalFormMixin, forms.ModelForm):
    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en"),
        Fieldset(_("What it is"), "sector", "business_id", "parent", "home_municipality", "website"),
        Fieldset(_("Description"), "description_fi", "description_sv", "description_en"),
        Fieldset(_("If it has ended"), "ended_on", "successors"),
    )
    has_save_bar = True

    class Meta:
        model = Organisation
        fields = [
            "name_fi",
            "name_sv",
            "name_en",
            "sector",
            "business_id",
            "parent",
            "home_municipality",
            "website",
            "description_fi",
            "description_sv",
            "description_en",
            "ended_on",
            "successors",
        ]
        widgets = {"ended_on": Day}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.exclude(pk=self.instance.pk).by_name()
        self.fields["parent"].queryset = others
        self.fields["successors"].queryset = others
        self.fields["home_municipality"].queryset = Area.objects.municipalities().by_name()
        self.fields["name_fi"].required = True
        read_together(self, "sector", "parent", "home_municipality", "successors")

    def clean_business_id(self) -> str | None:
        return self.cleaned_data["business_id"] or None


class ContactForm(PortalFormMixin, forms.ModelForm):
    class Meta:
        model = Contact
        fields = [
            "name", "title_fi", "title_sv", "title_en", "email", "phone", "language", "is_public",
            "receives_reminders",
        ]  # fmt: skip
