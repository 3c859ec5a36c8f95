"""Forms by which coordinators keep guidance services and training options.

They ask in the order of the public pages, under the same questions, so that who writes an answer sees the
reader's question above it.
"""

from typing import Any

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.forms.checked import CheckedForm
from guidance.catalogue.models import GuidanceLanguage, GuidanceService, TrainingOption
from guidance.catalogue.parts import (
    ANSWER,
    AREA,
    ASK,
    BRING,
    COMING,
    COST,
    FOR_WHOM,
    HAPPENS,
    LANGUAGES,
    TRAINING,
    WHERE,
)  # fmt: skip
from network.access import counsellors_of
from network.forms.search import choice_of
from network.models import Area, Organisation, ServicePoint
from opinovi.alphabet import name_key
from opinovi.choices import read_together
from opinovi.models import User
from opinovi.rows import prefetch_together

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
Many = forms.CheckboxSelectMultiple
SERVED_KINDS = [Area.Kind.COUNTRY, Area.Kind.REGION, Area.Kind.SUBREGION]
WHEN, PLACE, CONTENT, FEE, APPLY, CONTACT = (part.heading for part in TRAINING)


def in_each(name: str) -> tuple[str, str, str]:
    """A translated text's fields."""
    return (f"{name}_fi", f"{name}_sv", f"{name}_en")


class OfferForm(CheckedForm):
    """What both forms have: the languages."""

    has_save_bar = True

    languages = forms.MultipleChoiceField(label=_("Languages"), choices=GuidanceLanguage.choices, widget=Many)

    def need(self, name: str, text: Any) -> None:
        """Say at a field what is still to be told there, unless something else is wrong with it."""
        if name not in self.errors and self.cleaned_data.get(name) in (None, "", []):
            self.add_error(name, text)


class GuidanceServiceForm(OfferForm):
    ways = choice_of(GuidanceService.Way.choices, _("Ways to come"))
    referrers = choice_of(GuidanceService.Referrer.choices, _("Who may refer"))

    layout = (
        Fieldset(_("Name"), *in_each("name"), *in_each("summary"), "organisation", *in_each("keywords")),
        Fieldset(FOR_WHOM.heading, *in_each("audience"), "target_groups", "topics"),
        Fieldset(
            COMING.heading,
            "ways",
            *in_each("hours_note"),
            "referrers",
            *in_each("referral_note"),
        ),
        Fieldset(
            _("How times are booked"),
            "booking",
            "meeting",
            "team",
            "needs_confirmation",
            Row("duration_minutes", "pause_before_minutes", "pause_after_minutes", "grid_minutes"),
            Row("lead_hours", "horizon_days", "change_hours", "most_open"),
            Row("reminder_days", "reminder_hours"),
        ),
        Fieldset(WHERE.heading, "channels", "service_points"),
        Fieldset(LANGUAGES.heading, "languages", "has_interpreter"),
        Fieldset(BRING.heading, *in_each("bring")),
        Fieldset(HAPPENS.heading, *in_each("description"), *in_each("next_steps")),
        Fieldset(COST.heading, "fee", *in_each("fee_note")),
        Fieldset(ANSWER.heading, "response_days"),
        Fieldset(AREA.heading, "areas"),
        Fieldset(ASK.heading, "phone", "email", "website"),
        Fieldset(
            _("Only for counsellors"),
            *in_each("consent_wording"),
            *in_each("benefit_effect"),
            "internal_contact",
        ),
        Fieldset(_("Checked"), "is_checked_today"),
    )

    class Meta:
        model = GuidanceService
        exclude = [
            "name", "summary", "description", "audience", "keywords", "bring", "next_steps", "fee_note",
            "hours_note", "referral_note", "consent_wording", "benefit_effect", "slug", "published_at",
            "checked_on",
        ]  # fmt: skip
        labels = {"response_days": _("Answered within this many working days")}
        help_texts = {
            "areas": _("Choose none if anyone in the country may come."),
            "response_days": _("Empty: nothing is promised."),
        }
        widgets = {
            "channels": Many,
            "topics": Many,
            "target_groups": Many,
            "service_points": Many,
            "team": Many,
        }

    def __init__(self, *args: Any, user: User, instance: GuidanceService, **kwargs: Any) -> None:
        if instance.pk:
            prefetch_together(
                instance, "target_groups", "topics", "channels", "service_points", "areas", "team"
            )
        super().__init__(*args, instance=instance, **kwargs)
        own = Organisation.objects.current().editable_by(user)
        self.fields["organisation"].queryset = own.by_name()
        self.fields["service_points"].queryset = ServicePoint.objects.open().for_listing().by_name()
        served = Area.objects.filter(kind__in=SERVED_KINDS).valid_on()
        self.fields["areas"].queryset = served.order_by("kind", name_key(), "pk")
        self.fields["team"].queryset = counsellors_of(own).by_name()
        read_together(self, "organisation", "target_groups", "topics", "channels", "service_points", "areas")

    def clean(self) -> dict[str, Any]:
        """A way to come that is offered must be one that people can go."""
        data, way = super().clean(), GuidanceService.Way
        ways = data.get("ways") or []
        if way.CALL in ways:
            self.need("phone", _("Give the number that people call, or take calling out of the ways."))
        if way.WRITE in ways:
            self.need("email", _("Give the address that people write to, or take writing out of the ways."))
        if way.REFERRED in ways:
            self.need("referrers", _("Choose who may refer people to the service."))
        if way.BOOK in ways and data.get("booking") == GuidanceService.Booking.NONE:
            self.add_error("booking", _("You say that people can book a time. Choose who books it."))
        if data.get("meeting") == GuidanceService.Meeting.TEAM and not data.get("team"):
            self.add_error("team", _("Choose the counsellors of the team."))
        return data


