"""The page behind the link of an invitation. GET shows, POST acts; a dead link never says who was invited."""

from http import HTTPStatus
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.actions import people as actions
from network.forms.people import NewPersonForm
from network.models import Invitation
from opinovi.http import same_site_post
from opinovi.models import User


@login_not_required
@never_cache
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, key: str) -> HttpResponse:
    invitation = Invitation.objects.with_key(key).for_listing().first()
    if invitation is None or not invitation.is_open:
        return _closed(request, invitation)
    try:
        if request.user.is_authenticated:
            return _accept_signed_in(request, invitation)
        if User.objects.filter(email=invitation.email).exists():
            return _page(request, invitation, "known")
        return _accept_new(request, invitation)
    except actions.InvitationClosed:  # another click was faster: the same address says how it stands now
        return redirect(request.path)


def _accept_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewPersonForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        user = actions.accept_as_new_person(invitation, name=form.cleaned_data["name"], password=password)
        credentials = {"email": user.email, "password": password}
        return perform_password_login(request, credentials, Login(user=user, email=user.email))
    return _page(request, invitation, "new", form)


def _accept_signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = cast("User", request.user)
    if user.email != invitation.email:
        return _page(request, invitation, "other", status=HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        actions.accept_invitation(invitation, user=user)
        messages.success(
            request,
            _("You are now %(role)s in %(organisation)s.")
            % {"role": invitation.get_role_display(), "organisation": invitation.organisation},
        )
        return redirect(get_adapter(request).get_login_redirect_url(request))
    return _page(request, invitation, "mine")


def _page(
    request: HttpRequest,
    invitation: Invitation,
    reader: str,
    form: NewPersonForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"invitation": invitation, "reader": reader, "form": form}
    return render(request, "network/public/invitation_accept.html", context, status=status)


def _closed(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """Why the link does not work; somebody who came this way before goes on to their work."""
    if invitation and request.user.is_authenticated and invitation.accepted_by_id == request.user.pk:
        return redirect(get_adapter(request).get_login_redirect_url(request))
    status = HTTPStatus.GONE if invitation else HTTPStatus.NOT_FOUND
    context = {"state": invitation.state if invitation else "unknown"}
    return render(request, "network/public/invitation_closed.html", context, status=status)
