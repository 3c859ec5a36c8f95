"""Search forms of the lists of training, of guidance and of ways to finance studies."""

from django import forms
from django.db.models import Exists, F, Model, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import (
    Channel,
    Funding,
    GuidanceLanguage,
    GuidanceService,
    GuidanceTopic,
    LifeSituation,
    SituationPart,
    TrainingOption,
)
from guidance.catalogue.models.funding import FundingQuerySet
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from guidance.catalogue.models.training_option import is_taught_in
from guidance.catalogue.models.training_queryset import TrainingOptionQuerySet, is_open
from guidance.catalogue.seasons import coming_seasons, starts_in
from network.distance import nearest_first
from network.forms.facets import Kept
from network.forms.place import PlaceField
from network.forms.search import SearchForm, choice_of, ticked
from network.models import Organisation
from network.models.area import Area, AreaQuerySet
from opinovi.alphabet import name_key
from projects.models import TargetGroup

BITS = TrainingOption._meta.get_field("choice_bits")


class AreaSearchForm(SearchForm[AreaQuerySet]):
    """Areas by a part of their name or a postcode."""

    q = forms.CharField(
        label=_("Municipality, region or postcode"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def suggested_from(self) -> dict[str, str]:
        return {}

    def matching(self, queryset: AreaQuerySet, *facets: str) -> AreaQuerySet:
        words = self.cleaned_data.get("q", "")
        if words.isdecimal():
            return queryset.named(words)
        return queryset.filter(
            Q(name_fi__icontains=words) | Q(name_sv__icontains=words) | Q(name_en__icontains=words)
        )

    def in_order(self, queryset: AreaQuerySet, sort: str) -> AreaQuerySet:
        return queryset.by_name()


class TrainingSearchForm(SearchForm[TrainingOptionQuerySet]):
    """Training by words, place and what decides whether one can take part."""

    ORDERS = [
        ("", _("Best first")),
        ("start", _("What starts first")),
        ("deadline", _("What to apply for first")),
        ("name", _("Name")),
        ("distance", _("Nearest first")),
    ]
    facets = {
        "is_open": lambda _on: is_open(),
        "start": starts_in,
        "is_free": Kept(BITS, "fee", only=0),
        "beside_work": Kept(BITS, "is_beside_work"),
        "jotpa": Kept(BITS, "is_continuous_learning"),
        "labour_market": Kept(BITS, "is_labour_market"),
        "time": Kept(BITS, "teaching_times"),
        "mode": Kept(BITS, "mode"),
        "kind": Kept(BITS, "kind"),
        "field": Kept(BITS, "field"),
        "prior": Kept(BITS, "prior_education"),
        "outcome": Kept(BITS, "outcome"),
        "language": Kept(BITS, "languages"),
        "municipality": is_taught_in,
        "provider": lambda provider: Q(provider=provider),
    }
    many = {"municipality": "municipalities", "provider": "provider"}

    place = PlaceField()
    is_open = forms.BooleanField(label=_("Open for applications now"), required=False)
    is_free = forms.BooleanField(label=_("Free of charge"), required=False)
    beside_work = forms.BooleanField(label=_("Can be done beside work"), required=False)
    jotpa = forms.BooleanField(label=_("Paid for by JOTPA"), required=False)
    labour_market = forms.BooleanField(label=_("Labour market training"), required=False)
    start = choice_of(coming_seasons, _("Starts"))
    time = choice_of(TrainingOption.TeachingTime.choices, _("Teaching time"))
    mode = choice_of(TrainingOption.Mode.choices, _("Mode"))
    kind = choice_of(TrainingOption.Kind.choices, _("Kind"))
    field = choice_of(TrainingOption.Field.choices, _("Field"))
    prior = choice_of(TrainingOption.PriorEducation.choices, _("Earlier studies asked for"))
    outcome = choice_of(TrainingOption.Outcome.choices, _("Leads to"))
    language = choice_of(GuidanceLanguage.choices, _("Language"))
    municipality = ticked(
        Area.objects.all(), _("Taught in"), _("Where most of the training is. Write another place above.")
    )
    provider = ticked(
        Organisation.objects.published(),
        _("Provider"),
        _("Those with most of the training. Look for another by its name."),
    )
    sort = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)

    def within(self, queryset: TrainingOptionQuerySet, area: Area) -> TrainingOptionQuerySet:
        return queryset.within(area)

    def in_order(self, queryset: TrainingOptionQuerySet, sort: str) -> TrainingOptionQuerySet:
        if sort == "start":
            return queryset.order_by(F("starts_on").asc(nulls_last=True), "pk")
        if sort == "name":
            return queryset.by_name()
        if self.is_by_distance:
            return nearest_first(queryset, "municipalities", self.cleaned_data["place"])
        return queryset.soonest_first()


def _linked(field: str, row: Model) -> Q:
    """Services that a many-to-many field leads to the row, without a join that would count them twice."""
    services = GuidanceService.objects.filter(**{field: row.pk}).order_by()
    return Q(pk__in=services.values("pk"))


class GuidanceSearchForm(SearchForm[GuidanceServiceQuerySet]):
    """Guidance by words, the place one lives in, what it is about, for whom, how and in which language."""

    ORDERS = [
        ("", _("Best first")),
        ("name", _("Name")),
        ("distance", _("Nearest first")),
    ]
    facets = {
        "topic": lambda topic: _linked("topics", topic),
        "group": lambda group: _linked("target_groups", group),
        "channel": lambda channel: _linked("channels", channel),
        "way": lambda way: Q(ways__contains=[way]),
        "is_bookable": lambda _on: Q(pk__in=GuidanceService.objects.bookable().order_by().values("pk")),
        "language": lambda language: Q(languages__contains=[language]),
    }
    stays_within = True  # what is only for people elsewhere is of no use

    place = PlaceField(label=_("Where you live"))
    topic: "forms.ModelChoiceField[GuidanceTopic]" = forms.ModelChoiceField(
        GuidanceTopic.objects.all(),
        to_field_name="code",
        label=_("What it is about"),
        empty_label=_("Anything"),
        required=False,
    )
    group: "forms.ModelChoiceField[TargetGroup]" = forms.ModelChoiceField(
        TargetGroup.objects.all(),
        to_field_name="code",
        label=_("Who it is for"),
        empty_label=_("Anyone"),
        required=False,
    )
    channel: "forms.ModelChoiceField[Channel]" = forms.ModelChoiceField(
        Channel.objects.all(),
        to_field_name="code",
        label=_("How to meet"),
        empty_label=_("Any way"),
        required=False,
    )
    way = choice_of(GuidanceService.Way.choices, _("How to come"))
    is_bookable = forms.BooleanField(label=_("You can book a time"), required=False)
    language = choice_of(GuidanceLanguage.choices, _("Language"))
    sort = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)

    def within(self, queryset: GuidanceServiceQuerySet, area: Area) -> GuidanceServiceQuerySet:
        return queryset.serving(area)

    def in_order(self, queryset: GuidanceServiceQuerySet, sort: str) -> GuidanceServiceQuerySet:
        """By name, or by how far the nearest service point is; what is given without a place comes last."""
        if self.is_by_distance:
            place = self.cleaned_data["place"]
            return nearest_first(queryset, "service_points__municipality", place, then=name_key())
        return queryset.by_name()


