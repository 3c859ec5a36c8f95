"""One factory per model; each makes the least valid row."""

from tests.factories.booking import AbsenceFactory, AppointmentFactory, AvailabilityFactory, local
from tests.factories.casework import ClientFactory, GuidanceSessionFactory, NoShowFactory
from tests.factories.catalogue import (
    ChannelFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    TrainingOptionFactory,
)
from tests.factories.network import (
    AffiliationFactory,
    AgreementFactory,
    AreaFactory,
    InvitationFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    RouteStopFactory,
    SectorFactory,
    ServicePointFactory,
)
from tests.factories.opinovi import UserFactory
from tests.factories.projects import (
    ChallengeFactory,
    IndicatorFactory,
    IndicatorReadingFactory,
    MaterialFactory,
    ProgrammeFactory,
    ProjectFactory,
    ProjectGoalFactory,
    ProjectPartnerFactory,
    ProjectTargetGroupFactory,
    ResultFactory,
    TargetGroupFactory,
)

__all__ = [
    "AbsenceFactory",
    "AffiliationFactory",
    "AgreementFactory",
    "AppointmentFactory",
    "AreaFactory",
    "AvailabilityFactory",
    "ChallengeFactory",
    "ChannelFactory",
    "ClientFactory",
    "GuidanceServiceFactory",
    "GuidanceSessionFactory",
    "GuidanceTopicFactory",
    "IndicatorFactory",
    "IndicatorReadingFactory",
    "InvitationFactory",
    "MaterialFactory",
    "NetworkFactory",
    "NetworkMembershipFactory",
    "NoShowFactory",
    "OrganisationFactory",
    "ProgrammeFactory",
    "ProjectFactory",
    "ProjectGoalFactory",
    "ProjectPartnerFactory",
    "ProjectTargetGroupFactory",
    "ResultFactory",
    "RouteStopFactory",
    "SectorFactory",
    "ServicePointFactory",
    "TargetGroupFactory",
    "TrainingOptionFactory",
    "UserFactory",
    "local",
]
