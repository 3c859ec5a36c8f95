"""How the open data may be asked: parameters, languages, formats, and what is refused."""

import json

import pytest
import schemathesis
from django.test import Client as Browser
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds

from guidance.booking.models import GroupSession
from guidance.booking.tasks import make_packages
from guidance.catalogue.exports.hsds.ids import id_of
from guidance.catalogue.models import Funding, GuidanceService, TrainingOption
from network.models import Area, Organisation, ServicePoint
from tests.booking.open_data import TABLES, ask, make_content, names, package, term_id
from tests.factories import GuidanceServiceFactory, OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_files")]

GUIDANCE, TRAINING, EVENT, FUNDING = "Uraohjaus", "Lähihoitaja", "Infoilta", "Opintotuki"
EVERYTHING = [GUIDANCE, TRAINING, EVENT, FUNDING]
LISTS = [f"/api/{profile}/{plural}" for profile in ("hsds", "oruk") for plural in TABLES]


@pytest.fixture
def content() -> Organisation:
    return make_content()


def get(path: str, query: dict | None = None, **headers: str):
    return Browser().get(path, query, headers=headers)


# Words and terms


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("uraohjaus", [GUIDANCE]),
        ("lähihoitajaksi", [TRAINING]),
        ("infoilta", [EVENT]),
        ("opintotuki", [FUNDING]),
        ("traktori", []),
        ("", []),
    ],
)
def test_search_finds_services_by_words(content, words, found):
    assert names(search=words) == found


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("Nuoret", [GUIDANCE]),
        ("Uravalinta", [GUIDANCE]),
        ("sosiaali- ja terveysala", [TRAINING]),
        ("iltaisin", [TRAINING]),
        ("Koulutus", [TRAINING]),
        ("Tapahtumat", [EVENT]),
        ("Opintojen rahoitus", [FUNDING]),
        ("Menetin työni", [GUIDANCE, FUNDING]),
        ("Ohjaajat", []),
    ],
)
def test_term_sorts_services(content, term, found):
    assert names(taxonomy_term_id=term_id(term)) == found


def test_taxonomy_sorts_services_and_organisations(content):
    taxonomies = {each["name"]: each["id"] for each in ask("hsds/taxonomies")["contents"]}

    assert names(taxonomy_id=taxonomies["Kohderyhmät"]) == [GUIDANCE]
    assert names(taxonomy_id=taxonomies["Koulutusalat"]) == [TRAINING]
    assert names(taxonomy_id=taxonomies["Tietueen laji"]) == EVERYTHING
    assert names("hsds/organizations", taxonomy_id=taxonomies["Kohderyhmät"]) == []
    assert names("hsds/organizations", taxonomy_id=taxonomies["Toimialat"]) == ["Opisto"]
    assert names(taxonomy_id=taxonomies["Elämäntilanteet"]) == [GUIDANCE, FUNDING]
    assert names("hsds/organizations", taxonomy_id=taxonomies["Verkostot"]) == ["Opisto"]
    assert names("hsds/organizations", taxonomy_term_id=term_id("Ohjaajat")) == ["Opisto"]
    assert names("hsds/organizations", taxonomy_term_id=term_id("Nuoret")) == []
    assert names("hsds/organizations", taxonomy_term_id=term_id(Organisation.objects.get().sector.name)) == [
        "Opisto"
    ]


def test_terms_can_be_narrowed(content):
    taxonomies = {each["name"]: each["id"] for each in ask("hsds/taxonomies")["contents"]}

    assert names("hsds/taxonomy_terms", taxonomy_id=taxonomies["Kohderyhmät"], top_only="true") == ["Nuoret"]
    assert names("hsds/taxonomy_terms", search="nuor") == ["Nuoret"]
    assert names("hsds/taxonomy_terms", parent_id=term_id("Nuoret")) == []


# Whose, when, where


