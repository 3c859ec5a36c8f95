"""Addresses of the booking app."""

from datetime import datetime

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _

from guidance.booking.views.desk import absences, appointments, availability
from guidance.booking.views.public import booking, choosing, data, private
from guidance.booking.wall_clock import read, written

FIRST_YEAR, LAST_YEAR = 2000, 2200  # nearer the ends of the calendar, days before and after do not exist


class StartConverter:
    """The start of a meeting as it stands in addresses; a moment (UTC) in views."""

    regex = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"

    def to_python(self, value: str) -> datetime:
        """Raises ValueError, which is a 404, for a time no booking can have."""
        if not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
            raise ValueError(value)
        return read(value)

    def to_url(self, value: datetime) -> str:
        return written(value)


register_converter(StartConverter, "start")

time_urls: list[URLPattern | URLResolver] = [
    path("", choosing.slot_list, name="slot_list"),
    path("<start:starts_at>/", booking.appointment_book, name="appointment_book"),
]
service_urls: list[URLPattern | URLResolver] = [
    path(_("book/"), choosing.appointment_start, name="appointment_start"),
    path(_("times/"), include(time_urls)),
]
private_urls: list[URLPattern | URLResolver] = [
    path("", private.appointment_detail, name="appointment_detail"),
    path(_("move/"), private.appointment_move, name="appointment_move"),
    path(_("cancel/"), private.appointment_cancel, name="appointment_cancel"),
    path("opinovi.ics", private.appointment_calendar, name="appointment_calendar"),
]
public_urls: list[URLPattern | URLResolver] = [
    path(_("book/"), choosing.service_choose, name="service_choose"),
    path(_("data/"), data.data, name="data"),
    path(_("guidance/"), include([path("<slug:slug>/", include(service_urls))])),
    path(_("bookings/"), include([path("<str:key>/", include(private_urls))])),
]
desk_urls: list[URLPattern] = [
    path("availability/", availability.availability_list, name="availability_list"),
    path("availability/add/", availability.availability_add, name="availability_add"),
    path("availability/<int:pk>/", availability.availability_edit, name="availability_edit"),
    path("availability/<int:pk>/delete/", availability.availability_delete, name="availability_delete"),
    path("absences/add/", absences.absence_add, name="absence_add"),
    path("absences/<int:pk>/", absences.absence_edit, name="absence_edit"),
    path("absences/<int:pk>/delete/", absences.absence_delete, name="absence_delete"),
    path("appointments/<int:pk>/", appointments.appointment_detail, name="appointment_detail"),
    path("appointments/<int:pk>/cancel/", appointments.appointment_cancel, name="appointment_cancel"),
]
office_urls: list[URLPattern] = []

app_name = "booking"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
