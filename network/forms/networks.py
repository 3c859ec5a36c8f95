"""Forms of the network editor."""

from pathlib import Path
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from network.models import Agreement, Area, Network, NetworkMembership, Organisation
from opinovi.alphabet import name_key
from opinovi.forms import GivenFieldsMixin, PortalFormMixin

LARGEST_FILE = 10  # megabytes
AGREEMENT_TYPES = (".pdf", ".docx", ".odt")
SHEET_TYPES = (".xlsx", ".csv")
LARGEST_SHEET = 2  # megabytes

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def refuse_file(file: Any, types: tuple[str, ...], megabytes: int) -> None:
    """Refuse a file of another kind, an empty or a too large one. Raises ValidationError."""
    if Path(file.name).suffix.lower() not in types:
        kinds = ", ".join(types)
        raise ValidationError(_("Choose a file of one of these kinds: %(kinds)s."), params={"kinds": kinds})
    if file.size > megabytes * 1024 * 1024:
        raise ValidationError(_("The file is too large: at most %(size)s MB."), params={"size": megabytes})


class NetworkForm(PortalFormMixin, forms.ModelForm):
    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en"),
        Fieldset(_("Where and who"), "area", "lead"),
        Fieldset(_("Description"), "description_fi", "description_sv", "description_en"),
    )
    has_save_bar = True

    class Meta:
        model = Network
        fields = [
            "name_fi",
            "name_sv",
            "name_en",
            "area",
            "lead",
            "description_fi",
            "description_sv",
            "description_en",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Area.Kind.COUNTRY, Area.Kind.REGION, Area.Kind.VITALITY, Area.Kind.SUBREGION]
        areas = Area.objects.filter(kind__in=kinds).valid_on()
        self.fields["area"].queryset = areas.order_by("kind", name_key(), "pk")
        self.fields["lead"].queryset = Organisation.objects.current().by_name()
        self.fields["name_fi"].required = True


class MembershipForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    given = ("network", "organisation")

    class Meta:
        model = NetworkMembership
        fields = ["role", "status", "since", "until"]
        widgets = {"since": Day, "until": Day}


class MembershipEndForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    given = ("since",)
    submit = _("End the membership")

    class Meta:
        model = NetworkMembership
        fields = ["until"]
        labels = {"until": _("Last day")}
        widgets = {"until": Day}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True


class AgreementForm(PortalFormMixin, forms.ModelForm):
    layout = ("title", "valid_from", "valid_to", "remind_days", "file", "parties")
    has_save_bar = True

    class Meta:
        model = Agreement
        fields = ["title", "parties", "file", "valid_from", "valid_to", "remind_days"]
        widgets = {
            "valid_from": Day,
            "valid_to": Day,
            "parties": forms.CheckboxSelectMultiple,
            "file": forms.ClearableFileInput(attrs={"accept": ",".join(AGREEMENT_TYPES)}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Organisation.objects.filter(memberships__network=self.instance.network)
        self.fields["parties"].queryset = members.distinct().by_name()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            refuse_file(file, AGREEMENT_TYPES, LARGEST_FILE)
        return file


class OrganisationSearchForm(PortalFormMixin, forms.Form):
    """Find an organisation by a part of its name."""

    method = "get"
    submit = _("Search")

    q = forms.CharField(label=_("Name of the organisation"), max_length=100, required=False)

    def narrow(self, organisations: Any) -> Any:
        words = self.cleaned_data.get("q", "") if self.is_valid() else ""
        for word in words.split():
            organisations = organisations.matching(word)
        return organisations


class PartnerImportForm(PortalFormMixin, forms.Form):
    submit = _("Show what would change")

    sheet = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("XLSX or CSV, at most 2 MB. Nothing is saved yet: you see first what would change."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SHEET_TYPES)}),
    )

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        refuse_file(sheet, SHEET_TYPES, LARGEST_SHEET)
        return sheet
