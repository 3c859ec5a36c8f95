"""The page that an invitation to book opens."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.booking.models import BookingInvitation
from opinovi.http import private_page


@login_not_required
@private_page
@require_safe
def invitation_open(request: HttpRequest, key: str) -> HttpResponse:
    """Who invites to what, and the way to the times; one that is used or opens nothing explains itself."""
    invitation = BookingInvitation.objects.for_listing().with_key(key).first()
    context = {"invitation": invitation}
    status = 200 if invitation else 404
    return render(request, "booking/public/invitation_open.html", context, status=status)
