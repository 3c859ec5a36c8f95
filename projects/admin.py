"""The projects' tables in Django's admin, for superusers; the daily editing happens in the office."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from projects.models import (
    Challenge,
    Indicator,
    IndicatorReading,
    Material,
    Programme,
    Project,
    ProjectGoal,
    ProjectPartner,
    ProjectTargetGroup,
    Result,
    TargetGroup,
)


@admin.register(Programme)
class ProgrammeAdmin(TranslationAdmin):
    list_display = ("name", "starts_year", "ends_year", "published_at")
    search_fields = ("name_fi", "name_sv", "name_en")
    autocomplete_fields = ("areas", "authorities")


class PartnerInline(TranslationStackedInline):
    model = ProjectPartner
    autocomplete_fields = ("organisation",)
    extra = 0


class ChallengeInline(TranslationStackedInline):
    model = Challenge
    extra = 0


class TargetGroupInline(TranslationStackedInline):
    model = ProjectTargetGroup
    extra = 0


class ResultInline(TranslationStackedInline):
    model = Result
    extra = 0


@admin.register(Project)
class ProjectAdmin(TranslationAdmin):
    list_display = ("name", "programme", "starts_on", "ends_on", "published_at")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    search_fields = ("name_fi", "name_sv", "name_en")
    inlines = (PartnerInline, ChallengeInline, TargetGroupInline, ResultInline)


@admin.register(ProjectGoal)
class ProjectGoalAdmin(TranslationAdmin):
    list_display = ("text", "theme")
    search_fields = ("text_fi", "text_sv", "text_en")


@admin.register(TargetGroup)
class TargetGroupAdmin(TranslationAdmin):
    list_display = ("name", "code", "ptv_code", "order")


class ReadingInline(admin.TabularInline):
    model = IndicatorReading
    extra = 0


@admin.register(Indicator)
class IndicatorAdmin(TranslationAdmin):
    list_display = ("name", "project", "unit", "target")
    list_select_related = ("project",)
    autocomplete_fields = ("project",)
    inlines = (ReadingInline,)


@admin.register(Material)
class MaterialAdmin(TranslationAdmin):
    list_display = ("title", "kind", "project", "programme", "year", "published_at")
    list_filter = ("kind",)
    list_select_related = ("project", "programme")
    search_fields = ("title_fi", "title_sv", "title_en")
    autocomplete_fields = ("project", "area", "author")
