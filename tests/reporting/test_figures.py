from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from guidance.reporting.figures import Row, Scope, count, hide_small
from network.models import Organisation
from projects.models import TargetGroup
from tests.factories import (
    AppointmentFactory,
    AreaFactory,
    GuidanceServiceFactory,
    GuidanceSessionFactory,
    GuidanceTopicFactory,
    local,
)

YEAR = {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def scope(**kwargs):
    return Scope(**({"organisations": Organisation.objects.all()} | YEAR | kwargs))


def table(figures, key):
    return {row.label: row.told for row in next(t for t in figures.tables if t.key == key).rows}


def rows(**counts):
    return [Row(label, (number,)) for label, number in counts.items()]


def told(hidden):
    return {row.label: row.told[0] for row in hidden}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"A": 5, "B": 9}, {"B": "9", "A": "5"}),
        ({"A": 4, "B": 3, "C": 9}, {"C": "9", "A": "fewer than 5", "B": "fewer than 5"}),
        # A single hidden count is the total less the others
        ({"A": 4, "B": 7, "C": 9}, {"C": "9", "A": "fewer than 5", "B": "left out"}),
        # Two that make two together are one each
        (
            {"A": 1, "B": 1, "C": 7, "D": 9},
            {"D": "9", "A": "fewer than 5", "B": "fewer than 5", "C": "left out"},
        ),
        ({"A": 2}, {"A": "fewer than 5"}),
        ({}, {}),
    ],
)
def test_hide_small_tells_nothing_that_could_be_worked_out(counts, expected):
    hidden = hide_small(rows(**counts))

    assert told(hidden) == expected
    assert list(told(hidden)) == list(expected)


@pytest.mark.django_db
def test_count_adds_up_what_was_held_and_booked():
    service = GuidanceServiceFactory(name_en="Career guidance")
    held = {"guidance_service": service, "held_on": date(2025, 3, 3), "minutes": 90}
    same = GuidanceSessionFactory(**held).client
    GuidanceSessionFactory(**held, client=same)
    GuidanceSessionFactory(**held, client=None)
    GuidanceSessionFactory(guidance_service=service, held_on=date(2024, 12, 31))
    moment = datetime(2025, 4, 1, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
    AppointmentFactory(guidance_service=service, starts_at=moment, cancelled_at=moment, cancelled_by="person")
    AppointmentFactory(guidance_service=service, starts_at=moment, attendance="no_show")

    figures = count(scope())

    assert (figures.sessions, figures.hours, figures.clients, figures.nameless) == (3, 4, 1, 1)
    assert figures.booked == 1
    by_month = table(figures, "month")
    assert len(by_month) == 12
    assert list(by_month.values())[2:4] == [["3", "0", "0", "0"], ["0", "1", "1", "1"]]
    assert list(table(figures, "guidance_service").values()) == [["3", "1"]]
    assert list(table(figures, "channel").values()) == [["3", "1"]]


@pytest.mark.django_db
def test_b4_count_puts_a_late_evening_into_its_local_month():
    service = GuidanceServiceFactory()
    late = datetime(2025, 5, 31, 23, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    early = datetime(2025, 6, 1, 0, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    for moment in (late, early):
        AppointmentFactory(guidance_service=service, starts_at=moment)

    figures = count(scope())

    assert [told[1] for told in table(figures, "month").values()][4:6] == ["1", "1"]
    assert count(scope(last=date(2025, 5, 31))).booked == 1


@pytest.mark.django_db
def test_b23_count_holds_the_evening_of_the_last_day_and_nothing_after_it():
    service = GuidanceServiceFactory()
    for day, hour in [(date(2025, 12, 31), 21), (date(2026, 1, 1), 0)]:
        AppointmentFactory(guidance_service=service, starts_at=local(day, hour))
        GuidanceSessionFactory(guidance_service=service, held_on=day)

    figures = count(scope())

    assert (figures.sessions, figures.booked) == (1, 1)


@pytest.mark.django_db
def test_count_by_topic_group_and_municipality():
    topic = GuidanceTopicFactory(name_fi="Ammatinvalinta")
    group = TargetGroup.objects.create(code="tyolliset", name_fi="Työlliset")
    service = GuidanceServiceFactory()
    akaa, vaasa = AreaFactory(name_fi="Akaa"), AreaFactory(name_fi="Vaasa")
    for municipality, number in ((akaa, 6), (vaasa, 2), (None, 4)):
        for session in GuidanceSessionFactory.create_batch(
            number, guidance_service=service, municipality=municipality, held_on=date(2025, 2, 2)
        ):
            session.topics.add(topic)
            session.target_groups.add(group)
    GuidanceSessionFactory(held_on=date(2026, 2, 2)).topics.add(topic)

    figures = count(scope())

    assert table(figures, "topic") == {"Ammatinvalinta": ["12"]}
    assert table(figures, "target_group") == {"Työlliset": ["12"]}
    assert table(figures, "municipality") == {
        "Akaa": ["6"],
        "Vaasa": ["fewer than 5"],
        "not known": ["fewer than 5"],
    }


@pytest.mark.django_db
def test_count_leaves_other_organisations_out():
    ours = GuidanceSessionFactory(held_on=date(2025, 2, 2)).organisation
    GuidanceSessionFactory(held_on=date(2025, 2, 2))

    figures = count(scope(organisations=Organisation.objects.filter(pk=ours.pk)))

    assert figures.sessions == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_count_costs_the_same_for_any_number_of_rows(number, django_assert_num_queries):
    for session in GuidanceSessionFactory.create_batch(
        number, municipality=AreaFactory(), held_on=date(2025, 2, 2)
    ):
        session.topics.add(GuidanceTopicFactory())

    with django_assert_num_queries(6):
        count(scope())
