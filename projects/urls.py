"""Addresses of the projects app."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from projects.views import public
from projects.views.office import parts, projects

project_urls = [
    path("", public.project_list, name="project_list"),
    path("feed.atom", public.project_feed, name="project_feed"),
    path("list.<str:kind>", public.project_sheet, name="project_sheet"),
    path("<slug:slug>/", public.project_detail, name="project_detail"),
]
programme_urls = [
    path("", public.programme_list, name="programme_list"),
    path("<slug:slug>/", public.programme_detail, name="programme_detail"),
]
material_urls = [
    path("", public.material_list, name="material_list"),
    path("feed.atom", public.material_feed, name="material_feed"),
    path("list.<str:kind>", public.material_sheet, name="material_sheet"),
    path("<int:pk>/", public.material_file, name="material_file"),
]

public_urls: list[URLPattern | URLResolver] = [
    path(_("projects/"), include(project_urls)),
    path(_("programmes/"), include(programme_urls)),
    path(_("materials/"), include(material_urls)),
]
desk_urls: list[URLPattern] = []
office_urls: list[URLPattern] = [
    path("projects/", projects.project_list, name="project_list"),
    path("projects/add/", projects.project_add, name="project_add"),
    path("projects/<slug:slug>/", projects.project_edit, name="project_edit"),
    path("projects/<slug:slug>/publish/", projects.project_publish, name="project_publish"),
    path("projects/<slug:slug>/history/", projects.project_history, name="project_history"),
    path("projects/<slug:slug>/partners/", parts.partner_list, name="partner_list"),
    path("projects/<slug:slug>/areas/", parts.area_list, name="area_list"),
    path("projects/<slug:slug>/service-points/", parts.service_point_list, name="service_point_list"),
    path("projects/<slug:slug>/challenges/", parts.challenge_list, name="challenge_list"),
    path("projects/<slug:slug>/goals/", parts.goal_list, name="goal_list"),
    path("projects/<slug:slug>/target-groups/", parts.target_group_list, name="target_group_list"),
    path("projects/<slug:slug>/results/", parts.result_list, name="result_list"),
    path("projects/<slug:slug>/indicators/", parts.indicator_list, name="indicator_list"),
    path("projects/<slug:slug>/indicators/<int:pk>/", parts.reading_list, name="reading_list"),
    path("projects/<slug:slug>/materials/", parts.material_list, name="material_list"),
]

app_name = "projects"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
