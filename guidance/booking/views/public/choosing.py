"""The first two pages of a booking: how to meet, and when. Nothing is kept until the last one."""

import uuid
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking import holds
from guidance.booking.days import by_days
from guidance.booking.menu import Choice, Menu, Offered, along
from guidance.booking.models import Hold
from guidance.booking.models.appointment import Subject
from guidance.booking.months import first_of, last_of, month_after, weeks_of
from guidance.booking.slots import Slot, Timetable
from guidance.booking.subjects import headings_for, nearest_to
from guidance.booking.views.public.held import address_word, hold_of_browser, remember
from guidance.booking.views.public.opening import subject_of, with_menu
from guidance.booking.wall_clock import DAY, WEEK, read
from guidance.catalogue.models import GuidanceLanguage, GuidanceService
from network.search.unanswered import count_unanswered
from opinovi.http import same_site_post
from opinovi.models import UnansweredSearch


@login_not_required
@require_safe
def service_choose(request: HttpRequest) -> HttpResponse:
    """Which guidance: services that can be booked, the soonest free first.

    For somebody who comes from the page of something to talk about, those nearest to it come first.
    """
    about = subject_of(request)
    bookable = GuidanceService.objects.bookable().select_related("organisation")
    services = list(nearest_to(bookable, about) if about else bookable.by_name())
    timetable = Timetable(services)
    found = [(service, timetable.soonest(service)) for service in services]
    free = [(service, slot) for service, slot in found if slot]
    context = {
        "about": about,
        "query": f"?{urlencode({'about': about.subject_word})}" if about else "",
        "groups": _groups(free, about),
        "full": [service for service, slot in found if slot is None],
    }
    return render(request, "booking/public/service_choose.html", context)


def _groups(
    free: list[tuple[GuidanceService, Slot]], about: Subject | None
) -> list[tuple[str, list[tuple[GuidanceService, Slot]]]]:
    """Services with their soonest times, the soonest first, under headings that tell how near they are."""
    free = sorted(free, key=lambda pair: pair[1].starts_at)
    if about is None:
        return [("", free)]
    groups = [
        (name, [pair for pair in free if pair[0].nearness == number])  # type: ignore[attr-defined]  # annotated
        for number, name in enumerate(headings_for(about))
    ]
    return [(name, pairs) for name, pairs in groups if pairs]


@login_not_required
@require_safe
@with_menu
def appointment_start(request: HttpRequest, menu: Menu) -> HttpResponse:
    """How to meet: each channel and place with its soonest free time; passed over when there is only one."""
    if len(menu.choices) == 1:
        return redirect(times_url(menu, menu.choices[0]))
    offers = menu.offered(menu.choices)
    context = {
        "service": menu.service,
        "about": menu.about,
        "without_url": start_url(menu, about=None),
        "offers": offers,
        "soonest": next((Offered(menu.soonest, offer.slot) for offer in offers if offer.is_soonest), None),
        "times_url": times_url(menu),
    }
    return render(request, "booking/public/appointment_start.html", context)


@login_not_required
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@with_menu
def slot_list(request: HttpRequest, menu: Menu) -> HttpResponse:
    """When to meet: the free times of seven days, from the first free one unless the address says more.

    A time that is pressed is held for the reader; looking holds nothing.
    """
    choice = menu.chosen(request.GET)
    if choice is None:
        return redirect(start_url(menu))
    if request.method == "POST":
        return _hold(request, menu, choice)
    asked = asked_day(request, menu.timetable)
    first = asked or _first_free_day(menu, choice)
    found = menu.free(choice, first, first + WEEK - DAY)
    kept = kept_on_list(request, menu)
    context = {
        **_frame(menu, choice),
        "kept": kept,
        "days": by_days(found, chosen=choice, kept_at=kept.starts_at if kept else None),
        "month_url": f"{month_url(menu, choice)}&month={first.isoformat()}",
        **week_links(menu.timetable, menu.service, first, times_url(menu, choice), is_first=not asked),
    }
    if not found:
        context |= _instead(menu, choice, first)
    return render(request, "booking/public/slot_list.html", context)


@login_not_required
@require_safe
@with_menu
def slot_month(request: HttpRequest, menu: Menu) -> HttpResponse:
    """When to meet, a month at a time: a table of days, each with how many times are free."""
    choice = menu.chosen(request.GET)
    if choice is None:
        return redirect(start_url(menu))
    today = menu.timetable.today
    asked = asked_day(request, menu.timetable, name="month") or _first_free_day(menu, choice)
    month = first_of(asked)
    found = menu.free(choice, max(month, today), last_of(month))
    url = f"{month_url(menu, choice)}&month="
    earlier, later = month - DAY, month_after(month)
    context = {
        **_frame(menu, choice),
        "month": month,
        "weeks": weeks_of(month, Counter(slot.day for slot, _choice in found)),
        "week_url": f"{times_url(menu, choice)}&week=",
        "list_url": f"{times_url(menu, choice)}&week={max(month, today).isoformat()}",
        "earlier_url": f"{url}{earlier.isoformat()}" if earlier >= today else "",
        "later_url": f"{url}{later.isoformat()}" if later <= menu.timetable.last_day(menu.service) else "",
    }
    if not found:
        context |= _instead(menu, choice, max(month, today))
    return render(request, "booking/public/slot_month.html", context)


