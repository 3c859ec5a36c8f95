"""What a counsellor tells of the times when they are away."""

from datetime import date, datetime, time
from typing import Any

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.absences import LONGEST_SERIES
from guidance.booking.forms.availability import Clock, Day
from guidance.booking.models import Absence
from guidance.booking.models.availability import validate_year
from guidance.booking.wall_clock import DAY, moment
from opinovi.forms import PortalFormMixin


class AbsenceForm(PortalFormMixin, forms.ModelForm):
    """When the instance's counsellor is away: whole days, or from a time and until a time."""

    first_on = forms.DateField(label=_("First day"), widget=Day, validators=[validate_year])
    from_clock = forms.TimeField(label=_("From"), widget=Clock, required=False)
    last_on = forms.DateField(label=_("Last day"), widget=Day, validators=[validate_year])
    to_clock = forms.TimeField(label=_("Until"), widget=Clock, required=False)
    repeats_until = forms.DateField(
        label=_("Again every week until"),
        widget=Day,
        required=False,
        help_text=_("Empty: only once. At most a year ahead."),
    )
    changes_following = forms.BooleanField(
        label=_("Change the following ones of the series in the same way"), required=False
    )
    has_seen_clashes = forms.BooleanField(required=False, widget=forms.HiddenInput)
    skips_clashes = forms.BooleanField(
        label=_("Leave out the absences in which meetings lie, and save the others"), required=False
    )

    layout = (
        Fieldset(_("When are you away?"), Row("first_on", "from_clock"), Row("last_on", "to_clock"), "note"),
        "has_seen_clashes",
    )

    class Meta:
        model = Absence
        fields = ["note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("booking:desk:availability_list")
        for name in ("from_clock", "to_clock"):
            self.fields[name].help_text = _("Empty: the whole day.")
        self._choose_the_fields()
        if self.instance.pk:
            self.initial.update(
                first_on=self.instance.first_on,
                from_clock=_clock(self.instance.starts_at),
                last_on=self.instance.last_on,
                to_clock=_clock(self.instance.ends_at),
            )

    def _choose_the_fields(self) -> None:
        """A new absence may be repeated; one of a series may be changed alone or with what follows."""
        if self.instance.pk:
            del self.fields["repeats_until"]
        if not self.instance.series:
            del self.fields["changes_following"]
        further = [name for name in ("repeats_until", "changes_following") if name in self.fields]
        self.layout = (*self.layout, *further, "skips_clashes")
        if not self.data.get("has_seen_clashes"):
            self.fields["skips_clashes"].widget = forms.HiddenInput()

    def clean_repeats_until(self) -> date | None:
        """A day of the year that follows the first one: a mistyped one never makes a long series."""
        until, first = self.cleaned_data["repeats_until"], self.cleaned_data.get("first_on")
        if until and first and not first <= until <= first + LONGEST_SERIES:
            raise forms.ValidationError(
                _("Choose a day that comes after the first one, and within a year from it.")
            )
        return until

    def clean(self) -> dict[str, Any]:
        """Turn days and times on the wall into moments."""
        super().clean()
        data = self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if first and last:
            self.instance.starts_at = moment(first, data.get("from_clock") or time(0))
            self.instance.ends_at = _end(last, data.get("to_clock"))
            if self.instance.ends_at <= self.instance.starts_at:
                self.add_error("last_on", _("An absence must end after it starts."))
        return data

    def warn(self, *, has_others: bool) -> None:
        """Ask to be sent once more, now that the clashes are shown; `has_others` are without any."""
        self.data = {**self.data.dict(), "has_seen_clashes": "on"}  # type: ignore[attr-defined]  # a QueryDict
        if has_others:
            self.fields["skips_clashes"].widget = forms.CheckboxInput()
        self.submit = _("Save, the meetings stay")


def _clock(at: datetime) -> time | None:
    """The time on the wall; None at midnight, where a whole day begins or ends."""
    return timezone.localtime(at).time() if timezone.localtime(at).time() != time(0) else None


def _end(last: date, clock: time | None) -> datetime:
    return moment(last, clock) if clock else moment(last + DAY, time(0))
