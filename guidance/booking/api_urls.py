"""Addresses of the open data. They have no language: one is asked for by `lang` or Accept-Language."""

from django.urls import URLPattern, include, path, register_converter

from guidance.booking.views.public import api


class ProfileConverter:
    """The way in which the data is written: HSDS or its UK profile."""

    regex = "hsds|oruk"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProfileConverter, "profile")

public_urls: list[URLPattern] = [
    path("<profile:profile>/", api.api_home, name="api_home"),
    path("<profile:profile>/openapi.json", api.openapi_document, name="openapi_document"),
    path("<profile:profile>/tabular.zip", api.tabular_package, name="tabular_package"),
    path("<profile:profile>/services", api.service_list, name="service_list"),
    path("<profile:profile>/services/<str:identifier>", api.service_detail, name="service_detail"),
    path("<profile:profile>/organizations", api.organization_list, name="organization_list"),
    path(
        "<profile:profile>/organizations/<str:identifier>",
        api.organization_detail,
        name="organization_detail",
    ),
    path(
        "<profile:profile>/service_at_locations",
        api.service_at_location_list,
        name="service_at_location_list",
    ),
    path(
        "<profile:profile>/service_at_locations/<str:identifier>",
        api.service_at_location_detail,
        name="service_at_location_detail",
    ),
    path("<profile:profile>/taxonomies", api.taxonomy_list, name="taxonomy_list"),
    path("<profile:profile>/taxonomies/<str:identifier>", api.taxonomy_detail, name="taxonomy_detail"),
    path("<profile:profile>/taxonomy_terms", api.taxonomy_term_list, name="taxonomy_term_list"),
    path(
        "<profile:profile>/taxonomy_terms/<str:identifier>",
        api.taxonomy_term_detail,
        name="taxonomy_term_detail",
    ),
]

app_name = "api"
urlpatterns = [path("", include((public_urls, "public")))]
