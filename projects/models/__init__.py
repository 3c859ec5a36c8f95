from projects.models.content import (
    Challenge,
    GoalProject,
    Indicator,
    IndicatorReading,
    Material,
    ProjectGoal,
    ProjectTargetGroup,
    Result,
    TargetGroup,
)
from projects.models.project import Programme, Project, ProjectArea, ProjectPartner, ProjectServicePoint

__all__ = [
    "Challenge",
    "GoalProject",
    "Indicator",
    "IndicatorReading",
    "Material",
    "Programme",
    "Project",
    "ProjectArea",
    "ProjectGoal",
    "ProjectPartner",
    "ProjectServicePoint",
    "ProjectTargetGroup",
    "Result",
    "TargetGroup",
]
