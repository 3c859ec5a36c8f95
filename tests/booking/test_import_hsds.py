"""What goes out as open data can be read into an empty portal: the same is public there."""

import json
from datetime import date, time, timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from guidance.booking.models import GroupSession
from guidance.catalogue.exports.hsds.ids import id_of
from guidance.catalogue.models import (
    Funding,
    GuidanceService,
    ImportedRecord,
    ImportLine,
    ImportRun,
    LifeSituation,
    TrainingOption,
)
from guidance.catalogue.tasks import read_import
from network.models import Affiliation, Network, OpeningHours, Organisation, RouteStop, ServicePoint
from projects.models import Project
from tests.booking.open_data import ask, make_content, package
from tests.catalogue.import_data import counts, facts, run
from tests.factories import (
    AffiliationFactory,
    ChannelFactory,
    FundingFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    ServicePointFactory,
    SituationPartFactory,
    TrainingOptionFactory,
)
from tests.factories.booking import GroupSessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_files")]
LANGUAGES = ("fi", "sv", "en")
PATHS = ("organizations", "services", "taxonomy_terms")


@pytest.fixture
def content():
    """One of everything, and what is special: a part of an organisation, a school that ended in another."""
    school = make_content()
    part = OrganisationFactory(name_fi="Aikuislinja", name_sv="Vuxenlinjen", slug="linja", parent=school)
    ended = OrganisationFactory(name_fi="Vanha opisto", slug="vanha", ended_on=date(2025, 12, 31))
    ended.successors.set([school, part])
    uraohjaus = GuidanceService.objects.get()
    uraohjaus.channels.set([ChannelFactory(), ChannelFactory(on_site=True)])
    GuidanceService.objects.update(
        name_en="Career guidance",
        description_fi="Ensin  keskustellaan.\n\n- Sitten <suunnitellaan> & sovitaan",
        description_sv="Vi talar.",
        next_steps_en="We meet again.",
        duration_minutes=60,
        lead_hours=0,
        booking="none",
    )
    summer = ServicePointFactory(name_fi="Kesäpiste", slug="oma-sana", organisation=part)
    dates = {"valid_from": date(2050, 6, 1), "valid_to": date(2050, 8, 31)}
    OpeningHours.objects.create(
        service_point=summer, weekday=2, opens_at=time(10), closes_at=time(12, 30), **dates
    )
    training = TrainingOptionFactory(
        provider=part,
        name_fi="Yhteinen nimi",
        name_sv="Gemensamt namn",
        slug="toinen-sana",
        fee=None,
        start="season",
        start_season="autumn",
        start_year=2050,
        requirements_sv="Grundskola",
        seats=0,
    )
    training.notes.create(heading_en="Exam", text_en="At work.", order=2)
    training.rounds.create(opens_on=date(2050, 9, 1))
    _make_events(part, summer)
    _make_pages(school, part)
    return school


def _make_events(part, summer):
    """One online, one at a service point and of a service, one that is over and one cancelled."""
    GroupSessionFactory(
        slug="etana",
        municipality=None,
        place_fi="",
        online_link="https://video.example.fi/1",
        organisation=part,
    )
    GroupSessionFactory(
        slug="pisteella",
        name_sv="I servicepunkten",
        kind=GroupSession.Kind.WORKSHOP,
        organisation=part,
        service=GuidanceService.objects.get(),
        service_point=summer,
        municipality=summer.municipality,
        languages=["sv", "en"],
        capacity=12,
        fee="3.50",
        phone="040 7654321",
        email="paja@example.fi",
        registration_link="https://www.example.fi/ilmoittaudu",
        registration_note_en="Sign up by Friday.",
        audience_fi="Kaikille",
    )
    past = timezone.now() - timedelta(days=90)
    GroupSessionFactory(
        slug="ollut", organisation=part, fee=None, starts_at=past, ends_at=past + timedelta(hours=1)
    )
    GroupSessionFactory(slug="peruttu", organisation=part, cancelled_at=timezone.now())


