"""Imports in the office: files are tried, shown record by record, and written as they were shown."""

import io
import json
from datetime import timedelta

import pytest
import tablib
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertContains, assertNotContains

from guidance.catalogue import tasks
from guidance.catalogue.imports import uploads
from guidance.catalogue.models import GuidanceService, ImportRun, ImportUpload, TrainingOption
from network.history import versions_of
from tests.catalogue.import_data import konfo, run
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_vocabularies")]

ADD = "/en/office/imports/add/"
CSV = """id;organisation;name_fi;kind;field;municipalities;fee;starts_on;teaching_times;published
1;{name};Hygieniapassi;course;service;Tampere, Nokia;45,50;24.12.2026;evening;yes
2;{name};Trukkikortti;course;logistics;837;ilmainen;2026-13-45;weekend;
#;a line that explains;;;;;;;;
3;Nobody;Turha;course;general;;;;;
"""


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(browser, content, *, source="opintopolku", name="hits.json", **data):
    """The report of files, once the worker has read them."""
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else json.dumps(content).encode())
    return worked(browser, browser.post(ADD, {"source": source, "uploads": [file], **data}))


def write(browser, dry):
    """The report of what has been shown, once the worker has written it."""
    return worked(browser, browser.post(reverse("catalogue:office:import_write", args=[dry.pk])))


def worked(browser, response):
    if response.status_code != 302:
        return response
    for job in ProcrastinateJob.objects.filter(task_name="catalogue.read_import"):
        tasks.read_import(**job.args)
    return browser.get(response.url)


def test_import_add_shows_what_would_change_and_import_write_writes_it(browser, administrator):
    shown = send(browser, konfo("toteutus-1"))

    assertContains(shown, "Nothing is saved yet")
    assertContains(shown, "Liiketoiminnan perustutkinto")
    assert not TrainingOption.objects.exists()
    written = write(browser, ImportRun.objects.get())
    assertContains(written, "Records that changed: 2.")
    training = TrainingOption.objects.get()
    assert training.name_fi == "Liiketoiminnan perustutkinto"
    assert [version.who for version in versions_of((TrainingOption, {"pk": training.pk}))] == [
        administrator.name
    ]
    assert ImportUpload.objects.get().file == ""
    assert default_storage.listdir("imports")[1] == []


def test_import_write_shows_anew_what_has_changed_in_between(browser, administrator):
    send(browser, konfo("toteutus-1"))
    dry = ImportRun.objects.get()
    run("opintopolku", konfo("toteutus-1"))

    response = write(browser, dry)

    assertContains(response, "Something has changed since. Nothing was saved")
    assertContains(response, "The files change nothing")
    assert ImportUpload.objects.get().run == dry.writings.get()


def test_import_write_has_nothing_to_write_a_second_time(browser, administrator):
    send(browser, konfo("toteutus-1"))
    dry = ImportRun.objects.get()
    write(browser, dry)

    assertContains(write(browser, dry), "There is nothing to import any more.")


def test_import_write_pressed_twice_is_one_run(browser, administrator):
    send(browser, konfo("toteutus-1"))
    address = reverse("catalogue:office:import_write", args=[ImportRun.objects.get().pk])

    first, second = browser.post(address), browser.post(address)

    assert first.url == second.url
    assertContains(browser.get(first.url), "The records are being imported")


def test_import_restart_begins_again_when_the_worker_has_been_stopped(browser, administrator):
    file = SimpleUploadedFile("hits.json", json.dumps(konfo("toteutus-1")).encode())
    waiting = browser.post(ADD, {"source": "opintopolku", "uploads": [file]}, follow=True)
    assertContains(waiting, "The files are being read")
    assertNotContains(waiting, "Start again")
    ImportRun.objects.update(started_at=timezone.now() - timedelta(minutes=11))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    found = ImportRun.objects.get()
    address = reverse("catalogue:office:import_detail", args=[found.pk])
    assertContains(browser.get(address), "it may have been broken off")

    response = worked(browser, browser.post(reverse("catalogue:office:import_restart", args=[found.pk])))

    assertContains(response, "Nothing is saved yet")


def test_import_restart_leaves_a_run_alone_that_has_ended(browser, administrator):
    send(browser, konfo("toteutus-1"))
    found = ImportRun.objects.get()

    browser.post(reverse("catalogue:office:import_restart", args=[found.pk]))

    assert ProcrastinateJob.objects.filter(task_name="catalogue.read_import").count() == 1
    assert ImportRun.objects.get().started_at == found.started_at


