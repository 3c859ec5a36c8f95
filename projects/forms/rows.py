"""Rows of a project that are edited many on a page, each with its texts in three languages."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, cast

from crispy_forms.layout import Row
from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from opinovi.forms import GivenFieldsMixin, PortalFormMixin
from opinovi.models import User
from projects.models import Project

SMALL = 3  # lines of a text that is a sentence or two


def in_three(name: str) -> Row:
    """A translated text's three fields, beside each other where there is room."""
    return Row(f"{name}_fi", f"{name}_sv", f"{name}_en")


class RowForm(GivenFieldsMixin, PortalFormMixin, forms.ModelForm):
    """One row of many; the page draws the form's tag and its button.

    `order` may be left empty: then the row comes last, at `last_place`.
    """

    is_tagless = True
    given = ("project", "indicator", "organisation")
    needed: tuple[str, ...] = ()  # fields that a row cannot do without

    def __init__(self, *args: Any, project: Project, user: User, last_place: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project, self.user, self.last_place = project, user, last_place
        for name in self.needed:
            self.fields[name].required = True
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = SMALL
        if "order" in self.fields:
            self.fields["order"].required = False
            self.fields["order"].initial = None
            self.fields["order"].label = _("Place in the list")
            self.fields["order"].help_text = _("1 comes first. Empty: last.")

    def clean_order(self) -> int:
        order = self.cleaned_data["order"]
        return self.last_place if order is None else order

    @property
    def heading(self) -> str:
        """What the row is called while it is closed; empty for a new one."""
        return str(self.instance) if self.instance.pk else ""

    @property
    def is_open(self) -> bool:
        return not self.instance.pk or bool(self.errors)


class RowSet(forms.BaseModelFormSet):
    """All rows of a kind that a project has, and one for a new one."""

    model: type[Model]
    parent: str = "project"  # the foreign key that new rows get

    def __init__(self, *args: Any, owner: Model, project: Project, user: User, **kwargs: Any) -> None:
        self.owner, self.project, self.user = owner, project, user
        self.lists: dict[str, Callable[[], list[Any]]] = {}
        rows = self.rows()
        last = max((getattr(row, "order", 0) for row in rows), default=0)
        form_kwargs = {"project": project, "user": user, "last_place": last + 1}
        kwargs |= {"queryset": rows, "form_kwargs": form_kwargs}
        super().__init__(*args, **kwargs)

    def rows(self) -> Any:
        """The rows there are, in the order of the page."""
        return self.model._default_manager.filter(**{self.parent: self.owner})

    def add_fields(self, form: Any, index: int | None) -> None:
        own = tuple(form.fields)
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this when I save")
        form.fields["id"].error_messages["invalid_choice"] = _("Somebody removed this row in between.")
        for name in own:
            if isinstance(form.fields[name], forms.ModelChoiceField):  # every row offers the same
                read = self.lists.setdefault(name, cache(partial(_listed, form.fields[name].choices)))
                form.fields[name].choices = read
        added = [name for name in form.fields if name not in own]
        form.layout = (*(form.layout or own), *added)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # not in the stubs
        if self.parent and not form.instance.pk:
            setattr(form.instance, self.parent, self.owner)
        return form


def _listed(choices: Iterable[Any]) -> list[Any]:
    """All of them at once; asked for its length, as `list` does, a field would count its rows first."""
    return list(iter(choices))


def row_set(model: type[Model], form: type[RowForm], formset: type[RowSet] = RowSet) -> type[RowSet]:
    """A row set class for the rows of a model."""
    made = forms.modelformset_factory(
        model, form=form, formset=formset, extra=1, can_delete=True, can_delete_extra=False, max_num=200
    )
    return cast("type[RowSet]", made)


def named(fields: Iterable[str], *texts: str) -> list[str]:
    """Names of fields: the three of each translated text first, then the others."""
    return [f"{text}_{code}" for text in texts for code in ("fi", "sv", "en")] + list(fields)
