"""Forms of passkeys and security keys: some of the words of django-allauth's own are in English only."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddKeyForm(AddWebAuthnForm):
    name = forms.CharField(label=_("Name of the key"), required=False)
    passwordless = forms.BooleanField(
        label=_("I sign in with this key alone, without my password"),
        help_text=_("The key then asks for a finger, a face or a code."),
        required=False,
    )


class RenameKeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the key"))
