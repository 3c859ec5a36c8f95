"""Forms of service points, their hours and their stops."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from network.forms.networks import Day
from network.models import Area, OpeningException, OpeningHours, Organisation, RouteStop, ServicePoint
from opinovi.forms import GivenFieldsMixin, PortalFormMixin
from opinovi.models import User

Clock = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
Moment = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class ServicePointForm(PortalFormMixin, forms.ModelForm):
    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en", "kind", "organisation"),
        Fieldset(_("Where"), "street_address", "postcode", "municipality", "latitude", "longitude"),
        Fieldset(_("How to get there"), "directions_fi", "directions_sv", "directions_en"),
        Fieldset(_("Contact"), "phone", "email"),
        Fieldset(
            _("For everybody"),
            "is_step_free",
            "has_accessible_toilet",
            "has_induction_loop",
            "has_quiet_room",
            "has_parking",
        ),
        Fieldset(_("Description"), "description_fi", "description_sv", "description_en"),
        Fieldset(_("From when to when"), "opened_on", "closed_on"),
    )
    has_save_bar = True

    class Meta:
        model = ServicePoint
        exclude = ["name", "description", "directions", "slug", "published_at"]  # noqa: DJ006 - all the others
        widgets = {"opened_on": Day, "closed_on": Day}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.current().editable_by(user).by_name()
        self.fields["municipality"].queryset = Area.objects.municipalities().by_name()
        self.fields["name_fi"].required = True


class RowForm(PortalFormMixin, forms.ModelForm):
    """One row of many on a page; the page draws the form's tag and its button."""

    is_tagless = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.disable_csrf = True

    def add_fields_of_formset(self) -> None:
        """Lay out the fields again once the formset has added its own, such as "remove"."""
        self.helper.layout = Layout(*self.fields)


class HoursForm(RowForm):
    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens_at", "closes_at", "valid_from", "valid_to"]
        widgets = {"opens_at": Clock, "closes_at": Clock, "valid_from": Day, "valid_to": Day}


class ExceptionForm(RowForm):
    class Meta:
        model = OpeningException
        fields = ["on", "opens_at", "closes_at", "reason"]
        widgets = {"on": Day, "opens_at": Clock, "closes_at": Clock}


class StopForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    given = ("service_point", "cancelled_at")

    class Meta:
        model = RouteStop
        fields = ["municipality", "place", "street_address", "starts_at", "ends_at"]
        widgets = {"starts_at": Moment, "ends_at": Moment}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Area.objects.municipalities().by_name()


class RowSet(forms.BaseInlineFormSet):
    """Rows of one thing on one page, each of which can be removed."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        form.add_fields_of_formset()


HoursFormSet = inlineformset_factory(
    ServicePoint, OpeningHours, form=HoursForm, formset=RowSet, extra=2, max_num=60
)
ExceptionFormSet = inlineformset_factory(
    ServicePoint, OpeningException, form=ExceptionForm, formset=RowSet, extra=2, max_num=200
)