def test_a_run_that_meets_an_error_of_the_portal_says_so_and_keeps_no_file(browser, administrator):
    file = SimpleUploadedFile("hits.json", json.dumps(konfo("toteutus-1")).encode())
    browser.post(ADD, {"source": "opintopolku", "uploads": [file]})
    found = ImportRun.objects.get()
    ImportRun.objects.update(source="gone")  # no reader is left for it

    with pytest.raises(KeyError):
        tasks.read_import(run=found.pk)

    page = browser.get(reverse("catalogue:office:import_detail", args=[found.pk]))
    assertContains(page, "Reading met an error in this portal.")
    assert default_storage.listdir("imports")[1] == []


def test_import_add_says_why_a_file_cannot_be_read_and_keeps_nothing(browser, administrator):
    response = send(browser, b'{"hits": [{"oid": "1.2')

    assertContains(response, "ends in the middle, after 0 whole records")
    assert default_storage.listdir("imports")[1] == []


def test_import_add_refuses_what_is_too_large_or_of_another_kind(browser, administrator):
    assertContains(send(browser, b"a;b", name="sheet.csv"), "sheet.csv is of another kind")
    large = send(browser, b" " * (50 * 1024 * 1024 + 1))
    assertContains(large, "The files are too large: at most 50 MB together.")


def test_a_coordinator_is_told_what_is_not_theirs(browser, coordinator):
    response = send(browser, konfo("toteutus-1"))

    assertContains(response, "It belongs to an organisation that you do not coordinate.")
    assertContains(response, "Records of organisations that you do not coordinate: 2.")
    assertNotContains(response, "Everything is already as they say.")
    assertNotContains(response, "Press the button below")


def test_import_detail_shows_the_lines_of_one_kind(browser, administrator):
    found = run("opintopolku", [17, konfo("toteutus-1")], user=administrator)

    page = browser.get(reverse("catalogue:office:import_detail", args=[found.pk]), {"outcome": "refused"})

    assertContains(page, "It is not a record.")
    assertNotContains(page, "Liiketoiminnan perustutkinto")


def test_a_spreadsheet_becomes_training_of_an_organisation_that_is_here(browser, administrator):
    school = OrganisationFactory(name_fi="Opisto")

    shown = send(browser, CSV.format(name="opisto").encode(), source="spreadsheet", name="lista.csv")

    assertContains(shown, "Fee, €: “ilmainen” is not possible, so it was left out.")
    assertContains(shown, "No organisation here has this name or business ID.")
    write(browser, ImportRun.objects.get())
    first, second = TrainingOption.objects.order_by("name_fi")
    assert (first.name_fi, first.provider, str(first.fee)) == ("Hygieniapassi", school, "45.50")
    assert {area.name_fi for area in first.municipalities.all()} == {"Tampere", "Nokia"}
    assert (str(first.starts_on), first.start, first.teaching_times) == ("2026-12-24", "date", ["evening"])
    assert (second.fee, second.starts_on, second.start) == (None, None, "unknown")
    again = send(browser, CSV.format(name="opisto").encode(), source="spreadsheet", name="lista.csv")
    assertContains(again, "The files change nothing")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", ["training", "service"])
def test_a_template_can_be_filled_in_and_sent_back(browser, administrator, language, kind):
    OrganisationFactory(name_fi="Opisto")
    address = f"/{language}/office/imports/template/{kind}.xlsx"
    sheet = tablib.Dataset().load(io.BytesIO(browser.get(address).content), format="xlsx", headers=False)
    rows = [list(row) for row in sheet]
    assert len(rows) == 2
    assert all(rows[0])
    row = [None] * len(rows[0])
    row[0], row[1], row[2] = "a-1", "Opisto", "Nimi"
    content = tablib.Dataset(*rows[1:], row, headers=rows[0]).export("xlsx")

    send(browser, content, source="spreadsheet", name="lista.xlsx")
    write(browser, ImportRun.objects.latest("pk"))

    model = TrainingOption if kind == "training" else GuidanceService
    assert [thing.name_fi for thing in model.objects.all()] == ["Nimi"]


def test_files_that_nobody_came_back_for_are_deleted(browser, administrator):
    send(browser, konfo("toteutus-1"))
    ImportRun.objects.update(started_at=timezone.now() - uploads.KEPT * 1.1)

    assert uploads.forget_old_uploads() == 1

    assert default_storage.listdir("imports")[1] == []
    page = browser.get(reverse("catalogue:office:import_detail", args=[ImportRun.objects.get().pk]))
    assertContains(page, "Its files are no longer kept.")
