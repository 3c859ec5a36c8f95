"""The rows of a project: who takes part, where, for whom, what it wants and what came of it."""

from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network.forms.networks import Day, refuse_file
from network.forms.place import PlaceField
from network.models import Area, Organisation, ServicePoint
from projects.actions import drop_goal, share_goal
from projects.forms.rows import RowForm, RowSet, in_three, named, row_set
from projects.models import (
    Challenge,
    Indicator,
    IndicatorReading,
    Material,
    Project,
    ProjectArea,
    ProjectGoal,
    ProjectPartner,
    ProjectServicePoint,
    ProjectTargetGroup,
    Result,
)

FILE_TYPES = {  # what a file of each kind begins with
    ".pdf": b"%PDF-",
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), b"PK\x03\x04"),
}
LARGEST_FILE = 20  # megabytes


class PartnerForm(RowForm):
    layout: tuple = ("organisation", Row("role", "order"), in_three("note"), Row("since", "until"))

    class Meta:
        model = ProjectPartner
        fields = named(["organisation", "role", "since", "until", "order"], "note")
        widgets = {"since": Day, "until": Day}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["organisation"]
            self.layout = self.layout[1:]
        else:
            self.fields["organisation"].queryset = Organisation.objects.by_name()


class PartnerSet(RowSet):
    def rows(self) -> QuerySet:
        return ProjectPartner.objects.filter(project=self.project).for_listing().by_role()


class AreaForm(RowForm):
    """A new area is told by its name or a postcode; one that is there can be removed."""

    layout: tuple = ("place",)

    place = PlaceField(label=_("Municipality, region or other area"))

    class Meta:
        model = ProjectArea
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["place"]
            self.layout = tuple(self.fields)

    def clean(self) -> dict[str, Any]:
        written = super().clean() or {}
        area: Area | None = written.get("place")
        if area:
            self.instance.area = area
            if self.project.areas.filter(pk=area.pk).exists():
                self.add_error("place", _("The project already has this area."))
        return written


class AreaSet(RowSet):
    def rows(self) -> QuerySet:
        return ProjectArea.objects.filter(project=self.project).select_related("area")


