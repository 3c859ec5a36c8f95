"""Every import: repeats change nothing, edits stay, nothing is deleted, all or nothing is written."""

import psycopg
import pytest
from django.db import connection

from guidance.catalogue.imports.report import told
from guidance.catalogue.imports.run import lock_of
from guidance.catalogue.imports.sources import SOURCES
from guidance.catalogue.models import GuidanceService, ImportedRecord, SourcePart, TrainingOption
from network.models import Affiliation, Organisation, ServicePoint
from tests.catalogue.import_data import KONFO, PTV, counts, facts, konfo, run
from tests.factories import AffiliationFactory, OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_vocabularies")]

OID = "1.2.246.562.17.00000000000000000001"
KOULUTUS = "1.2.246.562.13.00000000000000000001"


@pytest.mark.parametrize(("source", "files"), [("opintopolku", KONFO), ("ptv", PTV)])
def test_a_second_import_changes_nothing(source, files):
    first = run(source, *files)
    written = list(ImportedRecord.objects.order_by("pk").values_list("pk", "values", "withdrawn_at"))

    second = run(source, *files)

    assert counts(first)["new"] > 3
    assert set(counts(second)) <= {"unchanged", "left_out"}
    assert list(ImportedRecord.objects.order_by("pk").values_list("pk", "values", "withdrawn_at")) == written


@pytest.mark.parametrize(("source", "files"), [("opintopolku", KONFO), ("ptv", PTV)])
def test_files_may_come_in_any_order_and_on_different_days(source, files):
    compared = ("name_fi", "description_fi", "extent", "applications_to", "channels", "phone", "notes")
    run(source, *files)
    together = _written()
    for model in (ImportedRecord, SourcePart, TrainingOption, GuidanceService, ServicePoint):
        model.objects.all().delete()

    for file in reversed(files):
        run(source, file)

    apart = _written()
    for source_id, values in together.items():
        got, wanted = ([values_.get(name) for name in compared] for values_ in (apart[source_id], values))
        assert got == wanted


def _written():
    offers = ImportedRecord.objects.filter(kind__in=["training", "service"], withdrawn_at=None)
    return dict(offers.values_list("source_id", "values"))


def test_a_dry_run_tells_the_same_and_writes_nothing():
    dry = run("opintopolku", konfo("toteutus-1"), is_dry=True)

    assert (TrainingOption.objects.count(), ImportedRecord.objects.count()) == (0, 0)
    assert SourcePart.objects.count() == 0
    real = run("opintopolku", konfo("toteutus-1"))
    assert (real.counts, real.fingerprint) == (dry.counts, dry.fingerprint)


def test_what_somebody_edited_here_is_kept_and_told():
    run("opintopolku", konfo("toteutus-1"))
    training = TrainingOption.objects.get()
    training.description_fi = "Omin sanoin."
    training.save()
    changed = konfo("toteutus-1")
    changed["metadata"]["kuvaus"]["fi"] = "<p>Uusi kuvaus</p>"
    changed["metadata"]["opetus"]["suunniteltuKestoVuodet"] = 2

    found = run("opintopolku", changed)

    training.refresh_from_db()
    assert (training.description_fi, training.duration_months) == ("Omin sanoin.", 24)
    assert counts(found) == {"changed": 1, "unchanged": 1, "kept": 1}
    line = found.lines.get(source_id=OID)
    changes, _joined, kept = told(line.facts, line.kind)
    assert changes == "Changed: planned duration, months."
    assert kept == "Edited here, so kept as it is: what you learn, in Finnish."
    assert counts(run("opintopolku", changed)) == {"unchanged": 2, "kept": 1}


def test_an_edit_of_the_notes_is_kept_too():
    run("opintopolku", konfo("toteutus-1"))
    note = TrainingOption.objects.get().notes.first()
    note.text_fi = "Omin sanoin."
    note.save()
    changed = konfo("toteutus-1")
    changed["metadata"]["opetus"]["lisatiedot"] = []

    found = run("opintopolku", changed)

    note.refresh_from_db()
    assert note.text_fi == "Omin sanoin."
    assert "kept" in facts(found, OID)


def test_a_complete_input_unpublishes_the_rest_and_what_comes_back_is_public_again():
    run("opintopolku", konfo("toteutus-1"), konfo("toteutus-404"))
    training = ImportedRecord.objects.get(source_id=OID).training

    partly = run("opintopolku", konfo("toteutus-404"))
    gone = run("opintopolku", konfo("toteutus-404"), is_complete=True)

    training.refresh_from_db()
    assert counts(partly) == {"unchanged": 2}
    assert (counts(gone)["withdrawn"], training.published_at) == (1, None)
    assert ImportedRecord.objects.get(source_id=OID).withdrawn_at is not None
    back = run("opintopolku", konfo("toteutus-1"))
    training.refresh_from_db()
    assert training.published_at is not None
    assert "returned" in facts(back, OID)


