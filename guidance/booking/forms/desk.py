"""What a counsellor tells when changing an appointment."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.availability import Clock, Day
from guidance.booking.models import Appointment
from guidance.booking.models.availability import validate_year
from guidance.booking.substitutes import Colleague
from guidance.booking.wall_clock import read, written
from opinovi.forms import PortalFormMixin


class CancelForm(PortalFormMixin, forms.ModelForm):
    """Why a meeting is cancelled, or a request declined."""

    is_tagless = True

    class Meta:
        model = Appointment
        fields = ["cancel_reason"]
        labels = {"cancel_reason": _("Why? A few words to the person, if you like")}
        widgets = {"cancel_reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.email and self.instance.letters != Appointment.Letters.NONE:
            self.fields["cancel_reason"].help_text = _("The letter tells it as you write it.")


class LinkForm(PortalFormMixin, forms.ModelForm):
    """Where a video meeting is held."""

    is_tagless = True

    class Meta:
        model = Appointment
        fields = ["video_link"]
        help_texts = {"video_link": _("It begins with https://.")}


class TimeForm(PortalFormMixin, forms.Form):
    """A time to come, by the clock on the wall. `starts_at` is the moment (UTC) when it is valid."""

    on = forms.DateField(label=_("Day"), widget=Day, validators=[validate_year])
    at = forms.TimeField(label=_("Time of day"), widget=Clock)
    has_seen_warnings = forms.BooleanField(required=False, widget=forms.HiddenInput)

    method = "get"
    submit = _("Choose this time")
    starts_at: datetime

    def clean(self) -> dict[str, Any]:
        super().clean()
        on, at = self.cleaned_data.get("on"), self.cleaned_data.get("at")
        if on and at:
            self.starts_at = moment_to_come(self, on, at)
        return self.cleaned_data


def moment_to_come(form: forms.BaseForm, on: date, at: time) -> datetime:
    """The moment (UTC) at which the wall shows the time; an error at `at` if it never does, or it is over."""
    word = f"{on.isoformat()}T{at:%H:%M}"
    moment = read(word)
    if written(moment) != word:
        form.add_error("at", _("There is no such time: the clock jumps over it that night."))
    elif moment <= timezone.now():
        form.add_error("at", _("This time has passed already."))
    return moment


class ColleagueForm(PortalFormMixin, forms.Form):
    """To whom a meeting is handed: one of those who are free."""

    is_tagless = True

    colleague = forms.TypedChoiceField(
        label=_("To whom?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This colleague is not free any more. Choose another one.")},
    )

    def __init__(self, *args: Any, colleagues: list[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {str(one.user.pk): one.user for one in colleagues}
        field = self.fields["colleague"]
        field.choices = [(str(one.user.pk), _words(one)) for one in colleagues]
        field.coerce = people.__getitem__


def _words(colleague: Colleague) -> str:
    """A free colleague in words, with what helps to choose."""
    meetings = ngettext("%(number)s meeting that week", "%(number)s meetings that week", colleague.meetings)
    facts = [meetings % {"number": colleague.meetings}]
    if colleague.offers_it:
        facts.insert(0, gettext("offers this time"))
    return f"{colleague.user.name} ({', '.join(facts)})"
