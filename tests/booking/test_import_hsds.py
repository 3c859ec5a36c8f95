"""What goes out as open data can be read into an empty portal: the same is public there."""

import json
from datetime import date, time

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.asserts import assertContains

from guidance.booking.models import GroupSession
from guidance.catalogue.models import GuidanceService, ImportLine, ImportRun, TrainingOption
from guidance.catalogue.tasks import read_import
from network.models import OpeningHours, Organisation, ServicePoint
from projects.models import Project
from tests.booking.open_data import ask, make_content
from tests.catalogue.import_data import counts, facts, run
from tests.factories import ChannelFactory, OrganisationFactory, ServicePointFactory, TrainingOptionFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("fi", "sv", "en")


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
    return school


def exported():
    """All records that are read, in each language, without what is not: events, projects and moments."""
    found = {}
    cache.clear()
    for lang in LANGUAGES:
        for path in ("organizations", "services"):
            for record in ask(f"hsds/{path}", full="true", per_page="1000", lang=lang)["contents"]:
                if record.get("opinovi", {}).get("kind") != "event":
                    found[lang, record["id"]] = _without(record)
    return found


def _without(value):
    if isinstance(value, list):
        parts = [_without(each) for each in value]
        return sorted(parts, key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, dict):
        left_out = {"last_modified", "programs", "funding"}
        return {key: _without(each) for key, each in value.items() if key not in left_out}
    return value


def package():
    return Browser().get(reverse("api:public:tabular_package", args=["hsds"]), {"lang": "en"}).getvalue()


def pages():
    """What the addresses of the API answer."""
    return [ask(f"hsds/{path}", full="true", per_page="1000") for path in ("organizations", "services")]


def empty():
    Organisation.objects.update(parent=None)
    for model in (GroupSession, Project, GuidanceService, TrainingOption, ServicePoint, Organisation):
        model.objects.all().delete()


@pytest.mark.parametrize("made", [lambda: [package()], pages, lambda: list(reversed(pages()))])
def test_an_empty_portal_gives_out_what_it_was_given(content, made):
    before, files = exported(), made()
    empty()

    found = run("hsds", *files)

    assert exported() == before
    assert counts(found) == {"new": 9, "refused": 1}
    assert facts(found, _id_of_event(files)) == ["event"]


def _id_of_event(files):
    return ImportLine.objects.get(outcome="refused").source_id


def test_a_second_import_changes_nothing_and_an_edit_stays(content):
    files = pages()
    empty()
    run("hsds", *files)
    GuidanceService.objects.update(phone="040 1234567")

    second = run("hsds", *files)

    assert set(counts(second)) == {"unchanged", "refused", "kept"}
    assert GuidanceService.objects.get().phone == "040 1234567"


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
    organisations, services = pages()
    empty()
    run("hsds", organisations, services)
    services["contents"] = [each for each in services["contents"] if each["name"] != "Lähihoitaja"]

    run("hsds", organisations, services, is_complete=True)

    assert TrainingOption.objects.get(name_fi="Lähihoitaja").published_at is None
    assert TrainingOption.objects.published().count() == 1


def test_the_office_takes_a_package_and_shows_its_records_first(
    browser, administrator, content, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("hsds.zip", package())
    GuidanceService.objects.all().delete()

    browser.post("/en/office/imports/add/", {"source": "hsds", "uploads": [file]})
    dry = ImportRun.objects.get()
    read_import(run=dry.pk)

    assertContains(browser.get(reverse("catalogue:office:import_detail", args=[dry.pk])), "Uraohjaus")
    assert not GuidanceService.objects.exists()
    browser.post(reverse("catalogue:office:import_write", args=[dry.pk]))
    read_import(run=ImportRun.objects.latest("pk").pk)
    assert GuidanceService.objects.get().name_sv == "Karriärvägledning"
