"""HSDS records of other portals, and what breaks: a line in the report, never a crash."""

import copy
import io
import json
import random
import threading
import zipfile
from datetime import date, time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import CommandError, call_command

from guidance.catalogue.models import GuidanceService, ImportLine, TrainingOption
from network.models import Contact, OpeningHours, Organisation, ServicePoint
from tests.catalogue.import_data import DATA, counts, facts, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_vocabularies")]

SERVICE = json.loads((DATA / "hsds" / "service.json").read_text(encoding="utf-8"))
ID = SERVICE["id"]


def package(**tables):
    """A tabular package with these tables, as lists of rows."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, rows in tables.items():
            names = list(dict.fromkeys(key for row in rows for key in row))
            lines = [",".join(names)]
            lines += [",".join(f'"{row.get(key, "")}"' for key in names) for row in rows]
            archive.writestr(f"{name}.csv", "\n".join(lines))
    return kept.getvalue()


def test_a_plain_service_comes_with_its_organisation_and_place():
    found = run("hsds", SERVICE)

    service = GuidanceService.objects.get()
    point = ServicePoint.objects.get()
    assert counts(found) == {"new": 3}
    assert (service.name_en, service.name_fi or "") == ("Adult Career Advice", "")
    assert "anyone over 25" in service.audience_en
    assert "Age: 25–99" in service.audience_en
    assert service.bring_en == "Your latest certificate"
    assert (str(service.fee), service.fee_note_en) == ("15.50", "The first meeting is free.")
    assert (service.phone, service.email) == ("+358 00 000 0009", "advice@example.fi")
    assert service.languages == ["en", "sv"]
    assert service.has_interpreter
    assert service.checked_on == date(2026, 5, 1)
    assert service.keywords_en == "Career Clinic, Employment"
    assert [area.name_fi for area in service.areas.all()] == ["Pirkanmaa"]
    assert [each.pk for each in service.service_points.all()] == [point.pk]
    assert (point.municipality.name_fi, point.street_address, point.postcode) == (
        *("Tampere", "Example Street 1, Second floor"),
        "33100",
    )
    assert float(point.latitude) == 61.498
    hours = OpeningHours.objects.values_list("weekday", "opens_at", "closes_at")
    assert set(hours) == {(2, time(9), time(15)), (4, time(9), time(15))}
    assert point.opening_exceptions.get().on == date(2050, 12, 6)
    assert Organisation.objects.get().business_id == "0109862-8"
    assert Contact.objects.get().is_public


def test_what_a_plain_service_tells_and_nobody_knows_here_is_in_the_report():
    found = run("hsds", SERVICE)

    line = ImportLine.objects.get(run=found, source_id=ID)
    assert line.facts == [
        ["unknown_code", {"field": "languages", "code": "ur"}],
        ["unknown_code", {"field": "areas", "code": "The whole of MyCity"}],
    ]


def test_a_plain_service_that_has_ended_leaves_the_public():
    run("hsds", SERVICE)

    found = run("hsds", {**SERVICE, "status": "defunct"})

    assert GuidanceService.objects.get().published_at is None
    assert counts(found)["withdrawn"] == 1


def test_a_second_import_changes_nothing():
    run("hsds", SERVICE)

    assert set(counts(run("hsds", SERVICE))) == {"unchanged"}


@pytest.mark.parametrize(
    "shape",
    [
        lambda record: {"contents": [record], "page_number": 1, "total_pages": 1},
        lambda record: [record],
        lambda record: (json.dumps(record) + "\n" + json.dumps({**record, "id": "second"})).encode(),
    ],
)
def test_pages_lists_and_json_lines_are_read(shape):
    run("hsds", shape(SERVICE))

    assert ID in ImportLine.objects.values_list("source_id", flat=True)
    assert GuidanceService.objects.exists()


def test_a_service_at_a_location_is_read_as_the_service():
    place = SERVICE["service_at_locations"][0]
    service = {key: value for key, value in SERVICE.items() if key != "service_at_locations"}

    run("hsds", {**place, "service": service})

    assert GuidanceService.objects.get().service_points.get().name_en == "Civic Center"


def test_a_plain_package_is_put_together_from_its_tables():
    content = package(
        organizations=[{"id": "o", "name": "The Centre", "description": "A home for adults and advice"}],
        services=[{"id": "s", "organization_id": "o", "name": "Advice for the unsure", "status": "active"}],
        location=[{"id": "l", "location_type": "physical", "name": "The hall of the town"}, {"id": "x"}],
        service_at_location=[{"id": "sl", "service_id": "s", "location_id": "l"}],
        addresses=[{"id": "a", "location_id": "l", "address_1": "Road 1", "city": "Nokia"}],
        schedules=[
            {
                "id": "h",
                "service_id": "s",
                "service_at_location_id": "sl",
                "freq": "WEEKLY",
                "byday": "MO",
                "opens_at": "10:00",
                "closes_at": "12:00",
            }
        ],
        phones=[{"id": "p", "service_id": "s", "number": "123"}],
    )

    found = run("hsds", content)

    service = GuidanceService.objects.get()
    assert counts(found) == {"new": 3}
    assert (service.phone, service.organisation.name_en) == ("123", "The Centre")
    assert service.service_points.get().opening_hours.get().weekday == 1
    assert set(counts(run("hsds", content))) == {"unchanged"}


@pytest.mark.parametrize(
    "content",
    [
        *(b"<html><body>Sign in</body></html>", b"PK\x03\x04 half a zip", b"", b"[]", b"[1, null, {}]"),
        json.dumps(SERVICE).encode()[:700],
        package(people=[{"id": "1"}]),
        b'[{"a":' + b"[" * 700 + b"]" * 700 + b"}]",
    ],
)
def test_what_cannot_be_read_is_refused_whole(content):
    found = run("hsds", content)

    assert found.refusal
    assert not Organisation.objects.exists()


def _spoilt(value, chance):
    """A copy in which some values are of another type."""
    if chance.random() < 0.08:
        return chance.choice([None, 7, "x" * 5000, [], {}, True, [1, "a"], {"fi": 3}, -1.5, "<b>&"])
    if isinstance(value, dict):
        return {key: _spoilt(each, chance) if key != "id" else each for key, each in value.items()}
    if isinstance(value, list):
        return [_spoilt(each, chance) for each in value]
    return value


OWN = {
    "kind": "training",
    "slug": "oma",
    "name": {"fi": "Oma", "sv": "Egen"},
    "training_kind": "course",
    "field": "general",
    "provider": "opisto",
    "languages": ["fi"],
    "mode": "on_site",
    "is_rolling": False,
    "fee": "1.00",
    "municipalities": ["municipality:837"],
    "start": "date",
    "starts_on": "2050-01-01",
    "rounds": [{"name": "Kevät", "opens_on": "2050-03-01", "closes_on": "2050-04-01"}],
    "notes": [{"heading": {"fi": "A"}, "text": {"fi": "B"}, "order": 1}],
}


def test_values_of_other_types_never_break_the_reading():
    chance = random.Random(3)
    own = {**copy.deepcopy(SERVICE), "id": "own", "opinovi": OWN}
    point = {**SERVICE["service_at_locations"][0]["location"], "opinovi": {"slug": "p", "name": {"fi": "P"}}}
    place = {"id": "org", "name": "Org", "description": "-", "opinovi": {"slug": "org"}, "locations": [point]}

    for _round in range(25):
        found = run("hsds", [_spoilt(each, chance) for each in (SERVICE, own, place)])
        assert found.ended_at


def test_records_within_records_without_end_are_read_as_deep_as_they_mean_something():
    record = SERVICE
    for number in range(150):
        whole = {"id": f"o{number}", "name": "Org", "description": "-", "services": [record]}
        record = {"id": f"s{number}", "name": "Service", "organization": whole}

    found = run("hsds", record)

    assert counts(found) == {"new": 3}


def test_a_training_needs_the_portals_own_record():
    run("hsds", {**SERVICE, "opinovi": OWN})

    training = TrainingOption.objects.get()
    assert (training.slug, training.name_sv, training.rounds.get().name) == ("oma", "Egen", "Kevät")
    found = run("hsds", {**SERVICE, "id": "e", "opinovi": {"kind": "vehicle"}})
    assert facts(found, "e") == ["unknown_kind"]


class Portal(BaseHTTPRequestHandler):
    """Two pages with a service each."""

    def do_GET(self):
        number = 2 if "page=2" in self.path else 1
        record = {**SERVICE, "id": f"{ID}-{number}"}
        page = {"contents": [record], "page_number": number, "total_pages": 2, "last_page": number == 2}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(page).encode())

    def log_message(self, *args):
        """Nothing: the tests' output is for the tests."""


def test_the_command_follows_the_pages_of_an_address(tmp_path):
    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    out = io.StringIO()
    try:
        call_command("import_hsds", f"http://127.0.0.1:{server.server_port}/services?full=true", stdout=out)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert GuidanceService.objects.count() == 2
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_hsds", str(tmp_path / "missing.zip"))
