"""The counsellor's own calendar feed: get it, renew it, stop it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guidance.booking.models import CalendarFeed
from network.access import counsellor_required
from opinovi.http import UserRequest, private_page


@private_page
@require_safe
@counsellor_required
def feed_detail(request: UserRequest) -> HttpResponse:
    """The address, if there is one."""
    feed = CalendarFeed.objects.filter(counsellor=request.user).first()
    path = reverse("booking:public:counsellor_calendar", args=[feed.key]) if feed else ""
    context = {"feed": feed, "address": f"{settings.ADDRESS}{path}"}
    return render(request, "booking/desk/feed_detail.html", context)


@require_POST
@counsellor_required
def feed_renew(request: UserRequest) -> HttpResponse:
    """Make the address, or another one in its place."""
    feed = CalendarFeed.objects.filter(counsellor=request.user).first()
    feed = feed or CalendarFeed(counsellor=request.user)
    feed.renew()
    feed.save()
    messages.success(request, _("The address is ready. An older one does not open any more."))
    return redirect("booking:desk:feed_detail")


@require_POST
@counsellor_required
def feed_stop(request: UserRequest) -> HttpResponse:
    """Take the address away."""
    CalendarFeed.objects.filter(counsellor=request.user).delete()
    messages.success(request, _("The address does not open any more."))
    return redirect("booking:desk:feed_detail")
