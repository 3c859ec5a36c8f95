"""What forms that enter something have in common: sent once, and never over what another wrote."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Field, Model, QuerySet
from django.utils.formats import date_format

from guidance.casework.models import Entry
from opinovi.forms import PortalFormMixin


@dataclass(frozen=True)
class Difference:
    """A field that stands otherwise in the database than in somebody's form."""

    label: str
    saved: str
    typed: str


class EntryForm(PortalFormMixin, forms.ModelForm):
    """A form of an Entry: carries its nonce and the version that was shown, and cuts no text short."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        self.fields["nonce"].initial = self.instance.nonce
        self.fields["version"].initial = self.instance.version
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # a browser would cut off what is pasted, silently

    def clean_nonce(self) -> uuid.UUID:
        """A new row takes the nonce of the form it came from, so that the form makes one row."""
        nonce: uuid.UUID = self.cleaned_data["nonce"]
        if self.instance._state.adding:
            self.instance.nonce = nonce
        return nonce

    def show_current(self, current: Entry) -> bool:
        """Somebody saved the row in between: say what differs, so that the next save is a decision.

        Returns whether anything does; if not, both have written the same.
        """
        pairs = self.pairs_with(current)
        self.differences = [pair for pair in pairs if pair.saved != pair.typed]
        self.rewrite("version", str(current.version))
        return bool(self.differences)

    def rewrite(self, name: str, value: str) -> None:
        """Put something else in a field than what was sent, for the next showing of the form."""
        sent: Any = self.data
        self.data = rewritten = sent.copy()
        rewritten[name] = value

    def pairs_with(self, current: Entry) -> Iterator[Difference]:
        """Every field as it stands and as it was typed, in words."""
        for name in self._meta.fields:  # type: ignore[union-attr]  # these forms name theirs
            field = self._meta.model._meta.get_field(name)
            saved = getattr(current, name)
            saved = saved.all() if field.many_to_many else saved
            label = str(self.fields[name].label)
            yield Difference(label, in_words(field, saved), in_words(field, self.cleaned_data.get(name)))


def in_words(field: Field, value: object) -> str:
    """A field's value as people read it; a dash for none."""
    if isinstance(value, QuerySet):
        return ", ".join(str(row) for row in value) or "–"
    if isinstance(value, date):
        return date_format(value)
    if value is None or value == "" or isinstance(value, Model):
        return str(value or "–")
    return str(dict(field.flatchoices).get(value, value))
