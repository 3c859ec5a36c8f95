"""Addresses of the reporting app: all of them in the office."""

from django.urls import URLPattern, URLResolver, include, path

from guidance.reporting.views import office

office_urls: list[URLPattern] = [
    path("figures/", office.figure_list, name="figure_list"),
    path("figures/export/", office.figure_export, name="figure_export"),
]

app_name = "reporting"
urlpatterns: list[URLResolver] = [path("office/", include((office_urls, "office")))]