NAMED_PARTS = SituationPart.objects.filter(kind=SituationPart.Kind.FUNDING, fundings__isnull=False)


def _named_for(situation: LifeSituation) -> Q:
    """Ways to finance studies that the page of a life situation names."""
    return Q(pk__in=NAMED_PARTS.filter(situation=situation.pk).order_by().values("fundings"))


class FundingSearchForm(SearchForm[FundingQuerySet]):
    """Ways to finance studies by words, by where one is in life and by who pays.

    Without words they stand in the order that coordinators gave them. A life situation whose page names none
    of them is no choice here: it would tell nothing apart.
    """

    facets = {
        "situation": _named_for,
        "payer": lambda payer: Q(payer=payer),
    }

    situation: "forms.ModelChoiceField[LifeSituation]" = forms.ModelChoiceField(
        LifeSituation.objects.published().filter(Exists(NAMED_PARTS.filter(situation=OuterRef("pk")))),
        to_field_name="slug",
        label=_("Where you are in life"),
        empty_label=_("Any situation"),
        required=False,
    )
    payer: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.published().filter(
            Exists(Funding.objects.published().filter(payer=OuterRef("pk")))
        ),
        to_field_name="slug",
        label=_("Paid by"),
        empty_label=_("Whoever pays"),
        required=False,
    )
