"""Whatever is wrong with a file: a clear sentence, never a crash, and nothing half-saved."""

import io
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.catalogue.imports.facts import whole_number
from guidance.catalogue.imports.reading import CHUNK, Document, Unreadable, values_of
from guidance.catalogue.imports.report import SENTENCES, sentence
from guidance.catalogue.imports.texts import prose
from guidance.catalogue.imports.tm35 import to_degrees
from guidance.catalogue.models import ImportedRecord, TrainingOption
from tests.catalogue.import_data import DATA, counts, konfo, ptv, run


def read(content: bytes) -> list:
    return list(values_of(Document.of_bytes("x.json", content)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b'"words"', "not_records"),
        (b"17", "not_records"),
        (b'[{"a": 1}, {"b": ', "cut_off"),
        (b'{"hits": [{"a": "bc', "cut_off"),
        (b'{"hits": [{"a": 1}', "cut_off"),
        (b"[1, 2,, 3]", "broken"),
        (b'{"a" 1}', "broken"),
        (b"[" * 100_000, "broken"),
        (b'{"a": ' + b"9" * 5000 + b"}", "broken"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(content, code):
    with pytest.raises(Unreadable) as refusal:
        read(content)

    assert refusal.value.code == code
    assert "x.json" in sentence(refusal.value.code, refusal.value.words)


def test_values_are_the_same_however_they_are_cut_into_chunks():
    hits = [{"name": "ä" * (CHUNK // 3), "number": number} for number in range(9)]

    found = read(json.dumps({"total": 9, "hits": hits, "next": None}).encode())

    assert found == [*(("hits", hit) for hit in hits), ("page", {"total": 9, "next": None})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_in_the_encodings_that_programs_write(encoding):
    assert read('[{"nimi": "Lähihoitaja"}]'.encode(encoding)) == [("", {"nimi": "Lähihoitaja"})]


def test_what_the_database_cannot_hold_is_left_out():
    content = rb'[{"a": "x\u0000y\ud800z", "b": NaN, "c": 1e999, "d": [99999999999999999999]}]'

    assert read(content) == [("", {"a": "xyz", "b": None, "c": None, "d": [None]})]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Yksi</p><p></p><p>Kaksi&nbsp;&amp; kolme</p>", "Yksi\n\nKaksi & kolme"),
        ("<h4>Otsikko</h4><ul><li value='1'>  a</li><li>b</li></ul>", "Otsikko\n\n– a\n– b"),
        ('<a href="https://example.fi/x">Lue</a> lisää', "Lue (https://example.fi/x) lisää"),
        ('<a href="http://www.example.fi/">www.example.fi</a>', "www.example.fi"),
        ('<a href="javascript:alert(1)">Paina</a>', "Paina"),
        ("<script>alert(1)</script><style>p{}</style>Teksti", "Teksti"),
        ("Rivi\r\n\r\n\r\n\r\nToinen", "Rivi\n\nToinen"),
        ("3 < 5 & 7 > 6", "3 < 5 & 7 > 6"),
        (None, ""),
        ({"fi": "x"}, ""),
    ],
)
def test_markup_becomes_prose(markup, text):
    assert prose(markup) == text


def test_plane_coordinates_become_degrees():
    # The meridian of 27° is the middle of the zone: 0.9996 of the arc of GRS80 to 60°, 6 654 072.819 m
    latitude, longitude = to_degrees(0.9996 * 6_654_072.8194, 500_000)

    assert (round(latitude, 8), round(longitude, 8)) == (60.0, 27.0)
    assert [round(value, 5) for value in to_degrees(6822345, 327890)] == [61.49635, 23.76634]


@pytest.mark.parametrize(
    ("value", "number"), [("2021", 2021), (61.0, 61), (True, None), ("x", None), (-1, None)]
)
def test_a_number_is_read_however_it_is_written(value, number):
    assert whole_number(value) == number


def test_every_sentence_of_the_report_can_be_told():
    words = dict.fromkeys(
        (
            "name",
            "error",
            "size",
            "count",
            "oid",
            "value",
            "most",
            "first",
            "last",
            "code",
            "day",
            "hours",
            "known",
        ),
        "x",
    )

    assert all(sentence(code, {**words, "field": "fee", "fields": ["fee"]}, "training") for code in SENTENCES)


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["toteutus-1", "toteutus-5700", "koulutus-231", "location"]), st.integers(0, 2**32))
def test_no_damage_to_a_record_crashes_an_import(name, seed):
    """Random places of a real record are replaced by what does not belong there."""
    is_ptv = name == "location"
    record = ptv("channel-location-l1") if is_ptv else konfo(name)
    chance = random.Random(seed)
    for _hit in range(chance.randint(1, 12)):
        _damage(record, chance)

    found = run("ptv" if is_ptv else "opintopolku", [record], is_dry=True)

    assert found.ended_at is not None
    assert found.refusal == [] or found.refusal[0] == "nothing_read"


def _damage(value, chance):
    """Replace one thing somewhere inside."""
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        if not isinstance(value[key], dict | list) or not value[key] or chance.random() < 0.15:
            strange = [
                None,
                "",
                "x" * 700,
                -5,
                1e300,
                True,
                [],
                {},
                [[]],
                ["x"],
                {"fi": 7},
                "2026-13-45",
                "<p>",
                "\x00",
            ]
            value[key] = chance.choice(strange)
            return
        value = value[key]


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_file_crashes_an_import(data):
    """Bytes of a real file are cut, changed and doubled."""
    raw = bytearray((DATA / "konfo" / "koulutus-595.json").read_bytes())
    cut = data.draw(st.integers(0, len(raw)))
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=5)):
        raw[place] = data.draw(st.integers(0, 255))

    found = run("opintopolku", bytes(raw[:cut]), is_dry=True)

    assert found.refusal == [] or found.refusal[0] in {
        "empty",
        "cut_off",
        "broken",
        "not_records",
        "nothing_read",
    }


