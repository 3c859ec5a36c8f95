"""Addresses of the casework app: all of them at the desk."""

from django.urls import URLPattern, URLResolver, include, path

from guidance.casework.views.desk import clients, day, sessions

public_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = [
    path("", day.my_day, name="my_day"),
    path("colleagues/", day.colleague_day, name="colleague_day"),
    path("keys/", day.keys, name="keys"),
    path("appointments/<int:pk>/session/", sessions.appointment_log, name="appointment_log"),
    path("appointments/<int:pk>/mark/", sessions.appointment_mark, name="appointment_mark"),
    path("sessions/", sessions.session_list, name="session_list"),
    path("sessions/add/", sessions.session_add, name="session_add"),
    path("sessions/<int:pk>/", sessions.session_detail, name="session_detail"),
    path("sessions/<int:pk>/edit/", sessions.session_edit, name="session_edit"),
    path("clients/", clients.client_list, name="client_list"),
    path("clients/add/", clients.client_add, name="client_add"),
    path("clients/<int:pk>/", clients.client_detail, name="client_detail"),
    path("clients/<int:pk>/edit/", clients.client_edit, name="client_edit"),
    path("clients/<int:pk>/access/", clients.client_access_list, name="client_access_list"),
]

app_name = "casework"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
]
