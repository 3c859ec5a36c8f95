"""A new link by e-mail, for a person whose private link opens no booking any more."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from guidance.booking.forms.address import LinksForm
from guidance.booking.links import mark_of
from guidance.booking.tasks import send_links
from opinovi.http import private_page, same_site_post


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_links(request: HttpRequest) -> HttpResponse:
    """Ask for the address. The answer is the same, and as fast, whether anybody has booked with it.

    The worker looks for bookings, not this request.
    """
    form = LinksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="public_letter"):
            return ratelimit.respond_429(request)
        send_links.defer(mark=mark_of(form.cleaned_data["email"]), language=get_language() or "fi")
        return redirect(f"{reverse('booking:public:appointment_links')}?said=asked")
    was_asked = request.GET.get("said") == "asked"
    return render(request, "booking/public/appointment_links.html", {"form": form, "was_asked": was_asked})
