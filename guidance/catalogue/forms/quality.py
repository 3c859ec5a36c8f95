"""The choice of which records' quality is shown."""

from typing import Any
from urllib.parse import urlencode

from crispy_forms.layout import Row
from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import QualityScore
from guidance.catalogue.models.quality import QualityScoreQuerySet
from network.models import Organisation
from network.models.organisation import OrganisationQuerySet
from opinovi.forms import PortalFormMixin


class QualityForm(PortalFormMixin, forms.Form):
    """Kind, organisation and what is the matter; without a choice all published records one keeps."""

    method = "get"
    is_tagless = True
    layout = (Row("kind", "organisation"), Row("stale", "broken", "drafts"))

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all kinds")), *QualityScore.Kind.choices]
    )
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="slug",
        label=_("Organisation"),
        required=False,
        empty_label=_("all of mine"),
    )
    stale = forms.BooleanField(label=_("Not checked in six months"), required=False)
    broken = forms.BooleanField(label=_("With a broken link"), required=False)
    drafts = forms.BooleanField(label=_("Drafts too"), required=False)

    def __init__(self, *args: Any, organisations: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations.by_name()
        self.is_valid()

    def narrow(self, scores: QualityScoreQuerySet) -> QualityScoreQuerySet:
        chosen = self.cleaned_data
        if kind := chosen.get("kind"):
            scores = scores.filter(kind=kind)
        if organisation := chosen.get("organisation"):
            scores = scores.filter(keeper=organisation)
        if chosen.get("stale"):
            scores = scores.stale()
        if chosen.get("broken"):
            scores = scores.filter(broken_links__gt=0)
        return scores if chosen.get("drafts") else scores.published()

    @property
    def query(self) -> str:
        """What was chosen, as the rest of an address."""
        chosen = self.cleaned_data
        flags = {name: "on" for name in ("stale", "broken", "drafts") if chosen.get(name)}
        kind = {"kind": chosen["kind"]} if chosen.get("kind") else {}
        organisation = {"organisation": chosen["organisation"].slug} if chosen.get("organisation") else {}
        return urlencode(kind | organisation | flags)
