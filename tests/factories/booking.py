import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guidance.booking import notebooks
from guidance.booking.models import (
    Absence,
    Appointment,
    Availability,
    BookingInvitation,
    CalendarFeed,
    CallBackRequest,
    GroupSession,
    Notebook,
    NotebookLink,
    Registration,
    RegistrationQuestion,
    WaitingEntry,
)
from guidance.booking.models.appointment import key_for
from guidance.booking.models.feed import key_for as calendar_key_for
from guidance.booking.models.registration import key_for as registration_key_for
from opinovi.private_links import hash_of
from opinovi.private_links import key_for as link_key_for
from tests.factories.catalogue import ChannelFactory, GuidanceServiceFactory
from tests.factories.network import AffiliationFactory, AreaFactory, OrganisationFactory

HELSINKI = ZoneInfo("Europe/Helsinki")


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock on the wall in Finland."""
    return datetime.combine(day, time(hour, minute), HELSINKI)


class AvailabilityFactory(DjangoModelFactory):
    """A counsellor of the service's organisation, by phone, tomorrow from 9 to 12 (on that day alone)."""

    class Meta:
        model = Availability

    service = factory.SubFactory(GuidanceServiceFactory)
    channels = factory.LazyFunction(lambda: [ChannelFactory()])
    counsellor = factory.LazyAttribute(
        lambda row: AffiliationFactory(organisation=row.service.organisation).user
    )
    on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=1))
    starts_at = time(9)
    ends_at = time(12)

    @classmethod
    def _create(cls, model, *args, service, channels, **kwargs):
        availability = super()._create(model, *args, **kwargs)
        availability.services.set([service])
        availability.channels.set(channels)
        return availability


class AbsenceFactory(DjangoModelFactory):
    """Away the whole day tomorrow."""

    class Meta:
        model = Absence

    counsellor = factory.LazyFunction(lambda: AffiliationFactory().user)
    starts_at = factory.LazyFunction(lambda: local(timezone.localdate() + timedelta(days=1), 0))
    ends_at = factory.LazyAttribute(lambda absence: absence.starts_at + timedelta(days=1))


class AppointmentFactory(DjangoModelFactory):
    """A live appointment by phone, tomorrow at 10, with a counsellor of the service's organisation."""

    class Meta:
        model = Appointment

    guidance_service = factory.SubFactory(GuidanceServiceFactory)
    organisation = factory.SelfAttribute("guidance_service.organisation")
    counsellor = factory.LazyAttribute(
        lambda appointment: AffiliationFactory(organisation=appointment.organisation).user
    )
    channel = factory.SubFactory(ChannelFactory)
    starts_at = factory.LazyFunction(lambda: local(timezone.localdate() + timedelta(days=1), 10))
    ends_at = factory.LazyAttribute(
        lambda row: row.starts_at + timedelta(minutes=row.guidance_service.duration_minutes)
    )
    busy = factory.LazyAttribute(lambda row: (row.starts_at, row.ends_at))
    name = factory.Sequence(lambda n: f"Aino Esimerkki {n}")
    email = factory.Sequence(lambda n: f"aino{n}@example.fi")
    phone = "+358 40 000 0000"
    language = "en"
    spoken_language = "fi"
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(key_for(row.nonce)))


class WaitingEntryFactory(DjangoModelFactory):
    """Somebody who waits for a time of a service, in any way, in the next two weeks."""

    class Meta:
        model = WaitingEntry

    guidance_service = factory.SubFactory(GuidanceServiceFactory)
    first_on = factory.LazyFunction(timezone.localdate)
    last_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))
    name = factory.Sequence(lambda n: f"Väinö Odottaja {n}")
    email = factory.Sequence(lambda n: f"vaino{n}@example.fi")
    language = "en"
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(link_key_for("booking.waiting-entry", row.nonce)))


class CallBackRequestFactory(DjangoModelFactory):
    """Somebody who asked a service for a call."""

    class Meta:
        model = CallBackRequest

    guidance_service = factory.SubFactory(GuidanceServiceFactory)
    name = factory.Sequence(lambda n: f"Helmi Soitettava {n}")
    phone = "+358 40 000 0000"
    language = "en"


class BookingInvitationFactory(DjangoModelFactory):
    """An invitation by a counsellor of the service, to meet any of them; good for a month."""

    class Meta:
        model = BookingInvitation

    guidance_service = factory.SubFactory(GuidanceServiceFactory, booking="invited")
    invited_by = factory.LazyAttribute(
        lambda row: AffiliationFactory(organisation=row.guidance_service.organisation).user
    )
    language = "en"
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(link_key_for("booking.invitation", row.nonce)))


class CalendarFeedFactory(DjangoModelFactory):
    """A secret address of a counsellor's calendar."""

    class Meta:
        model = CalendarFeed

    counsellor = factory.LazyFunction(lambda: AffiliationFactory().user)
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(calendar_key_for(row.nonce)))


class GroupSessionFactory(DjangoModelFactory):
    """A published information event tomorrow from 17 to 18.30, in a municipality of its own."""

    class Meta:
        model = GroupSession

    organisation = factory.SubFactory(OrganisationFactory)
    name_fi = factory.Sequence(lambda n: f"Infoilta {n}")
    slug = factory.Sequence(lambda n: f"infoilta-{n}")
    municipality = factory.SubFactory(AreaFactory)
    place_fi = "Kirjasto"
    languages = ["fi"]
    starts_at = factory.LazyFunction(lambda: local(timezone.localdate() + timedelta(days=1), 17))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(minutes=90))
    published_at = factory.LazyFunction(timezone.now)


class RegistrationFactory(DjangoModelFactory):
    """Somebody who has a place, on site, in an event that people sign up for here."""

    class Meta:
        model = Registration

    session = factory.SubFactory(GroupSessionFactory, has_registration=True)
    name = factory.Sequence(lambda n: f"Aino Esimerkki {n}")
    email = factory.Sequence(lambda n: f"aino{n}@example.fi")
    language = "en"
    spoken_language = "fi"
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(registration_key_for(row.nonce)))


class RegistrationQuestionFactory(DjangoModelFactory):
    """A question that may be answered in free words."""

    class Meta:
        model = RegistrationQuestion

    session = factory.SubFactory(GroupSessionFactory, has_registration=True)
    text_fi = "Mistä kuulit meistä?"


class NotebookFactory(DjangoModelFactory):
    """An empty notebook that no device opens yet; `things=[…]` are kept in it, the first one first."""

    class Meta:
        model = Notebook
        skip_postgeneration_save = True

    @factory.post_generation
    def things(self, create, things, **kwargs):
        for thing in things or []:
            notebooks.keep(self, thing)


class NotebookLinkFactory(DjangoModelFactory):
    """A link that shows a notebook for a week."""

    class Meta:
        model = NotebookLink

    notebook = factory.SubFactory(NotebookFactory)
    purpose = NotebookLink.Purpose.SHOW
    nonce = factory.LazyFunction(uuid.uuid4)
    key_hash = factory.LazyAttribute(lambda row: hash_of(link_key_for("notebook.link", row.nonce)))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
