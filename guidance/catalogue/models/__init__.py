from guidance.catalogue.models.alert import Alert, Find, FollowedSearch
from guidance.catalogue.models.application_round import ApplicationRound
from guidance.catalogue.models.applying import Period
from guidance.catalogue.models.check import CheckRequest, Suggestion
from guidance.catalogue.models.funding import Funding
from guidance.catalogue.models.guidance_service import GuidanceService
from guidance.catalogue.models.imports import (
    ImportedKind,
    ImportedRecord,
    ImportLine,
    ImportRun,
    ImportUpload,
    SourcePart,
    SourcePartQuerySet,
)
from guidance.catalogue.models.quality import LinkCheck, QualityScore
from guidance.catalogue.models.situation import LifeSituation, SituationPart
from guidance.catalogue.models.training_note import TrainingNote
from guidance.catalogue.models.training_option import TrainingOption
from guidance.catalogue.models.vocabulary import Channel, GuidanceLanguage, GuidanceTopic, Vocabulary

__all__ = [
    "Alert",
    "ApplicationRound",
    "Channel",
    "CheckRequest",
    "Find",
    "FollowedSearch",
    "Funding",
    "GuidanceLanguage",
    "GuidanceService",
    "GuidanceTopic",
    "ImportLine",
    "ImportRun",
    "ImportUpload",
    "ImportedKind",
    "ImportedRecord",
    "LifeSituation",
    "LinkCheck",
    "Period",
    "QualityScore",
    "SituationPart",
    "SourcePart",
    "SourcePartQuerySet",
    "Suggestion",
    "TrainingNote",
    "TrainingOption",
    "Vocabulary",
]
