"""How django-allauth behaves here: accounts come by invitation, letters go through the portal's ledger."""

import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.access import current_roles
from network.models.people import Role
from opinovi.actions import post_letter
from opinovi.ciphers import cipher
from opinovi.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Passwords and sign-in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address and the password do not go together. Check both."),
        "too_many_login_attempts": _("There were too many tries. Wait five minutes and try again."),
        "rate_limited": _("There were too many tries. Wait five minutes and try again."),
        "enter_current_password": _("That is not your password. Write it again."),
        "incorrect_password": _("That is not your password. Write it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the day begins: counsellors at their own day, those who keep the network at its list."""
        roles = current_roles(request)
        if Role.COUNSELLOR in roles:
            return reverse("casework:desk:my_day")
        if not roles.isdisjoint({Role.COORDINATOR, Role.ADMINISTRATOR}):
            return reverse("network:office:network_list")
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask for the password once more: not of somebody who gave it a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        is_fresh = records and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password of somebody signed in; here the account's address is the only one there is."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Post the link in the person's own language, to the account's address."""
        post_letter(
            key=f"password-reset/{user.pk}/{context['key']}",
            kind="password_reset",
            recipient=user.email,
            language=user.language,
            template="network/letters/password_reset",
            context={"name": user.name, "uid": context["uid"], "token": context["key"]},
            about=user,
        )


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in with the account of another service (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Whether the service vouches for the address: some write "false", which is not false in Python."""
        return any(found.email == email and found.verified is True for found in login.email_addresses)


class MFAAdapter(DefaultMFAAdapter):
    """The second factor; its secrets are stored encrypted, so that a copy of the database opens no door."""

    def encrypt(self, text: str) -> str:
        return cipher("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher("second factor").decrypt(encrypted_text.encode()).decode()
