"""The network's tables in Django's admin, for superusers; the daily editing happens in the office."""

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from network.models import (
    Affiliation,
    Agreement,
    Area,
    Contact,
    Invitation,
    Network,
    NetworkMembership,
    OpeningException,
    OpeningHours,
    Organisation,
    Postcode,
    RouteStop,
    Sector,
    ServicePoint,
)


@admin.register(Area)
class AreaAdmin(TranslationAdmin):
    list_display = ("name", "kind", "code", "parent", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name_fi", "name_sv", "code")
    autocomplete_fields = ("parent", "parts", "successors")


@admin.register(Postcode)
class PostcodeAdmin(TranslationAdmin):
    list_display = ("code", "name", "municipality")
    list_select_related = ("municipality",)
    search_fields = ("code", "name_fi", "name_sv")
    autocomplete_fields = ("municipality",)


@admin.register(Sector)
class SectorAdmin(TranslationAdmin):
    list_display = ("name", "code", "order")


class ContactInline(TranslationStackedInline):
    model = Contact
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(TranslationAdmin):
    list_display = ("name", "sector", "business_id", "home_municipality", "published_at", "ended_on")
    list_filter = ("sector",)
    list_select_related = ("sector", "home_municipality")
    search_fields = ("name_fi", "name_sv", "name_en", "business_id")
    autocomplete_fields = ("parent", "home_municipality", "successors")
    inlines = (ContactInline,)


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    extra = 0


class OpeningExceptionInline(admin.TabularInline):
    model = OpeningException
    extra = 0


class RouteStopInline(admin.TabularInline):
    model = RouteStop
    autocomplete_fields = ("municipality",)
    extra = 0


@admin.register(ServicePoint)
class ServicePointAdmin(TranslationAdmin):
    list_display = ("name", "kind", "organisation", "municipality", "published_at", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("organisation", "municipality")
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("organisation", "municipality")
    inlines = (OpeningHoursInline, OpeningExceptionInline, RouteStopInline)


class MembershipInline(admin.TabularInline):
    model = NetworkMembership
    autocomplete_fields = ("organisation",)
    extra = 0


@admin.register(Network)
class NetworkAdmin(TranslationAdmin):
    list_display = ("name", "area", "lead", "published_at")
    list_select_related = ("area", "lead")
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("area", "lead")
    inlines = (MembershipInline,)


@admin.register(Agreement)
class AgreementAdmin(admin.ModelAdmin):
    list_display = ("title", "network", "valid_from", "valid_to")
    list_select_related = ("network",)
    search_fields = ("title",)
    autocomplete_fields = ("network", "parties")


@admin.register(Affiliation)
class AffiliationAdmin(admin.ModelAdmin):
    list_display = ("user", "role", "organisation", "since", "until")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user", "organisation")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Looked at here; sent from the office, where the letter goes with it."""

    list_display = ("email", "role", "organisation", "invited_by", "created_at", "state")
    list_select_related = ("organisation", "invited_by")
    search_fields = ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False