def _make_pages(school, part):
    """A member that leaves, aid that the school pays, a page with texts and searches beside choices."""
    network = Network.objects.get()
    NetworkMembershipFactory(network=network, organisation=part, role="expert", until=date(2050, 1, 1))
    FundingFactory(
        slug="stipendi", name_sv="Stipendium", payer=school, website="https://www.example.fi/s", order=3
    )
    situation = LifeSituation.objects.get()
    SituationPartFactory(situation=situation, text_sv="Börja här.\n\n- Först", order=3)
    SituationPartFactory(
        situation=situation, kind="training", query="time=evening&q=hoitaja", text_fi="", order=4
    )
    SituationPartFactory(situation=situation, kind="funding", order=5)


def exported():
    """All records, in each language, without what is not read: projects and moments of change."""
    found = {}
    cache.clear()
    for lang in LANGUAGES:
        for path in PATHS:
            for record in ask(f"hsds/{path}", full="true", per_page="1000", lang=lang)["contents"]:
                found[lang, record["id"]] = _without(record)
    return found


def _without(value):
    if isinstance(value, list):
        parts = [_without(each) for each in value]
        return sorted(parts, key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, dict):
        left_out = {"last_modified"} | ({"programs", "funding"} if "website" in value else set())
        return {key: _without(each) for key, each in value.items() if key not in left_out}
    return value


def pages():
    """What the addresses of the API answer."""
    return [ask(f"hsds/{path}", full="true", per_page="1000") for path in PATHS]


def empty():
    """Leave nothing but the word lists that every portal begins with."""
    Organisation.objects.update(parent=None)
    for model in (LifeSituation, Funding, Network, GroupSession, Project, GuidanceService, TrainingOption):
        model.objects.all().delete()
    for model in (ServicePoint, Organisation):
        model.objects.all().delete()


def lines():
    """The API line by line, in one file for each list."""
    query = {"full": "true", "format": "ndjson"}
    return [Browser().get(f"/api/hsds/{path}", query).getvalue() for path in PATHS]


@pytest.mark.parametrize("made", [lambda: [package()], lines, lambda: list(reversed(pages()))])
def test_an_empty_portal_gives_out_what_it_was_given(content, made):
    before, files = exported(), made()
    empty()

    found = run("hsds", *files)

    assert exported() == before
    assert counts(found) == {"new": 18}
    assert RouteStop.objects.values_list("service_point__slug", "place").get() == ("bussi", "Kauppatori")


def test_a_second_import_changes_nothing_and_an_edit_stays(content):
    files = pages()
    empty()
    run("hsds", *files)
    GuidanceService.objects.update(phone="040 1234567")
    GroupSession.objects.filter(slug="pisteella").update(capacity=5)

    second = run("hsds", *files)

    assert counts(second) == {"unchanged": 18, "kept": 2}
    assert GuidanceService.objects.get().phone == "040 1234567"
    assert GroupSession.objects.get(slug="pisteella").capacity == 5


def test_an_event_changes_with_its_source(content):
    files = pages()
    empty()
    run("hsds", *files)
    event = next(each for each in files[1]["contents"] if each["opinovi"]["slug"] == "pisteella")
    own = event["opinovi"]
    del own["service_point"], own["service"], own["municipality"], own["capacity"]
    own |= {"online_link": "https://video.example.fi/2", "cancelled_at": "2050-01-01T10:00:00+02:00"}

    found = run("hsds", event)

    session = GroupSession.objects.get(slug="pisteella")
    assert counts(found) == {"changed": 1, "unchanged": 2}
    assert (session.service, session.service_point, session.municipality, session.capacity) == (None,) * 4
    assert (session.online_link, session.is_cancelled) == ("https://video.example.fi/2", True)


def test_an_event_that_is_nowhere_is_told_and_the_others_come(content):
    files = pages()
    empty()
    own = next(each["opinovi"] for each in files[1]["contents"] if each["opinovi"]["slug"] == "etana")
    del own["online_link"]

    found = run("hsds", *files)

    line = ImportLine.objects.get(run=found, outcome="refused")
    assert (line.kind, line.facts) == ("event", [["refused", {"error": "group_session_is_somewhere"}]])
    assert counts(found) == {"new": 17, "refused": 1}


def test_what_every_portal_begins_with_is_joined_by_its_address_word(content):
    files = pages()
    empty()
    FundingFactory(slug="opintotuki", name_fi="Opintotuki", audience_fi="Kaikille")

    found = run("hsds", *files)

    aid = Funding.objects.get(slug="opintotuki")
    assert (aid.audience_fi, aid.application_fi) == ("Kaikille", "Hae verkossa.")
    assert facts(found, str(id_of("funding", "opintotuki"))) == ["changed", "same_address", "kept"]