def test_organisation_narrows_every_list(content):
    other = OrganisationFactory(name_fi="Toinen", slug="toinen")
    GuidanceServiceFactory(organisation=other, name_fi="Toisen ohjaus")
    wanted = str(id_of("organization", "toinen"))

    assert names(organization_id=wanted) == ["Toisen ohjaus"]
    assert names("hsds/organizations", organization_id=wanted) == ["Toinen"]
    assert ask("hsds/service_at_locations", organization_id=wanted)["contents"] == []
    assert names(organization_id=str(id_of("organization", "puuttuu"))) == []


def test_modified_after_brings_what_changed_then_or_later(content):
    day = timezone.now().replace(year=2020)
    for model in (GuidanceService, TrainingOption, GroupSession, Funding, Organisation):
        model.objects.update(changed_at=day)
    GroupSession.objects.update(changed_at=timezone.now())

    assert names(modified_after="2021-01-01") == [EVENT]
    assert names(modified_after=f"{day:%Y-%m-%dT%H:%M:%S}Z") == EVERYTHING
    assert names("hsds/organizations", modified_after="2021-01-01T00:00:00+02:00") == []
    assert names(modified_after="0001-01-01T00:00:00+14:00") == EVERYTHING


def test_postcode_brings_what_serves_the_people_there(content):
    assert {each["service"]["name"] for each in at("hsds", postcode="37100")} == {GUIDANCE, TRAINING}
    assert {each["service"]["name"] for each in at("hsds", postcode="33100")} == {GUIDANCE, EVENT}


def test_proximity_brings_locations_within_so_many_metres(content):
    assert [each["location"]["name"] for each in at("hsds", postcode="33100", proximity="1000")] == [
        "Ohjauspiste"
    ]
    assert at("hsds", postcode="37100", proximity="1000") == []


def test_proximity_counts_a_place_without_coordinates_from_the_middle_of_its_municipality(content):
    ServicePoint.objects.update(latitude=None, longitude=None)
    Area.objects.filter(postcodes__code="33100").update(latitude=61.498, longitude=23.76)
    Area.objects.filter(postcodes__code="37100").update(latitude=61.478, longitude=23.508)

    found = [
        len(at("hsds", postcode=postcode, proximity=metres))
        for postcode, metres in (("33100", "0"), ("37100", "5000"), ("37100", "50000"))
    ]

    assert found == [1, 0, 1]


def at(profile: str, **query: str) -> list[dict]:
    return ask(f"{profile}/service_at_locations", **query)["contents"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"day": "MO"}, True),
        ({"day": "TU"}, False),
        ({"day": "WE", "start_time": "15:00"}, True),
        ({"day": "WE", "start_time": "16:00"}, False),
        ({"end_time": "09:00"}, False),
        ({"start_time": "08:00", "end_time": "09:30"}, True),
        ({"minimum_age": "30", "maximum_age": "40"}, True),
    ],
)
def test_uk_profile_narrows_by_opening_hours_and_age(content, query, found):
    assert (GUIDANCE in names("oruk/services", **query)) is found


def test_event_is_open_when_it_is_held(content):
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[GroupSession.objects.get().starts_at.isoweekday() - 1]

    assert EVENT in names("oruk/services", day=day, start_time="18:00", end_time="20:00")
    assert EVENT not in names("oruk/services", day=day, start_time="18:30")


def test_filters_combine_with_and(content):
    owner = str(id_of("organization", "opisto"))

    assert names(search="uraohjaus", organization_id=owner, taxonomy_term_id=term_id("Nuoret")) == [GUIDANCE]
    assert names(search="lähihoitaja", organization_id=owner, taxonomy_term_id=term_id("Nuoret")) == []
    assert names(taxonomy_term_id=term_id("Nuoret"), modified_after="2100-01-01") == []


# Forms of the answer


