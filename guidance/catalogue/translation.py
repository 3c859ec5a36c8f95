from modeltranslation.translator import TranslationOptions, register

from guidance.catalogue.models import Channel, GuidanceService, GuidanceTopic, TrainingOption
from network.history import keep_history


@register([GuidanceTopic, Channel])
class VocabularyTranslation(TranslationOptions):
    fields = ("name",)


@register(GuidanceService)
class GuidanceServiceTranslation(TranslationOptions):
    fields = ("name", "summary", "description", "audience", "bring", "fee_note")


@register(TrainingOption)
class TrainingOptionTranslation(TranslationOptions):
    fields = ("name", "description", "audience", "fee_note", "funding")


keep_history(GuidanceService, TrainingOption)
