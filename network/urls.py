"""Addresses of the network app."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from network.views.office import (
    exchange,
    invitations,
    members,
    networks,
    organisations,
    people,
    service_points,
)
from network.views.public import formats
from network.views.public import organisations as public_organisations
from network.views.public import people as public_people
from network.views.public import service_points as public_service_points

organisation_format_urls = [
    path("feed.atom", formats.organisation_feed, name="organisation_feed"),
    path("list.<str:kind>", formats.organisation_sheet, name="organisation_sheet"),
]
service_point_format_urls = [
    path("feed.atom", formats.service_point_feed, name="service_point_feed"),
    path("list.<str:kind>", formats.service_point_sheet, name="service_point_sheet"),
    path("stops.ics", formats.stop_calendar, name="stop_calendar"),
    path("<slug:slug>/stops.ics", formats.service_point_calendar, name="service_point_calendar"),
]
area_format_urls = [path("<slug:slug>/stops.ics", formats.area_stop_calendar, name="area_stop_calendar")]

public_urls: list[URLPattern | URLResolver] = [
    path(_("organisations/"), public_organisations.organisation_list, name="organisation_list"),
    path(_("service-points/"), public_service_points.service_point_list, name="service_point_list"),
    path(_("organisations/"), include(organisation_format_urls)),
    path(_("service-points/"), include(service_point_format_urls)),
    path(_("areas/"), include(area_format_urls)),
    path(
        _("invitations/"),
        include([path("<str:key>/", public_people.invitation_accept, name="invitation_accept")]),
    ),
]
desk_urls: list[URLPattern] = []
office_urls: list[URLPattern] = [
    path("", networks.home, name="home"),
    path("networks/", networks.network_list, name="network_list"),
    path("networks/add/", networks.network_add, name="network_add"),
    path("networks/<slug:slug>/", networks.network_detail, name="network_detail"),
    path("networks/<slug:slug>/edit/", networks.network_edit, name="network_edit"),
    path("networks/<slug:slug>/publish/", networks.network_publish, name="network_publish"),
    path("networks/<slug:slug>/picture/", networks.network_picture, name="network_picture"),
    path("networks/<slug:slug>/history/", networks.network_history, name="network_history"),
    path("networks/<slug:slug>/members/add/", members.member_find, name="member_find"),
    path("networks/<slug:slug>/members/add/<slug:organisation>/", members.member_add, name="member_add"),
    path("networks/<slug:slug>/members/<int:pk>/", members.member_edit, name="member_edit"),
    path("networks/<slug:slug>/members/<int:pk>/end/", members.member_end, name="member_end"),
    path("networks/<slug:slug>/agreements/add/", members.agreement_add, name="agreement_add"),
    path("networks/<slug:slug>/agreements/<int:pk>/", members.agreement_edit, name="agreement_edit"),
    path("networks/<slug:slug>/agreements/<int:pk>/file/", members.agreement_file, name="agreement_file"),
    path("networks/<slug:slug>/import/", exchange.network_import, name="network_import"),
    path("networks/<slug:slug>/import/write/", exchange.network_import_write, name="network_import_write"),
    path("networks/<slug:slug>/members.<str:kind>", exchange.network_export, name="network_export"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/add/", organisations.organisation_add, name="organisation_add"),
    path("organisations/<slug:slug>/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<slug:slug>/contacts/add/", organisations.contact_add, name="contact_add"),
    path("organisations/<slug:slug>/contacts/<int:pk>/", organisations.contact_edit, name="contact_edit"),
    path(
        "organisations/<slug:slug>/contacts/<int:pk>/delete/",
        organisations.contact_delete,
        name="contact_delete",
    ),
    path("service-points/", service_points.service_point_list, name="service_point_list"),
    path("service-points/add/", service_points.service_point_add, name="service_point_add"),
    path("service-points/<slug:slug>/", service_points.service_point_edit, name="service_point_edit"),
    path(
        "service-points/<slug:slug>/publish/",
        service_points.service_point_publish,
        name="service_point_publish",
    ),
    path("service-points/<slug:slug>/hours/", service_points.service_point_hours, name="service_point_hours"),
    path(
        "service-points/<slug:slug>/exceptions/",
        service_points.service_point_exceptions,
        name="service_point_exceptions",
    ),
    path("service-points/<slug:slug>/stops/", service_points.stop_list, name="stop_list"),
    path("service-points/<slug:slug>/stops/add/", service_points.stop_add, name="stop_add"),
    path("service-points/<slug:slug>/stops/<int:pk>/", service_points.stop_edit, name="stop_edit"),
    path("service-points/<slug:slug>/stops/<int:pk>/cancel/", service_points.stop_cancel, name="stop_cancel"),
    path("people/", people.person_list, name="person_list"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/second-factor/", people.second_factor_remove, name="second_factor_remove"),
    path("people/<int:pk>/roles/add/", people.affiliation_add, name="affiliation_add"),
    path("roles/<int:pk>/end/", people.affiliation_end, name="affiliation_end"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/add/", invitations.invitation_add, name="invitation_add"),
    path("invitations/<int:pk>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
]

app_name = "network"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
