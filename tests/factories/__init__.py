"""One factory per model; each makes the least valid row."""

from tests.factories.network import (
    AffiliationFactory,
    AreaFactory,
    OrganisationFactory,
    SectorFactory,
    ServicePointFactory,
)
from tests.factories.opinovi import UserFactory

__all__ = [
    "AffiliationFactory",
    "AreaFactory",
    "OrganisationFactory",
    "SectorFactory",
    "ServicePointFactory",
    "UserFactory",
]
