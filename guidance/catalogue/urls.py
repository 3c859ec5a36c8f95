"""Addresses of the catalogue app."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.views.office import offers, vocabularies, words
from guidance.catalogue.views.public import (
    areas,
    front,
    guidance,
    organisations,
    search,
    service_points,
    training,
)

training_urls = [
    path("", training.training_list, name="training_list"),
    path("<slug:slug>/", training.training_detail, name="training_detail"),
]
guidance_urls = [
    path("", guidance.guidance_list, name="guidance_list"),
    path("<slug:slug>/", guidance.guidance_detail, name="guidance_detail"),
]
area_urls = [
    path("", areas.area_list, name="area_list"),
    path("<slug:slug>/", areas.area_detail, name="area_detail"),
]
organisation_urls = [path("<slug:slug>/", organisations.organisation_detail, name="organisation_detail")]
network_urls = [path("<slug:slug>/", organisations.network_detail, name="network_detail")]
service_point_urls = [path("<slug:slug>/", service_points.service_point_detail, name="service_point_detail")]

public_urls: list[URLPattern | URLResolver] = [
    path("", front.front_page, name="front_page"),
    path(_("search/"), search.search, name="search"),
    path("suggestions/", search.suggest, name="suggest"),
    path(_("trainings/"), include(training_urls)),
    path(_("guidance/"), include(guidance_urls)),
    path(_("areas/"), include(area_urls)),
    path(_("organisations/"), include(organisation_urls)),
    path(_("networks/"), include(network_urls)),
    path(_("service-points/"), include(service_point_urls)),
]
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
    path("vocabularies/", vocabularies.vocabulary_list, name="vocabulary_list"),
    path("vocabularies/<slug:kind>/add/", vocabularies.vocabulary_add, name="vocabulary_add"),
    path("vocabularies/<slug:kind>/<int:pk>/", vocabularies.vocabulary_edit, name="vocabulary_edit"),
    path("vocabularies/<slug:kind>/<int:pk>/move/", vocabularies.vocabulary_move, name="vocabulary_move"),
    path(
        "vocabularies/<slug:kind>/<int:pk>/delete/", vocabularies.vocabulary_delete, name="vocabulary_delete"
    ),
    path("synonyms/", words.synonyms_list, name="synonyms_list"),
    path("synonyms/add/", words.synonyms_add, name="synonyms_add"),
    path("synonyms/<int:pk>/", words.synonyms_edit, name="synonyms_edit"),
    path("synonyms/<int:pk>/delete/", words.synonyms_delete, name="synonyms_delete"),
    path("unanswered/", words.unanswered_list, name="unanswered_list"),
]

app_name = "catalogue"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
