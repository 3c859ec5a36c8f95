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

__all__ = [
    "AbsenceFactory",
    "AffiliationFactory",
    "AgreementFactory",
    "AppointmentFactory",
    "AreaFactory",
    "AvailabilityFactory",
    "ChannelFactory",
    "ClientFactory",
    "GuidanceServiceFactory",
    "GuidanceSessionFactory",
    "GuidanceTopicFactory",
    "InvitationFactory",
    "NetworkFactory",
    "NetworkMembershipFactory",
    "NoShowFactory",
    "OrganisationFactory",
    "RouteStopFactory",
    "SectorFactory",
    "ServicePointFactory",
    "TrainingOptionFactory",
    "UserFactory",
    "local",
]
