"""A small world for the matrix test: two organisations, six readers, and one row of each kind in the first.

Rows are made when somebody asks for them. The test switches readers and takes back what a reader changed, so
whatever a page needs must be asked for before the page is.
"""

from datetime import timedelta
from functools import cached_property
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from guidance.booking.models import (
    Absence,
    Appointment,
    Availability,
    BookingInvitation,
    CalendarFeed,
    CallBackRequest,
    GroupSession,
    NotebookLink,
    Registration,
    WaitingEntry,
)
from guidance.booking.models.appointment import key_for
from guidance.casework.models import Client, GuidanceSession
from guidance.catalogue.exports.hsds.ids import id_of, pair_of
from guidance.catalogue.exports.hsds.terms import KIND, choice
from guidance.catalogue.models import (
    Alert,
    CheckRequest,
    Funding,
    GuidanceService,
    ImportRun,
    LifeSituation,
    SituationPart,
    Suggestion,
    TrainingOption,
)
from guidance.catalogue.quality import scoring
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
    Synonyms,
)
from network.models.people import Role, hash_key
from opinovi.models import User
from projects.models import Indicator, Material, Programme, Project
from tests import factories
from tests.factories import local

READERS = (
    "stranger",
    "counsellor",
    "other_counsellor",
    "coordinator",
    "other_coordinator",
    "administrator",
)


def person(organisation: Organisation, role: Role) -> Affiliation:
    """Somebody who has a password, though nobody knows it."""
    return factories.AffiliationFactory(
        organisation=organisation, role=role, user__password="a hash of no password"
    )


