"""Search forms of the training list and the guidance list."""

from functools import reduce
from operator import or_

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.models import Channel, GuidanceLanguage, GuidanceTopic, TrainingOption
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from guidance.catalogue.models.training_option import TrainingOptionQuerySet
from guidance.catalogue.search import matching, understand
from network.forms.search import PlaceField, Rows, SearchForm, choice_of
from network.models import Organisation
from network.models.area import AreaQuerySet
from projects.models import TargetGroup


def by_words(queryset: Rows, text: str) -> Rows:
    """The rows that fit the words, best first; all of them where there are no words."""
    wish = understand(text) if text else None
    if wish is None:
        return queryset
    return matching(queryset, wish) if wish else queryset.none()


class AreaSearchForm(SearchForm[AreaQuerySet]):
    """Areas by a part of their name or a postcode."""

    q = forms.CharField(
        label=_("Municipality, region or postcode"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def narrow(self, queryset: AreaQuerySet) -> AreaQuerySet:
        words = self.cleaned_data.get("q", "")
        if words.isdecimal():
            return queryset.named(words).by_name()
        names = reduce(or_, (Q(**{f"name_{code}__icontains": words}) for code in ("fi", "sv", "en")))
        return queryset.filter(names).by_name()


class TrainingSearchForm(SearchForm[TrainingOptionQuerySet]):
    """Training by words, place and what decides whether one can take part."""

    ORDERS = [
        ("", _("What to apply for first")),
        ("start", _("What starts first")),
        ("name", _("Name")),
    ]

    place = PlaceField()
    is_open = forms.BooleanField(label=_("Open for applications now"), required=False)
    is_free = forms.BooleanField(label=_("Free of charge"), required=False)
    kind = choice_of(TrainingOption.Kind.choices, _("Kind"))
    field = choice_of(TrainingOption.Field.choices, _("Field"))
    time = choice_of(TrainingOption.TeachingTime.choices, _("Teaching time"))
    mode = choice_of(TrainingOption.Mode.choices, _("Mode"))
    language = choice_of(GuidanceLanguage.choices, _("Language"))
    provider: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.published(), to_field_name="slug", required=False, widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)

    def narrow(self, queryset: TrainingOptionQuerySet) -> TrainingOptionQuerySet:
        chosen = self.cleaned_data
        sort, words = chosen.get("sort"), chosen.get("q")
        queryset = self._chosen_rows(queryset)
        if words:
            queryset = by_words(queryset, words)
        if sort == "start":
            return queryset.order_by(F("starts_on").asc(nulls_last=True), "pk")
        if sort == "name":
            return queryset.by_name()
        return queryset if words else queryset.soonest_first()

    def _chosen_rows(self, queryset: TrainingOptionQuerySet) -> TrainingOptionQuerySet:
        chosen = self.cleaned_data
        if area := chosen.get("place"):
            queryset = queryset.within(area)
        if chosen.get("is_open"):
            queryset = queryset.open()
        if chosen.get("is_free"):
            queryset = queryset.filter(fee=0)
        if kinds := chosen.get("kind"):
            queryset = queryset.filter(kind__in=kinds)
        if fields := chosen.get("field"):
            queryset = queryset.filter(field__in=fields)
        if times := chosen.get("time"):
            queryset = queryset.filter(teaching_times__overlap=times)
        if modes := chosen.get("mode"):
            queryset = queryset.filter(mode__in=modes)
        if languages := chosen.get("language"):
            queryset = queryset.filter(languages__overlap=languages)
        if provider := chosen.get("provider"):
            queryset = queryset.filter(provider=provider)
        return queryset


class GuidanceSearchForm(SearchForm[GuidanceServiceQuerySet]):
    """Guidance by words, the place one lives in, what it is about, for whom, how and in which language."""

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
    is_bookable = forms.BooleanField(label=_("You can book a time"), required=False)
    language = choice_of(GuidanceLanguage.choices, _("Language"))

    def narrow(self, queryset: GuidanceServiceQuerySet) -> GuidanceServiceQuerySet:
        chosen = self.cleaned_data
        if area := chosen.get("place"):
            queryset = queryset.serving(area)
        if topic := chosen.get("topic"):
            queryset = queryset.filter(topics=topic)
        if group := chosen.get("group"):
            queryset = queryset.filter(target_groups=group)
        if channel := chosen.get("channel"):
            queryset = queryset.filter(channels=channel)
        if chosen.get("is_bookable"):
            queryset = queryset.bookable()
        if languages := chosen.get("language"):
            queryset = queryset.filter(languages__overlap=languages)
        if words := chosen.get("q"):
            return by_words(queryset, words)
        return queryset.by_name()