@pytest.mark.parametrize(
    "path", ["hsds/services", "oruk/services", "hsds/organizations", "oruk/organizations"]
)
def test_minimal_is_id_and_last_modified_alone(content, path):
    records = ask(path, minimal="true")["contents"]

    assert {frozenset(record) for record in records} == {frozenset({"id", "last_modified"})}
    assert [record["id"] for record in records] == [each["id"] for each in ask(path)["contents"]]


@pytest.mark.parametrize("path", LISTS)
def test_lines_hold_what_pages_do(content, path):
    query = {} if path.endswith("taxonomies") else {"full": "true"}
    response = get(path, {**query, "format": "ndjson"})
    lines = [json.loads(line) for line in response.getvalue().splitlines()]

    assert response["Content-Type"] == "application/x-ndjson"
    assert response.streaming
    assert lines == json.loads(get(path, {**query, "per_page": "1000"}).content)["contents"]


def test_lines_keep_their_language(content):
    lines = get("/api/hsds/services", {"format": "ndjson", "lang": "sv"}).getvalue().splitlines()

    assert json.loads(lines[0])["name"] == "Karriärvägledning"


@pytest.mark.parametrize("size", [1, 2])
def test_pages_neither_repeat_nor_drop_a_record(content, size):
    GuidanceServiceFactory.create_batch(2)
    total = ask("hsds/services")["total_items"]

    found = [
        record["id"]
        for page in range(1, total // size + 2)
        for record in ask("hsds/services", page=str(page), per_page=str(size))["contents"]
    ]

    assert found == [record["id"] for record in ask("hsds/services")["contents"]]


# Languages


@pytest.mark.parametrize(
    ("query", "header", "language", "name"),
    [
        ({}, "sv", "sv", "Karriärvägledning"),
        ({"lang": "sv"}, "fi", "sv", "Karriärvägledning"),
        (
            {"lang": "en"},
            "sv",
            "en",
            "Uraohjaus",
        ),  # not written in English: as Finnish, like the portal's pages
        ({}, "de", "fi", "Uraohjaus"),
    ],
)
def test_answer_is_in_the_language_asked_for(content, query, header, language, name):
    response = get("/api/hsds/services", query, **{"Accept-Language": header})

    assert response["Content-Language"] == language
    assert "Accept-Language" in response["Vary"]
    assert json.loads(response.content)["contents"][0]["name"] == name


def test_pages_in_other_languages_are_named(content):
    urls = ask(f"hsds/services/{id_of('guidance', 'uraohjaus')}")["additional_urls"]

    assert [(each["label"], each["url"].split("/", 3)[3]) for each in urls] == [
        ("suomi", "fi/ohjaus/uraohjaus/"),
        ("svenska", "sv/vagledning/uraohjaus/"),
        ("English", "en/guidance/uraohjaus/"),
    ]


# Open to all


@pytest.mark.parametrize("path", [*LISTS, "/api/hsds/", "/api/hsds/openapi.json", "/api/hsds/nothing"])
def test_any_site_may_read_without_a_key(content, path):
    head, answer, options = Browser().head(path), get(path), Browser().options(path)

    assert head.status_code == answer.status_code
    assert {each["Access-Control-Allow-Origin"] for each in (head, answer, options)} == {"*"}
    assert (options.status_code, options["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert not answer.cookies


def test_answer_that_has_not_changed_is_not_sent_again(content):
    first = get("/api/hsds/services")

    again = get("/api/hsds/services", **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_package_is_the_file_last_made_until_the_worker_makes_it_anew(content):
    first = package()
    GuidanceService.objects.update(name_fi="Uusi nimi")
    kept = get("/api/hsds/tabular.zip", {"lang": "fi"}, **{"Accept-Encoding": "gzip"})
    seen = {"If-None-Match": kept["ETag"]}

    assert kept.getvalue() == first
    assert int(kept["Content-Length"]) == len(first)
    assert "Last-Modified" in kept
    assert get("/api/hsds/tabular.zip", {"lang": "fi"}, **seen).status_code == 304
    make_packages(0)
    anew = get("/api/hsds/tabular.zip", {"lang": "fi"}, **seen)
    assert (anew.status_code, anew.getvalue() == first) == (200, False)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(method):
    response = getattr(Browser(), method)("/api/hsds/services")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["error"]["status"] == 405


# What is refused


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=1001", "per_page"),
        ("per_page=٣", "per_page"),
        ("format=xml", "format"),
        ("lang=de", "lang"),
        ("full=1", "full"),
        ("minimal=yes", "minimal"),
        ("taxonomy_term_id=1", "taxonomy_term_id"),
        ("organization_id=urn:uuid:8cc5ad3d-c32a-3a19-b8a0-d656d5f808d3", "organization_id"),
        ("modified_after=yesterday", "modified_after"),
        ("modified_after=2026-02-30", "modified_after"),
        ("search=" + "a" * 101, "search"),
        ("taxonomy=x", "taxonomy"),
        ("page=1&page=2", "page"),
    ],
)
def test_bad_parameter_is_named_with_what_to_do(query, name):
    response = get(f"/api/hsds/services?{query}")
    error = response.json()["error"]

    assert response.status_code == 400
    assert response["Access-Control-Allow-Origin"] == "*"
    assert (error["status"], error["parameter"]) == (400, name)
    assert error["message"]


def test_null_character_is_refused_as_json():
    response = get("/api/hsds/services?search=%00")

    assert (response.status_code, response.json()["error"]["status"]) == (400, 400)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("postcode=00000", "postcode"),
        ("proximity=100", "proximity"),
        ("postcode=00000&proximity=1", "postcode"),
    ],
)
def test_unknown_place_is_not_found(query, name):
    response = get(f"/api/hsds/service_at_locations?{query}")

    assert (response.status_code, response.json()["error"]["parameter"]) == (404, name)


