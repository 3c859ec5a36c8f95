"""What the sources publish stands in the rows: in a column where there is one, else among the notes."""

from datetime import date

import pytest
import time_machine
from django.utils.translation import override

from guidance.catalogue.imports.report import told
from guidance.catalogue.models import GuidanceService, ImportedRecord, TrainingOption
from network.models import Organisation, ServicePoint
from network.sheets import write_sheet
from tests.catalogue.import_data import DATA, PTV, facts, konfo, run
from tests.factories.network import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_vocabularies")]

DATED = "1.2.246.562.17.00000000000000005375"


def training(oid: str) -> TrainingOption:
    return ImportedRecord.objects.get(source_id=oid).training


def everything(row: TrainingOption) -> str:
    """All the Finnish words of a training."""
    notes = [text for note in row.notes.all() for text in (note.heading_fi, note.text_fi)]
    columns = [str(value) for name, value in vars(row).items() if name.endswith("_fi")]
    return "\n".join([*columns, *(note or "" for note in notes)])


def test_a_toteutus_and_its_koulutus_make_one_training():
    run("opintopolku", konfo("toteutus-1"), konfo("koulutus-1"))

    found = training("1.2.246.562.17.00000000000000000001")

    assert (found.kind, found.field, found.outcome) == ("vocational", "business", "degree")
    assert (str(found.extent), found.extent_unit, found.duration_months) == ("180.0", "competence_point", 36)
    assert (found.start, found.start_season, found.start_year) == ("season", "autumn", 2021)
    assert (found.fee, found.mode, found.teaching_times, found.languages) == (0, "contact", ["day"], ["fi"])
    assert (found.seats, found.is_rolling, found.applications_from) == (50, True, date(2020, 11, 6))
    assert (found.contact_name, found.contact_email) == ("Hakutoimisto", "hakutoimisto@example.fi")
    assert [area.name_fi for area in found.municipalities.all()] == ["Hämeenlinna"]
    assert (found.titles_fi, found.titles_sv) == ("Merkonomi", "Merkonom")
    words = everything(found)
    published = ("kirjasto- ja tietopalvelu", "Jatko-opintomahdollisuudet", "Ohjattu opetus")
    noted = ("Paikkoja ensikertalaisille: 20", "eperusteet.opintopolku.fi/#/fi/kooste/3855077")
    assert [text for text in (*published, *noted) if text not in words] == []


@pytest.mark.parametrize(
    ("today", "opens", "others"),
    [(date(2023, 3, 1), date(2023, 2, 21), 3), (date(2030, 1, 1), date(2023, 8, 21), 3)],
)
def test_a_training_holds_the_round_that_is_open(today, opens, others):
    with time_machine.travel(today, tick=False):
        run("opintopolku", konfo("toteutus-5375"))

    found = training(DATED)

    assert found.applications_from == opens
    assert found.rounds.count() == others
    assert found.applications_name


def test_every_text_of_real_records_is_somewhere_in_the_training():
    for name in ("toteutus-5375", "toteutus-5700", "toteutus-471"):
        record = konfo(name)
        run("opintopolku", record)
        words = everything(training(record["oid"]))

        for hakutieto in record.get("hakutiedot", []):
            for hakukohde in hakutieto["hakukohteet"]:
                assert hakukohde["nimi"]["fi"] in words
        for unit in record["tarjoajat"]:
            assert " ".join(unit["nimi"]["fi"].split()) in words
        for term in record["metadata"].get("asiasanat", []):
            assert term["arvo"].strip() in words


def test_hakukohde_and_haku_read_by_themselves_reach_their_toteutus():
    run("opintopolku", konfo("toteutus-404"))
    hakukohde = {
        "oid": "1.2.246.562.20.7",
        "toteutusOid": "1.2.246.562.17.00000000000000000404",
        "hakuOid": "1.2.246.562.29.7",
        "tila": "julkaistu",
        "nimi": {"fi": "Konetekniikka"},
        "aloituspaikat": {"lukumaara": 17},
    }
    haku = {
        "oid": "1.2.246.562.29.7",
        "tila": "julkaistu",
        "nimi": {"fi": "Kevään haku"},
        "hakuajat": [{"alkaa": "2026-03-01T08:00", "paattyy": "2026-03-15T15:00"}],
        "hakulomakeLinkki": {"fi": "https://example.fi/hae"},
    }

    run("opintopolku", hakukohde)
    run("opintopolku", haku)

    found = training("1.2.246.562.17.00000000000000000404")
    assert (found.seats, found.application_link) == (17, "https://example.fi/hae")
    assert (found.applications_from, found.applications_to) == (date(2026, 3, 1), date(2026, 3, 15))


def test_a_koulutus_without_toteutukset_is_shown_by_itself_until_one_comes():
    alone = {**konfo("koulutus-595"), "toteutukset": []}
    first = run("opintopolku", alone)
    assert training(alone["oid"]).published_at is not None
    assert "no_school" in facts(first, alone["oid"])

    second = run("opintopolku", konfo("koulutus-595"))

    assert training(alone["oid"]).published_at is None
    assert "has_toteutus" in facts(second, alone["oid"])
    assert TrainingOption.objects.published().count() == 2


def test_a_koulutus_that_no_longer_lists_a_toteutus_unpublishes_it():
    run("opintopolku", konfo("koulutus-595"))
    fewer = konfo("koulutus-595")
    gone = fewer["toteutukset"].pop()

    found = run("opintopolku", fewer)

    assert training(gone["oid"]).published_at is None
    assert facts(found, gone["oid"]) == ["not_in_koulutus"]