class World:
    """`organisation` is where the first counsellor and coordinator work; the others work in `elsewhere`."""

    kind = "sectors"  # a word list
    sheet = "csv"
    pages = "pages"  # a file of the sitemap
    offers = "training"  # a template of a spreadsheet
    key = "the key of an invitation"
    source = "training"  # a list, and a kind of thing that a notebook keeps
    provider = "oidc"
    uid = "1"
    token = "set-password"
    nothing = 0  # the number of no row
    training_kind = "training"
    check_key = "the key of a request to check"
    profile = "hsds"  # of the open data
    taxonomy_id = KIND.id
    term_id = choice(KIND, "guidance").id

    stranger = None

    @cached_property
    def import_run(self) -> ImportRun:
        """A dry run that the first coordinator started."""
        return ImportRun.objects.create(source="opintopolku", files=["hits.json"], by=self.coordinator)

    @cached_property
    def organisation(self) -> Organisation:
        return factories.OrganisationFactory()

    @cached_property
    def elsewhere(self) -> Organisation:
        return factories.OrganisationFactory()

    @cached_property
    def affiliation(self) -> Affiliation:
        return person(self.organisation, Role.COUNSELLOR)

    @cached_property
    def counsellor(self) -> User:
        return self.affiliation.user

    @cached_property
    def other_counsellor(self) -> User:
        return person(self.elsewhere, Role.COUNSELLOR).user

    @cached_property
    def coordinator(self) -> User:
        return person(self.organisation, Role.COORDINATOR).user

    @cached_property
    def other_coordinator(self) -> User:
        return person(self.elsewhere, Role.COORDINATOR).user

    @cached_property
    def administrator(self) -> User:
        return person(factories.OrganisationFactory(), Role.ADMINISTRATOR).user

    @cached_property
    def invitation(self) -> Invitation:
        return factories.InvitationFactory(organisation=self.organisation, key_hash=hash_key(self.key))

    @property
    def invited(self) -> "World":
        """The portal with the invitation in it."""
        assert self.invitation
        return self

    @cached_property
    def word(self) -> Sector:
        return factories.SectorFactory(code="spare")

    @cached_property
    def synonyms(self) -> Synonyms:
        return Synonyms.objects.create(words="duuni\ntyö")

    @cached_property
    def area(self) -> Area:
        return factories.AreaFactory(kind=Area.Kind.REGION)

    @cached_property
    def network(self) -> Network:
        return factories.NetworkFactory(lead=self.organisation, area=self.area)

    @cached_property
    def membership(self) -> NetworkMembership:
        return factories.NetworkMembershipFactory(network=self.network)

    @cached_property
    def agreement(self) -> Agreement:
        return factories.AgreementFactory(network=self.network, file=ContentFile(b"%PDF", "agreement.pdf"))

    @cached_property
    def contact(self) -> Contact:
        return Contact.objects.create(organisation=self.organisation, name="Yhteys", phone="+358 00 000 0000")

    @cached_property
    def service_point(self) -> ServicePoint:
        return factories.ServicePointFactory(organisation=self.organisation, kind=ServicePoint.Kind.MOBILE)

    @cached_property
    def stop(self) -> RouteStop:
        return factories.RouteStopFactory(service_point=self.service_point)

    @cached_property
    def programme(self) -> Programme:
        return factories.ProgrammeFactory()

    @cached_property
    def project(self) -> Project:
        return factories.ProjectFactory(programme=self.programme, carried_out_by=self.organisation)

    @cached_property
    def indicator(self) -> Indicator:
        return factories.IndicatorFactory(project=self.project)

    @cached_property
    def material(self) -> Material:
        return Material.objects.create(
            project=self.project,
            kind=Material.Kind.GUIDE,
            title_fi="Opas",
            file=ContentFile(b"%PDF", "guide.pdf"),
            published_at=timezone.now(),
        )

    @cached_property
    def service(self) -> GuidanceService:
        return factories.GuidanceServiceFactory(organisation=self.organisation)

    @cached_property
    def service_id(self) -> UUID:
        """The service in the open data."""
        return id_of("guidance", self.service.slug)

    @cached_property
    def organization_id(self) -> UUID:
        return id_of("organization", self.organisation.slug)

    @cached_property
    def pair_id(self) -> UUID:
        """The service at its service point in the open data."""
        self.service.service_points.add(self.service_point)
        return pair_of(self.service_id, id_of("location", self.service_point.slug))

    @cached_property
    def training(self) -> TrainingOption:
        return factories.TrainingOptionFactory(provider=self.organisation)

    @property
    def measured(self) -> "World":
        """The portal with scores of its records."""
        assert self.training
        scoring.refresh_all()
        return self

    @cached_property
    def check_request(self) -> CheckRequest:
        return factories.CheckRequestFactory(
            organisation=self.organisation, key_hash=hash_key(self.check_key)
        )

    @property
    def asked(self) -> "World":
        """The portal with the request to check in it."""
        assert self.check_request
        return self

    @cached_property
    def suggestion(self) -> Suggestion:
        return Suggestion.objects.create(training=self.training, kind=Suggestion.Kind.NOTE, value="?")

    @cached_property
    def funding(self) -> Funding:
        return factories.FundingFactory()

    @cached_property
    def situation(self) -> LifeSituation:
        return factories.LifeSituationFactory()

    @cached_property
    def part(self) -> SituationPart:
        return factories.SituationPartFactory(situation=self.situation)

    @cached_property
    def group_session(self) -> GroupSession:
        return factories.GroupSessionFactory(organisation=self.organisation)

    @cached_property
    def registration(self) -> Registration:
        return factories.RegistrationFactory(
            session__organisation=self.organisation, session__has_registration=True
        )

    @property
    def own_group(self) -> GroupSession:
        return self.registration.session

    @cached_property
    def availability(self) -> Availability:
        return factories.AvailabilityFactory(service=self.service, counsellor=self.counsellor)

    @cached_property
    def weekly(self) -> Availability:
        return factories.AvailabilityFactory(
            service=self.service, counsellor=self.counsellor, on=None, weekday=3
        )

    @property
    def calendar_key(self) -> str:
        """The key of the counsellor's calendar feed."""
        return self.calendar_feed.key

    @cached_property
    def calendar_feed(self) -> CalendarFeed:
        return factories.CalendarFeedFactory(counsellor=self.counsellor)

    @property
    def bookable(self) -> "World":
        """The service with free times tomorrow from 9 to 12."""
        assert self.availability
        return self

    @property
    def start(self):
        return local(timezone.localdate() + timedelta(days=1), 9)

    @cached_property
    def absence(self) -> Absence:
        return factories.AbsenceFactory(counsellor=self.counsellor)

    @cached_property
    def appointment(self) -> Appointment:
        return factories.AppointmentFactory(guidance_service=self.service, counsellor=self.counsellor)

    @cached_property
    def waiting_entry(self) -> WaitingEntry:
        return factories.WaitingEntryFactory(guidance_service=self.bookable.service)

    @cached_property
    def waiting_key(self) -> str:
        return self.waiting_entry.key

    @cached_property
    def call_back(self) -> CallBackRequest:
        return factories.CallBackRequestFactory(guidance_service=self.bookable.service)

    @cached_property
    def appointment_of_yesterday(self) -> Appointment:
        return factories.AppointmentFactory(
            guidance_service=self.service,
            counsellor=self.counsellor,
            starts_at=local(timezone.localdate() - timedelta(days=1), 10),
        )

    @cached_property
    def booking_invitation(self) -> BookingInvitation:
        return factories.BookingInvitationFactory(guidance_service=self.service, invited_by=self.counsellor)

    @property
    def appointment_key(self) -> str:
        return key_for(self.appointment.nonce)

    @cached_property
    def alert(self) -> Alert:
        return factories.AlertFactory()

    @cached_property
    def shown_notebook(self) -> NotebookLink:
        return factories.NotebookLinkFactory(notebook__things=[self.training, self.service])

    @cached_property
    def opening_notebook(self) -> NotebookLink:
        return factories.NotebookLinkFactory(purpose=NotebookLink.Purpose.OPEN)

    @cached_property
    def client(self) -> Client:
        return factories.ClientFactory(organisation=self.organisation)

    @cached_property
    def session(self) -> GuidanceSession:
        return factories.GuidanceSessionFactory(
            guidance_service=self.service, counsellor=self.counsellor, client=self.client
        )
