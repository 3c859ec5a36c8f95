"""The counsellor's own calendar, by the week and by the day."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guidance.booking.wall_clock import DAY, WEEK
from guidance.booking.week import Calendar, monday_of
from network.access import counsellor_required
from opinovi.actions import record_list
from opinovi.http import UserRequest

FIRST, LAST = date(2000, 1, 10), date(2200, 1, 1)  # nearer the ends of the calendar, there are no others


@require_safe
@counsellor_required
def calendar_week(request: UserRequest) -> HttpResponse:
    """A week from Monday on; `?on=2026-11-23` is any day of it, this week unless given."""
    monday = monday_of(_asked_day(request))
    calendar = Calendar(request.user, monday, 7)
    calendar.leave_out_empty_weekend()
    record_list(request, calendar.appointments)
    context = {
        "calendar": calendar,
        "number": monday.isocalendar().week,
        "earlier": monday - WEEK,
        "later": monday + WEEK,
    }
    return render(request, "booking/desk/calendar_week.html", context)


@require_safe
@counsellor_required
def calendar_day(request: UserRequest) -> HttpResponse:
    """One day; `?on=2026-11-23`, today unless given."""
    on = _asked_day(request)
    calendar = Calendar(request.user, on, 1)
    record_list(request, calendar.appointments)
    context = {"calendar": calendar, "day": calendar.days[0], "earlier": on - DAY, "later": on + DAY}
    return render(request, "booking/desk/calendar_day.html", context)


def _asked_day(request: UserRequest) -> date:
    try:
        return min(max(date.fromisoformat(request.GET.get("on", "")), FIRST), LAST)
    except ValueError:
        return timezone.localdate()