def _frame(menu: Menu, choice: Choice) -> dict[str, object]:
    """What the list and the month have in common."""
    return {
        "service": menu.service,
        "choice": choice,
        "start_url": start_url(menu),
        "without_url": times_url(menu, choice.about_nothing()),
        "spoken": _language_links(menu, choice),
    }


def _hold(request: HttpRequest, menu: Menu, choice: Choice) -> HttpResponse:
    """Hold the time and go on to the form, which explains itself when the time is gone.

    Another time that was held for the same reader is let go. The address of the form tells of the hold until
    it is seen that the browser takes the cookie.
    """
    try:
        starts_at = read(request.POST.get("start", ""))
    except ValueError:
        return redirect(times_url(menu, choice))
    if choice.channel is None:
        return redirect(times_url(menu, choice))
    url = reverse("booking:public:appointment_book", args=[menu.service.slug, starts_at])
    form = f"{url}?{choice.query}"
    slot = menu.timetable.at(menu.service, choice.way, starts_at)
    if slot is None or not ratelimit.consume(request, action="held_time"):
        return redirect(form)
    hold = holds.hold(menu.service, choice.way, slot, nonce=menu.holding or uuid.uuid4())
    if hold is None:
        return redirect(form)
    response = redirect(f"{form}&{address_word(hold)}")
    remember(response, hold)
    return response


def _instead(menu: Menu, choice: Choice, first: date) -> dict[str, object]:
    """What is offered where nothing is free: the next free day, or other ways to meet."""
    next_slot = menu.first_free(choice, first)
    if not next_slot:
        count_unanswered(menu.service.name, kind=UnansweredSearch.Kind.NO_TIME)
    return {
        "next_slot": next_slot,
        "next_url": _week_url(times_url(menu, choice), next_slot.day) if next_slot else "",
        "others": [] if next_slot else menu.others(choice),
        "times_url": times_url(menu),
    }


def kept_on_list(request: HttpRequest, menu: Menu) -> Hold | None:
    """The time of this service that is held for the browser just now."""
    hold = hold_of_browser(request) if menu.holding else None
    return hold if hold and hold.is_live and hold.guidance_service_id == menu.service.pk else None


def start_url(menu: Menu, **without: None) -> str:
    """The first page of the service; `about=None` leaves out what one wants to talk about."""
    url = reverse("booking:public:appointment_start", args=[menu.service.slug])
    words = along(without.get("about", menu.about), menu.invitation)
    return f"{url}?{urlencode(words)}" if words else url


def times_url(menu: Menu, choice: Choice | None = None) -> str:
    url = reverse("booking:public:slot_list", args=[menu.service.slug])
    return f"{url}?{choice.query}" if choice else url


def month_url(menu: Menu, choice: Choice) -> str:
    return f"{reverse('booking:public:slot_month', args=[menu.service.slug])}?{choice.query}"


def week_links(
    timetable: Timetable, service: GuidanceService, first: date, url: str, *, is_first: bool
) -> dict[str, object]:
    """The seven days that are shown, and where the earlier and later ones are, as far as there can be any.

    `is_first`: nothing is free before them.
    """
    later, earlier = first + WEEK, max(first - WEEK, timetable.today)
    return {
        "first": first,
        "last": later - DAY,
        "earlier_url": _week_url(url, earlier) if first > timetable.today and not is_first else "",
        "later_url": _week_url(url, later) if later <= timetable.last_day(service) else "",
    }


def _week_url(url: str, day: date) -> str:
    return f"{url}{'&' if '?' in url else '?'}week={day.isoformat()}"


def asked_day(request: HttpRequest, timetable: Timetable, *, name: str = "week") -> date | None:
    """The first day that the address asks for, if that is one that can come."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return max(day, timetable.today) if day <= timetable.today + timedelta(days=366) else None


def _first_free_day(menu: Menu, choice: Choice) -> date:
    slot = menu.first_free(choice)
    return slot.day if slot else menu.timetable.today


class LanguageLink(NamedTuple):
    """A language one can narrow the times to; any language has no name."""

    name: str
    url: str
    is_current: bool


def _language_links(menu: Menu, choice: Choice) -> list[LanguageLink]:
    """Any language and each one, where they make a difference."""
    if not menu.languages:
        return []
    names = {code: str(GuidanceLanguage(code).label) for code in menu.languages}
    return [
        LanguageLink(names.get(code, ""), times_url(menu, choice.in_language(code)), code == choice.language)
        for code in ["", *menu.languages]
    ]
