"""What the team's view is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
