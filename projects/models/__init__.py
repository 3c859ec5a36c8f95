from projects.models.content import (
    Challenge,
    Indicator,
    IndicatorReading,
    Material,
    ProjectGoal,
    ProjectTargetGroup,
    Result,
    TargetGroup,
)
from projects.models.project import Programme, Project, ProjectPartner

__all__ = [
    "Challenge",
    "Indicator",
    "IndicatorReading",
    "Material",
    "Programme",
    "Project",
    "ProjectGoal",
    "ProjectPartner",
    "ProjectTargetGroup",
    "Result",
    "TargetGroup",
]
