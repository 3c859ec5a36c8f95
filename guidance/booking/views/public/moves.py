"""Move a booking by its private link: to another time, and to another way to meet."""

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guidance.booking import actions
from guidance.booking.days import by_days
from guidance.booking.forms.private import OtherWayForm
from guidance.booking.menu import Choice, Menu
from guidance.booking.models import Appointment
from guidance.booking.slots import Slot
from guidance.booking.views.public.choosing import asked_day, week_links
from guidance.booking.views.public.private import asked_start, opened_by_key, private_answer
from guidance.booking.wall_clock import DAY, WEEK
from guidance.booking.ways import OtherWay
from opinovi.actions import record_access
from opinovi.http import private_page, same_site_post
from opinovi.models import AccessEvent


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_key
def appointment_move(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Free times to move the booking to: buttons, or links to a question where one would meet otherwise."""
    detail = redirect("booking:public:appointment_detail", appointment.key)
    if not appointment.person_can_change:
        return detail
    menu = _menu(appointment)
    if request.method != "POST":
        return _times(request, appointment, menu, is_gone="gone" in request.GET)
    starts_at = asked_start(request.POST.get("start", ""))
    way = _own_choice(appointment).way
    slot = menu.timetable.at(menu.service, way, starts_at) if starts_at else None
    if slot and _move(request, appointment, slot):
        return detail
    return _times(request, appointment, menu.anew(), is_gone=True)


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_key
def appointment_move_to(request: HttpRequest, appointment: Appointment, starts_at: datetime) -> HttpResponse:
    """Whether to meet at a time in the way of the address: what is needed for it, and who is told."""
    detail = redirect("booking:public:appointment_detail", appointment.key)
    if not appointment.person_can_change:
        return detail
    menu = _menu(appointment)
    choice = _choice(request, menu, appointment)
    if choice == _own_choice(appointment) and starts_at == appointment.starts_at:  # gone back to
        return detail
    gone = redirect(f"{_move_url(appointment)}?{choice.query}&gone")
    slot = menu.timetable.at(menu.service, choice.way, starts_at)
    if slot is None or choice.channel is None:
        return gone
    sent = request.POST if request.method == "POST" else None
    form = OtherWayForm(sent, appointment=appointment, channel=choice.channel)
    if not form.is_valid():
        choice = menu.at_place_of(slot, choice)
        return private_answer(
            request, "appointment_move_to", appointment, form=form, slot=slot, choice=choice
        )
    return detail if _move(request, appointment, slot, form.way) else gone


def _menu(appointment: Appointment) -> Menu:
    return Menu(appointment.guidance_service, ignoring=appointment)


def _own_choice(appointment: Appointment) -> Choice:
    """The same channel, place and language as before."""
    return Choice(appointment.channel, appointment.service_point, appointment.spoken_language)


def _choice(request: HttpRequest, menu: Menu, appointment: Appointment) -> Choice:
    """The way to meet that the address tells, in the language as before; their own where it tells none."""
    asked, own = menu.chosen(request.GET), _own_choice(appointment)
    if asked is None or asked.channel is None:
        return own
    place = asked.service_point if asked.channel.needs_place else None
    asked = replace(asked, service_point=place, language=own.language)
    return own if asked.channel == own.channel and place in {None, own.service_point} else asked


def _move(
    request: HttpRequest, appointment: Appointment, slot: Slot, other_way: OtherWay | None = None
) -> bool:
    """Whether the booking has a time of its own now; not when somebody was faster."""
    try:
        actions.move(appointment, slot=slot, other_way=other_way)
    except actions.SlotTaken:
        return False
    except actions.TooLate:  # its page says so
        return True
    record_access(request, appointment, action=AccessEvent.Action.CHANGE)
    return True


def _times(request: HttpRequest, appointment: Appointment, menu: Menu, *, is_gone: bool) -> HttpResponse:
    choice, own = _choice(request, menu, appointment), _own_choice(appointment)
    asked = asked_day(request, menu.timetable)
    first = asked or _first_day(menu, choice)
    found: list[tuple[Slot, Choice | None]] = list(menu.free(choice, first, first + WEEK - DAY))
    if choice == own:
        found = [(slot, None) for slot, _own in found if slot.starts_at != appointment.starts_at]
    url = _move_url(appointment) + ("" if choice == own else f"?{choice.query}")
    return private_answer(
        request,
        "appointment_move",
        appointment,
        days=by_days(found),
        times="booking/public/_time_buttons.html" if choice == own else "booking/public/_move_links.html",
        ways=_ways(menu, own, choice),
        is_other=choice != own,
        is_gone=is_gone,
        **week_links(menu.timetable, menu.service, first, url, is_first=not asked),
    )


class WayLink(NamedTuple):
    """A way to meet, and whether its times are shown."""

    choice: Choice
    is_current: bool


def _ways(menu: Menu, own: Choice, shown: Choice) -> list[WayLink]:
    """The person's own way first, then all others; none where there is no other."""
    others = [one.in_language(own.language) for one in menu.choices]
    ways = [own, *(one for one in others if one.way != own.way)]
    return [WayLink(one, one.way == shown.way) for one in ways] if len(ways) > 1 else []


def _move_url(appointment: Appointment) -> str:
    return reverse("booking:public:appointment_move", args=[appointment.key])


def _first_day(menu: Menu, choice: Choice) -> date:
    slot = menu.first_free(choice)
    return slot.day if slot else menu.timetable.today
