from modeltranslation.translator import TranslationOptions, register

from guidance.booking.models import GroupSession, RegistrationQuestion
from network.history import keep_history


@register(GroupSession)
class GroupSessionTranslation(TranslationOptions):
    fields = ("name", "summary", "description", "audience", "place", "registration_note")


@register(RegistrationQuestion)
class RegistrationQuestionTranslation(TranslationOptions):
    fields = ("text", "choices")


keep_history(GroupSession, RegistrationQuestion)
