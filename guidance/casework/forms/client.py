from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guidance.casework.forms.entry import EntryForm
from guidance.casework.models import Client, ClientQuerySet
from network.models import Area
from opinovi.forms import PortalFormMixin


class ClientForm(EntryForm):
    """What the portal keeps of a client: as little as it can."""

    submit = _("Save the client")
    layout = (
        "name",
        Row("email", "phone"),
        "language",
        "home_municipality",
        "kind",
        "nonce",
        "version",
    )

    class Meta:
        model = Client
        fields = ["name", "email", "phone", "language", "home_municipality", "kind"]
        widgets = {"kind": forms.RadioSelect, "language": forms.RadioSelect}
        labels = {"language": _("Language of letters"), "kind": _("Kind of client")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("casework:desk:client_list")
        if self.instance.pk:
            self.leave_url = reverse("casework:desk:client_detail", args=[self.instance.pk])
        self.fields["home_municipality"].empty_label = _("not known")
        self.fields["home_municipality"].queryset = municipalities(self.instance.home_municipality_id)


class ClientSearchForm(PortalFormMixin, forms.Form):
    """Finds clients by name."""

    method = "get"
    is_tagless = True
    q = forms.CharField(
        label=_("Find a client by name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "data-key": "/", "autocomplete": "off"}),
    )

    def narrow(self, clients: ClientQuerySet) -> ClientQuerySet:
        """All of them without words; none while the words are too many to be a name."""
        if not self.is_bound:
            return clients
        return clients.named(self.cleaned_data["q"]) if self.is_valid() else clients.none()


def municipalities(kept: int | None = None) -> Any:
    """Today's municipalities by name, and the one that a row already has."""
    today = Area.objects.municipalities().valid_on()
    return (today | Area.objects.filter(pk__in=[kept] if kept else [])).by_name()
