"""The catalogue's tables in Django's admin, for superusers; the daily editing happens in the office."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from guidance.catalogue.models import Channel, GuidanceService, GuidanceTopic, TrainingOption


@admin.register(GuidanceTopic)
class GuidanceTopicAdmin(TranslationAdmin):
    list_display = ("name", "code", "order")


@admin.register(Channel)
class ChannelAdmin(TranslationAdmin):
    list_display = ("name", "code", "needs_place", "needs_phone", "order")


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