class ServicePointForm(RowForm):
    class Meta:
        model = ProjectServicePoint
        fields = ["service_point"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["service_point"]
        else:
            self.fields["service_point"].queryset = ServicePoint.objects.by_name()


class ServicePointSet(RowSet):
    def rows(self) -> QuerySet:
        return ProjectServicePoint.objects.filter(project=self.project).select_related("service_point")


class ChallengeForm(RowForm):
    layout: tuple = (in_three("text"), "order")
    needed = ("text_fi",)

    class Meta:
        model = Challenge
        fields = named(["order"], "text")


class ResultForm(RowForm):
    layout: tuple = (in_three("text"), "order")
    needed = ("text_fi",)

    class Meta:
        model = Result
        fields = named(["order"], "text")


class GoalForm(RowForm):
    layout: tuple = (in_three("theme"), in_three("text"), "others", "order")
    needed = ("text_fi",)

    others = forms.ModelMultipleChoiceField(
        Project.objects.none(),
        label=_("Joint with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The goal is written once and shown on each project's page."),
    )

    class Meta:
        model = ProjectGoal
        fields = named(["order"], "theme", "text")

    def __init__(self, *args: Any, others: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = others
        if self.instance.pk:
            joint = {project.pk for project in self.instance.projects.all()}
            self.initial["others"] = [project.pk for project in others if project.pk in joint]
        if not others:
            del self.fields["others"]
            self.layout = (*self.layout[:2], "order")


class GoalSet(RowSet):
    parent = ""

    @cached_property
    def others(self) -> QuerySet[Project]:
        """The projects a goal may be shared with, read once for all goals."""
        return Project.objects.editable_by(self.user).exclude(pk=self.project.pk).by_name()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"others": self.others}

    def rows(self) -> QuerySet:
        return ProjectGoal.objects.filter(projects=self.project).prefetch_related("projects")

    def save_new(self, form: Any, commit: bool = True) -> Model:
        return self._share(form, super().save_new(form, commit))

    def save_existing(self, form: Any, obj: Model, commit: bool = True) -> Model:
        return self._share(form, super().save_existing(form, obj, commit))

    def _share(self, form: Any, goal: Any) -> Model:
        if "others" in form.fields:
            chosen, choices = form.cleaned_data["others"], form.fields["others"].queryset
        else:
            chosen = choices = Project.objects.none()
        share_goal(goal, self.project, others=list(chosen), among=[*choices, self.project])
        return goal

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        drop_goal(obj, self.project)


class TargetGroupForm(RowForm):
    layout: tuple = (Row("reach", "group", "order"), in_three("wording"))
    needed = ("wording_fi",)

    class Meta:
        model = ProjectTargetGroup
        fields = named(["reach", "group", "order"], "wording")


class IndicatorForm(RowForm):
    layout: tuple = (in_three("name"), in_three("unit"), Row("code", "target"))
    needed = ("name_fi", "unit_fi")

    class Meta:
        model = Indicator
        fields = named(["code", "target"], "name", "unit")
        help_texts = {"code": _("A short word of your own or the funder's code, such as co01.")}

    @property
    def more(self) -> tuple[str, Any] | None:
        """Where the row's figures are kept, and what the link says."""
        if not self.instance.pk:
            return None
        address = reverse("projects:office:reading_list", args=[self.project.slug, self.instance.pk])
        return address, _("Figures reported so far")


class ReadingForm(RowForm):
    layout: tuple = (Row("read_on", "value"), "note")

    class Meta:
        model = IndicatorReading
        fields = ["read_on", "value", "note"]
        widgets = {"read_on": Day}


class ReadingSet(RowSet):
    parent = "indicator"


class MaterialForm(RowForm):
    layout: tuple = (
        in_three("title"),
        in_three("description"),
        Row("kind", "language", "year"),
        "file",
        "link",
        "author",
        Row("area", "licence"),
        Row("is_shown", "order"),
    )
    needed = ("title_fi",)

    is_shown = forms.BooleanField(label=_("Shown to everybody"), required=False)

    class Meta:
        model = Material
        fields = named(
            ["kind", "language", "year", "file", "link", "author", "area", "licence", "order"],
            "title",
            "description",
        )
        widgets = {"file": forms.FileInput(attrs={"accept": ",".join(FILE_TYPES)})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_shown"] = self.instance.published_at is not None
        self.fields["author"].queryset = Organisation.objects.by_name()
        self.fields["area"].queryset = Area.objects.regions().by_name()
        file = self.fields["file"]
        file.help_text = _("PDF, Word, Excel, PowerPoint or OpenDocument, at most 20 MB.")
        if self.instance.file:
            file.help_text = _("Now: %(name)s. Another file takes its place.") % {
                "name": self.instance.file_name
            }

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            refuse_file(file, tuple(FILE_TYPES), LARGEST_FILE)
            suffix = "." + file.name.rpartition(".")[2].lower()
            beginning = file.read(8)
            file.seek(0)
            if not beginning.startswith(FILE_TYPES[suffix]):
                raise ValidationError(_("The file is not what its name says. Save it anew and try again."))
        return file

    def save(self, commit: bool = True) -> Material:
        self.instance.show(is_public=self.cleaned_data["is_shown"])
        return super().save(commit)


PartnerFormSet = row_set(ProjectPartner, PartnerForm, PartnerSet)
AreaFormSet = row_set(ProjectArea, AreaForm, AreaSet)
ServicePointFormSet = row_set(ProjectServicePoint, ServicePointForm, ServicePointSet)
ChallengeFormSet = row_set(Challenge, ChallengeForm)
GoalFormSet = row_set(ProjectGoal, GoalForm, GoalSet)
TargetGroupFormSet = row_set(ProjectTargetGroup, TargetGroupForm)
ResultFormSet = row_set(Result, ResultForm)
IndicatorFormSet = row_set(Indicator, IndicatorForm)
ReadingFormSet = row_set(IndicatorReading, ReadingForm, ReadingSet)
MaterialFormSet = row_set(Material, MaterialForm)
