"""One factory per model; each makes the least valid row."""

from tests.factories.booking import AbsenceFactory, AppointmentFactory, AvailabilityFactory, local
from tests.factories.catalogue import (
    ChannelFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    TrainingOptionFactory,
)
from tests.factories.network import (
    AffiliationFactory,
    AreaFactory,
    OrganisationFactory,
    SectorFactory,
    ServicePointFactory,
)
from tests.factories.opinovi import UserFactory

__all__ = [
    "AbsenceFactory",
    "AffiliationFactory",
    "AppointmentFactory",
    "AreaFactory",
    "AvailabilityFactory",
    "ChannelFactory",
    "GuidanceServiceFactory",
    "GuidanceTopicFactory",
    "OrganisationFactory",
    "SectorFactory",
    "ServicePointFactory",
    "TrainingOptionFactory",
    "UserFactory",
    "local",
]
