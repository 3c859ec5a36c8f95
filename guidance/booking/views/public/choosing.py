"""The first two pages of a booking: how to meet, and when. Nothing is kept until the last one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.booking.days import by_days
from guidance.booking.menu import Choice, Menu
from guidance.booking.offers import Supply
from guidance.booking.slots import Slot, Timetable
from guidance.booking.wall_clock import DAY, WEEK
from guidance.catalogue.models import GuidanceLanguage, GuidanceService, TrainingOption
from network.search.unanswered import count_unanswered
from opinovi.models import UnansweredSearch


@login_not_required
@require_safe
def service_choose(request: HttpRequest) -> HttpResponse:
    """Which guidance: services that can be booked, the soonest free first.

    For somebody who comes from a training, its provider's come first, then those that serve its places.
    """
    about = subject_of(request)
    bookable = GuidanceService.objects.bookable().select_related("organisation")
    services = list(bookable.nearest_to(about) if about else bookable.by_name())
    timetable = Timetable(services)
    found = [(service, timetable.soonest(service)) for service in services]
    free = [(service, slot) for service, slot in found if slot]
    context = {
        "about": about,
        "query": f"?{urlencode({'about': about.slug})}" if about else "",
        "groups": _groups(free, about),
        "full": [service for service, slot in found if slot is None],
    }
    return render(request, "booking/public/service_choose.html", context)


def subject_of(request: HttpRequest) -> TrainingOption | None:
    """What the address says one wants to talk about; None where that is nothing a reader may see."""
    slug = request.GET.get("about", "")
    return TrainingOption.objects.published().filter(slug=slug).first() if slug else None


def _groups(
    free: list[tuple[GuidanceService, Slot]], about: TrainingOption | None
) -> list[tuple[str, list[tuple[GuidanceService, Slot]]]]:
    """Services with their soonest times, the soonest first, under headings that tell how near they are."""
    free = sorted(free, key=lambda pair: pair[1].starts_at)
    if about is None:
        return [("", free)]
    names = (_("From the provider"), _("For people where the training is given"), _("Other guidance"))
    groups = [
        (name, [pair for pair in free if pair[0].nearness == number])  # type: ignore[attr-defined]  # nearest_to
        for number, name in enumerate(names)
    ]
    return [(name, pairs) for name, pairs in groups if pairs]


@login_not_required
@require_safe
def appointment_start(request: HttpRequest, slug: str) -> HttpResponse:
    """How to meet: each channel and place with its soonest free time; passed over when there is only one."""
    menu = bookable_menu(request, slug)
    if len(menu.choices) == 1:
        return redirect(times_url(menu, menu.choices[0]))
    context = {
        "service": menu.service,
        "about": menu.about,
        "without_url": reverse("booking:public:appointment_start", args=[slug]),
        "offers": menu.offered(menu.choices),
        "times_url": times_url(menu),
    }
    return render(request, "booking/public/appointment_start.html", context)


@login_not_required
@require_safe
def slot_list(request: HttpRequest, slug: str) -> HttpResponse:
    """When to meet: the free times of seven days, from the first free one unless the address says more."""
    menu = bookable_menu(request, slug)
    choice = menu.chosen(request.GET)
    if choice is None:
        return redirect(start_url(menu))
    asked = asked_day(request, menu.timetable)
    first = asked or _first_free_day(menu, choice)
    slots = menu.timetable.free(menu.service, choice.way, first, first + WEEK - DAY)
    context = {
        "menu": menu,
        "service": menu.service,
        "choice": choice,
        "start_url": start_url(menu),
        "without_url": times_url(menu, choice.about_nothing()),
        "days": by_days(
            slots,
            places=None if choice.service_point else menu.places,
            queries=_queries(menu, choice),
        ),
        "spoken": _language_links(menu, choice),
        **week_links(menu.timetable, menu.service, first, times_url(menu, choice), is_first=not asked),
    }
    if not slots:
        next_slot = menu.timetable.first_free(menu.service, choice.way, first)
        context["next_slot"] = next_slot
        context["next_url"] = _week_url(times_url(menu, choice), next_slot.day) if next_slot else ""
        context["others"] = [] if next_slot else menu.others(choice)
        if not next_slot:
            count_unanswered(menu.service.name, kind=UnansweredSearch.Kind.NO_TIME)
        context["times_url"] = times_url(menu)
    return render(request, "booking/public/slot_list.html", context)


def bookable_menu(request: HttpRequest, slug: str) -> Menu:
    """The menu of a service that anyone may book, about what the address tells. Raises Http404.

    The supply is kept while content stays the same, whatever is booked meanwhile.
    """
    today = timezone.localdate()
    key = f"supply-{slug}-{today}"
    supply: Supply = caches["offers"].get_or_set(key, lambda: _supply(slug, today))  # type: ignore[assignment]
    return Menu(supply.services[0], supply=supply, about=subject_of(request))


def _supply(slug: str, today: date) -> Supply:
    services = GuidanceService.objects.bookable().select_related("organisation")
    return Supply([get_object_or_404(services, slug=slug)], today)


def start_url(menu: Menu) -> str:
    url = reverse("booking:public:appointment_start", args=[menu.service.slug])
    return f"{url}?{urlencode({'about': menu.about.slug})}" if menu.about else url


def times_url(menu: Menu, choice: Choice | None = None) -> str:
    url = reverse("booking:public:slot_list", args=[menu.service.slug])
    return f"{url}?{choice.query}" if choice else url


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


def _queries(menu: Menu, choice: Choice) -> dict[int | None, str]:
    """The choice as the last page is told it, for each place at which a time can be."""
    places = menu.places.values() if choice.channel.needs_place else []
    return {None: choice.query, **{place.pk: replace(choice, service_point=place).query for place in places}}


def asked_day(request: HttpRequest, timetable: Timetable) -> date | None:
    """The first day that the address asks for, if that is one that can come."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None
    return max(day, timetable.today) if day <= timetable.today + timedelta(days=366) else None


def _first_free_day(menu: Menu, choice: Choice) -> date:
    slot = menu.timetable.first_free(menu.service, choice.way)
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
