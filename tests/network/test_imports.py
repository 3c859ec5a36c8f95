"""The partner list from a spreadsheet."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from network.actions.partners import write_plan
from network.exports import partner_sheet
from network.imports import OutOfDate, make_plan
from network.models import Affiliation, NetworkMembership, Organisation
from network.sheets import UnreadableSheet, read_sheet, write_sheet
from tests.factories import (
    AffiliationFactory,
    AreaFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    SectorFactory(code="education", name_fi="Koulutus", name_en="Education providers")
    return NetworkFactory()


@pytest.fixture
def user(network):
    return AffiliationFactory(organisation=network.lead, role=Affiliation.Role.COORDINATOR).user


def test_export_read_back_changes_nothing(network, user):
    municipality = AreaFactory(name_fi="Nokia")
    ended = NetworkMembershipFactory(network=network, since=date(2020, 1, 1), until=date(2021, 1, 1))
    NetworkMembershipFactory(network=network, organisation=ended.organisation, since=date(2023, 1, 1))
    NetworkMembershipFactory(
        network=network,
        organisation__name_fi="O'Brien-Äijälä Oy",
        organisation__business_id="0109862-8",
        organisation__home_municipality=municipality,
    )

    for kind in ("xlsx", "csv"):
        plan = make_plan(network, read_sheet(partner_sheet(network, kind=kind), kind=kind), user=user)

        assert (len(plan.lines), plan.change_count, plan.error_count) == (3, 0, 0)


def test_plan_adds_a_new_organisation_with_its_membership(network, user):
    rows = [
        {"name_fi": "Uusi Opisto", "sector": "Education providers", "since": "1.9.2026", "role": "expert"}
    ]
    plan = make_plan(network, rows, user=user)

    count = write_plan(network, rows, fingerprint=plan.fingerprint, user=user)

    membership = NetworkMembership.objects.get(network=network)
    assert count == 1
    assert (membership.organisation.name_fi, membership.organisation.slug) == ("Uusi Opisto", "uusi-opisto")
    assert (membership.role, membership.since) == ("expert", date(2026, 9, 1))
    assert membership.organisation.published_at is not None


def test_plan_says_old_and_new_value_of_what_changes(network, user):
    membership = NetworkMembershipFactory(network=network, role="member")
    rows = [{"id": membership.organisation.slug, "role": "observer", "until": "2026-12-31"}]

    (line,) = make_plan(network, rows, user=user).lines

    assert [(change.old, change.new) for change in line.changes] == [
        ("member", "observer"),
        ("–", "2026-12-31"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "ei-ole", "since": "2026-01-01"}, "No organisation has the id ei-ole"),
        ({"name_fi": "Uusi", "since": "2026-01-01"}, "needs its sector"),
        ({"name_fi": "Uusi", "sector": "kirkko", "since": "2026-01-01"}, "kirkko is not known"),
        ({"name_fi": "Uusi", "sector": "education"}, "needs the day it joined"),
        ({"name_fi": "Uusi", "sector": "education", "since": "31.2.2026"}, "31.2.2026 in the column since"),
        ({"name_fi": "Uusi", "sector": "education", "since": "1.1.0019"}, "is not a date"),
        (
            {"name_fi": "Uusi", "sector": "education", "since": "2026-02-01", "until": "2026-01-01"},
            "cannot end",
        ),
        (
            {"name_fi": "Uusi", "sector": "education", "since": "2026-02-01", "role": "boss"},
            "boss is not known",
        ),
        (
            {"name_fi": "Uusi", "sector": "education", "since": "2026-02-01", "business_id": "1234567-8"},
            "digit",
        ),
        ({"name_fi": "Uusi", "sector": "education", "since": "2026-02-01", "puhelin": "1"}, "Unknown column"),
        ({"name_fi": "x" * 201, "sector": "education", "since": "2026-02-01"}, "200"),
    ],
)
def test_wrong_line_is_told_and_nothing_is_written(network, user, row, words):
    good = {"name_fi": "Hyvä Opisto", "sector": "education", "since": "2026-01-01"}
    plan = make_plan(network, [good, row], user=user)

    with pytest.raises(OutOfDate):
        write_plan(network, [good, row], fingerprint=plan.fingerprint, user=user)

    assert words in " ".join(plan.lines[1].errors)
    assert not Organisation.objects.filter(name_fi="Hyvä Opisto").exists()


def test_same_organisation_twice_is_wrong(network, user):
    row = {"name_fi": "Uusi Opisto", "sector": "education", "since": "2026-01-01"}

    plan = make_plan(network, [row, row], user=user)

    assert plan.lines[1].errors == ["The same organisation is already on line 2."]


def test_coordinator_does_not_rewrite_the_facts_of_somebody_elses_organisation(network, user):
    membership = NetworkMembershipFactory(network=network, organisation__website="")
    rows = [{"id": membership.organisation.slug, "website": "https://vaara.example.fi"}]

    (line,) = make_plan(network, rows, user=user).lines

    assert (line.is_change, len(line.notes)) == (False, 1)


def test_plan_that_no_longer_holds_is_refused(network, user):
    membership = NetworkMembershipFactory(network=network, role="member")
    rows = [{"id": membership.organisation.slug, "role": "observer"}]
    shown = make_plan(network, rows, user=user).fingerprint
    NetworkMembership.objects.update(role="expert")

    with pytest.raises(OutOfDate):
        write_plan(network, rows, fingerprint=shown, user=user)

    membership.refresh_from_db()
    assert membership.role == "expert"


@pytest.mark.parametrize("count", [1, 30])
def test_plan_costs_the_same_for_any_number_of_lines(network, user, count, django_assert_max_num_queries):
    rows = [
        {"name_fi": f"Opisto {n}", "sector": "education", "since": "2026-01-01", "business_id": "0109862-8"}
        for n in range(count)
    ]

    with django_assert_max_num_queries(6):
        make_plan(network, rows, user=user)


def test_cell_that_looks_like_a_formula_stays_text():
    content = write_sheet(["name_fi"], [["=HYPERLINK(1)"], ["+358 12"]], kind="xlsx")

    cells = [row[0].value for row in load_workbook(BytesIO(content)).active.iter_rows(min_row=2)]

    assert cells == ["'=HYPERLINK(1)", "'+358 12"]
    assert read_sheet(content, kind="xlsx") == [{"name_fi": "=HYPERLINK(1)"}, {"name_fi": "+358 12"}]


def test_excels_dates_and_old_csv_letters_are_read():
    book = Workbook()
    book.active.append(["name_fi", "since"])
    book.active.append(["Äijälä", date(2026, 9, 1)])
    book.active.append([None, None])
    out = BytesIO()
    book.save(out)

    assert read_sheet(out.getvalue(), kind="xlsx") == [{"name_fi": "Äijälä", "since": "2026-09-01"}]
    assert read_sheet("name_fi;since\nÄijälä;1.9.2026\n".encode("cp1252"), kind="csv") == [
        {"name_fi": "Äijälä", "since": "1.9.2026"}
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"\x81\x8d\x8f\x90", b'a;b\n"open'])
def test_broken_file_is_told(kind, content):
    with pytest.raises(UnreadableSheet):
        read_sheet(content, kind=kind)
