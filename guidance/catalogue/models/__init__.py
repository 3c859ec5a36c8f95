from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.training_option import TrainingOption
from guidance.catalogue.models.vocabulary import Channel, GuidanceLanguage, GuidanceTopic, Vocabulary

__all__ = [
    "Channel",
    "GuidanceLanguage",
    "GuidanceService",
    "GuidanceTopic",
    "TrainingOption",
    "Vocabulary",
]
