"""Forms by which coordinators keep guidance services and training options."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import GuidanceLanguage, GuidanceService, TrainingOption
from network.forms.search import choice_of
from network.models import Area, Organisation, ServicePoint
from opinovi.alphabet import name_key
from opinovi.choices import read_together
from opinovi.forms import PortalFormMixin
from opinovi.models import User
from opinovi.rows import prefetch_together

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
SERVED_KINDS = [Area.Kind.COUNTRY, Area.Kind.REGION, Area.Kind.SUBREGION]


class GuidanceServiceForm(PortalFormMixin, forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=GuidanceLanguage.choices, widget=forms.CheckboxSelectMultiple
    )
    ways = choice_of(GuidanceService.Way.choices, _("How to come"))
    referrers = choice_of(GuidanceService.Referrer.choices, _("Who may refer"))

    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en", "organisation"),
        Fieldset(_("In one sentence"), "summary_fi", "summary_sv", "summary_en"),
        Fieldset(_("Who it is for"), "audience_fi", "audience_sv", "audience_en", "target_groups"),
        Fieldset(_("What happens there"), "description_fi", "description_sv", "description_en", "topics"),
        Fieldset(_("How and where"), "channels", "service_points", "areas", "languages", "has_interpreter"),
        Fieldset(_("How to come"), "ways", "hours_note_fi", "hours_note_sv", "hours_note_en"),
        Fieldset(_("What to bring"), "bring_fi", "bring_sv", "bring_en"),
        Fieldset(_("What happens then"), "next_steps_fi", "next_steps_sv", "next_steps_en"),
        Fieldset(_("Cost"), "fee", "fee_note_fi", "fee_note_sv", "fee_note_en"),
        Fieldset(_("Booking"), "booking", "duration_minutes", "lead_hours", "horizon_days", "response_days"),
        Fieldset(_("Contact"), "phone", "email", "website", "checked_on"),
        Fieldset(_("Other words for it"), "keywords_fi", "keywords_sv", "keywords_en"),
        Fieldset(
            _("For those who refer"),
            "referrers",
            "referral_note_fi",
            "referral_note_sv",
            "referral_note_en",
            "consent_wording_fi",
            "consent_wording_sv",
            "consent_wording_en",
            "benefit_effect_fi",
            "benefit_effect_sv",
            "benefit_effect_en",
            "internal_contact",
        ),
    )
    has_save_bar = True

    class Meta:
        model = GuidanceService
        exclude = [  # noqa: DJ006 - all the others
            "name", "summary", "description", "audience", "keywords", "bring", "next_steps", "fee_note",
            "hours_note", "referral_note", "consent_wording", "benefit_effect", "slug", "published_at",
        ]  # fmt: skip
        widgets = {
            "checked_on": Day,
            "channels": forms.CheckboxSelectMultiple,
            "topics": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "service_points": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, user: User, instance: GuidanceService, **kwargs: Any) -> None:
        if instance.pk:
            prefetch_together(instance, "target_groups", "topics", "channels", "service_points", "areas")
        super().__init__(*args, instance=instance, **kwargs)
        own = Organisation.objects.current().editable_by(user)
        self.fields["organisation"].queryset = own.by_name()
        self.fields["service_points"].queryset = ServicePoint.objects.open().for_listing().by_name()
        served = Area.objects.filter(kind__in=SERVED_KINDS).valid_on()
        self.fields["areas"].queryset = served.order_by("kind", name_key(), "pk")
        self.fields["name_fi"].required = True
        read_together(self, "organisation", "target_groups", "topics", "channels", "service_points", "areas")


class TrainingOptionForm(PortalFormMixin, forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=GuidanceLanguage.choices, widget=forms.CheckboxSelectMultiple
    )
    teaching_times = forms.MultipleChoiceField(
        label=_("Teaching time"),
        choices=TrainingOption.TeachingTime.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    prior_education = choice_of(TrainingOption.PriorEducation.choices, _("Earlier studies asked for"))

    layout = (
        Fieldset(_("Name"), "name_fi", "name_sv", "name_en", "provider", "kind", "field"),
        Fieldset(_("What you learn"), "description_fi", "description_sv", "description_en"),
        Fieldset(
            _("What you can do afterwards"),
            "outcome",
            "titles_fi",
            "titles_sv",
            "titles_en",
            "outcomes_fi",
            "outcomes_sv",
            "outcomes_en",
        ),
        Fieldset(_("Who it suits"), "audience_fi", "audience_sv", "audience_en"),
        Fieldset(
            _("What is asked for"),
            "prior_education",
            "requirements_fi",
            "requirements_sv",
            "requirements_en",
        ),
        Fieldset(_("Where and how"), "municipalities", "teaching_times", "mode", "languages"),
        Fieldset(_("For adults"), "is_beside_work", "has_childcare", "is_step_free"),
        Fieldset(_("Paid for by"), "is_continuous_learning", "is_labour_market"),
        Fieldset(_("How much"), "extent", "extent_to", "extent_unit", "duration_months"),
        Fieldset(_("Start"), "start", "starts_on", "ends_on", "start_season", "start_year"),
        Fieldset(_("Cost"), "fee", "fee_note_fi", "fee_note_sv", "fee_note_en"),
        Fieldset(_("Ways to finance the studies"), "funding_fi", "funding_sv", "funding_en"),
        Fieldset(
            _("Applying"),
            "is_rolling",
            "applications_from",
            "applications_to",
            "application_link",
            "application_note_fi",
            "application_note_sv",
            "application_note_en",
        ),
        Fieldset(_("The last round"), "seats", "applicants"),
        Fieldset(_("Contact"), "contact_name", "contact_phone", "contact_email", "website", "checked_on"),
        Fieldset(_("Other words for it"), "keywords_fi", "keywords_sv", "keywords_en"),
    )
    has_save_bar = True

    class Meta:
        model = TrainingOption
        exclude = [  # noqa: DJ006 - all the others
            "name", "description", "outcomes", "titles", "keywords", "audience", "requirements", "fee_note",
            "funding", "application_note", "slug", "published_at",
        ]  # fmt: skip
        widgets = {
            "applications_from": Day,
            "applications_to": Day,
            "starts_on": Day,
            "ends_on": Day,
            "checked_on": Day,
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = Organisation.objects.current().editable_by(user).by_name()
        self.fields["municipalities"].queryset = Area.objects.municipalities().by_name()
        self.fields["name_fi"].required = True
        read_together(self, "provider", "municipalities")
