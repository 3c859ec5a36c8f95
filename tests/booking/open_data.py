"""What the tests of the open data share: content of every kind, the official schemas, and a way to ask."""

import gzip
import json
from datetime import date, time
from functools import cache
from pathlib import Path

from django.test import Client as Browser
from jsonschema import Draft202012Validator, FormatChecker

from guidance.booking.exports.hsds import packages
from guidance.catalogue.models import GuidanceService, TrainingOption
from network.models import Area, Contact, OpeningException, OpeningHours, Organisation, Postcode
from tests.factories import (
    AreaFactory,
    FundingFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    LifeSituationFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    ProjectFactory,
    RouteStopFactory,
    ServicePointFactory,
    SituationPartFactory,
    TargetGroupFactory,
    TrainingOptionFactory,
)
from tests.factories.booking import GroupSessionFactory

SCHEMAS = Path(__file__).parent / "schemas"
PROFILES = {"hsds": "hsds-3.1", "oruk": "oruk-3.0"}
TABLES = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


def ask(path: str, browser: Browser | None = None, **query: str) -> dict:
    """The answer of `/api/` + path; it must be good."""
    response = (browser or Browser(HTTP_ACCEPT_LANGUAGE="fi")).get(f"/api/{path}", query)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def package(language: str = "fi", browser: Browser | None = None) -> bytes:
    """The tabular package as the worker makes it now."""
    packages.make(language)
    response = (browser or Browser()).get("/api/hsds/tabular.zip", {"lang": language})
    assert response.status_code == 200
    return response.getvalue()


def names(path: str = "hsds/services", **query: str) -> list[str]:
    """What the records are called that fit."""
    return [record["name"] for record in ask(path, **query)["contents"]]


def full(name: str) -> dict:
    """The full record of the service with this name."""
    return next(each for each in ask("hsds/services", full="true")["contents"] if each["name"] == name)


def term_id(name: str) -> str:
    terms = ask("hsds/taxonomy_terms", per_page="1000")["contents"]
    return next(term["id"] for term in terms if term["name"] == name)


@cache
def validator(profile: str, table: str, *, is_list: bool) -> Draft202012Validator | None:
    """The official schema of a record; None where there is none."""
    file = SCHEMAS / PROFILES[profile] / f"{table}{'_list' if is_list else ''}.json.gz"
    if not file.exists():
        return None
    schema = json.loads(gzip.decompress(file.read_bytes()))
    if "contents" in schema.get("properties", {}):  # the UK profile writes the schema of a whole page
        schema = schema["properties"]["contents"]["items"]
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(profile: str, table: str, record: dict, *, is_list: bool) -> list[str]:
    check = validator(profile, table, is_list=is_list)
    return (
        [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in check.iter_errors(record)]
        if check
        else []
    )


def make_content() -> Organisation:
    """One of everything that goes out, with every part it can have; returns the organisation that has it."""
    region = AreaFactory(kind=Area.Kind.REGION, code="06", name_fi="Pirkanmaa", slug="pirkanmaa")
    tampere = AreaFactory(code="837", name_fi="Tampere", name_sv="Tammerfors", slug="tampere", parent=region)
    nokia = AreaFactory(code="536", name_fi="Nokia", slug="nokia", parent=region)
    Postcode.objects.create(code="33100", name_fi="Tampere", municipality=tampere)
    Postcode.objects.create(code="37100", name_fi="Nokia", municipality=nokia)
    school = OrganisationFactory(
        name_fi="Opisto",
        name_sv="Institutet",
        slug="opisto",
        business_id="0109862-8",
        home_municipality=tampere,
    )
    Contact.objects.create(
        organisation=school, name="Neuvonta", title_fi="Neuvoja", email="neuvonta@example.fi", is_public=True
    )
    Contact.objects.create(organisation=school, name="Salainen", email="salainen@example.fi")
    ProjectFactory(name_fi="Ovi auki", slug="ovi-auki", carried_out_by=school)
    _make_guidance(school, tampere, nokia, region)
    _make_training(school, nokia)
    GroupSessionFactory(name_fi="Infoilta", slug="infoilta", organisation=school, municipality=tampere, fee=0)
    _make_pages(school, region)
    return school


