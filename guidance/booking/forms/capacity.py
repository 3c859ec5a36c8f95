"""What the team's view is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guidance.booking.capacity import WEEKS
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from network.models import Area
from opinovi.forms import PortalFormMixin


class CapacityForm(PortalFormMixin, forms.Form):
    """One area: where one of the services has a service point, or that one of them serves."""

    method = "get"
    is_tagless = True

    area: forms.ModelChoiceField = forms.ModelChoiceField(
        Area.objects.none(), label=_("Area"), required=False, empty_label=_("all"), to_field_name="slug"
    )

    def __init__(self, *args: Any, services: GuidanceServiceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = Area.objects.filter(guidance_services__in=services)
        places = Area.objects.filter(service_points__guidance_services__in=services)
        self.fields["area"].queryset = (served | places).distinct().by_name()

    @property
    def chosen(self) -> Area | None:
        """The chosen area, if any."""
        return self.cleaned_data.get("area") if self.is_valid() else None

    def narrow(self, services: GuidanceServiceQuerySet) -> GuidanceServiceQuerySet:
        """Services for people in the chosen area."""
        return services.serving(self.chosen) if self.chosen else services


class TeamForm(PortalFormMixin, forms.Form):
    """One service or all of one's own, and how far ahead one looks."""

    method = "get"
    is_tagless = True

    service = forms.ChoiceField(label=_("Guidance service"), required=False)
    weeks = forms.TypedChoiceField(label=_("How far ahead"), coerce=int, required=False)

    def __init__(self, *args: Any, services: GuidanceServiceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = list(services.by_name())
        self.fields["service"].choices = [("", _("all")), *((one.slug, one.name) for one in self.services)]
        self.fields["weeks"].choices = [
            (weeks, ngettext_lazy("%(weeks)s week", "%(weeks)s weeks", "weeks") % {"weeks": weeks})
            for weeks in (1, 2, WEEKS, 8)
        ]
        self.initial = {"weeks": WEEKS}

    @property
    def has_chosen(self) -> bool:
        """Whether one service is chosen."""
        return self.is_valid() and self.cleaned_data["service"] != ""

    @property
    def weeks_ahead(self) -> int:
        return (self.is_valid() and self.cleaned_data["weeks"]) or WEEKS

    def narrow(self) -> list[GuidanceService]:
        """The services whose counsellors are shown."""
        slug = self.cleaned_data["service"] if self.has_chosen else ""
        return [one for one in self.services if slug in {"", one.slug}]