@pytest.mark.parametrize(
    "path",
    [
        "hsds/services/1",
        "hsds/services/8cc5ad3d-c32a-3a19-b8a0-d656d5f808d4",
        "hsds/nothing",
        "other/",
        "oruk/tabular.zip",
    ],
)
def test_what_is_not_there_is_told_as_json(path):
    response = get(f"/api/{path}")

    assert (response.status_code, response.json()["error"]["status"]) == (404, 404)
    assert response["Access-Control-Allow-Origin"] == "*"


# The OpenAPI document is true


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
@pytest.mark.parametrize("profile", ["hsds", "oruk"])
def test_api_does_what_its_document_says(content, settings, profile, mode):
    settings.ALLOWED_HOSTS = ["*"]
    schema = schemathesis.openapi.from_wsgi(f"/api/{profile}/openapi.json", portal)
    operations = [each.ok() for each in schema.get_all_operations()]

    for operation in operations:
        if mode.is_positive or operation.query:  # without parameters there is nothing to get wrong
            asked_anything(operation.as_strategy(generation_mode=mode))

    assert len(operations) >= 12 if profile == "hsds" else 11


def portal(environ, start_response):
    """The portal as a WSGI application that keeps to the test's own connection."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return list(response)


def asked_anything(cases) -> None:
    """Ask a few questions that the document allows, or forbids, and hold the answers against it."""

    @bounds(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def check(case):
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    check()


# The page that tells of it


@pytest.mark.parametrize(
    ("address", "heading"),
    [("/en/data/", "Open data"), ("/fi/avoin-data/", "Avoin data"), ("/sv/oppna-data/", "Öppna data")],
)
def test_data_page_tells_every_list_and_parameter(address, heading):
    text = Browser().get(address).content.decode()

    assert f"<h1>{heading}</h1>" in text
    assert all(f"/api/hsds/{plural}</code>" in text for plural in TABLES)
    assert all(
        f"<code>{name}</code>" in text for name in ("modified_after", "taxonomy_term_id", "proximity", "day")
    )
    assert reverse("api:public:tabular_package", args=["hsds"]) in text