class Konfo(BaseHTTPRequestHandler):
    """Two pages of search hits, as the open interface gives them."""

    hits = konfo("search-hits")["hits"]

    def do_GET(self):
        if not self.path.startswith("/external/search"):
            self.send_error(404)
            return
        page = int(parse_qs(urlsplit(self.path).query).get("page", ["1"])[0])
        some = self.hits[:4][(page - 1) * 2 : page * 2]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"total": 4, "hits": some}).encode())

    def log_message(self, *args):
        """Nothing: the tests' output is for the tests."""


@pytest.fixture
def konfo_server():
    server = HTTPServer(("127.0.0.1", 0), Konfo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
def test_the_command_follows_the_pages_of_an_address(konfo_server):
    out = io.StringIO()

    call_command("import_opintopolku", f"{konfo_server}/external/search/koulutukset?size=2", stdout=out)

    assert TrainingOption.objects.count() == 4
    assert out.getvalue().startswith("new: ")


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
def test_the_command_says_why_it_could_not_read(konfo_server, tmp_path):
    with pytest.raises(CommandError, match="does not answer"):
        call_command("import_opintopolku", f"{konfo_server}/nothing")
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_ptv", str(tmp_path / "missing.json"))
    (tmp_path / "words.csv").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="is empty"):
        call_command("import_spreadsheet", str(tmp_path / "words.csv"))


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
def test_the_command_tells_of_a_dry_run_and_writes_nothing():
    out = io.StringIO()

    call_command("import_opintopolku", str(DATA / "konfo" / "toteutus-1.json"), dry_run=True, stdout=out)

    assert out.getvalue().startswith("Nothing is saved yet. new: 2")
    assert not ImportedRecord.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
def test_strange_values_among_good_ones_are_told_one_by_one():
    found = run("opintopolku", [17, {"oid": "1.2.3"}, konfo("toteutus-1")])

    assert counts(found) == {"refused": 2, "new": 2}
