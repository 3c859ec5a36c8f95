"""Application rounds in spreadsheets: what the list's file tells of them comes in again as it was."""

import csv
import io
from datetime import date

import pytest
from django.utils import timezone

from guidance.catalogue.imports.spreadsheet import COLUMNS, names_of
from guidance.catalogue.models import ApplicationRound, ImportedKind, Period, TrainingOption
from guidance.catalogue.rounds import read_rounds, written
from network.sheets import MOST_COLUMNS, write_sheet
from tests.catalogue.import_data import counts, facts, run
from tests.factories import OrganisationFactory, TrainingOptionFactory

pytestmark = pytest.mark.django_db

HEADINGS = (
    "id",
    "organisation",
    "name_fi",
    "applications_from",
    "applications_to",
    "applications_name",
    "rounds",
)


def sheet(*rows):
    return write_sheet(list(HEADINGS), [list(row) for row in rows], kind="csv")


def rounds_of(training):
    return list(training.rounds.values_list("opens_on", "closes_on", "name"))


@pytest.mark.parametrize(
    "path", ["/fi/koulutukset/list.csv", "/sv/utbildningar/list.csv", "/en/trainings/list.csv"]
)
def test_rounds_of_the_list_come_in_again_as_they_were(browser, path):
    own = {
        "applications_from": date(2027, 1, 10),
        "applications_to": date(2027, 1, 24),
        "applications_name": "Yhteishaku; kevät",
    }
    rounds = [(date(2027, 3, 1), date(2027, 3, 15), "Täydennyshaku"), (date(2027, 6, 1), None, "")]
    training = TrainingOptionFactory(provider=OrganisationFactory(name_fi="Opisto"), **own)
    for opens_on, closes_on, name in rounds:
        ApplicationRound.objects.create(training=training, opens_on=opens_on, closes_on=closes_on, name=name)
    content = browser.get(path).getvalue().decode("utf-8-sig")
    TrainingOption.objects.all().delete()

    told = next(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))
    known = names_of(ImportedKind.TRAINING)
    cells = {heading: cell for heading, cell in told.items() if known.get(heading.casefold()) in HEADINGS[3:]}
    headings = ["id", "organisation", "name_fi", *cells]
    run("spreadsheet", write_sheet(headings, [["1", "Opisto", "Hitsaaja", *cells.values()]], kind="csv"))

    again = TrainingOption.objects.get()
    assert len(cells) == 4
    assert {name: getattr(again, name) for name in own} == own
    assert rounds_of(again) == rounds


def test_rounds_of_a_sheet_change_nothing_the_second_time_and_go_when_the_cell_is_empty():
    OrganisationFactory(name_fi="Opisto")
    row = ("1", "Opisto", "Hitsaaja", "10.1.2027", "24.1.2027", "Kevät")

    run("spreadsheet", sheet((*row, "1.3.2027–15.3.2027 Täydennyshaku")))
    again = run("spreadsheet", sheet((*row, "2027-03-01-2027-03-15 Täydennyshaku")))
    before = rounds_of(TrainingOption.objects.get())
    emptied = run("spreadsheet", sheet((*row, "")))

    assert before == [(date(2027, 3, 1), date(2027, 3, 15), "Täydennyshaku")]
    assert (counts(again).get("changed"), counts(emptied)["changed"]) == (None, 1)
    assert rounds_of(TrainingOption.objects.get()) == []


def test_sheet_without_the_column_leaves_rounds_alone():
    training = TrainingOptionFactory(provider=OrganisationFactory(name_fi="Opisto"))
    run("spreadsheet", sheet(("1", "Opisto", "Hitsaaja", "", "", "", "1.3.2027–")))

    run(
        "spreadsheet",
        write_sheet(["id", "organisation", "name_fi"], [["1", "Opisto", "Levyseppä"]], kind="csv"),
    )

    changed = TrainingOption.objects.exclude(pk=training.pk).get()
    assert (changed.name_fi, rounds_of(changed)) == ("Levyseppä", [(date(2027, 3, 1), None, "")])


def test_rounds_that_cannot_be_read_are_told_and_the_others_kept():
    OrganisationFactory(name_fi="Opisto")

    found = run(
        "spreadsheet", sheet(("1", "Opisto", "Hitsaaja", "", "", "", "keväällä; 32.1.2027–; 1.3.2027– Haku"))
    )

    assert rounds_of(TrainingOption.objects.get()) == [(date(2027, 3, 1), None, "Haku")]
    assert facts(found, "opisto/1").count("bad_value") == 2


@pytest.mark.parametrize(
    ("cell", "round_"),
    [
        ("1.3.2027", ("", "2027-03-01", None)),
        ("1.3.2027-", ("", "2027-03-01", None)),
        ("1.3.2027 – 15.3.2027", ("", "2027-03-01", "2027-03-15")),
        ("2027-03-01–2027-03-15  Haku  2027", ("Haku 2027", "2027-03-01", "2027-03-15")),
        ("2027-03-01 Haku", ("Haku", "2027-03-01", None)),
    ],
)
def test_round_is_read_as_people_write_it(cell, round_):
    name, opens_on, closes_on = round_

    assert read_rounds(cell) == ([{"name": name, "opens_on": opens_on, "closes_on": closes_on}], [])


def test_round_of_two_lines_is_two_rounds_and_a_semicolon_in_a_name_parts_none():
    periods = [
        Period(date(2027, 3, 1), None, "Haku; myöhäinen"),
        Period(None, timezone.localdate(), "Vain loppu"),
    ]

    assert written(periods) == "2027-03-01– Haku, myöhäinen"
    assert len(read_rounds("1.3.2027–\n1.4.2027–")[0]) == 2


def test_template_still_fits_in_a_sheet():
    assert max(len(COLUMNS[kind]) for kind in (ImportedKind.TRAINING, ImportedKind.SERVICE)) <= MOST_COLUMNS
