"""Opening hours of the Finnish Service Catalogue, those past midnight above all."""

from typing import Any

import pytest

from guidance.catalogue.imports.facts import Facts
from guidance.catalogue.imports.ptv_hours import exceptional_days, weekly_hours
from guidance.catalogue.imports.ptv_v12 import in_version_11
from network.models import ServicePoint
from tests.catalogue.import_data import facts, ptv, run


def channel(kind: str, *entries: dict[str, str], **more: Any) -> dict[str, Any]:
    hours = {"serviceHourType": kind, "validForNow": True, "openingHour": list(entries), **more}
    return {"serviceHours": [hours]}


def entry(first: str, opens: str, closes: str, last: str | None = None) -> dict[str, Any]:
    return {"dayFrom": first, "dayTo": last, "from": opens, "to": closes}


@pytest.mark.parametrize(
    ("given", "spans"),
    [
        (
            channel("DaysOfTheWeek", entry("Friday", "9:00:00", "16:00:00")),
            [(5, "09:00", "16:00")],
        ),
        (
            channel("DaysOfTheWeek", entry("Friday", "20:00:00", "02:00:00", "Saturday")),
            [(5, "20:00", "23:59"), (6, "00:00", "02:00"), (6, "20:00", "23:59"), (7, "00:00", "02:00")],
        ),
        (
            channel("Standard", entry("Sunday", "22:00:00", "01:30:00")),
            [(7, "22:00", "23:59"), (1, "00:00", "01:30")],
        ),
        (channel("DaysOfTheWeek", entry("Monday", "10:00:00", "24:00:00")), [(1, "10:00", "23:59")]),
        (channel("DaysOfTheWeek", entry("Monday", "00:00:00", "00:00:00")), [(1, "00:00", "23:59")]),
        (
            channel("OverMidnight", entry("Friday", "18:00:00", "08:00:00", "Sunday")),
            [(5, "18:00", "23:59"), (6, "00:00", "23:59"), (7, "00:00", "08:00")],
        ),
        (
            channel("Special", entry("Monday", "18:00:00", "00:00:00", "Tuesday")),
            [(1, "18:00", "23:59")],
        ),
    ],
)
def test_weekly_hours_are_split_at_midnight(given, spans):
    said = Facts()

    rows = weekly_hours(given, said)

    assert [(row["weekday"], row["opens_at"], row["closes_at"]) for row in rows] == spans
    assert said.list == []


def test_weekly_hours_that_cannot_be_read_are_told():
    said = Facts()

    rows = weekly_hours(channel("DaysOfTheWeek", entry("Monday", "illalla", "02:00:00")), said)

    assert rows == []
    assert said.list == [("bad_value", {"field": "opening_hours", "value": "Monday illalla–02:00:00"})]


def test_exceptional_hours_past_midnight_end_with_their_day_and_are_told():
    said = Facts()
    given = channel("Exceptional", entry("", "20:00:00", "02:00:00"), validFrom="2026-12-31")

    rows = exceptional_days(given, said)

    assert rows == [{"on": "2026-12-31", "reason": "", "opens_at": "20:00", "closes_at": "23:59"}]
    assert said.list == [("past_midnight", {"day": "2026-12-31", "hours": "20:00:00–02:00:00"})]


def test_version_12_tells_hours_over_midnight_too():
    record = {
        "contentId": "c",
        "channelType": "ServiceLocation",
        "languageVersions": {},
        "serviceHours": {
            "hours": [
                {"type": "OverMidnight", "openingHours": [entry("Friday", "22:00", "04:00", "Saturday")]}
            ]
        },
    }

    rows = weekly_hours(in_version_11(record), Facts())

    assert [(row["weekday"], row["opens_at"], row["closes_at"]) for row in rows] == [
        (5, "22:00", "23:59"),
        (6, "00:00", "04:00"),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("_vocabularies")
def test_a_place_that_is_open_past_midnight_says_so_on_both_days_and_in_the_report():
    place = ptv("channel-location-l1")
    place["serviceHours"] = [
        *channel("DaysOfTheWeek", entry("Friday", "22:00:00", "02:00:00"))["serviceHours"],
        *channel("Exceptional", entry("", "20:00:00", "03:00:00"), validFrom="2026-12-31")["serviceHours"],
    ]

    found = run("ptv", ptv("organization-page"), place)

    point = ServicePoint.objects.get()
    hours = [(row.weekday, f"{row.opens_at:%H:%M}") for row in point.opening_hours.all()]
    assert hours == [(5, "22:00"), (6, "00:00")]
    assert facts(found, place["id"]) == ["past_midnight"]
