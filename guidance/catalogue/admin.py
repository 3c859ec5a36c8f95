"""The catalogue's tables in Django's admin, for superusers; the daily editing happens in the office."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from guidance.catalogue.models import (
    Channel,
    Funding,
    GuidanceService,
    GuidanceTopic,
    LifeSituation,
    TrainingOption,
)


@admin.register(GuidanceTopic)
class GuidanceTopicAdmin(TranslationAdmin):
    list_display = ("name", "code", "order")


@admin.register(Channel)
class ChannelAdmin(TranslationAdmin):
    list_display = ("name", "code", "needs_place", "needs_phone", "needs_address", "needs_link", "order")


@admin.register(GuidanceService)
class GuidanceServiceAdmin(TranslationAdmin):
    list_display = ("name", "organisation", "booking", "checked_on", "published_at")
    list_filter = ("booking", "channels")
    list_select_related = ("organisation",)
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("organisation", "service_points", "areas")


@admin.register(TrainingOption)
class TrainingOptionAdmin(TranslationAdmin):
    list_display = ("name", "provider", "kind", "applications_to", "checked_on", "published_at")
    list_filter = ("kind", "field")
    list_select_related = ("provider",)
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("provider", "municipalities")


@admin.register(Funding)
class FundingAdmin(TranslationAdmin):
    list_display = ("name", "payer", "order", "checked_on", "published_at")
    list_select_related = ("payer",)
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("payer",)


@admin.register(LifeSituation)
class LifeSituationAdmin(TranslationAdmin):
    list_display = ("name", "order", "published_at")
    search_fields = ("name_fi", "name_sv", "name_en")
