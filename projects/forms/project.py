"""The form of a project's basic facts and texts."""

from typing import Any

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from network.forms.networks import Day
from network.models import Organisation
from opinovi.forms import PortalFormMixin
from opinovi.models import User
from projects.forms.rows import in_three, named
from projects.models import Programme, Project

TEXTS = ("summary", "aim", "background", "approach", "cooperation", "legacy")


class ProjectForm(PortalFormMixin, forms.ModelForm):
    """Texts stand beside each other in three languages; Finnish is shown where another is missing."""

    is_tagless = True
    layout = (
        Fieldset(_("Name"), in_three("name")),
        Fieldset(
            _("Basic facts"),
            "programme",
            Row("starts_on", "ends_on"),
            Row("budget", "network_size"),
            in_three("budget_note"),
            "website",
        ),
        Fieldset(_("What it is, in a sentence or two"), in_three("summary")),
        Fieldset(_("What is the aim?"), in_three("aim")),
        Fieldset(_("Why is it needed?"), in_three("background")),
        Fieldset(_("How does it work?"), in_three("approach")),
        Fieldset(_("Who does it?"), in_three("cooperation")),
        Fieldset(_("What lives on?"), in_three("legacy")),
    )

    class Meta:
        model = Project
        fields = named(
            ["programme", "starts_on", "ends_on", "budget", "network_size", "website"],
            "name",
            "budget_note",
            *TEXTS,
        )
        widgets = {"starts_on": Day, "ends_on": Day}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.by_name()
        self.fields["programme"].empty_label = _("Part of no programme")
        self.fields["name_fi"].required = True


class ProjectAddForm(PortalFormMixin, forms.ModelForm):
    """What a new project needs at first; the rest is written on its own pages."""

    layout = (in_three("name"), "programme", "organisation", Row("starts_on", "ends_on"))
    submit = _("Add the project")

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Administered by"),
        help_text=_("The organisation that answers for the project. Its coordinators keep these pages."),
    )

    class Meta:
        model = Project
        fields = named(["programme", "starts_on", "ends_on"], "name")
        widgets = {"starts_on": Day, "ends_on": Day}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.by_name()
        self.fields["programme"].empty_label = _("Part of no programme")
        self.fields["organisation"].queryset = Organisation.objects.current().editable_by(user).by_name()
        self.fields["name_fi"].required = True
