"""The shapes of the open data: what goes out is valid by the official schemas, complete and no secret."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator

from guidance.booking.exports.hsds import events
from guidance.booking.models import GroupSession
from guidance.catalogue.exports.hsds import fundings, guidance, networks, situations, trainings
from guidance.catalogue.exports.hsds.ids import id_of
from guidance.catalogue.models import (
    Funding,
    GuidanceService,
    LifeSituation,
    SituationPart,
    TrainingOption,
)
from network.identifiers import NamedUuid
from network.models import Network, Organisation, ServicePoint
from tests.booking.open_data import TABLES, ask, faults, full, make_content, names, package
from tests.factories import (
    FundingFactory,
    GuidanceServiceFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    TrainingOptionFactory,
)
from tests.factories.booking import GroupSessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_files")]


@pytest.fixture
def content() -> Organisation:
    return make_content()


# Shapes


@pytest.mark.parametrize("profile", ["hsds", "oruk"])
@pytest.mark.parametrize("plural", TABLES)
def test_every_record_is_valid_by_the_official_schema(content, profile, plural):
    table = TABLES[plural]

    page = ask(f"{profile}/{plural}", per_page="1000")
    single = [ask(f"{profile}/{plural}/{record['id']}") for record in page["contents"]]

    assert page["contents"]
    assert [
        fault for record in page["contents"] for fault in faults(profile, table, record, is_list=True)
    ] == []
    assert [fault for record in single for fault in faults(profile, table, record, is_list=False)] == []
    assert [record["id"] for record in single] == [record["id"] for record in page["contents"]]


@pytest.mark.parametrize("profile", ["hsds", "oruk"])
@pytest.mark.parametrize("plural", ["services", "organizations", "service_at_locations"])
def test_full_lists_hold_what_single_records_do(content, profile, plural):
    records = ask(f"{profile}/{plural}", full="true")["contents"]

    assert records == [ask(f"{profile}/{plural}/{record['id']}") for record in records]


@pytest.mark.parametrize("profile", ["hsds", "oruk"])
def test_every_record_is_valid_by_the_openapi_document(content, profile):
    document = ask(f"{profile}/openapi.json")

    for plural, table in TABLES.items():
        schema = {"$ref": f"#/components/schemas/{table}", "components": document["components"]}
        for record in ask(f"{profile}/{plural}")["contents"]:
            Draft202012Validator(schema).validate(record)
            Draft202012Validator(schema).validate(ask(f"{profile}/{plural}/{record['id']}"))


@pytest.mark.parametrize(("profile", "version"), [("hsds", "3.1"), ("oruk", "HSDS-UK-3.0")])
def test_home_tells_version_and_where_the_document_is(settings, profile, version):
    settings.ADDRESS = "https://ohjaus.example.fi"

    about = ask(f"{profile}/")

    assert about["version"] == version
    assert about["openapi_url"] == f"https://ohjaus.example.fi/api/{profile}/openapi.json"
    assert faults("oruk", "api_details", about, is_list=False) == []


def test_page_is_framed_as_the_standard_says(content):
    page = ask("hsds/services", per_page="3", page="2")

    assert [record["name"] for record in page.pop("contents")] == ["Opintotuki"]
    assert page == {
        "total_items": 4,
        "total_pages": 2,
        "page_number": 2,
        "size": 1,
        "first_page": False,
        "last_page": True,
        "empty": False,
    }


def test_page_after_the_last_is_empty(content):
    page = ask("hsds/services", page="9")

    assert (page["empty"], page["contents"], page["total_items"]) == (True, [], 4)


# What a record tells


def test_guidance_service_tells_what_a_client_needs(content, settings):
    record = full("Uraohjaus")

    assert record["status"] == "active"
    assert record["eligibility_description"] == "Aikuisille"
    assert record["fees_description"] == "12.50 €. Testi sisältyy"
    assert record["interpretation_services"] == "Tulkki voidaan järjestää."
    assert record["assured_date"] == "2026-01-31"
    assert [each["number"] for each in record["phones"]] == ["+358 00 000 0000"]
    assert [each["document"] for each in record["required_documents"]] == ["Todistukset"]
    assert [(each["amount"], each["currency"]) for each in record["cost_options"]] == [(12.5, "EUR")]
    assert [each["code"] for each in record["languages"]] == ["fi", "sv", "en"]
    assert record["schedules"][0]["schedule_link"].endswith("/fi/ohjaus/uraohjaus/varaa/")
    assert [each["name"] for each in record["service_areas"]] == ["Pirkanmaa"]
    assert record["service_areas"][0]["uri"].endswith(f"#maakunta_1_{timezone.localdate().year}0101_06")


def test_guidance_service_is_sorted_by_the_words_of_the_portal(content):
    terms = {each["taxonomy_term"]["name"]: each for each in full("Uraohjaus")["attributes"]}

    assert {"Nuoret", "Uravalinta", "Ohjaus"} <= set(terms)
    assert terms["Nuoret"]["link_type"] == "intended_audience"
    assert terms["Nuoret"]["taxonomy_term"]["term_uri"] == (
        "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/KR1.3"
    )


def test_service_point_tells_hours_address_and_access(content):
    place = next(
        each
        for each in full("Uraohjaus")["service_at_locations"]
        if each["location"]["name"] == "Ohjauspiste"
    )
    weekly, closed = place["schedules"]
    location = place["location"]

    assert (weekly["freq"], weekly["byday"], weekly["opens_at"], weekly["closes_at"]) == (
        *("WEEKLY", "MO,WE", "09:00", "16:00"),
    )
    assert (closed["valid_from"], closed["valid_to"], closed["description"]) == (
        *("2050-12-06", "2050-12-06", "Kiinni: Remontti"),
    )
    assert (location["latitude"], location["longitude"]) == (61.49911, 23.78712)
    assert [(each["city"], each["state_province"], each["country"]) for each in location["addresses"]] == [
        ("Tampere", "Pirkanmaa", "FI")
    ]
    assert [each["description"] for each in location["accessibility"]] == ["esteetön sisäänkäynti"]


def test_mobile_point_tells_where_it_stands(content):
    stops = [
        schedule
        for place in full("Uraohjaus")["service_at_locations"]
        for schedule in place["schedules"]
        if schedule.get("description", "").startswith("Kauppatori")
    ]

    assert [stop["description"] for stop in stops] == ["Kauppatori, Nokia"]


def test_training_tells_place_dates_and_funding(content):
    record = full("Lähihoitaja")

    assert [place["location"]["name"] for place in record["service_at_locations"]] == ["Nokia"]
    assert [(each["valid_from"], each["valid_to"]) for each in record["schedules"]] == [
        ("2050-01-10", "2050-06-01")
    ]
    assert [each["source"] for each in record["funding"]] == [trainings.CONTINUOUS_LEARNING]
    assert record["application_process"] == "Voit hakea milloin tahansa."
    assert "https://www.example.fi/hae" in [each["url"] for each in record["additional_urls"]]


def test_event_tells_time_and_place(content):
    record = full("Infoilta")
    day = timezone.localdate() + timedelta(days=1)

    assert record["fees_description"] == "Maksuton"
    assert [
        (schedule["dtstart"], schedule["opens_at"], schedule["closes_at"], place["location"]["name"])
        for place in record["service_at_locations"]
        for schedule in place["schedules"]
    ] == [(day.isoformat(), "17:00", "18:30", "Kirjasto, Tampere")]


def test_cancelled_and_past_events_and_closed_training_say_so():
    past = timezone.now() - timedelta(days=3)
    GroupSessionFactory(name_fi="Peruttu", cancelled_at=timezone.now())
    GroupSessionFactory(name_fi="Mennyt", starts_at=past, ends_at=past + timedelta(hours=1))
    TrainingOptionFactory(
        name_fi="Päättynyt", applications_from=past.date(), applications_to=past.date(), is_rolling=False
    )

    found = {record["name"]: record for record in ask("hsds/services")["contents"]}

    assert {name: record["status"] for name, record in found.items()} == {
        "Peruttu": "defunct",
        "Mennyt": "inactive",
        "Päättynyt": "inactive",
    }
    assert found["Peruttu"]["alert"] == "Peruttu"


def test_online_event_is_at_a_virtual_location():
    GroupSessionFactory(name_fi="Etäilta", municipality=None, online_link="https://video.example.fi/1")

    place = full("Etäilta")["service_at_locations"][0]["location"]

    assert (place["location_type"], place["url"]) == ("virtual", "https://video.example.fi/1")


def test_organisation_tells_business_id_contacts_and_projects(content):
    record = ask(f"hsds/organizations/{id_of('organization', 'opisto')}")

    assert [each["identifier"] for each in record["organization_identifiers"]] == ["0109862-8"]
    assert [each["name"] for each in record["contacts"]] == ["Neuvonta"]
    assert [each["name"] for each in record["programs"]] == ["Ovi auki"]
    assert {each["name"] for each in record["locations"]} >= {"Ohjauspiste"}
    assert "services" not in record


def test_organisation_brings_its_full_services_when_asked(content):
    identifier = id_of("organization", "opisto")

    alone = ask(f"hsds/organizations/{identifier}", full_service="true")
    listed = ask("hsds/organizations", full_service="true")["contents"]

    assert [each["name"] for each in alone["services"]] == ["Uraohjaus", "Lähihoitaja", "Infoilta"]
    assert alone["services"][0]["phones"]
    assert alone in listed


def test_uk_profile_has_fees_and_all_hours_with_the_service(content):
    record = next(
        each for each in ask("oruk/services", full="true")["contents"] if each["name"] == "Uraohjaus"
    )

    assert record["fees"] == "12.50 €. Testi sisältyy"
    assert "fees_description" not in record
    assert "opinovi" not in record
    assert {"MO,WE"} <= {each.get("byday") for each in record["schedules"]}


def test_way_to_finance_studies_tells_who_gets_it_and_who_pays(content):
    record = full("Opintotuki")

    assert "organization" not in record
    assert record["eligibility_description"] == "Opiskelijoille"
    assert record["application_process"] == "Hae verkossa."
    assert record["description"] == "Rahaa ja lainan takaus"
    assert record["assured_date"] == "2026-01-31"
    assert [each["source"] for each in record["funding"]] == ["Kela"]
    assert [each["taxonomy_term"]["name"] for each in record["attributes"]] == [
        *("Opintojen rahoitus", "Menetin työni")
    ]


def test_situation_and_network_are_words_with_their_pages(content):
    terms = {
        each["name"]: each for each in ask("hsds/taxonomy_terms", full="true", per_page="1000")["contents"]
    }
    situation, network = terms["Menetin työni"], terms["Ohjaajat"]

    assert situation["description"] == "Et jää yksin."
    assert situation["term_uri"].endswith("/fi/elamantilanteet/menetin-tyoni/")
    assert [(each["heading"]["fi"], each["services"]) for each in situation["opinovi"]["parts"][:1]] == [
        ("Kuka auttaa", ["uraohjaus"])
    ]
    assert network["opinovi"]["memberships"] == [
        {"organisation": "opisto", "role": "lead", "since": "2024-01-01"}
    ]


def test_what_a_situation_shows_of_drafts_does_not_go_out(content):
    Funding.objects.update(published_at=None)
    GuidanceService.objects.update(published_at=None)

    terms = ask("hsds/taxonomy_terms", full="true", search="menetin")["contents"]

    assert "parts" not in terms[0]["opinovi"]


# The portal's own record


def test_own_record_has_every_language_and_what_the_standard_lacks(content):
    own = full("Uraohjaus")["opinovi"]

    assert own["name"] == {"fi": "Uraohjaus", "sv": "Karriärvägledning"}
    assert (own["kind"], own["slug"], own["organisation"]) == ("guidance", "uraohjaus", "opisto")
    assert (own["fee"], own["ways"], own["referrers"]) == ("12.50", ["book", "drop_in"], ["self"])
    assert (own["areas"], own["topics"], own["target_groups"]) == (["region:06"], ["ura"], ["nuoret"])
    assert own["service_points"] == ["bussi", "ohjauspiste"]


PRIVATE = {"consent_wording", "benefit_effect", "internal_contact"}
SIGNING_UP = {  # one signs up where the session is kept, not at a portal that has read of it
    *("series", "minimum", "online_capacity", "has_registration", "registration_opens_at"),
    *("registration_closes_at", "has_waiting_list", "offer_hours", "cancel_hours"),
}
LEFT_OUT = {"id", "search", "terms", "changed_at", "choice_bits", "published_at"}


@pytest.mark.parametrize(
    ("model", "texts", "values", "otherwise"),
    [
        (GuidanceService, guidance.TEXTS, guidance.VALUES, {"organisation", "meeting"} | PRIVATE),
        (TrainingOption, trainings.TEXTS, trainings.VALUES, {"provider", "kind"}),
        (
            *(GroupSession, events.TEXTS, events.VALUES),
            {"organisation", "service", "service_point", "municipality", "kind"} | SIGNING_UP,
        ),
        (Funding, fundings.TEXTS, fundings.VALUES, {"payer"}),
        (LifeSituation, situations.TEXTS, situations.VALUES, set()),
        (SituationPart, situations.PART_TEXTS, situations.PART_VALUES, {"situation", "kind"}),
        (Network, networks.TEXTS, networks.VALUES, {"area", "lead"}),
    ],
)
def test_every_column_goes_out_or_is_kept_on_purpose(model, texts, values, otherwise):
    columns = {
        field.name for field in model._meta.concrete_fields if not field.name.endswith(("_fi", "_sv", "_en"))
    }

    assert columns - LEFT_OUT == {*texts, *values, *otherwise}


# What must not go out


def test_secrets_of_published_rows_never_go_out(content):
    answers = [
        Browser().get(f"/api/{profile}/{plural}", {"full": "true"}).content.decode()
        for profile in ("hsds", "oruk")
        for plural in ("services", "organizations", "service_at_locations")
    ]

    assert all("Uraohjaus" in answer or "Ohjauspiste" in answer or "Opisto" in answer for answer in answers)
    assert not any("SALAINEN" in answer.upper() for answer in answers)


def hide_organisation():
    Organisation.objects.update(published_at=None)
    Funding.objects.update(published_at=None)  # belongs to none


def hide_rows():
    for model in (GuidanceService, TrainingOption, GroupSession, Funding, ServicePoint, Organisation):
        model.objects.update(published_at=None)


@pytest.mark.parametrize("hide", [hide_organisation, hide_rows])
@pytest.mark.parametrize("plural", ["services", "organizations", "service_at_locations"])
def test_what_is_not_published_is_nowhere(content, hide, plural):
    before = [record["id"] for record in ask(f"hsds/{plural}")["contents"]]

    hide()

    assert before
    assert ask(f"hsds/{plural}")["contents"] == []
    assert {Browser().get(f"/api/hsds/{plural}/{one}").status_code for one in before} == {404}
    assert Browser().get(f"/api/hsds/{plural}", {"format": "ndjson"}).getvalue() == b""


def test_service_points_that_closed_or_are_drafts_are_no_locations(content):
    ServicePoint.objects.filter(slug="ohjauspiste").update(closed_on=timezone.localdate())
    ServicePoint.objects.filter(slug="bussi").update(published_at=None)

    assert "service_at_locations" not in full("Uraohjaus")
    assert names("hsds/services") == ["Uraohjaus", "Lähihoitaja", "Infoilta", "Opintotuki"]


# Identifiers


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (GuidanceService, "guidance"),
        (TrainingOption, "training"),
        (GroupSession, "event"),
        (Funding, "funding"),
        (Organisation, "organization"),
    ],
)
def test_database_makes_the_same_identifiers(content, model, kind):
    rows = model.objects.annotate(uuid=NamedUuid(kind))

    assert {row.slug: row.uuid for row in rows} == {row.slug: id_of(kind, row.slug) for row in rows}


def test_identifiers_are_the_same_in_every_portal(settings):
    settings.ADDRESS = "https://muualla.example.fi"
    GuidanceServiceFactory(name_fi="Ohjaus", slug="ohjaus")

    assert [record["id"] for record in ask("hsds/services")["contents"]] == [
        "72709770-e673-33d8-888d-e5cc259ff31e"
    ]


def test_one_service_among_many_is_found_by_an_index(content):
    TrainingOptionFactory.create_batch(3)
    wanted = id_of("training", "lahihoitaja")
    rows = TrainingOption.objects.alias(uuid=NamedUuid("training")).filter(uuid=wanted).order_by()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "training_option_open_id" in rows.explain()


# Cost


@pytest.mark.parametrize("is_full", ["false", "true"])
@pytest.mark.parametrize("plural", ["services", "organizations", "service_at_locations"])
def test_more_rows_cost_no_more_queries(content, plural, is_full):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(f"hsds/{plural}", full=is_full)
        return len(queries)

    FundingFactory(payer=content)
    cost()
    one = cost()
    for number in range(3):
        service = GuidanceServiceFactory(slug=f"lisa-{number}")
        service.service_points.set(ServicePoint.objects.all())
        TrainingOptionFactory(provider=OrganisationFactory()).municipalities.set(
            TrainingOption.objects.get(slug="lahihoitaja").municipalities.all()
        )
        GroupSessionFactory()
        FundingFactory(payer=OrganisationFactory())
        NetworkMembershipFactory(organisation=Organisation.objects.get(slug="opisto"))

    assert cost() == one


# The tabular package


def unpacked() -> tuple[dict, dict[str, list[dict]]]:
    archive = zipfile.ZipFile(io.BytesIO(package()))
    about = json.loads(archive.read("datapackage.json"))
    tables = {}
    for resource in about["resources"]:
        text = archive.read(resource["path"]).decode("utf-8")
        tables[resource["name"]] = list(csv.DictReader(io.StringIO(text)))
        assert text.splitlines()[0].split(",") == [field["name"] for field in resource["schema"]["fields"]]
    return about, tables


def test_package_has_every_published_row_in_its_table(content):
    _about, tables = unpacked()

    assert [row["name"] for row in tables["services"]] == [
        *("Uraohjaus", "Lähihoitaja", "Infoilta", "Opintotuki")
    ]
    assert {row["name"] for row in tables["organizations"]} == {"Opisto"}
    assert {row["name"] for row in tables["locations"]} >= {"Ohjauspiste", "Nokia", "Kirjasto, Tampere"}
    assert [row["document"] for row in tables["required_documents"]] == ["Todistukset"]
    assert "SALAINEN" not in str(tables).upper()


def test_keys_of_the_package_lead_somewhere_and_are_unique(content):
    about, tables = unpacked()
    ids = {name: [row["id"] for row in rows] for name, rows in tables.items()}

    assert {name: len(found) - len(set(found)) for name, found in ids.items()} == dict.fromkeys(ids, 0)
    for resource in about["resources"]:
        rows = tables[resource["name"]]
        for key in resource["schema"].get("foreignKeys", []):
            leads_to = {row[key["fields"]] for row in rows} - {""}
            assert leads_to <= set(ids[key["reference"]["resource"]]), (resource["name"], key["fields"])
        for field in resource["schema"]["fields"]:
            if field.get("constraints", {}).get("required"):
                assert all(row[field["name"]] for row in rows), (resource["name"], field["name"])


def test_package_carries_the_portals_own_records(content):
    _about, tables = unpacked()

    found = {(row["link_entity"], json.loads(row["record"])["slug"]) for row in tables["opinovi"]}

    assert found == {
        ("service", "uraohjaus"),
        ("service", "lahihoitaja"),
        ("service", "infoilta"),
        ("service", "opintotuki"),
        ("taxonomy_term", "menetin-tyoni"),
        ("taxonomy_term", "ohjaajat"),
        ("organization", "opisto"),
        ("location", "ohjauspiste"),
        ("location", "bussi"),
    }
