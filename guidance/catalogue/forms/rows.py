"""Forms of what a training has several of: application rounds, and notes under their own headings."""

from django.forms import ModelForm, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.forms.office import Day
from guidance.catalogue.models import ApplicationRound, TrainingNote, TrainingOption
from network.forms.service_points import RowForm, RowSet


class RoundForm(RowForm):
    class Meta:
        model = ApplicationRound
        fields = ["opens_on", "closes_on", "name"]
        help_texts = {
            "closes_on": _("Empty: until the places are taken."),
            "name": _("Such as: joint application in spring. You can leave this empty."),
        }
        widgets = {"opens_on": Day, "closes_on": Day}


class NoteForm(RowForm):
    class Meta:
        model = TrainingNote
        fields = ["heading_fi", "text_fi", "heading_sv", "text_sv", "heading_en", "text_en", "order"]
        help_texts = {"order": _("The smallest number comes first on the page.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("heading_fi", "text_fi"):
            self.fields[name].required = True
        for name in ("text_fi", "text_sv", "text_en"):
            self.fields[name].widget.attrs["rows"] = 4


def _rows_of(model: type, form: type[ModelForm], most: int) -> type:
    return inlineformset_factory(TrainingOption, model, form=form, formset=RowSet, extra=2, max_num=most)


RoundFormSet = _rows_of(ApplicationRound, RoundForm, 30)
NoteFormSet = _rows_of(TrainingNote, NoteForm, 30)
