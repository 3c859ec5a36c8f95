from network.models.area import Area, Postcode
from network.models.network import Agreement, Network, NetworkMembership
from network.models.organisation import Contact, Organisation, Sector
from network.models.people import Affiliation, Invitation
from network.models.service_point import OpeningException, OpeningHours, RouteStop, ServicePoint
from network.models.synonym import Synonyms

__all__ = [
    "Affiliation",
    "Agreement",
    "Area",
    "Contact",
    "Invitation",
    "Network",
    "NetworkMembership",
    "OpeningException",
    "OpeningHours",
    "Organisation",
    "Postcode",
    "RouteStop",
    "Sector",
    "ServicePoint",
    "Synonyms",
]
