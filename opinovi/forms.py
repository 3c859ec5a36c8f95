"""What every form of the portal has in common: how it is laid out and drawn."""

from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

IN_LANGUAGE = {
    "fi": _("%(label)s, in Finnish"),
    "sv": _("%(label)s, in Swedish"),
    "en": _("%(label)s, in English"),
}


class PortalFormMixin:
    """Builds the crispy helper, so that a form states only its layout and its button.

    `{% crispy form %}` draws it with the templates in `templates/crispy/`.
    """

    fields: dict
    layout: tuple | None = None  # None: every field, in order
    method = "post"
    action: str | Promise = ""  # empty: the page's own address
    submit: str | Promise = _("Save")
    leave_url: str | Promise = ""  # where one goes without saving; empty: no such link
    is_public = False  # a public form carries no token: see opinovi.http.same_site_post
    is_tagless = False  # the template writes <form> and the buttons itself
    has_save_bar = False  # the button stays at the foot of the window, for long forms

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self, forms.ModelForm):
            _say_languages(self)

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.layout = Layout(*(self.fields if self.layout is None else self.layout))
        helper.form_method = self.method
        helper.form_action = self.action
        helper.form_tag = not self.is_tagless
        helper.disable_csrf = self.is_public or self.method == "get"
        helper.submit = self.submit  # these are drawn by templates/crispy/whole_uni_form.html
        helper.leave_url = self.leave_url
        helper.has_save_bar = self.has_save_bar
        return helper

    @property
    def as_drawn(self) -> list[forms.BoundField]:
        """The fields in their order on the page; then those that are not drawn."""
        names = [pointer.name for pointer in self.helper.layout.get_field_names()]
        rest = [name for name in self.fields if name not in names]
        return [self[name] for name in (*names, *rest) if name in self.fields]  # type: ignore[index]


class Details(Div):
    """Fields that one opens at need: open from the start where one is wrong, or not as it was in `plain`.

    `plain` of the form is what its fields hold before a person has written anything.
    """

    template = "%s/layout/details.html"

    def __init__(self, summary: str | Promise, *fields: str) -> None:
        super().__init__(*fields)
        self.summary = summary
        self.is_open = False

    def render(self, form: forms.BaseForm, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        plain = getattr(form, "plain", form.initial)
        self.is_open = any(
            form[name].errors or form.fields[name].has_changed(plain.get(name), form[name].value())
            for name in self.fields
        )
        drawn: SafeString = super().render(form, context, *args, **kwargs)
        return drawn


class GivenFieldsMixin:
    """A form of a row that brings some values along: the constraints that name them are checked too.

    Django leaves every field that a form does not show out of what it checks; `given` takes some in again.
    """

    given: tuple[str, ...] = ()

    def _get_validation_exclusions(self) -> set[str]:
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # django-stubs does not know it
        return excluded - set(self.given)


def _say_languages(form: forms.ModelForm) -> None:
    """Let a translated text's fields say their language: in the label, and to screen readers in `lang`."""
    columns = {column.name: column for column in form.instance._meta.get_fields()}
    for name, field in form.fields.items():
        column = columns.get(name)
        if isinstance(column, TranslationField) and field.label == capfirst(column.verbose_name):
            label = capfirst(column.translated_field.verbose_name)
            field.label = IN_LANGUAGE[column.language] % {"label": label}
            field.widget.attrs["lang"] = column.language
