"""Addresses of the projects app."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from projects.views import public

project_urls = [
    path("", public.project_list, name="project_list"),
    path("<slug:slug>/", public.project_detail, name="project_detail"),
]
programme_urls = [
    path("", public.programme_list, name="programme_list"),
    path("<slug:slug>/", public.programme_detail, name="programme_detail"),
]
material_urls = [
    path("", public.material_list, name="material_list"),
    path("<int:pk>/", public.material_file, name="material_file"),
]

public_urls: list[URLPattern | URLResolver] = [
    path(_("projects/"), include(project_urls)),
    path(_("programmes/"), include(programme_urls)),
    path(_("materials/"), include(material_urls)),
]
desk_urls: list[URLPattern] = []
office_urls: list[URLPattern] = []

app_name = "projects"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
