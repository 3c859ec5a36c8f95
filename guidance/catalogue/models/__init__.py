from guidance.catalogue.models.check import CheckRequest, Suggestion
from guidance.catalogue.models.funding import Funding
from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.quality import LinkCheck, QualityScore
from guidance.catalogue.models.situation import LifeSituation, SituationPart
from guidance.catalogue.models.training_option import ApplicationRound, TrainingNote, TrainingOption
from guidance.catalogue.models.vocabulary import Channel, GuidanceLanguage, GuidanceTopic, Vocabulary

__all__ = [
    "ApplicationRound",
    "Channel",
    "CheckRequest",
    "Funding",
    "GuidanceLanguage",
    "GuidanceService",
    "GuidanceTopic",
    "LifeSituation",
    "LinkCheck",
    "QualityScore",
    "SituationPart",
    "Suggestion",
    "TrainingNote",
    "TrainingOption",
    "Vocabulary",
]
