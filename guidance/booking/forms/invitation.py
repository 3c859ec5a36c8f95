"""How a counsellor invites somebody to book a time."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import BookingInvitation
from guidance.booking.offers import offers_of
from guidance.booking.wall_clock import DAY
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from opinovi.forms import PortalFormMixin
from opinovi.models import User


class Meeting(models.TextChoices):
    """Whom the person meets who is invited."""

    ME = "me", _("me")
    ANYONE = "anyone", _("any counsellor of the service")


class BookingInvitationForm(PortalFormMixin, forms.Form):
    """Invite to one of the services; with an e-mail address the link goes there in a letter."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)
    service = forms.ModelChoiceField(label=_("To what?"), queryset=GuidanceService.objects.none())
    meeting = forms.ChoiceField(
        label=_("Whom does the person meet?"),
        choices=Meeting.choices,
        initial=Meeting.ME,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=BookingInvitation._meta.get_field("email").max_length,
        help_text=_("We send the link there. Empty: you get it on the next page and give it to the person."),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    submit = _("Make the invitation")

    def __init__(self, *args: Any, services: GuidanceServiceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_url = reverse("booking:desk:invitation_list")
        self.fields["service"].queryset = services
        self.fields["language"].initial = (get_language() or "fi")[:2]
        rows = list(services[:2])
        if len(rows) == 1:
            self.fields["service"].initial = rows[0].pk
            self.fields["service"].empty_label = None

    def clean(self) -> dict[str, Any]:
        """Where people meet their own counsellor, that is who invites."""
        super().clean()
        service = self.cleaned_data.get("service")
        is_own = service and service.meeting == GuidanceService.Meeting.OWN
        if is_own and self.cleaned_data.get("meeting") == Meeting.ANYONE:
            self.add_error(
                "meeting", _("In this service people meet the counsellor they have already: choose yourself.")
            )
        return self.cleaned_data

    def counsellor(self, user: User) -> User | None:
        """Whom the person meets; None for any. Of a valid form that the user has sent."""
        return user if self.cleaned_data["meeting"] == Meeting.ME else None

    def lacks_times(self, user: User) -> bool:
        """Whether nobody whom the person may meet offers a time for the service, until its horizon."""
        service, counsellor = self.cleaned_data["service"], self.counsellor(user)
        today = timezone.localdate()
        offers = offers_of([service], today, today + service.horizon_days * DAY)
        return not any(counsellor is None or counsellor.pk in offer.counsellors for offer in offers)
