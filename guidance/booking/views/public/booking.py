"""The last page of a booking: who comes, and what the counsellor should know. Its time is held meanwhile."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from guidance.booking import actions, holds
from guidance.booking.days import by_days
from guidance.booking.forms import AppointmentForm
from guidance.booking.limits import OwnOverlap, TooManyOpen
from guidance.booking.menu import Choice, Menu
from guidance.booking.models import Appointment, Hold
from guidance.booking.slots import Slot
from guidance.booking.views.public.choosing import start_url, times_url
from guidance.booking.views.public.held import (
    IN_ADDRESS,
    booked_by_browser,
    hold_of_browser,
    is_of_browser,
    remember_booked,
)
from guidance.booking.views.public.opening import with_menu
from guidance.booking.wall_clock import read, written
from opinovi.http import same_site_post


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@with_menu
def appointment_book(request: HttpRequest, menu: Menu, starts_at: datetime) -> HttpResponse:
    """Give the details and book; when the time is gone, the nearest others stand in the same form.

    A form that was sent before, and is sent again with other words in it, does not change the booking it
    made; the booking's page says so. Whoever goes back to the form is told that the time is booked.
    """
    choice = menu.chosen(request.GET)
    if choice is None or choice.channel is None:
        return redirect(start_url(menu))
    known = booked_by_browser(request)
    if request.method != "POST" and known and _is_booked(known, menu, starts_at):
        return _just_booked(request, menu, choice, known)
    if IN_ADDRESS in request.GET and hold_of_browser(request):  # the cookie is enough
        return redirect(f"{request.path}?{choice.query}")
    wanted = _chosen_again(request) or starts_at
    slot = menu.timetable.at(menu.service, choice.way, wanted)
    if request.method != "POST":
        held = _hold_for(menu, wanted)
        typed = holds.typed_in(held) if held and is_of_browser(request, held) else None
        return _page(request, menu, choice, wanted, slot, _form(request, menu, choice, slot, typed), held)
    form = _form(request, menu, choice, slot, request.POST)
    if form.is_bound and form.is_valid():
        if booked := _book(form, menu, slot, known):
            return _done(request, form, booked, wanted)
        if form.is_valid():  # nothing was refused: the time is gone
            menu, slot = menu.anew(), None
    held = _hold_for(menu, wanted)
    if slot and held and wanted == starts_at and _keep(request, form, held):
        return redirect(request.get_full_path())
    return _page(request, menu, choice, wanted, slot, form, held)


def _keep(request: HttpRequest, form: AppointmentForm, held: Hold) -> bool:
    """Whether the form with its faults, or not sent yet, waits at its own address: going back shows it again.

    It does for the browser whose time it is; not with what a booking was refused for, which may change.
    """
    is_unfinished = not form.was_refused and not form.is_valid()
    return is_unfinished and is_of_browser(request, held) and holds.keep_typed(held, request.POST)


def _page(
    request: HttpRequest,
    menu: Menu,
    choice: Choice,
    wanted: datetime,
    slot: Slot | None,
    form: AppointmentForm,
    held: Hold | None,
) -> HttpResponse:
    context = {
        "service": menu.service,
        "choice": choice,
        "slot": slot,
        "wanted": wanted,
        "held": held,
        "days": [] if slot else _nearest(menu, choice, wanted),
        "form": form,
        "start_url": start_url(menu),
        "times_url": times_url(menu, choice),
        "without_url": f"{request.path}?{choice.about_nothing().query}",
    }
    response = render(request, "booking/public/appointment_book.html", context)
    # The nonce is for one form. A page that may be stored keeps what was typed when one goes back to it;
    # one that shows what a person sent must not be stored.
    shows_what_was_sent = request.method == "POST" or bool(held and held.typed)
    response["Cache-Control"] = "private, no-store" if shows_what_was_sent else "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _is_booked(known: Appointment, menu: Menu, starts_at: datetime) -> bool:
    return (known.guidance_service_id, known.starts_at) == (menu.service.pk, starts_at)


def _just_booked(request: HttpRequest, menu: Menu, choice: Choice, booked: Appointment) -> HttpResponse:
    """Nothing of the booking but the way to it: somebody else may use the browser by now."""
    context = {"booked": booked, "service": menu.service, "times_url": times_url(menu, choice)}
    response = render(request, "booking/public/appointment_booked.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _form(
    request: HttpRequest, menu: Menu, choice: Choice, slot: Slot | None, sent: QueryDict | None
) -> AppointmentForm:
    """The form as it was sent, or one to fill in; pressing "keep it longer" leaves what was typed in it."""
    appointment = Appointment(
        guidance_service=menu.service,
        channel=choice.channel,
        service_point=choice.service_point,
        language=(get_language() or "fi")[:2],
    )
    appointment.set_subject(choice.about)
    if menu.holding:
        appointment.nonce = menu.holding
    is_longer = sent is not None and "longer" in sent
    if is_longer and request.method == "POST" and menu.holding:
        holds.extend(menu.holding)
    known: dict[str, Any] = {
        "instance": appointment,
        "languages": slot.languages_of(menu.service) if slot else menu.service.languages,
        "language": choice.language,
    }
    if sent is not None and is_longer:
        return AppointmentForm(typed=sent.dict(), **known)
    return AppointmentForm(sent or None, **known)


def _hold_for(menu: Menu, wanted: datetime) -> Hold | None:
    """What is held under the form's nonce, if that is the time it books; the clock may have released it."""
    if menu.holding is None:
        return None
    return Hold.objects.filter(nonce=menu.holding, guidance_service=menu.service, starts_at=wanted).first()


def _nearest(menu: Menu, choice: Choice, wanted: datetime) -> list[Any]:
    nearest = menu.timetable.nearest(menu.service, choice.way, wanted)
    return by_days([(slot, None) for slot in nearest])


def _chosen_again(request: HttpRequest) -> datetime | None:
    """The time that was chosen on this very page, after the first one was gone."""
    try:
        return read(request.POST.get("start", ""))
    except ValueError:
        return None


def _book(
    form: AppointmentForm, menu: Menu, slot: Slot | None, known: Appointment | None
) -> Appointment | None:
    """The appointment that was made, or that this very form made before; `known` is this browser's last one.

    None when the time is gone, and when the booking is refused; the form says why then.
    """
    appointment = form.save(commit=False)
    if slot:
        try:
            return actions.book(
                appointment,
                slot=slot,
                accepts_overlap=known is not None and form.cleaned_data.get("accepts_overlap", False),
                known=known.nonce if known else None,
                invitation=menu.invitation,
            )
        except OwnOverlap:
            form.ask_about_overlap()
        except TooManyOpen:
            form.refuse_another()
        except actions.InvitationUsed:
            form.refuse_invitation()
        except actions.SlotTaken:
            pass
    return Appointment.objects.filter(nonce=appointment.nonce).first()


def _done(request: HttpRequest, form: AppointmentForm, booked: Appointment, wanted: datetime) -> HttpResponse:
    """On to the booking's page; it says so when the form had made it before, with other words or time."""
    detail = reverse("booking:public:appointment_detail", args=[booked.key])
    form.instance.starts_at = wanted
    if not booked.says_the_same_as(form.instance):
        is_another_time = booked.starts_at != wanted and booked.moved_at is None
        detail += f"?instead_of={written(wanted)}" if is_another_time else "?sent=before"
    response = redirect(detail)
    remember_booked(request, response, booked)
    return response
