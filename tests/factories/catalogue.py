import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guidance.catalogue.models import (
    Alert,
    Channel,
    CheckRequest,
    FollowedSearch,
    Funding,
    GuidanceService,
    GuidanceTopic,
    LifeSituation,
    SituationPart,
    TrainingOption,
)
from network.models.people import hash_key
from opinovi.private_links import hash_of, key_for
from tests.factories.network import ContactFactory, OrganisationFactory


class ChannelFactory(DjangoModelFactory):
    """By phone: the counsellor calls."""

    class Meta:
        model = Channel
        django_get_or_create = ("code",)

    code = "phone"
    name_fi = "Puhelimitse"
    name_sv = "Per telefon"
    name_en = "By phone"
    needs_phone = True

    class Params:
        on_site = factory.Trait(
            code="on-site",
            name_fi="Paikan päällä",
            name_sv="På plats",
            name_en="Face to face",
            needs_phone=False,
            needs_place=True,
        )
        video = factory.Trait(
            code="video", name_fi="Videolla", name_sv="Per video", name_en="By video", needs_phone=False
        )


class GuidanceTopicFactory(DjangoModelFactory):
    class Meta:
        model = GuidanceTopic

    code = factory.Sequence(lambda n: f"aihe-{n}")
    name_fi = factory.Sequence(lambda n: f"Aihe {n}")


class GuidanceServiceFactory(DjangoModelFactory):
    """A published service whose times anyone may book; meetings last 45 minutes."""

    class Meta:
        model = GuidanceService
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    name_fi = factory.Sequence(lambda n: f"Ohjaus {n}")
    slug = factory.Sequence(lambda n: f"ohjaus-{n}")
    languages = ["fi", "sv", "en"]
    phone = "+358 00 000 0000"
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def channels(self, create, channels, **kwargs):
        """`channels=[…]`; by phone, unless given."""
        if create:
            self.channels.set([ChannelFactory()] if channels is None else channels)


class TrainingOptionFactory(DjangoModelFactory):
    """A published course without a fee that takes applications all the time."""

    class Meta:
        model = TrainingOption

    provider = factory.SubFactory(OrganisationFactory)
    name_fi = factory.Sequence(lambda n: f"Koulutus {n}")
    slug = factory.Sequence(lambda n: f"koulutus-{n}")
    kind = TrainingOption.Kind.COURSE
    field = TrainingOption.Field.GENERAL
    fee = 0
    is_rolling = True
    published_at = factory.LazyFunction(timezone.now)


class FundingFactory(DjangoModelFactory):
    """A published way to finance studies."""

    class Meta:
        model = Funding

    name_fi = factory.Sequence(lambda n: f"Tuki {n}")
    slug = factory.Sequence(lambda n: f"tuki-{n}")
    published_at = factory.LazyFunction(timezone.now)


class LifeSituationFactory(DjangoModelFactory):
    """A published life situation without parts."""

    class Meta:
        model = LifeSituation

    name_fi = factory.Sequence(lambda n: f"Tilanne {n}")
    slug = factory.Sequence(lambda n: f"tilanne-{n}")
    published_at = factory.LazyFunction(timezone.now)


class SituationPartFactory(DjangoModelFactory):
    """A text on the page of a life situation of its own."""

    class Meta:
        model = SituationPart
        skip_postgeneration_save = True

    situation = factory.SubFactory(LifeSituationFactory)
    heading_fi = factory.Sequence(lambda n: f"Osa {n}")
    text_fi = "Aloita tästä."
    order = factory.Sequence(lambda n: n)

    @factory.post_generation
    def fundings(self, create, fundings, **_kwargs):
        if fundings:
            self.fundings.set(fundings)


class FollowedSearchFactory(DjangoModelFactory):
    """All training, in English; what there is is not known yet."""

    class Meta:
        model = FollowedSearch
        django_get_or_create = ("source", "language", "query")

    source = "training"
    language = "en"
    query = ""


class AlertFactory(DjangoModelFactory):
    """A confirmed alert of a week's rhythm, to be told today of what was found from now on."""

    class Meta:
        model = Alert

    search = factory.SubFactory(FollowedSearchFactory)
    email = factory.Sequence(lambda n: f"aino{n}@example.fi")
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(key_for("catalogue.alert", row.nonce)))
    confirmed_at = factory.LazyFunction(timezone.now)
    told_until = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(timezone.localdate)
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=365))


class CheckRequestFactory(DjangoModelFactory):
    """A request to check, sent to a contact this month; its link lasts."""

    class Meta:
        model = CheckRequest

    organisation = factory.SubFactory(OrganisationFactory)
    contact = factory.SubFactory(ContactFactory, organisation=factory.SelfAttribute("..organisation"))
    recipient = factory.SelfAttribute("contact.email")
    month = factory.LazyFunction(lambda: timezone.localdate().replace(day=1))
    key_hash = factory.Sequence(lambda n: hash_key(f"check {n}"))
