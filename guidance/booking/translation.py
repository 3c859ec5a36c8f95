from modeltranslation.translator import TranslationOptions, register

from guidance.booking.models import GroupSession
from network.history import keep_history


@register(GroupSession)
class GroupSessionTranslation(TranslationOptions):
    fields = ("name", "summary", "description", "audience", "place", "registration_note")


keep_history(GroupSession)