def test_a_code_that_is_not_known_is_told_and_its_words_are_kept():
    record = konfo("toteutus-404")
    strange = {"koodiUri": "opetusaikakk_99#1", "nimi": {"fi": "Kuutamolla"}}
    record["metadata"]["opetus"]["opetusaika"] = [strange]
    record["metadata"]["uusiTieto"] = "x"

    found = run("opintopolku", record)

    assert {"unknown_code_in_notes", "unknown_field"} <= set(facts(found, record["oid"]))
    assert "Kuutamolla" in everything(training(record["oid"]))


def test_a_service_has_what_its_channels_and_organisation_tell():
    run("ptv", *PTV)

    service = GuidanceService.objects.get(name_fi="Uraohjaus aikuisille")

    assert (service.name_sv, service.summary_en) == (
        "Karriärvägledning för vuxna",
        "Talk about work and studies with a counsellor.",
    )
    assert (service.fee, service.languages, service.booking) == (0, ["fi", "sv", "en"], "none")
    assert (service.phone, service.email) == ("+358 3 5551234", "piste@example.fi")
    assert service.ways == ["drop_in", "call", "write"]
    assert service.hours_note_en == "Mon–Fri 9.00–11.30, 12.30–15.00"
    assert {channel.code for channel in service.channels.all()} == {"on-site", "phone"}
    assert [group.ptv_code for group in service.target_groups.all()] == ["KR1"]
    assert [area.name_fi for area in service.areas.all()] == ["Pirkanmaa"]
    assert "029 000 111" in service.description_fi
    assert service.organisation.name_en == "Sample District Guidance Services"
    other = GuidanceService.objects.get(name_fi="Osaamisen tunnistaminen")
    assert other.description_fi.endswith("Ota mukaan todistukset & työtodistukset.")
    assert not GuidanceService.objects.filter(name_fi="Päättynyt palvelu").exists()


def test_a_place_has_its_address_hours_and_coordinates():
    run("ptv", *PTV)

    point = ServicePoint.objects.get()

    assert (point.street_address, point.postcode, point.municipality.name_fi) == (
        "Esimerkkikatu 12 A",
        "33100",
        "Tampere",
    )
    assert (float(point.latitude), float(point.longitude)) == (61.49635, 23.76634)
    hours = [
        (row.weekday, f"{row.opens_at:%H:%M}", f"{row.closes_at:%H:%M}") for row in point.opening_hours.all()
    ]
    assert hours == [
        (1, "09:00", "16:00"),
        (2, "09:00", "16:00"),
        (3, "12:00", "18:00"),
        (4, "09:00", "16:00"),
    ]
    days = [(row.on.day, row.is_closed) for row in point.opening_exceptions.all()]
    assert days == [(24, True), (25, True), (26, True), (27, True), (28, False)]
    assert "Ovi avautuu painikkeesta." in point.directions_fi


def test_version_12_of_the_catalogue_is_read_too():
    organisation = {
        "contentId": "o",
        "businessCode": "0109862-8",
        "languageVersions": {"fi": {"name": "Ohjaamo"}},
    }
    service = {
        "contentId": "s",
        "organizationContentId": "o",
        "serviceType": "Service",
        "chargeType": "Free",
        "serviceLanguages": ["fi", "sv"],
        "targetGroups": ["KR1"],
        "area": {"areaType": "LimitedArea", "municipalities": ["837"]},
        "languageVersions": {
            "fi": {"name": "Neuvonta", "summary": "Neuvoo.", "freelyAssignedKeywords": ["uraneuvonta"]},
            "sv": {"name": "Rådgivning", "conditions": "För vuxna."},
        },
    }

    run("ptv", {"items": [service, organisation], "totalItems": 2, "totalPages": 1})

    found = GuidanceService.objects.get()
    assert (found.name_sv, found.summary_fi, found.fee) == ("Rådgivning", "Neuvoo.", 0)
    assert (found.keywords_fi, found.audience_sv) == ("uraneuvonta", "För vuxna.")
    assert [area.code for area in found.areas.all()] == ["837"]
    assert found.organisation == Organisation.objects.get(business_id="0109862-8")


def test_all_real_files_are_there():
    assert len(list((DATA / "konfo").glob("*.json"))) == 20


def test_unknown_kind_of_a_row_is_told_with_the_known_ones_and_the_other_rows_go_on():
    OrganisationFactory(name_fi="Opisto")
    headings = ["id", "organisation", "name_fi", "kind", "field", "mode"]
    rows = [
        ["1", "Opisto", "Hitsaaja", "kurzi", "", ""],
        ["2", "Opisto", "Kokki", "kurssi", "", "etänä kai"],
        ["3", "Opisto", "Leipuri", "", "leipä", ""],
    ]

    found = run("spreadsheet", write_sheet(headings, rows, kind="csv"))

    with override("fi"):
        said = {line.source_id[-1]: told(line.facts, line.kind) for line in found.lines.all()}
    assert set(TrainingOption.objects.values_list("name_fi", "kind", "mode")) == {
        ("Kokki", "course", "contact")
    }
    assert said["1"][0].startswith("Tyyppi: ”kurzi” ei ole mahdollinen")
    assert "kurssi" in said["1"][0]
    assert said["3"][0].startswith("Ala: ”leipä” ei ole mahdollinen")
