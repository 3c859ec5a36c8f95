"""Invitations to book a time of a service that not everybody may book."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking import invitations
from guidance.booking.forms.invitation import BookingInvitationForm
from guidance.booking.models import BookingInvitation
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from network.access import counsellor_required
from opinovi.actions import record_access, record_list
from opinovi.http import UserRequest, private_page
from opinovi.models import AccessEvent

ROWS = 25
JUST_MADE = "booking_invitation"  # in the session: the number of one whose link was not shown yet


@private_page
@require_safe
@counsellor_required
def invitation_list(request: UserRequest) -> HttpResponse:
    """Open invitations, the newest first; the link of one that was just made is shown this once."""
    own = BookingInvitation.objects.visible_to(request.user).open().for_listing().with_failures()
    page = Paginator(own, ROWS).get_page(request.GET.get("page"))
    record_list(request, (row for row in page if row.email))
    made = own.filter(pk=request.session.pop(JUST_MADE, None)).first()
    context = {
        "page": page,
        "made": made,
        "link": _link(made) if made else "",
        "has_services": _own_services(request).exists(),
    }
    return render(request, "booking/desk/invitation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def invitation_add(request: UserRequest) -> HttpResponse:
    """Make an invitation; the letter with the link leaves at once if there is an address."""
    services = _own_services(request)
    form = BookingInvitationForm(request.POST or None, services=services, initial={"nonce": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = invitations.invite(
            told["service"],
            by=request.user,
            language=told["language"],
            counsellor=form.counsellor(request.user),
            email=told["email"],
            nonce=told["nonce"],
        )
        record_access(request, made, action=AccessEvent.Action.CHANGE)
        request.session[JUST_MADE] = made.pk
        if form.lacks_times(request.user):
            messages.warning(
                request, _("Nobody offers a time for this yet: the person finds none until you add some.")
            )
        return redirect("booking:desk:invitation_list")
    context = {"form": form, "has_services": services.exists()}
    return render(request, "booking/desk/invitation_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counsellor_required
def invitation_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Ask once more, then let the link open nothing; no letter tells of it."""
    own = BookingInvitation.objects.visible_to(request.user).for_listing()
    invitation = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        if invitations.withdraw(invitation):
            record_access(request, invitation, action=AccessEvent.Action.CHANGE)
            messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
        else:
            messages.info(request, _("A time was booked with it meanwhile, or it had run out."))
        return redirect("booking:desk:invitation_list")
    record_access(request, invitation, action=AccessEvent.Action.READ)
    return render(request, "booking/desk/invitation_withdraw.html", {"invitation": invitation})


def _link(invitation: BookingInvitation) -> str:
    """The whole address of the page that the invitation opens, in its language."""
    with override(invitation.language):
        path = reverse("booking:public:invitation_open", args=[invitation.key])
    return f"{settings.ADDRESS}{path}"


def _own_services(request: UserRequest) -> GuidanceServiceQuerySet:
    """Services of the organisations where the user is a counsellor that one books by invitation."""
    roles = request.user.affiliations.current().counsellors()
    own = GuidanceService.objects.by_invitation().filter(organisation__in=roles.values("organisation"))
    return own.by_name()