class TrainingOptionForm(OfferForm):
    teaching_times = forms.MultipleChoiceField(
        label=_("Teaching time"), choices=TrainingOption.TeachingTime.choices, widget=Many
    )
    prior_education = choice_of(TrainingOption.PriorEducation.choices, _("Earlier studies asked for"))

    layout = (
        Fieldset(_("Name"), *in_each("name"), "provider", "kind", "field", *in_each("keywords")),
        Fieldset(
            FOR_WHOM.heading,
            *in_each("audience"),
            "prior_education",
            *in_each("requirements"),
            "is_beside_work",
        ),
        Fieldset(
            WHEN,
            "start",
            "starts_on",
            Row("start_season", "start_year"),
            "ends_on",
            "duration_months",
            "teaching_times",
        ),
        Fieldset(PLACE, "municipalities", "mode", "languages", "is_step_free", "has_childcare"),
        Fieldset(
            CONTENT,
            *in_each("description"),
            Row("extent", "extent_to", "extent_unit"),
            "outcome",
            *in_each("titles"),
            *in_each("outcomes"),
        ),
        Fieldset(
            FEE,
            "fee",
            *in_each("fee_note"),
            *in_each("funding"),
            "is_continuous_learning",
            "is_labour_market",
        ),
        Fieldset(
            APPLY,
            "is_rolling",
            Row("applications_from", "applications_to"),
            "applications_name",
            "application_link",
            *in_each("application_note"),
            Row("seats", "applicants"),
        ),
        Fieldset(CONTACT, "contact_name", Row("contact_phone", "contact_email"), "website"),
        Fieldset(_("Checked"), "is_checked_today"),
    )

    class Meta:
        model = TrainingOption
        exclude = [
            "name", "description", "outcomes", "titles", "keywords", "audience", "requirements", "fee_note",
            "funding", "application_note", "slug", "published_at", "checked_on",
        ]  # fmt: skip
        labels = {"start": _("When the studies begin")}
        help_texts = {
            "start": _("On a day: give the first day below. In a season: give the season and the year."),
            "applications_from": _("The round that is open now or opens next."),
            "applications_to": _("Empty: until the places are taken."),
            "applications_name": _("Such as: joint application in spring. You can leave this empty."),
            "municipalities": _("Choose none if people study wherever they are."),
        }
        widgets = {
            "start": forms.RadioSelect,
            "applications_from": Day,
            "applications_to": Day,
            "starts_on": Day,
            "ends_on": Day,
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = Organisation.objects.current().editable_by(user).by_name()
        self.fields["municipalities"].queryset = Area.objects.municipalities().by_name()
        read_together(self, "provider", "municipalities")

    def clean(self) -> dict[str, Any]:
        """Say at the fields what the constraints refuse; forget a start of a sort that is not chosen."""
        data, start = super().clean(), TrainingOption.Start
        if data.get("start") == start.DATE:
            self.need("starts_on", _("Give the first day, or choose that the start is not known yet."))
        elif "starts_on" not in self.errors:
            data["starts_on"] = None
        if data.get("start") == start.SEASON:
            self.need("start_season", _("Choose the season, or choose that the start is not known yet."))
            self.need("start_year", _("Give the year, such as 2027."))
        elif "start_year" not in self.errors:
            data["start_season"], data["start_year"] = "", None
        if data.get("extent") is not None:
            self.need("extent_unit", _("Choose what the extent is counted in."))
        if data.get("extent_to") is not None:
            self.need("extent", _("Give the least extent too, or leave the greatest empty."))
        self._need_order(
            "applications_from", "applications_to", _("Applications cannot close before they open.")
        )
        self._need_order("starts_on", "ends_on", _("The last day cannot be before the first."))
        self._need_order("extent", "extent_to", _("The greatest extent cannot be less than the least."))
        return data

    def _need_order(self, first: str, last: str, text: Any) -> None:
        least, most = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if least is not None and most is not None and most < least:
            self.add_error(last, text)
