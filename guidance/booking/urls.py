"""Addresses of the booking app."""

from datetime import datetime
from types import ModuleType

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _

from guidance.booking.views.desk import (
    absences,
    appointments,
    availability,
    bookings,
    calendar,
    call_backs,
    feeds,
    moves,
    substitutes,
)
from guidance.booking.views.desk import feedback as desk_feedback
from guidance.booking.views.desk import invitations as desk_invitations
from guidance.booking.views.desk import registrations as desk_registrations
from guidance.booking.views.desk import waiting as desk_waiting
from guidance.booking.views.office import capacity
from guidance.booking.views.office import feedback as office_feedback
from guidance.booking.views.office import group_sessions as office_group_sessions
from guidance.booking.views.office import registrations as office_registrations
from guidance.booking.views.public import (
    booking,
    choosing,
    data,
    formats,
    group_sessions,
    invitations,
    links,
    notebook,
    notebook_links,
    private,
    registrations,
    waiting,
)
from guidance.booking.views.public import feeds as public_feeds
from guidance.booking.views.public import moves as public_moves
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
    path(_("month/"), choosing.slot_month, name="slot_month"),
    path("<start:starts_at>/", booking.appointment_book, name="appointment_book"),
]
service_urls: list[URLPattern | URLResolver] = [
    path(_("book/"), choosing.appointment_start, name="appointment_start"),
    path(_("times/"), include(time_urls)),
    path(_("waiting-list/"), waiting.waiting_join, name="waiting_join"),
    path(_("waiting-list/joined/"), waiting.waiting_joined, name="waiting_joined"),
    path(_("call/"), waiting.call_back_ask, name="call_back_ask"),
    path(_("call/asked/"), waiting.call_back_asked, name="call_back_asked"),
]
waiting_urls: list[URLPattern | URLResolver] = [
    path("", waiting.waiting_detail, name="waiting_detail"),
    path(_("accept/"), waiting.waiting_accept, name="waiting_accept"),
    path(_("not-this-time/"), waiting.waiting_decline, name="waiting_decline"),
    path(_("leave/"), waiting.waiting_leave, name="waiting_leave"),
]
private_urls: list[URLPattern | URLResolver] = [
    path("", private.appointment_detail, name="appointment_detail"),
    path(_("move/"), public_moves.appointment_move, name="appointment_move"),
    path(_("move/<start:starts_at>/"), public_moves.appointment_move_to, name="appointment_move_to"),
    path(_("cancel/"), private.appointment_cancel, name="appointment_cancel"),
    path(_("coming/"), private.appointment_coming, name="appointment_coming"),
    path(_("feedback/"), private.appointment_feedback, name="appointment_feedback"),
    path("opinovi.ics", private.appointment_calendar, name="appointment_calendar"),
]
bookings_urls: list[URLPattern | URLResolver] = [
    path(_("links/"), links.appointment_links, name="appointment_links"),
    path("<str:key>/", include(private_urls)),
]
group_session_urls: list[URLPattern | URLResolver] = [
    path("", group_sessions.group_session_list, name="group_session_list"),
    path("<slug:slug>/", group_sessions.group_session_detail, name="group_session_detail"),
    path(_("<slug:slug>/sign-up/"), registrations.registration_add, name="registration_add"),
    path(_("<slug:slug>/sign-up/sent/"), registrations.registration_sent, name="registration_sent"),
]
registration_urls: list[URLPattern | URLResolver] = [
    path("", registrations.registration_detail, name="registration_detail"),
    path(_("cancel/"), registrations.registration_cancel, name="registration_cancel"),
    path(_("accept/"), registrations.registration_accept, name="registration_accept"),
    path("opinovi.ics", registrations.registration_calendar, name="registration_calendar"),
]
notebook_urls: list[URLPattern | URLResolver] = [
    path("", notebook.notebook_detail, name="notebook_detail"),
    path(_("keep/<slug:kind>/<slug:slug>/"), notebook.notebook_keep, name="notebook_keep"),
    path("kept.css", notebook.notebook_kept, name="notebook_kept"),
    path(_("compare/"), notebook.notebook_compare, name="notebook_compare"),
    path(_("send/"), notebook.notebook_send, name="notebook_send"),
    path(_("erase/"), notebook.notebook_erase, name="notebook_erase"),
    path(_("items/<int:pk>/note/"), notebook.item_note, name="item_note"),
    path(_("items/<int:pk>/remove/"), notebook.item_remove, name="item_remove"),
    path(_("items/<int:pk>/restore/"), notebook.item_restore, name="item_restore"),
    path(_("links/"), notebook_links.notebook_share, name="notebook_share"),
    path(_("links/<int:pk>/revoke/"), notebook_links.notebook_revoke, name="notebook_revoke"),
    path(_("shown/<str:key>/"), notebook_links.notebook_shown, name="notebook_shown"),
    path(_("open/<str:key>/"), notebook_links.notebook_open, name="notebook_open"),
]
area_format_urls = [
    path("events.ics", formats.area_group_session_calendar, name="area_group_session_calendar"),
]
event_format_urls: list[URLPattern | URLResolver] = [
    path("events.atom", formats.group_session_feed, name="group_session_feed"),
    path("events.ics", formats.group_session_calendar, name="group_session_calendar"),
    path("events.<str:kind>", formats.group_session_sheet, name="group_session_sheet"),
    path(_("areas/"), include([path("<slug:slug>/", include(area_format_urls))])),
]
counsellor_urls = [
    path("<str:key>/opinovi.ics", public_feeds.counsellor_calendar, name="counsellor_calendar"),
]
public_urls: list[URLPattern | URLResolver] = [
    path(_("notebook/"), include(notebook_urls)),
    path(_("book/"), choosing.service_choose, name="service_choose"),
    path(_("data/"), data.data, name="data"),
    path(_("guidance/"), include([path("<slug:slug>/", include(service_urls))])),
    path(_("events/"), include(group_session_urls)),
    path(_("waiting/"), include([path("<str:key>/", include(waiting_urls))])),
    path(_("bookings/"), include(bookings_urls)),
    path(_("registrations/"), include([path("<str:key>/", include(registration_urls))])),
    path(_("invited/<str:key>/"), invitations.invitation_open, name="invitation_open"),
    path(_("calendars/"), include(counsellor_urls)),
    path("", include(event_format_urls)),
]


