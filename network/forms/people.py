"""Forms of people, their roles and invitations."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Affiliation, Invitation, Organisation
from network.models.people import GIVEN_BY_COORDINATORS, Role
from opinovi.forms import GivenFieldsMixin, PortalFormMixin
from opinovi.models import User
from opinovi.models.user import UserQuerySet


def limit_to_own(form: PortalFormMixin, user: User) -> None:
    """Offer the organisations and the roles that the user may give."""
    form.fields["organisation"].queryset = Organisation.objects.current().editable_by(user).by_name()
    roles = Role if user.affiliations.current().administrators().exists() else GIVEN_BY_COORDINATORS
    form.fields["role"].choices = [(role.value, role.label) for role in roles]


class PersonSearchForm(PortalFormMixin, forms.Form):
    """Find people by name, e-mail address or organisation."""

    method = "get"
    submit = _("Search")

    q = forms.CharField(label=_("Name, e-mail or organisation"), max_length=100, required=False)

    def narrow(self, people: UserQuerySet) -> UserQuerySet:
        words = self.cleaned_data.get("q", "") if self.is_valid() else ""
        for word in words.split():
            works = Affiliation.objects.current().filter(
                user=OuterRef("pk"), organisation__in=Organisation.objects.matching(word)
            )
            people = people.filter(Q(pk__in=User.objects.matching(word)) | Exists(works))
        return people


class PersonForm(PortalFormMixin, forms.ModelForm):
    has_save_bar = True

    class Meta:
        model = User
        fields = ["name", "email", "phone", "language", "is_active"]
        labels = {"is_active": _("The account is open")}
        help_texts = {
            "email": _("The address the person signs in with and gets letters at."),
            "language": _("The language of letters."),
            "is_active": _("A closed account cannot sign in. What the person has done stays."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance == user:
            self.fields["is_active"].disabled = True
            self.fields["is_active"].help_text = _("Another administrator can close your account.")


class AffiliationForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    given = ("user",)
    submit = _("Give the role")

    class Meta:
        model = Affiliation
        fields = ["organisation", "role", "since", "until"]
        widgets = {
            "since": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {"until": _("Leave empty when the end is not known.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_to_own(self, user)


class AffiliationEndForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    given = ("since",)
    submit = _("End the role")

    class Meta:
        model = Affiliation
        fields = ["until"]
        labels = {"until": _("Last day")}
        widgets = {"until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True
        self.initial["until"] = self.instance.until or timezone.localdate()


class InvitationForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    given = ("accepted_at", "withdrawn_at")  # empty, as of every invitation that waits
    submit = _("Send the invitation")

    class Meta:
        model = Invitation
        fields = ["email", "organisation", "role", "language"]
        help_texts = {"email": _("The person's own address at work. They will sign in with it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_to_own(self, self.instance.invited_by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_role = Affiliation.objects.current().filter(
            user__email__iexact=cleaned.get("email", ""),
            organisation=cleaned.get("organisation"),
            role=cleaned.get("role"),
        )
        if has_role.exists():
            raise ValidationError(_("The person already has this role in this organisation."))
        return cleaned


class NewPersonForm(PortalFormMixin, forms.Form):
    """What somebody invited tells: who they are, and the password they choose."""

    layout = (
        Fieldset(_("You"), "name"),
        Fieldset(_("Your password"), "password", "repeated"),
    )
    submit = _("Make the account")
    is_public = True

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Clients and colleagues see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_(
            "At least twelve characters. A few words one after the other are easier to remember than signs."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password, repeated = cleaned.get("password"), cleaned.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("The passwords are not the same. Write them again."))
        elif password:
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