def test_what_a_person_unpublished_stays_so_whatever_the_source_does():
    run("opintopolku", konfo("toteutus-1"), konfo("toteutus-404"))
    training = ImportedRecord.objects.get(source_id=OID).training
    TrainingOption.objects.filter(pk=training.pk).update(published_at=None)

    run("opintopolku", konfo("toteutus-404"), is_complete=True)
    back = run("opintopolku", konfo("toteutus-1"))

    training.refresh_from_db()
    assert training.published_at is None
    assert "kept" in facts(back, OID)


def test_a_complete_input_without_records_unpublishes_nothing():
    run("opintopolku", konfo("toteutus-1"))

    found = run("opintopolku", {"total": 0, "hits": []}, is_complete=True)

    assert found.refusal[0] == "nothing_read"
    assert TrainingOption.objects.get().published_at is not None


def test_half_a_file_writes_nothing_of_the_others_either():
    raw = (KONFO[0]).read_bytes()

    found = run("opintopolku", konfo("toteutus-1"), raw[: len(raw) // 2])

    assert found.refusal == ["cut_off", {"name": "file-1.json", "count": "0"}]
    assert (TrainingOption.objects.count(), SourcePart.objects.count()) == (0, 0)


def test_an_organisation_that_is_here_already_is_joined_by_its_name():
    here = OrganisationFactory(name_fi="koulutuskuntayhtymä  TAVASTIA", website="https://example.fi/")

    found = run("opintopolku", konfo("toteutus-1"))

    here.refresh_from_db()
    assert TrainingOption.objects.get().provider == here
    assert here.name_fi == "koulutuskuntayhtymä  TAVASTIA"
    assert "matched" in facts(found, "1.2.246.562.10.83097956748")


def test_a_coordinator_touches_only_the_records_of_their_own_organisations():
    mine = OrganisationFactory(name_fi="Koulutuskuntayhtymä Tavastia")
    user = AffiliationFactory(organisation=mine, role=Affiliation.Role.COORDINATOR).user

    found = run("opintopolku", konfo("toteutus-1"), konfo("toteutus-404"), user=user)

    assert [training.provider for training in TrainingOption.objects.all()] == [mine]
    assert counts(found) == {"new": 1, "changed": 1, "foreign": 2}
    assert not Organisation.objects.filter(name_fi__startswith="Metropolia").exists()


def test_what_the_database_refuses_is_told_and_the_others_are_written():
    holder = OrganisationFactory(business_id="0109862-8", name_fi="Muu")
    run("ptv", {"id": "a", "organizationNames": [{"language": "fi", "value": "Yksi", "type": "Name"}]})
    entries = [
        {
            "id": key,
            "organizationNames": [{"language": "fi", "value": name, "type": "Name"}],
            "businessCode": code,
        }
        for key, name, code in [("a", "Yksi", holder.business_id), ("b", "Kaksi", None)]
    ]

    found = run("ptv", entries)

    assert counts(found) == {"refused": 1, "new": 1}
    line = found.lines.get(source_id="a")
    assert told(line.facts, line.kind)[-1].startswith("The database refused it: ")


def test_a_record_that_comes_twice_counts_once():
    other = {**konfo("toteutus-1"), "nimi": {"fi": "Toinen"}}

    found = run("opintopolku", [konfo("toteutus-1"), other])

    assert TrainingOption.objects.get().name_fi == "Liiketoiminnan perustutkinto"
    assert counts(found) == {"new": 2, "left_out": 1}


def test_what_was_shown_is_written_or_shown_anew():
    dry = run("opintopolku", konfo("toteutus-1"), is_dry=True)
    run("opintopolku", konfo("toteutus-1"))

    found = run("opintopolku", konfo("toteutus-1"), shown=dry)

    assert found.is_out_of_date
    assert found.counts == {"unchanged": 2}


def test_two_imports_of_one_source_do_not_run_at_once():
    parameters = connection.get_connection_params()
    parameters = {
        name: parameters[name]
        for name in ("dbname", "host", "port", "user", "password")
        if name in parameters
    }
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", lock_of(SOURCES["opintopolku"]))

        found = run("opintopolku", konfo("toteutus-1"))

    assert found.refusal == ["busy", {}]
    assert not TrainingOption.objects.exists()