def participant_urls(views: ModuleType) -> list[URLPattern | URLResolver]:
    """The pages about the participants of a session, which the desk and the office have alike."""
    return [
        path("", views.registration_list, name="registration_list"),
        path("add/", views.registration_add, name="registration_add"),
        path("participants.csv", views.registration_sheet, name="registration_sheet"),
        path("attendance/", views.attendance_list, name="attendance_list"),
        path("<int:pk>/cancel/", views.registration_cancel, name="registration_cancel"),
        path("<int:pk>/place/", views.registration_promote, name="registration_promote"),
    ]


appointment_urls: list[URLPattern | URLResolver] = [
    path("", appointments.appointment_detail, name="appointment_detail"),
    path("confirm/", appointments.appointment_confirm, name="appointment_confirm"),
    path("cancel/", appointments.appointment_cancel, name="appointment_cancel"),
    path("reinstate/", appointments.appointment_reinstate, name="appointment_reinstate"),
    path("move/", moves.appointment_move, name="appointment_move"),
    path("colleague/", appointments.appointment_hand_over, name="appointment_hand_over"),
    path("link/", appointments.appointment_link, name="appointment_link"),
    path("address/", appointments.appointment_address, name="appointment_address"),
]
desk_urls: list[URLPattern | URLResolver] = [
    path("events/", desk_registrations.group_session_list, name="group_session_list"),
    path("events/<slug:slug>/participants/", include(participant_urls(desk_registrations))),
    path("availability/", availability.availability_list, name="availability_list"),
    path("availability/add/", availability.availability_add, name="availability_add"),
    path("availability/<int:pk>/", availability.availability_edit, name="availability_edit"),
    path("availability/<int:pk>/days/", availability.availability_days, name="availability_days"),
    path("availability/<int:pk>/delete/", availability.availability_delete, name="availability_delete"),
    path("absences/add/", absences.absence_add, name="absence_add"),
    path("absences/<int:pk>/", absences.absence_edit, name="absence_edit"),
    path("absences/<int:pk>/meetings/", substitutes.absence_meetings, name="absence_meetings"),
    path("absences/<int:pk>/meetings/all/", substitutes.absence_meetings_all, name="absence_meetings_all"),
    path(
        "absences/<int:pk>/meetings/<int:appointment>/cancel/",
        substitutes.absence_meeting_cancel,
        name="absence_meeting_cancel",
    ),
    path("substitute/", substitutes.substitute_add, name="substitute_add"),
    path("calendar/feed/", feeds.feed_detail, name="feed_detail"),
    path("calendar/feed/renew/", feeds.feed_renew, name="feed_renew"),
    path("calendar/feed/stop/", feeds.feed_stop, name="feed_stop"),
    path("absences/<int:pk>/delete/", absences.absence_delete, name="absence_delete"),
    path("waiting/", desk_waiting.waiting_list, name="waiting_list"),
    path("waiting/add/<slug:slug>/", desk_waiting.waiting_add, name="waiting_add"),
    path("waiting/<int:pk>/remove/", desk_waiting.waiting_remove, name="waiting_remove"),
    path("invitations/", desk_invitations.invitation_list, name="invitation_list"),
    path("invitations/add/", desk_invitations.invitation_add, name="invitation_add"),
    path("invitations/<int:pk>/withdraw/", desk_invitations.invitation_withdraw, name="invitation_withdraw"),
    path("calls/", call_backs.call_back_list, name="call_back_list"),
    path("calls/<int:pk>/done/", call_backs.call_back_done, name="call_back_done"),
    path("calls/<int:pk>/open/", call_backs.call_back_reopen, name="call_back_reopen"),
    path("calendar/", calendar.calendar_week, name="calendar_week"),
    path("calendar/day/", calendar.calendar_day, name="calendar_day"),
    path("appointments/add/", bookings.appointment_add, name="appointment_add"),
    path("appointments/walk-in/", bookings.appointment_walk_in, name="appointment_walk_in"),
    path("appointments/<int:pk>/", include(appointment_urls)),
    path("requests/", appointments.request_list, name="request_list"),
    path("feedback/", desk_feedback.feedback_list, name="feedback_list"),
]
office_urls: list[URLPattern | URLResolver] = [
    path("capacity/", capacity.capacity_list, name="capacity_list"),
    path("capacity/counsellors/", capacity.counsellor_load_list, name="counsellor_load_list"),
    path("events/<slug:slug>/participants/", include(participant_urls(office_registrations))),
    path(
        "events/<slug:slug>/repeat/", office_group_sessions.group_session_repeat, name="group_session_repeat"
    ),
    path(
        "events/<slug:slug>/questions/",
        office_group_sessions.group_session_questions,
        name="group_session_questions",
    ),
    path("feedback/", office_feedback.feedback_list, name="feedback_list"),
    path("events/", office_group_sessions.group_session_list, name="group_session_list"),
    path("events/add/", office_group_sessions.group_session_add, name="group_session_add"),
    path("events/<slug:slug>/", office_group_sessions.group_session_edit, name="group_session_edit"),
    path("events/<slug:slug>/copy/", office_group_sessions.group_session_copy, name="group_session_copy"),
    path(
        "events/<slug:slug>/publish/",
        office_group_sessions.group_session_publish,
        name="group_session_publish",
    ),
    path(
        "events/<slug:slug>/cancel/", office_group_sessions.group_session_cancel, name="group_session_cancel"
    ),
]

app_name = "booking"
urlpatterns: list[URLResolver] = [
    path("", include((public_urls, "public"))),
    path("desk/", include((desk_urls, "desk"))),
    path("office/", include((office_urls, "office"))),
]
