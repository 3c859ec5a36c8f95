import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guidance.casework.models import Client, GuidanceSession
from tests.factories.catalogue import ChannelFactory, GuidanceServiceFactory
from tests.factories.network import AffiliationFactory, OrganisationFactory


class ClientFactory(DjangoModelFactory):
    """A person of whom only the name is known."""

    class Meta:
        model = Client

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Asiakas Esimerkki {n}")


class GuidanceSessionFactory(DjangoModelFactory):
    """A session held today by phone with a client of the organisation."""

    class Meta:
        model = GuidanceSession

    guidance_service = factory.SubFactory(GuidanceServiceFactory)
    organisation = factory.SelfAttribute("guidance_service.organisation")
    counsellor = factory.LazyAttribute(lambda row: AffiliationFactory(organisation=row.organisation).user)
    client = factory.SubFactory(ClientFactory, organisation=factory.SelfAttribute("..organisation"))
    channel = factory.SubFactory(ChannelFactory)
    held_on = factory.LazyFunction(timezone.localdate)
