"""Who is away, so that others stand in."""

from datetime import time
from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.availability import Day
from guidance.booking.models import Absence
from guidance.booking.models.availability import validate_year
from guidance.booking.wall_clock import DAY, moment
from network.access import fellow_counsellors
from opinovi.forms import PortalFormMixin
from opinovi.models import User


class RestForm(PortalFormMixin, forms.Form):
    """What becomes of meetings that nobody can take, when all are settled at once."""

    is_tagless = True

    rest = forms.ChoiceField(
        label=_("And those that nobody can take?"),
        choices=[
            ("leave", _("Leave them in the list")),
            ("offer", _("Cancel them and let the people choose another time")),
        ],
        initial="leave",
        required=False,
        widget=forms.RadioSelect,
    )

    @property
    def offers_others(self) -> bool:
        return self.cleaned_data["rest"] == "offer"


class AwayForm(PortalFormMixin, forms.Form):
    """A counsellor of one's own organisations, and whole days."""

    counsellor = forms.ModelChoiceField(
        label=_("Who is away?"), queryset=User.objects.none(), empty_label=None
    )
    first_on = forms.DateField(label=_("First day"), widget=Day, validators=[validate_year])
    last_on = forms.DateField(label=_("Last day"), widget=Day, validators=[validate_year])

    layout = ("counsellor", Row("first_on", "last_on"))
    submit = _("Save, and show the meetings")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("booking:desk:availability_list")
        self.fields["counsellor"].queryset = fellow_counsellors(user).by_name()
        self.initial.setdefault("counsellor", user.pk)

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day cannot be before the first."))
        return self.cleaned_data

    def absence(self) -> Absence:
        """The absence that was told: the one that holds all of it already, or a new one."""
        data = self.cleaned_data
        starts_at, ends_at = moment(data["first_on"], time()), moment(data["last_on"] + DAY, time())
        known = Absence.objects.filter(
            counsellor=data["counsellor"], starts_at__lte=starts_at, ends_at__gte=ends_at
        )
        return known.first() or Absence.objects.create(
            counsellor=data["counsellor"], starts_at=starts_at, ends_at=ends_at
        )
