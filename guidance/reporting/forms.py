"""The choice of what figures count."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guidance.reporting.figures import Scope, add_months
from network.models import Organisation
from network.models.organisation import OrganisationQuerySet
from opinovi.forms import PortalFormMixin

MONTHS = 36  # how far back one can look
MONTHS_AT_FIRST = 12


class FigureForm(PortalFormMixin, forms.Form):
    """Months and an organisation; without a choice the last twelve months of all that one answers for.

    Whole months only: by counting to one day and then to the next, one could tell what happened on a day.
    """

    method = "get"
    is_tagless = True
    layout = (Row("first", "last", "organisation"),)
    first = forms.TypedChoiceField(label=_("From"), coerce=date.fromisoformat, required=False)
    last = forms.TypedChoiceField(label=_("Until the end of"), coerce=date.fromisoformat, required=False)
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("all of mine")
    )

    def __init__(self, *args: Any, organisations: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        self.this_month = timezone.localdate().replace(day=1)
        months = [add_months(self.this_month, -number) for number in range(MONTHS)]
        choices = [(month.isoformat(), date_format(month, "YEAR_MONTH_FORMAT")) for month in months]
        for name, initial in (("first", months[MONTHS_AT_FIRST - 1]), ("last", self.this_month)):
            self.fields[name].choices = choices
            self.fields[name].empty_value = initial
            self.initial.setdefault(name, initial.isoformat())
        self.fields["organisation"].queryset = organisations.by_name()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("last") and cleaned["first"] > cleaned["last"]:
            self.add_error("last", gettext("The last month cannot be before the first."))
        return cleaned

    @property
    def names_hidden_organisation(self) -> bool:
        """Whether an organisation was asked for that the reader does not answer for."""
        errors = self.errors.as_data().get("organisation", [])
        return any(error.code == "invalid_choice" for error in errors)

    def scope(self) -> Scope:
        """What was chosen; what is shown at first while the form has a mistake."""
        chosen = self.cleaned_data if self.is_valid() else {}
        first = chosen.get("first") or add_months(self.this_month, 1 - MONTHS_AT_FIRST)
        last = add_months(chosen.get("last") or self.this_month, 1) - timedelta(days=1)
        organisation = chosen.get("organisation")
        organisations = self.organisations.filter(pk=organisation.pk) if organisation else self.organisations
        return Scope(organisations, first, last)
