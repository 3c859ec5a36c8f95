from guidance.catalogue.models.alert import Alert, Find, FollowedSearch
from guidance.catalogue.models.funding import Funding
from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.situation import LifeSituation, SituationPart
from guidance.catalogue.models.training_option import ApplicationRound, TrainingNote, TrainingOption
from guidance.catalogue.models.vocabulary import Channel, GuidanceLanguage, GuidanceTopic, Vocabulary

__all__ = [
    "Alert",
    "ApplicationRound",
    "Channel",
    "Find",
    "FollowedSearch",
    "Funding",
    "GuidanceLanguage",
    "GuidanceService",
    "GuidanceTopic",
    "LifeSituation",
    "SituationPart",
    "TrainingNote",
    "TrainingOption",
    "Vocabulary",
]
