"""The last page of a booking: who comes, and what the counsellor should know."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from guidance.booking import actions
from guidance.booking.days import by_days
from guidance.booking.forms import AppointmentForm
from guidance.booking.menu import Choice, Menu
from guidance.booking.models import Appointment
from guidance.booking.slots import Slot
from guidance.booking.views.public.choosing import bookable_menu, start_url, times_url
from guidance.booking.wall_clock import read
from opinovi.http import same_site_post


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_book(request: HttpRequest, slug: str, starts_at: datetime) -> HttpResponse:
    """Give the details and book; when the time is gone, the nearest others stand in the same form.

    A form that was sent before, and is sent again with other words in it, does not change the booking it
    made; the booking's page says so.
    """
    menu = bookable_menu(request, slug)
    choice = menu.chosen(request.GET)
    if choice is None:
        return redirect(start_url(menu))
    wanted = _chosen_again(request) or starts_at
    slot = menu.timetable.at(menu.service, choice.way, wanted)
    form = _form(request, menu, choice, slot)
    if request.method == "POST" and form.is_valid():
        if booked := _book(form, slot):
            detail = reverse("booking:public:appointment_detail", args=[booked.key])
            form.instance.starts_at = wanted
            return redirect(detail if booked.says_the_same_as(form.instance) else f"{detail}?sent=before")
        menu, slot = Menu(menu.service, supply=menu.timetable.supply, about=menu.about), None
    response = render(
        request,
        "booking/public/appointment_book.html",
        {
            "service": menu.service,
            "choice": choice,
            "slot": slot,
            "wanted": wanted,
            "days": [] if slot else by_days(menu.timetable.nearest(menu.service, choice.way, wanted)),
            "form": form,
            "start_url": start_url(menu),
            "times_url": times_url(menu, choice),
            "without_url": f"{request.path}?{choice.about_nothing().query}",
        },
    )
    # The nonce is for one form. A page that may be stored keeps what was typed when one goes back to it;
    # one that shows what a person sent must not be stored.
    response["Cache-Control"] = "private, no-store" if request.method == "POST" else "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _form(request: HttpRequest, menu: Menu, choice: Choice, slot: Slot | None) -> AppointmentForm:
    appointment = Appointment(
        guidance_service=menu.service,
        channel=choice.channel,
        service_point=choice.service_point,
        language=(get_language() or "fi")[:2],
    )
    appointment.set_subject(choice.about)
    languages = slot.languages_of(menu.service) if slot else menu.service.languages
    return AppointmentForm(
        request.POST or None, instance=appointment, languages=languages, language=choice.language
    )


def _chosen_again(request: HttpRequest) -> datetime | None:
    """The time that was chosen on this very page, after the first one was gone."""
    try:
        return read(request.POST.get("start", ""))
    except ValueError:
        return None


def _book(form: AppointmentForm, slot: Slot | None) -> Appointment | None:
    """The appointment that was made, or that this very form made before; None when the time is gone."""
    appointment = form.save(commit=False)
    if slot:
        try:
            return actions.book(appointment, slot=slot)
        except actions.SlotTaken:
            pass
    return Appointment.objects.filter(nonce=appointment.nonce).first()
