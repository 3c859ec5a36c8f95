"""Addresses of the catalogue app."""

from django.urls import URLPattern, URLResolver, include, path

from guidance.catalogue.views.office import offers

public_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = []
office_urls: list[URLPattern] = [
    path("guidance/", offers.guidance_list, name="guidance_list"),
    path("guidance/add/", offers.guidance_add, name="guidance_add"),
    path("guidance/<slug:slug>/", offers.guidance_edit, name="guidance_edit"),
    path("guidance/<slug:slug>/publish/", offers.guidance_publish, name="guidance_publish"),
    path("trainings/", offers.training_list, name="training_list"),
    path("trainings/add/", offers.training_add, name="training_add"),
    path("trainings/<slug:slug>/", offers.training_edit, name="training_edit"),
    path("trainings/<slug:slug>/publish/", offers.training_publish, name="training_publish"),
]

app_name = "catalogue"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
