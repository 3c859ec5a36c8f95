from modeltranslation.translator import TranslationOptions, register

from network.history import keep_history
from projects.models import (
    Challenge,
    GoalProject,
    Indicator,
    IndicatorReading,
    Material,
    Programme,
    Project,
    ProjectArea,
    ProjectGoal,
    ProjectPartner,
    ProjectServicePoint,
    ProjectTargetGroup,
    Result,
    TargetGroup,
)


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("name", "short_name", "summary", "aims", "vision", "achievements", "sources")


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("name", "summary", "background", "approach", "aim", "cooperation", "legacy", "budget_note")


@register(ProjectPartner)
class ProjectPartnerTranslation(TranslationOptions):
    fields = ("note",)


@register(Challenge)
class ChallengeTranslation(TranslationOptions):
    fields = ("text",)


@register(ProjectGoal)
class ProjectGoalTranslation(TranslationOptions):
    fields = ("theme", "text")


@register(TargetGroup)
class TargetGroupTranslation(TranslationOptions):
    fields = ("name",)


@register(ProjectTargetGroup)
class ProjectTargetGroupTranslation(TranslationOptions):
    fields = ("wording",)


@register(Result)
class ResultTranslation(TranslationOptions):
    fields = ("text",)


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "unit")


@register(Material)
class MaterialTranslation(TranslationOptions):
    fields = ("title", "description")


keep_history(
    Programme,
    Project,
    ProjectArea,
    ProjectServicePoint,
    ProjectPartner,
    Challenge,
    ProjectGoal,
    GoalProject,
    ProjectTargetGroup,
    Result,
    Indicator,
    IndicatorReading,
    Material,
)