def test_what_an_import_remembers_of_an_event_goes_with_it(content):
    files = pages()
    empty()
    run("hsds", *files)
    events = ImportedRecord.objects.filter(kind="event")
    before = events.count()

    GroupSession.objects.filter(slug="etana").delete()

    assert (before, events.count()) == (5, 4)


def test_a_coordinators_complete_input_leaves_the_events_of_others(content):
    files = pages()
    empty()
    run("hsds", *files)
    coordinator, mine = _coordinator()
    GroupSession.objects.filter(slug="etana").update(organisation=mine)
    files[1]["contents"] = [each for each in files[1]["contents"] if each["opinovi"]["slug"] != "etana"]

    found = run("hsds", *files, user=coordinator, is_complete=True)

    assert GroupSession.objects.get(slug="etana").published_at is None
    assert counts(found)["withdrawn"] == 1
    assert GroupSession.objects.published().count() == 4


def test_what_is_only_mentioned_later_does_not_undo_what_was_read_whole(content):
    files = pages()
    empty()
    run("hsds", *files)
    before = exported()

    run("hsds", files[1], ask_short("service_at_locations"))

    assert exported() == before


def ask_short(path):
    return ask(f"hsds/{path}", per_page="1000")


def test_short_records_are_told_to_be_fetched_whole(content):
    short = ask_short("services")
    empty()

    found = run("hsds", short)

    assert GuidanceService.objects.count() == TrainingOption.objects.count() == 0
    told = {line.facts[0][0] for line in ImportLine.objects.filter(run=found, outcome="refused")}
    assert told == {"no_own_record"}


def test_a_dry_run_tells_the_same_and_writes_nothing(content):
    files = [package()]
    empty()

    dry = run("hsds", *files, is_dry=True)

    assert not Organisation.objects.exists()
    assert counts(dry) == counts(run("hsds", *files))


def test_a_complete_input_unpublishes_what_it_lacks_and_deletes_nothing(content):
    files = pages()
    empty()
    run("hsds", *files)
    gone = {"Lähihoitaja", "Infoilta", "Opintotuki", "Menetin työni", "Ohjaajat"}
    for page in files:
        page["contents"] = [each for each in page["contents"] if each["name"] not in gone]
    files[2]["contents"].append(_another_page("situation", "toinen-tilanne"))
    files[2]["contents"].append(_another_page("network", "toinen-verkosto"))

    run("hsds", *files, is_complete=True)

    models = (TrainingOption, GroupSession, Funding, LifeSituation, Network)
    assert {name for model in models for name in _names_of(model, published_at=None)} == gone
    assert [model.objects.published().count() for model in models] == [1, 4, 1, 1, 1]


def _coordinator():
    role = AffiliationFactory(role=Affiliation.Role.COORDINATOR)
    return role.user, role.organisation


def _another_page(kind, slug):
    own = {"kind": kind, "slug": slug, "name": {"fi": slug}, "area": "region:06", "lead": "opisto"}
    taxonomy = str(id_of("taxonomy", kind))
    return {"id": str(id_of("term", slug)), "name": slug, "taxonomy_id": taxonomy, "opinovi": own}


def _names_of(model, **wanted):
    return model.objects.filter(**wanted).values_list("name_fi", flat=True)


def test_the_office_takes_a_package_and_shows_its_records_first(browser, administrator, content):
    file = SimpleUploadedFile("hsds.zip", package())
    GroupSession.objects.all().delete()
    GuidanceService.objects.all().delete()

    browser.post("/en/office/imports/add/", {"source": "hsds", "uploads": [file]})
    dry = ImportRun.objects.get()
    read_import(run=dry.pk)

    assertContains(browser.get(reverse("catalogue:office:import_detail", args=[dry.pk])), "Uraohjaus")
    assert not GuidanceService.objects.exists()
    browser.post(reverse("catalogue:office:import_write", args=[dry.pk]))
    read_import(run=ImportRun.objects.latest("pk").pk)
    assert GuidanceService.objects.get().name_sv == "Karriärvägledning"
