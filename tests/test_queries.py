"""No page asks the database more than a dozen times over the demo's content.

Each is read by the first who may: a public page by a stranger. Nothing is kept between pages in the tests:
each makes all of it anew, and writes what it has to of who has read it. Only what a process learns once and
for all (the numbers of content types) is known beforehand.
"""

from collections.abc import Iterator
from functools import cached_property

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from guidance.booking.models import Appointment, Availability, GroupSession
from guidance.booking.models.appointment import key_for
from guidance.booking.slots import Timetable
from guidance.casework.models import Client, GuidanceSession
from guidance.catalogue.models import (
    Funding,
    GuidanceService,
    LifeSituation,
    SituationPart,
    TrainingOption,
)
from network.models import Affiliation, Area, Network, NetworkMembership, Organisation, ServicePoint
from opinovi.demo.content import FIXTURES, PEOPLE
from opinovi.models import User
from projects.models import Indicator, Programme, Project
from tests.test_matrix import LINES, OPEN
from tests.world import READERS, World

MOST = 12
MORE = {"booking:office:capacity_list": 13}  # where meetings are, and where the bus stands then
WHOLE = {"api:public:tabular_package"}  # all open data in one file: no page, but a fixed number a batch
PAGES = [
    name
    for name, line in LINES.items()
    if line.method == "get" and OPEN in line.expected and name not in WHOLE
]

pytestmark = pytest.mark.django_db


class DemoWorld(World):
    """Rows of the demo that much hangs on; what the demo has none of is made as in the small world."""

    @cached_property
    def counsellor(self) -> User:
        return User.objects.get(email=PEOPLE["counsellor"])

    @cached_property
    def affiliation(self) -> Affiliation:
        return self.counsellor.affiliations.get()

    @cached_property
    def organisation(self) -> Organisation:
        return self.affiliation.organisation

    @cached_property
    def coordinator(self) -> User:
        return User.objects.get(email=PEOPLE["coordinator"])

    @cached_property
    def administrator(self) -> User:
        return User.objects.get(email=PEOPLE["administrator"])

    @cached_property
    def area(self) -> Area:
        return self.network.area

    @cached_property
    def network(self) -> Network:
        return most("memberships", Network.objects.editable_by(self.coordinator))

    @cached_property
    def membership(self) -> NetworkMembership:
        return self.network.memberships.exclude(organisation=self.organisation).earliest("pk")

    @cached_property
    def service_point(self) -> ServicePoint:
        return most("stops", ServicePoint.objects.filter(organisation=self.organisation))

    @cached_property
    def programme(self) -> Programme:
        return most("projects", Programme.objects.all())

    @cached_property
    def project(self) -> Project:
        return most("goals", Project.objects.editable_by(self.coordinator))

    @cached_property
    def indicator(self) -> Indicator:
        return most("readings", self.project.indicators.all())

    @cached_property
    def service(self) -> GuidanceService:
        return most("appointments", GuidanceService.objects.filter(organisation=self.organisation))

    @cached_property
    def training(self) -> TrainingOption:
        return most("municipalities", TrainingOption.objects.filter(provider=self.organisation))

    @cached_property
    def funding(self) -> Funding:
        return Funding.objects.for_listing()[0]

    @cached_property
    def situation(self) -> LifeSituation:
        return most("parts", LifeSituation.objects.all())

    @cached_property
    def part(self) -> SituationPart:
        return self.situation.parts.filter(kind="funding")[0]

    @cached_property
    def group_session(self) -> GroupSession:
        return GroupSession.objects.filter(organisation=self.organisation).coming()[0]

    @cached_property
    def availability(self) -> Availability:
        return most("services", self.counsellor.availabilities.all())

    @property
    def start(self):
        return Timetable([self.service]).soonest(self.service).starts_at

    @cached_property
    def appointment(self) -> Appointment:
        """One that can be logged."""
        past = self.counsellor.appointments.live().filter(session=None, starts_at__lte=timezone.now())
        return past.latest("starts_at")

    @property
    def appointment_key(self) -> str:
        """The key of one that is still to come."""
        coming = self.service.appointments.live().filter(starts_at__gt=timezone.now())
        return key_for(coming.latest("starts_at").nonce)

    @cached_property
    def client(self) -> Client:
        return most("sessions", self.organisation.clients.all())

    @cached_property
    def session(self) -> GuidanceSession:
        return most("topics", self.client.sessions.filter(counsellor=self.counsellor))


def most(name: str, rows):
    """The row that most others belong to."""
    return rows.annotate(number=Count(name)).order_by("-number", "pk")[0]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[DemoWorld]:
    """The demo's content, and every row that an address names, built once."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with files, django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FIXTURES, verbosity=0)
        call_command("demo_content", password="demo-demo-demo", verbosity=0)
        built = DemoWorld()
        for name in PAGES:
            arguments(built, name)
        yield built
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_the_database_a_dozen_times_at_most(world, name):
    line = LINES[name]
    reader = getattr(world, READERS[line.expected.index(OPEN)])
    with override("en"):
        address = reverse(name, kwargs=arguments(world, name))

    ask(reader, address)
    asked = ask(reader, address)

    assert len(asked) <= MORE.get(name, MOST), f"{name} asks {len(asked)} times:\n" + "\n".join(asked)


def arguments(world: World, name: str) -> dict[str, object]:
    return {argument: value(world) for argument, value in LINES[name].arguments.items()}


def ask(reader: User | None, address: str) -> list[str]:
    """What a page asks of the database, without the marks of transactions; what it wrote is taken back."""
    browser = Browser(HTTP_ACCEPT_LANGUAGE="en")
    with transaction.atomic():
        if reader:
            browser.force_login(reader)
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(address)
        if response.streaming:
            response.getvalue()  # read to the end, so that the file is closed
        transaction.set_rollback(True)
    assert response.status_code in {200, 302}, address
    asked = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO"))]
