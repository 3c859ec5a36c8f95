"""Addresses of the catalogue app."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.views.office import fundings as office_fundings
from guidance.catalogue.views.office import imports, offers, quality, suggestions, vocabularies, words
from guidance.catalogue.views.office import situations as office_situations
from guidance.catalogue.views.public import (
    alerts,
    areas,
    checks,
    formats,
    front,
    fundings,
    guidance,
    organisations,
    search,
    service_points,
    situations,
    stops,
    training,
)

training_urls = [
    path("", training.training_list, name="training_list"),
    path("feed.atom", formats.training_feed, name="training_feed"),
    path("list.<str:kind>", formats.training_sheet, name="training_sheet"),
    path("<slug:slug>/", training.training_detail, name="training_detail"),
]
guidance_urls = [
    path("", guidance.guidance_list, name="guidance_list"),
    path("feed.atom", formats.guidance_feed, name="guidance_feed"),
    path("list.<str:kind>", formats.guidance_sheet, name="guidance_sheet"),
    path("<slug:slug>/", guidance.guidance_detail, name="guidance_detail"),
]
funding_urls = [
    path("", fundings.funding_list, name="funding_list"),
    path("feed.atom", formats.funding_feed, name="funding_feed"),
    path("list.<str:kind>", formats.funding_sheet, name="funding_sheet"),
    path("<slug:slug>/", fundings.funding_detail, name="funding_detail"),
]
situation_urls = [
    path("", situations.situation_list, name="situation_list"),
    path("<slug:slug>/", situations.situation_detail, name="situation_detail"),
]
area_urls = [
    path("", areas.area_list, name="area_list"),
    path("<slug:slug>/", areas.area_detail, name="area_detail"),
]
organisation_urls = [path("<slug:slug>/", organisations.organisation_detail, name="organisation_detail")]
network_urls = [path("<slug:slug>/", organisations.network_detail, name="network_detail")]
record_urls = [
    path(_("right/"), checks.check_confirm, name="check_confirm"),
    path(_("correct/"), checks.check_correct, name="check_correct"),
    path(_("end/"), checks.check_end, name="check_end"),
]
check_urls: list[URLPattern | URLResolver] = [
    path("", checks.check_list, name="check_list"),
    path(_("new-link/"), checks.check_renew, name="check_renew"),
    path("<slug:kind>/<slug:slug>/", include(record_urls)),
]
service_point_urls = [path("<slug:slug>/", service_points.service_point_detail, name="service_point_detail")]

alert_urls = [
    path(_("asked/"), alerts.alert_asked, name="alert_asked"),
    path(_("add/<slug:source>/"), alerts.alert_add, name="alert_add"),
    path("<str:key>/", alerts.alert_detail, name="alert_detail"),
    path(_("<str:key>/confirm/"), alerts.alert_confirm, name="alert_confirm"),
    path(_("<str:key>/pause/"), alerts.alert_pause, name="alert_pause"),
    path(_("<str:key>/continue/"), alerts.alert_continue, name="alert_continue"),
    path(_("<str:key>/stop/"), alerts.alert_stop, name="alert_stop"),
    path(_("<str:key>/stop-all/"), alerts.alert_stop_all, name="alert_stop_all"),
]

public_urls: list[URLPattern | URLResolver] = [
    path("", front.front_page, name="front_page"),
    path(_("alerts/"), include(alert_urls)),
    path(_("search/"), search.search, name="search"),
    path("opensearch.xml", formats.opensearch, name="opensearch"),
    path("suggestions/", search.suggest, name="suggest"),
    path(_("trainings/"), include(training_urls)),
    path(_("guidance/"), include(guidance_urls)),
    path(_("financing/"), include(funding_urls)),
    path(_("situations/"), include(situation_urls)),
    path(_("areas/"), include(area_urls)),
    path(_("organisations/"), include(organisation_urls)),
    path(_("networks/"), include(network_urls)),
    path(_("stops/"), stops.stop_list, name="stop_list"),
    path(_("service-points/"), include(service_point_urls)),
    path(_("checks/"), include([path("<str:key>/", include(check_urls))])),
]
desk_urls: list[URLPattern] = []
office_situation_urls = [
    path("", office_situations.situation_list, name="situation_list"),
    path("add/", office_situations.situation_add, name="situation_add"),
    path("<slug:slug>/", office_situations.situation_edit, name="situation_edit"),
    path("<slug:slug>/preview/", office_situations.situation_preview, name="situation_preview"),
    path("<slug:slug>/publish/", office_situations.situation_publish, name="situation_publish"),
    path("<slug:slug>/move/", office_situations.situation_move, name="situation_move"),
    path(
        "<slug:slug>/parts/add/<slug:kind>/", office_situations.situation_part_add, name="situation_part_add"
    ),
    path("<slug:slug>/parts/<int:pk>/", office_situations.situation_part_edit, name="situation_part_edit"),
    path(
        "<slug:slug>/parts/<int:pk>/move/", office_situations.situation_part_move, name="situation_part_move"
    ),
    path(
        "<slug:slug>/parts/<int:pk>/delete/",
        office_situations.situation_part_delete,
        name="situation_part_delete",
    ),
]
office_funding_urls = [
    path("", office_fundings.funding_list, name="funding_list"),
    path("add/", office_fundings.funding_add, name="funding_add"),
    path("<slug:slug>/", office_fundings.funding_edit, name="funding_edit"),
    path("<slug:slug>/publish/", office_fundings.funding_publish, name="funding_publish"),
    path("<slug:slug>/move/", office_fundings.funding_move, name="funding_move"),
]
office_urls: list[URLPattern | URLResolver] = [
    path("financing/", include(office_funding_urls)),
    path("situations/", include(office_situation_urls)),
    path("guidance/", offers.guidance_list, name="guidance_list"),
    path("guidance/add/", offers.guidance_add, name="guidance_add"),
    path("guidance/<slug:slug>/", offers.guidance_edit, name="guidance_edit"),
    path("guidance/<slug:slug>/publish/", offers.guidance_publish, name="guidance_publish"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/add/", imports.import_add, name="import_add"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/write/", imports.import_write, name="import_write"),
    path("imports/<int:pk>/restart/", imports.import_restart, name="import_restart"),
    path("imports/template/<slug:kind>.<slug:file_type>", imports.import_template, name="import_template"),
    path("quality/records/", quality.quality_list, name="quality_list"),
    path("quality/organisations/", quality.quality_organisation_list, name="quality_organisation_list"),
    path("quality/suggestions/", suggestions.suggestion_list, name="suggestion_list"),
    path("quality/suggestions/<int:pk>/accept/", suggestions.suggestion_accept, name="suggestion_accept"),
    path("quality/suggestions/<int:pk>/reject/", suggestions.suggestion_reject, name="suggestion_reject"),
    path("quality/<slug:kind>/<slug:slug>/", quality.quality_detail, name="quality_detail"),
    path("trainings/", offers.training_list, name="training_list"),
    path("trainings/add/", offers.training_add, name="training_add"),
    path("trainings/<slug:slug>/", offers.training_edit, name="training_edit"),
    path("trainings/<slug:slug>/rounds/", offers.training_rounds, name="training_rounds"),
    path("trainings/<slug:slug>/notes/", offers.training_notes, name="training_notes"),
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