def _make_guidance(school: Organisation, tampere: Area, nokia: Area, region: Area) -> None:
    point = ServicePointFactory(
        name_fi="Ohjauspiste",
        slug="ohjauspiste",
        organisation=school,
        municipality=tampere,
        street_address="Esimerkkikatu 1",
        postcode="33100",
        latitude="61.49911",
        longitude="23.78712",
        email="piste@example.fi",
        phone="+358 00 000 0001",
        is_step_free=True,
    )
    for weekday in (1, 3):
        OpeningHours.objects.create(
            service_point=point, weekday=weekday, opens_at=time(9), closes_at=time(16)
        )
    OpeningException.objects.create(service_point=point, on=date(2050, 12, 6), reason="Remontti")
    bus = RouteStopFactory(
        service_point__organisation=school, service_point__slug="bussi", municipality=nokia
    ).service_point
    service = GuidanceServiceFactory(
        organisation=school,
        name_fi="Uraohjaus",
        name_sv="Karriärvägledning",
        slug="uraohjaus",
        summary_fi="Mietitään yhdessä.",
        audience_fi="Aikuisille",
        bring_fi="Todistukset",
        ways=["book", "drop_in"],
        referrers=["self"],
        fee="12.50",
        fee_note_fi="Testi sisältyy",
        email="ohjaus@example.fi",
        has_interpreter=True,
        checked_on=date(2026, 1, 31),
        consent_wording_fi="SALAINEN SUOSTUMUS",
        benefit_effect_fi="SALAINEN VAIKUTUS",
        internal_contact="SALAINEN NUMERO",
    )
    service.service_points.set([point, bus])
    service.areas.set([region])
    service.topics.set([GuidanceTopicFactory(code="ura", name_fi="Uravalinta")])
    service.target_groups.set([TargetGroupFactory(code="nuoret", name_fi="Nuoret", ptv_code="KR1.3")])


def _make_pages(school: Organisation, region: Area) -> None:
    """Who works together, what there is for somebody in a situation, and who pays for studies."""
    NetworkMembershipFactory(
        network__name_fi="Ohjaajat",
        network__slug="ohjaajat",
        network__lead=school,
        network__area=region,
        organisation=school,
        role="lead",
    )
    aid = FundingFactory(
        name_fi="Opintotuki",
        slug="opintotuki",
        audience_fi="Opiskelijoille",
        amount_fi="Rahaa ja lainan takaus",
        application_fi="Hae verkossa.",
        payer_name_fi="Kela",
        checked_on=date(2026, 1, 31),
    )
    situation = LifeSituationFactory(
        name_fi="Menetin työni", slug="menetin-tyoni", introduction_fi="Et jää yksin."
    )
    chosen = SituationPartFactory(situation=situation, kind="services", heading_fi="Kuka auttaa", order=1)
    chosen.services.set(GuidanceService.objects.all())
    paid = SituationPartFactory(situation=situation, kind="funding", heading_fi="Kuka maksaa", order=2)
    paid.fundings.set([aid])


def _make_training(school: Organisation, nokia: Area) -> None:
    training = TrainingOptionFactory(
        provider=school,
        name_fi="Lähihoitaja",
        slug="lahihoitaja",
        kind=TrainingOption.Kind.VOCATIONAL,
        field=TrainingOption.Field.HEALTH,
        teaching_times=["evening"],
        languages=["fi"],
        fee=0,
        extent="180",
        extent_unit="competence_point",
        is_rolling=True,
        is_continuous_learning=True,
        start="date",
        starts_on=date(2050, 1, 10),
        ends_on=date(2050, 6, 1),
        application_link="https://www.example.fi/hae",
        contact_name="Hakutoimisto",
        contact_email="haku@example.fi",
        contact_phone="+358 00 000 0002",
    )
    training.municipalities.set([nokia])
    training.rounds.create(name="Kevät", opens_on=date(2050, 3, 1), closes_on=date(2050, 3, 31))
    training.notes.create(heading_fi="Näyttö", text_fi="Näyttö annetaan työssä.")
