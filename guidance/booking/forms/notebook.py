"""What a person writes in a notebook, and how it is sent and shown."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import NotebookItem
from guidance.booking.models.notebook import LONGEST_NOTE
from opinovi.forms import PortalFormMixin


class NoteField(forms.CharField):
    """A text whose line ends count as one character, as the browser counts them."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python((value or "").replace("\r\n", "\n")))


class NoteForm(PortalFormMixin, forms.ModelForm):
    """The note to one thing."""

    note = NoteField(
        label=_("Your note"),
        help_text=_("For you, and for whoever you show the notebook to."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("A note has at most 2,000 characters. Nothing was saved yet.")},
    )

    is_public = True
    is_tagless = True

    class Meta:
        model = NotebookItem
        fields = ["note"]


class OnceForm(PortalFormMixin, forms.Form):
    """A form that does its work once, however often it is sent: it carries a nonce."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)

    is_public = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["nonce"] = uuid.uuid4()

    def clean_nonce(self) -> uuid.UUID:
        return self.cleaned_data["nonce"] or uuid.uuid4()


class NotebookSendForm(OnceForm):
    """Where the letter goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We use it for this one letter."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    submit = _("Send me the letter")


class NotebookShareForm(OnceForm):
    """For how long a link shows the notebook."""

    LASTS = [(1, _("a day")), (7, _("a week")), (30, _("30 days"))]

    days = forms.TypedChoiceField(
        label=_("How long should the link work?"),
        choices=LASTS,
        coerce=int,
        initial=7,
        widget=forms.RadioSelect,
    )

    is_tagless = True  # it stands on the notebook's page and is sent elsewhere
