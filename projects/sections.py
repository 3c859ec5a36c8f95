"""The sections of the project editor: what each is called, its form, and the rows whose history it shows."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.history import Part
from projects.forms import parts as forms
from projects.forms.rows import RowSet
from projects.models import (
    Challenge,
    GoalProject,
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


class Section(NamedTuple):
    """A page of the editor that holds all rows of a kind."""

    title: Promise
    hint: Promise
    add: Promise
    row_set: type[RowSet]
    parts: Callable[[Project], tuple[Part, ...]]


def _goal_parts(project: Project) -> tuple[Part, ...]:
    """Goals the project has or has had, and with whom it shares them."""
    events = GoalProject.pgh_event_model  # type: ignore[attr-defined]  # pghistory adds it
    links = events.objects.filter(project=project.pk)
    goals = {"pgh_obj_id__in": links.values("goal_id")}
    return (ProjectGoal, goals), (GoalProject, {"goal_id__in": links.values("goal_id")})


PARTNERS = Section(
    _("Partners"),
    _("Who answers for the project, carries it out, takes part in it or pays for it."),
    _("Add a partner"),
    forms.PartnerFormSet,
    lambda project: ((ProjectPartner, {"project": project.pk}),),
)
AREAS = Section(
    _("Areas"),
    _("Where the project works. No area means the whole country."),
    _("Add an area"),
    forms.AreaFormSet,
    lambda project: ((ProjectArea, {"project": project.pk}),),
)
SERVICE_POINTS = Section(
    _("Service points"),
    _("Service points that the project set up or works in."),
    _("Add a service point"),
    forms.ServicePointFormSet,
    lambda project: ((ProjectServicePoint, {"project": project.pk}),),
)
CHALLENGES = Section(
    _("Challenges"),
    _("What makes the project necessary."),
    _("Add a challenge"),
    forms.ChallengeFormSet,
    lambda project: ((Challenge, {"project": project.pk}),),
)
GOALS = Section(
    _("Goals"),
    _("What the project sets out to do. Goals with the same theme stand together."),
    _("Add a goal"),
    forms.GoalFormSet,
    _goal_parts,
)
TARGET_GROUPS = Section(
    _("Target groups"),
    _("Whom the project is for, directly, indirectly or in the end, in its own words."),
    _("Add a target group"),
    forms.TargetGroupFormSet,
    lambda project: ((ProjectTargetGroup, {"project": project.pk}),),
)
RESULTS = Section(
    _("Results"),
    _("What comes of the project."),
    _("Add a result"),
    forms.ResultFormSet,
    lambda project: ((Result, {"project": project.pk}),),
)
INDICATORS = Section(
    _("Indicators"),
    _("Figures by which the project is judged, each with its target."),
    _("Add an indicator"),
    forms.IndicatorFormSet,
    lambda project: ((Indicator, {"project": project.pk}),),
)
MATERIALS = Section(
    _("Materials"),
    _("Tools, guides, reports and strategies for others to use."),
    _("Add a material"),
    forms.MaterialFormSet,
    lambda project: ((Material, {"project": project.pk}),),
)
READINGS = Section(
    _("Figures"),
    _("What the indicator showed, and when. The newest figure is shown to everybody."),
    _("Add a figure"),
    forms.ReadingFormSet,
    lambda project: ((IndicatorReading, {"indicator__in": project.indicators.values("pk")}),),
)

WHOLE = (
    PARTNERS,
    AREAS,
    SERVICE_POINTS,
    CHALLENGES,
    GOALS,
    TARGET_GROUPS,
    RESULTS,
    INDICATORS,
    READINGS,
    MATERIALS,
)


def basics(project: Project) -> tuple[Part, ...]:
    """The rows behind the page of basic facts."""
    return ((Project, {"pk": project.pk}),)


def whole(project: Project) -> tuple[Part, ...]:
    """Every row of the project whose history is kept."""
    return (*basics(project), *(part for section in WHOLE for part in section.parts(project)))
