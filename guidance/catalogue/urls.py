"""Addresses of the catalogue app."""

from django.urls import URLPattern, URLResolver, include, path

public_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = []
office_urls: list[URLPattern] = []

app_name = "catalogue"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
