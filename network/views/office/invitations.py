"""Invitations to work in the portal: made, sent again, withdrawn."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.access import coordinator_required
from network.actions import people as actions
from network.forms.people import InvitationForm
from network.models import Invitation
from network.views.office.people import PER_PAGE
from opinovi.http import UserRequest
from opinovi.refusals import explain


@require_safe
@coordinator_required
def invitation_list(request: UserRequest) -> HttpResponse:
    """Invitations that nobody has answered, those that have run out among them."""
    invitations = Invitation.objects.editable_by(request.user).waiting().for_listing()
    page = Paginator(invitations, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "network/office/invitation_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@coordinator_required
def invitation_add(request: UserRequest) -> HttpResponse:
    invitation = Invitation(invited_by=request.user, language=get_language() or "fi")
    form = InvitationForm(request.POST or None, instance=invitation)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_colleague(invitation)
        except IntegrityError as error:  # a colleague sent the same one in this moment
            form.add_error(NON_FIELD_ERRORS, explain(error, Invitation))
        else:
            messages.success(
                request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email}
            )
            return redirect("network:office:invitation_list")
    return render(request, "network/office/invitation_add.html", {"form": form})


@require_POST
@coordinator_required
def invitation_resend(request: UserRequest, pk: int) -> HttpResponse:
    invitation = _own_invitation(request, pk)
    try:
        actions.resend_invitation(invitation)
    except actions.InvitationClosed:
        messages.warning(request, _("The invitation has just been answered."))
    else:
        messages.success(
            request,
            _("A new link is on its way to %(email)s. The old one no longer works.")
            % {"email": invitation.email},
        )
    return redirect("network:office:invitation_list")


@require_POST
@coordinator_required
def invitation_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    try:
        actions.withdraw_invitation(_own_invitation(request, pk))
    except actions.InvitationClosed:
        messages.warning(request, _("The invitation has just been answered."))
    else:
        messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
    return redirect("network:office:invitation_list")


def _own_invitation(request: UserRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.editable_by(request.user).for_listing(), pk=pk)
