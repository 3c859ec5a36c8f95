"""The form that sends files of a source to be tried."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports.sources import SOURCES
from opinovi.forms import PortalFormMixin

LARGEST = 50  # megabytes, all files together
MOST_FILES = 500


class ManyFilesInput(forms.ClearableFileInput):
    """A field for files, of which there may be several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Files of one source; gives a list of them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Raises ValidationError for none, too many, or too large ones."""
        files = [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]
        if len(files) > MOST_FILES:
            raise ValidationError(_("Send at most %(most)s files at a time."), params={"most": MOST_FILES})
        if sum(file.size for file in files) > LARGEST * 1024 * 1024:
            raise ValidationError(
                _("The files are too large: at most %(size)s MB together."), params={"size": LARGEST}
            )
        return files


class ImportForm(PortalFormMixin, forms.Form):
    submit = _("Show what would change")

    source = forms.ChoiceField(label=_("Where does the data come from?"), widget=forms.RadioSelect)
    uploads = ManyFilesField(
        label=_("Files"),
        allow_empty_file=True,  # the report says it better
        help_text=_("JSON, ZIP, XLSX or CSV, at most 50 MB together. You see first what would change."),
    )
    is_complete = forms.BooleanField(
        label=_("These files are all that the source has"),
        required=False,
        help_text=_(
            "What came from the source before and is not in the files is then unpublished, not deleted."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(source.code, source.name) for source in SOURCES.values()]
        types = {type_ for source in SOURCES.values() for type_ in source.file_types}
        self.fields["uploads"].widget.attrs["accept"] = ",".join(sorted(types))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        source = SOURCES.get(found.get("source", ""))
        for file in found.get("uploads", []) if source else []:
            if source and Path(file.name).suffix.lower() not in source.file_types:
                error = ValidationError(
                    _("%(name)s is of another kind. From this source come: %(kinds)s."),
                    params={"name": file.name, "kinds": ", ".join(source.file_types)},
                )
                self.add_error("uploads", error)
        return found
