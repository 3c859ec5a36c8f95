from modeltranslation.translator import TranslationOptions, register

from guidance.catalogue.models import (
    Channel,
    Funding,
    GuidanceService,
    GuidanceTopic,
    LifeSituation,
    SituationPart,
    TrainingNote,
    TrainingOption,
)
from network.history import keep_history


@register([GuidanceTopic, Channel])
class VocabularyTranslation(TranslationOptions):
    fields = ("name",)


@register(GuidanceService)
class GuidanceServiceTranslation(TranslationOptions):
    fields = (
        "name", "summary", "description", "audience", "keywords", "bring", "next_steps", "fee_note",
        "hours_note", "referral_note", "consent_wording", "benefit_effect",
    )  # fmt: skip


@register(TrainingOption)
class TrainingOptionTranslation(TranslationOptions):
    fields = (
        "name", "description", "outcomes", "titles", "keywords", "audience", "requirements", "fee_note",
        "funding", "application_note",
    )  # fmt: skip


@register(TrainingNote)
class TrainingNoteTranslation(TranslationOptions):
    fields = ("heading", "text")


@register(Funding)
class FundingTranslation(TranslationOptions):
    fields = ("name", "summary", "audience", "amount", "application", "combining", "payer_name")


@register(LifeSituation)
class LifeSituationTranslation(TranslationOptions):
    fields = ("name", "introduction", "keywords")


@register(SituationPart)
class SituationPartTranslation(TranslationOptions):
    fields = ("heading", "text")


keep_history(GuidanceService, TrainingOption, Funding, LifeSituation, SituationPart)
