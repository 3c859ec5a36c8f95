"""Forms by which coordinators compose the pages of life situations."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Funding, GuidanceService, LifeSituation, SituationPart
from guidance.catalogue.situations import saved_query
from opinovi.forms import PortalFormMixin

HEADINGS = ("heading_fi", "heading_sv", "heading_en")
TEXTS = ("text_fi", "text_sv", "text_en")
OWN_FIELDS = {"training": "query", "guidance": "query", "services": "services", "funding": "fundings"}


class LifeSituationForm(PortalFormMixin, forms.ModelForm):
    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en"),
        Fieldset(_("Introduction"), "introduction_fi", "introduction_sv", "introduction_en"),
        Fieldset(_("Other words for it"), "keywords_fi", "keywords_sv", "keywords_en"),
    )

    class Meta:
        model = LifeSituation
        fields = [
            "name_fi", "name_sv", "name_en", "introduction_fi", "introduction_sv", "introduction_en",
            "keywords_fi", "keywords_sv", "keywords_en",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_fi"].required = True


class SituationPartForm(PortalFormMixin, forms.ModelForm):
    """A part of a page; beside heading and text it has the one field that its kind needs."""

    query = forms.CharField(
        label=_("Address of the list"),
        max_length=2000,
        help_text=_(
            "Choose in the public list what should be found, and paste the address of that page here."
        ),
    )

    class Meta:
        model = SituationPart
        fields = [*HEADINGS, *TEXTS, "query", "services", "fundings"]
        widgets = {"services": forms.CheckboxSelectMultiple, "fundings": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = OWN_FIELDS.get(self.instance.kind)
        for name in {*OWN_FIELDS.values()} - {own}:
            del self.fields[name]
        if own == "services":
            self.fields[own].queryset = GuidanceService.objects.published().by_name()
            self.fields[own].required = True
        if own == "fundings":
            self.fields[own].queryset = Funding.objects.published()
        self.fields["heading_fi"].required = True
        self.layout = (
            Fieldset(_("Heading"), *HEADINGS),
            Fieldset(_("Text"), *TEXTS),
            *([Fieldset(self.instance.get_kind_display().capitalize(), own)] if own else []),
        )

    def clean_query(self) -> str:
        query = saved_query(self.instance.kind, self.cleaned_data["query"])
        longest = SituationPart._meta.get_field("query").max_length
        if longest and len(query) > longest:
            raise ValidationError(_("That is too many choices for one part. Take some away."))
        return query
