"""What every editor of a record that goes out of date has: a box that says one has looked at everything."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opinovi.forms import PortalFormMixin
from opinovi.templatetags.portal import span


class CheckedForm(PortalFormMixin, forms.ModelForm):
    """A form of a row with `checked_on`, which becomes today (local) when the box is ticked."""

    is_checked_today = forms.BooleanField(
        label=_("I have checked today that all of this is right"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_fi"].required = True
        if self.instance.checked_on:
            checked_on = span(self.instance.checked_on, self.instance.checked_on)
            text = _("Last checked on %(day)s.") % {"day": checked_on}
            self.fields["is_checked_today"].help_text = text

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("is_checked_today"):
            self.instance.checked_on = timezone.localdate()
        return self.cleaned_data
