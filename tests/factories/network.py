from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from network.models import (
    Affiliation,
    Agreement,
    Area,
    Contact,
    Invitation,
    Network,
    NetworkMembership,
    Organisation,
    RouteStop,
    Sector,
    ServicePoint,
)
from network.models.people import hash_key
from tests.factories.opinovi import UserFactory


class AreaFactory(DjangoModelFactory):
    """A municipality."""

    class Meta:
        model = Area

    kind = Area.Kind.MUNICIPALITY
    code = factory.Sequence(lambda n: f"T{n:03}")
    name_fi = factory.Sequence(lambda n: f"Kunta {n}")
    slug = factory.Sequence(lambda n: f"kunta-{n}")


class SectorFactory(DjangoModelFactory):
    """Education providers."""

    class Meta:
        model = Sector
        django_get_or_create = ("code",)

    code = "education"
    name_fi = "Koulutuspalvelut"


class OrganisationFactory(DjangoModelFactory):
    """A published organisation."""

    class Meta:
        model = Organisation

    name_fi = factory.Sequence(lambda n: f"Oppilaitos {n}")
    slug = factory.Sequence(lambda n: f"oppilaitos-{n}")
    sector = factory.SubFactory(SectorFactory)
    published_at = factory.LazyFunction(timezone.now)


class ContactFactory(DjangoModelFactory):
    """Somebody who is reached by e-mail; only people at work see them."""

    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Yhteys {n}")
    email = factory.Sequence(lambda n: f"yhteys{n}@example.fi")


class ServicePointFactory(DjangoModelFactory):
    """A published service point that stays in one place."""

    class Meta:
        model = ServicePoint

    name_fi = factory.Sequence(lambda n: f"Palvelupiste {n}")
    slug = factory.Sequence(lambda n: f"palvelupiste-{n}")
    organisation = factory.SubFactory(OrganisationFactory)
    municipality = factory.SubFactory(AreaFactory)
    published_at = factory.LazyFunction(timezone.now)


class AffiliationFactory(DjangoModelFactory):
    """A counsellor's work in an organisation."""

    class Meta:
        model = Affiliation

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Affiliation.Role.COUNSELLOR
    since = date(2020, 1, 1)


class InvitationFactory(DjangoModelFactory):
    """An invitation to be a counsellor that waits for an answer; no letter goes with it."""

    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"kutsuttu{n}@example.fi")
    organisation = factory.SubFactory(OrganisationFactory)
    role = Affiliation.Role.COUNSELLOR
    language = "en"
    invited_by = factory.SubFactory(UserFactory)
    key_hash = factory.Sequence(lambda n: hash_key(f"key {n}"))


class NetworkFactory(DjangoModelFactory):
    """A published network."""

    class Meta:
        model = Network

    name_fi = factory.Sequence(lambda n: f"Verkosto {n}")
    slug = factory.Sequence(lambda n: f"verkosto-{n}")
    area = factory.SubFactory(AreaFactory, kind=Area.Kind.REGION)
    lead = factory.SubFactory(OrganisationFactory)
    published_at = factory.LazyFunction(timezone.now)


class NetworkMembershipFactory(DjangoModelFactory):
    """A membership that goes on."""

    class Meta:
        model = NetworkMembership

    network = factory.SubFactory(NetworkFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    since = date(2024, 1, 1)


class AgreementFactory(DjangoModelFactory):
    """An agreement without an end."""

    class Meta:
        model = Agreement

    network = factory.SubFactory(NetworkFactory)
    title = "Yhteistyösopimus"
    valid_from = date(2024, 1, 1)


class RouteStopFactory(DjangoModelFactory):
    """A stop tomorrow, two hours long."""

    class Meta:
        model = RouteStop

    service_point = factory.SubFactory(ServicePointFactory, kind=ServicePoint.Kind.MOBILE)
    municipality = factory.SubFactory(AreaFactory)
    place = "Kauppatori"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
    ends_at = factory.LazyAttribute(lambda stop: stop.starts_at + timedelta(hours=2))
