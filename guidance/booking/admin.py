"""Events in Django's admin, for superusers; the daily editing happens in the office.

Appointments are not here: who reads them is written down, and only the desk does that.
"""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from guidance.booking.models import GroupSession


@admin.register(GroupSession)
class GroupSessionAdmin(TranslationAdmin):
    list_display = ("name", "organisation", "kind", "starts_at", "cancelled_at", "published_at")
    list_filter = ("kind",)
    list_select_related = ("organisation",)
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("organisation", "service", "service_point", "municipality")
    date_hierarchy = "starts_at"
