"""What a person tells when signing up for a group session."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guidance.booking.forms.phone import clean_number
from guidance.booking.models import GroupSession, Presence, Registration, RegistrationQuestion
from guidance.catalogue.models import GuidanceLanguage
from network.forms.service_points import RowForm, RowSet
from opinovi.forms import PortalFormMixin

LONGEST_ANSWER = 500
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class RegistrationForm(PortalFormMixin, forms.ModelForm):
    """The details of a new registration; the instance knows its session and its nonce.

    `waits` says that the person has seen that the session is full, and wants to be on its waiting list.
    """

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)
    is_for_another = forms.BooleanField(label=_("I sign up somebody else"), required=False)

    is_public = True
    is_tagless = True
    asks_who_signs_up = _("Write your own name, so that we know who signs up.")

    class Meta:
        model = Registration
        fields = [
            "presence", "name", "email", "phone", "is_for_another", "registered_by", "spoken_language",
            "needs_interpreter", "special_needs",
        ]  # fmt: skip
        labels = {
            "name": _("Name of who takes part"),
            "registered_by": _("Your own name, if you sign up somebody else"),
            "spoken_language": _("Language you would like to use"),
            "needs_interpreter": _("I need an interpreter"),
            "special_needs": _("Is there something that makes taking part easier?"),
        }
        help_texts = {
            "email": _("We send the confirmation and a private link here. Or give a phone number instead."),
            "registered_by": _("Then the e-mail address and the phone number are yours."),
            "special_needs": _("Such as the interpreter's language, step-free access or sign language."),
        }
        error_messages = {"name": {"required": _("Write the name of who takes part.")}}
        widgets = {
            "presence": forms.RadioSelect,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    def __init__(self, *args: Any, questions: list[RegistrationQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.initial["nonce"] = self.instance.nonce
        self.fields["name"].required = True
        self._offer_presences()
        self._offer_languages()
        asked = {f"question_{question.pk}": _field_of(question) for question in questions}
        self.fields |= asked
        order = ["presence", "name", "email", "phone", *asked, "spoken_language"]
        self.order_fields(["nonce", *order])

    def clean_phone(self) -> str:
        return clean_number(self.cleaned_data["phone"])

    def clean_nonce(self) -> uuid.UUID:
        """The nonce of the form that was shown: sent twice, it leads to one registration."""
        self.instance.nonce = self.cleaned_data["nonce"] or self.instance.nonce
        return self.instance.nonce

    def clean(self) -> None:
        super().clean()
        told = self.cleaned_data
        if not told.get("email") and not told.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("Give an e-mail address or a phone number."))
        if told.get("is_for_another") and not told.get("registered_by"):
            self.add_error("registered_by", self.asks_who_signs_up)
        if not told.get("is_for_another") and "registered_by" in told:
            told["registered_by"] = ""
        self.instance.answers = self._answers()

    def _answers(self) -> list[dict[str, Any]]:
        """What was answered, with the words of the question as they stand today."""
        return [
            {
                "question": question.pk,
                "asked": getattr(question, "text_fi", "") or question.text,
                "answer": answer,
            }
            for question in self.questions
            if (answer := self.cleaned_data.get(f"question_{question.pk}"))
        ]

    def _offer_presences(self) -> None:
        ways = self.instance.session.presences
        field = self.fields["presence"]
        field.choices = [(way.value, way.label) for way in Presence if way in ways]
        if len(ways) == 1:
            field.widget = forms.HiddenInput()
        self.initial["presence"] = ways[0].value if ways else ""

    def _offer_languages(self) -> None:
        codes = self.instance.session.languages or [GuidanceLanguage.FINNISH]
        field = self.fields["spoken_language"]
        field.choices = [(code, GuidanceLanguage(code).label) for code in codes]
        wanted = [(get_language() or "fi")[:2], *codes]
        self.initial["spoken_language"] = next(code for code in wanted if code in codes)
        if len(codes) == 1:
            field.widget = forms.HiddenInput()


class HostRegistrationForm(RegistrationForm):
    """The same form for somebody who holds the session and adds a person."""

    is_public = False
    is_for_another = forms.BooleanField(label=_("Somebody else signs the person up"), required=False)
    asks_who_signs_up = _("Write the name of who signs the person up.")

    class Meta(RegistrationForm.Meta):
        labels = {
            "presence": _("How the person takes part"),
            "name": _("Name of who takes part"),
            "registered_by": _("Name of who signs the person up"),
            "spoken_language": _("Language the person would like to use"),
            "needs_interpreter": _("An interpreter is needed"),
            "special_needs": _("Is there something that makes taking part easier?"),
        }
        help_texts = RegistrationForm.Meta.help_texts | {
            "registered_by": _("Then the e-mail address and the phone number are theirs."),
        }
        widgets = RegistrationForm.Meta.widgets | {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "type": "tel"}),
        }


def _field_of(question: RegistrationQuestion) -> forms.Field:
    """The field by which a question is answered; what is kept is in the question's first language."""
    common: dict[str, Any] = {"label": question.text, "required": question.is_required}
    kinds = RegistrationQuestion.Kind
    if question.kind == kinds.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **common)
    if question.kind == kinds.ONE_OF:
        return forms.ChoiceField(choices=question.options, widget=forms.RadioSelect, **common)
    if question.kind == kinds.SEVERAL_OF:
        return forms.MultipleChoiceField(
            choices=question.options, widget=forms.CheckboxSelectMultiple, **common
        )
    return forms.CharField(max_length=LONGEST_ANSWER, **common)


class QuestionForm(RowForm):
    """A question that a session asks, as its coordinators write it."""

    class Meta:
        model = RegistrationQuestion
        fields = [
            "text_fi", "text_sv", "text_en", "kind", "choices_fi", "choices_sv", "choices_en",
            "is_required", "order",
        ]  # fmt: skip
        help_texts = {"order": _("The smallest number comes first on the page.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text_fi"].required = True
        for name in ("choices_fi", "choices_sv", "choices_en"):
            self.fields[name].widget.attrs["rows"] = 3

    def clean(self) -> None:
        """Choices are the same ones, in the same order, in every language they are written in."""
        super().clean()
        lines = {
            name: len([line for line in (self.cleaned_data.get(name) or "").splitlines() if line.strip()])
            for name in ("choices_fi", "choices_sv", "choices_en")
        }
        if lines["choices_fi"] == 0 and self.cleaned_data.get("kind") in {"one_of", "several_of"}:
            self.add_error("choices_fi", _("Write the choices, one on each line."))
        for name in ("choices_sv", "choices_en"):
            if lines[name] not in {0, lines["choices_fi"]}:
                self.add_error(name, _("Write as many choices as in Finnish, in the same order."))


QuestionFormSet: type[Any] = forms.inlineformset_factory(
    GroupSession, RegistrationQuestion, form=QuestionForm, formset=RowSet, extra=2, max_num=20
)
