"""What is asked of records, how their scores come about, and what keeps them true."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guidance.catalogue.freshness import freshness, is_stale, months_before, stale
from guidance.catalogue.models import GuidanceService, LinkCheck, QualityScore, TrainingOption
from guidance.catalogue.quality import scoring
from guidance.catalogue.quality.criterion import Known, good_summary, plain_texts_of, three_languages_of
from guidance.catalogue.quality.subjects import SUBJECTS
from guidance.catalogue.quality.words import lines_of
from network.models import OpeningHours, Organisation, ServicePoint
from tests.factories import (
    AreaFactory,
    ChannelFactory,
    ContactFactory,
    FundingFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    OrganisationFactory,
    RouteStopFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 27)
YESTERDAY = TODAY - timedelta(days=1)
LONG = "Opit hoitotyön perusteet. " * 8


@pytest.fixture(autouse=True)
def _on_one_day():
    with time_machine.travel("2026-11-27T10:00:00Z", tick=False):
        yield


def share(record, code, **links):
    """What a criterion says of a saved record: its share and the fields that lack something."""
    subject = next(subject for subject in SUBJECTS.values() if isinstance(record, subject.model))
    criterion = next(criterion for criterion in subject.criteria if criterion.code == code)
    read = subject.read(subject.model.objects.filter(pk=record.pk)).get()
    found = criterion.measure(read, Known(links=links.get("links", {})))
    return found and (round(found.share, 2), found.fields)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 27), 6, date(2026, 5, 27)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 6, 1), 24, date(2024, 6, 1)),
    ],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("checked_on", "trust"),
    [
        (TODAY, 1.0),
        (date(2026, 5, 27), 1.0),
        (date(2025, 8, 27), 0.5),
        (date(2024, 11, 27), 0.0),
        (date(2010, 1, 1), 0.0),
        (None, 0.0),
    ],
)
def test_freshness_fades_from_six_months_to_two_years(checked_on, trust):
    assert freshness(checked_on, TODAY) == pytest.approx(trust, abs=0.01)


@pytest.mark.parametrize(
    ("checked_on", "old"), [(date(2026, 5, 27), False), (date(2026, 5, 26), True), (None, True)]
)
def test_record_is_stale_the_day_after_six_months_in_python_as_in_the_database(checked_on, old):
    training = TrainingOptionFactory(checked_on=checked_on)

    assert (is_stale(checked_on), training.is_stale) == (old, old)
    assert TrainingOption.objects.filter(stale()).exists() is old


@pytest.mark.parametrize(
    ("code", "values", "found"),
    [
        ("what_you_learn", {}, (0.0, ("description_fi",))),
        ("what_you_learn", {"description_sv": "a" * 100}, (0.5, ("description_fi",))),
        ("what_you_learn", {"description_en": LONG}, (1.0, ())),
        ("whom_it_suits", {}, (0.0, ("audience_fi",))),
        ("whom_it_suits", {"audience_sv": "Vuxna"}, (1.0, ())),
        ("what_is_asked_for", {}, (0.0, ("requirements_fi",))),
        ("what_is_asked_for", {"prior_education": ["none"]}, (1.0, ())),
        ("when_it_starts", {}, (0.0, ("start",))),
        ("when_it_starts", {"start": "personal"}, (1.0, ())),
        ("when_it_starts", {"start": "date", "starts_on": TODAY, "is_rolling": False}, (1.0, ())),
        ("when_it_starts", {"start": "date", "starts_on": YESTERDAY, "is_rolling": False}, (0.0, ("start",))),
        ("where_it_is", {}, (0.0, ("municipalities",))),
        ("where_it_is", {"mode": "distance"}, (1.0, ())),
        ("how_long_it_is", {}, (0.0, ("extent",))),
        ("how_long_it_is", {"duration_months": 6}, (1.0, ())),
        ("what_it_costs", {"fee": None}, (0.0, ("fee",))),
        ("what_it_costs", {"fee": 0}, (1.0, ())),
        ("when_to_apply", {"is_rolling": True}, (1.0, ())),
        ("when_to_apply", {"is_rolling": False}, (0.0, ("applications_to",))),
        ("when_to_apply", {"is_rolling": False, "applications_to": TODAY}, (1.0, ())),
        ("when_to_apply", {"is_rolling": False, "applications_to": YESTERDAY}, (0.0, ("applications_to",))),
        ("how_to_apply", {}, (0.0, ("application_link",))),
        ("how_to_apply", {"application_note_en": "Come by."}, (1.0, ())),
        ("whom_to_ask", {}, (0.0, ("contact_email",))),
        ("whom_to_ask", {"website": "https://example.fi/k"}, (0.5, ("contact_email",))),
        ("whom_to_ask", {"contact_phone": "+358 00 000 0000"}, (1.0, ())),
        ("checked", {"checked_on": TODAY}, (1.0, ())),
        ("checked", {"checked_on": None}, (0.0, ("checked_on",))),
    ],
)
def test_what_is_asked_of_training(code, values, found):
    assert share(TrainingOptionFactory(**values), code) == found


def test_training_that_has_a_later_round_can_be_applied_for():
    training = TrainingOptionFactory(is_rolling=False, applications_to=YESTERDAY)
    training.rounds.create(opens_on=TODAY, closes_on=TODAY + timedelta(days=30))

    assert share(training, "when_to_apply") == (1.0, ())


def test_training_has_a_place():
    training = TrainingOptionFactory()
    training.municipalities.add(AreaFactory())

    assert share(training, "where_it_is") == (1.0, ())


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"ways": []}, None),
        ({"ways": ["book"]}, None),
        ({"ways": ["call"], "phone": ""}, (0.0, ("phone",))),
        ({"ways": ["call"], "phone": "+358 00 000 0000"}, (1.0, ())),
        ({"ways": ["call", "write"], "email": ""}, (0.5, ("email",))),
        ({"ways": ["write"], "email": "ohjaus@example.fi"}, (1.0, ())),
        ({"ways": ["drop_in"]}, (0.0, ("service_points",))),
        ({"ways": ["referred"]}, (0.0, ("referrers",))),
        ({"ways": ["referred"], "referrers": ["school"]}, (1.0, ())),
    ],
)
def test_every_way_to_come_needs_its_contact(values, found):
    assert share(GuidanceServiceFactory(**values), "contact_for_every_way") == found


def open_weekly(point):
    OpeningHours.objects.create(service_point=point, weekday=1, opens_at="09:00", closes_at="15:00")


def stop_yesterday(point):
    now = timezone.now()
    RouteStopFactory(
        service_point=point, starts_at=now - timedelta(days=1), ends_at=now - timedelta(hours=20)
    )


@pytest.mark.parametrize(
    ("prepare", "there"),
    [
        (lambda point: None, 0.0),
        (open_weekly, 1.0),
        (lambda point: RouteStopFactory(service_point=point), 1.0),
        (stop_yesterday, 0.0),
    ],
)
def test_dropping_in_needs_a_place_with_hours(prepare, there):
    service = GuidanceServiceFactory(ways=["drop_in"])
    point = ServicePointFactory(kind=ServicePoint.Kind.MOBILE)
    service.service_points.add(point)
    prepare(point)

    assert share(service, "contact_for_every_way")[0] == there


def test_place_is_asked_for_only_where_a_channel_needs_one():
    by_phone = GuidanceServiceFactory()
    on_site = GuidanceServiceFactory(channels=[ChannelFactory(on_site=True)])

    assert share(by_phone, "where_it_is") is None
    assert share(on_site, "where_it_is") == (0.0, ("service_points",))


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("", (0.0, ("summary_fi",))),
        ("Uraohjaus", (0.0, ("summary_fi",))),
        ("URAOHJAUS", (0.0, ("summary_fi",))),
        ("x" * 150, (1.0, ())),
        ("x" * 151, (0.0, ("summary_fi",))),
    ],
)
def test_summary_is_short_and_not_the_name_again(summary, found):
    assert good_summary(GuidanceService(name_fi="Uraohjaus", summary_fi=summary)) == found


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("Meet us in room 204 between 9 and 15.", True),
        ("Starts 1.9.2026, costs 1 200,00 euros for 180 credits.", True),
        ("Business ID 0109862-8.", True),
        ("Call 040 123 4567 in the morning.", False),
        ("Call +358 40 123 4567.", False),
        ("Write to ohjaus@example.fi.", False),
        ("See https://example.fi/ohjaus", False),
        ("See www.example.fi", False),
    ],
)
def test_texts_are_free_of_phone_numbers_and_addresses(text, is_plain):
    criterion = plain_texts_of("description")

    found = criterion.measure(GuidanceService(description_fi=text), Known())

    assert found == ((1.0, ()) if is_plain else (0.0, ("description_fi",)))


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"name_fi": "a"}, (0.5, ("name_sv", "name_en"))),
        ({"name_fi": "a", "name_sv": "a"}, (0.8, ("name_en",))),
        ({"name_fi": "a", "name_sv": "a", "name_en": "a"}, (1.0, ())),
        (
            {"name_fi": "a", "name_sv": "a", "name_en": "a", "summary_fi": "b"},
            (0.75, ("summary_sv", "summary_en")),
        ),
    ],
)
def test_three_languages_count_finnish_most_and_only_what_is_written(texts, found):
    criterion = three_languages_of("name", "summary")

    measured = criterion.measure(GuidanceService(**texts), Known())

    assert (round(measured.share, 2), measured.fields) == found


def link(url, **values):
    return LinkCheck(url=url, checked_at=timezone.now(), **values)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"answered_at": timezone.now}, (1.0, ())),
        ({"answered_at": lambda: timezone.now() - timedelta(days=31)}, None),
        ({"failures": 1, "failing_since": timezone.now}, None),
        ({"failures": 3, "failing_since": timezone.now}, None),
        ({"failures": 2, "failing_since": lambda: timezone.now() - timedelta(days=3)}, None),
        ({"failures": 3, "failing_since": lambda: timezone.now() - timedelta(days=3)}, (0.0, ("website",))),
    ],
)
def test_link_speaks_against_a_record_when_it_failed_three_times_over_three_days(values, found):
    url = "https://example.fi/koulutus"
    check = link(url, **{name: value() if callable(value) else value for name, value in values.items()})

    assert share(TrainingOptionFactory(website=url), "links_answer", links={url: check}) == found


def test_link_that_nobody_has_looked_at_does_not_count():
    assert share(TrainingOptionFactory(website="https://example.fi/x"), "links_answer") is None


def test_contacts_of_an_organisation_count():
    silent, hidden, public = OrganisationFactory.create_batch(3)
    ContactFactory(organisation=hidden, email="", phone="+358 00 000 0000")
    ContactFactory(organisation=public, is_public=True)

    asked = [share(organisation, "somebody_to_ask")[0] for organisation in (silent, hidden, public)]
    reminded = [share(organisation, "somebody_to_remind")[0] for organisation in (silent, hidden, public)]

    assert (asked, reminded) == ([0.0, 0.5, 1.0], [0.0, 0.0, 1.0])


def test_mobile_service_point_is_not_asked_for_an_address():
    mobile = ServicePointFactory(kind=ServicePoint.Kind.MOBILE)

    assert [share(mobile, code) for code in ("address", "on_the_map", "how_to_get_there")] == [None] * 3
    assert share(mobile, "hours") == (0.0, ("stops",))
    assert share(ServicePointFactory(), "address") == (0.0, ("street_address", "postcode"))


def test_score_is_the_weighted_mean():
    training = TrainingOptionFactory(
        checked_on=TODAY,
        description_fi=LONG,
        audience_fi="Aikuisille",
        prior_education=["none"],
        start="personal",
        mode="distance",
        duration_months=6,
        contact_email="kysy@example.fi",
        application_link="https://example.fi/hae",
    )

    scoring.refresh(training)

    score = QualityScore.objects.get()
    # only the three languages lack: half of a weight of 3, of 24 in all (no link has been looked at)
    assert score.score == round(100 * (24 - 1.5) / 24)
    assert {line["code"] for line in score.lines if line["share"] < 1} == {"three_languages"}
    assert (score.keeper, score.checked_on, score.is_published) == (training.provider, TODAY, True)


def test_every_kind_is_measured_and_says_where_what_lacks_is_mended():
    service = GuidanceServiceFactory(ways=["call"], phone="")
    TrainingOptionFactory(), FundingFactory(), GroupSessionFactory()
    point = ServicePointFactory()

    scoring.refresh_all()

    assert set(QualityScore.objects.values_list("kind", flat=True)) == set(QualityScore.Kind.values)
    places = {place.url for line in lines_of(service.quality)[0] for place in line.places}
    assert f"/en/office/guidance/{service.slug}/#id_phone" in places
    hours = {place.url for line in lines_of(point.quality)[0] for place in line.places}
    assert f"/en/office/service-points/{point.slug}/hours/" in hours


def test_every_criterion_is_explained_with_its_weight():
    guide = Path("docs/data-quality.md").read_text()

    missing = [
        (subject.kind, criterion.code)
        for subject in SUBJECTS.values()
        for criterion in subject.criteria
        if f"| `{criterion.code}` | {criterion.weight} |" not in guide
    ]

    assert missing == []


def test_measuring_again_writes_nothing_until_something_changes():
    training = TrainingOptionFactory(checked_on=TODAY)
    scoring.refresh_all()

    with time_machine.travel("2026-11-27T12:00:00Z", tick=False):
        scoring.refresh_all()  # what was saved just before is measured twice
        assert scoring.refresh_all() == 0
        training.save()
        assert scoring.refresh_changed() == 1
    with time_machine.travel("2026-11-27T14:00:00Z", tick=False):
        scoring.refresh_changed()
        assert scoring.refresh_changed() == 0


def test_score_fades_by_itself_when_the_night_comes():
    training = TrainingOptionFactory(checked_on=TODAY)
    scoring.refresh_all()
    fresh = QualityScore.objects.get(training=training).score

    with time_machine.travel("2027-11-27T10:00:00Z", tick=False):
        scoring.refresh_all()

    assert QualityScore.objects.get(training=training).score < fresh


def test_contact_added_elsewhere_reaches_the_score_of_the_organisation_by_the_ten_minute_job():
    organisation = OrganisationFactory()
    scoring.refresh_all()
    before = QualityScore.objects.get(organisation=organisation).score

    with time_machine.travel("2026-11-27T12:00:00Z", tick=False):
        ContactFactory(organisation=organisation, is_public=True)
        scoring.refresh_changed()

    assert QualityScore.objects.get(organisation=organisation).score > before


def test_job_killed_between_batches_goes_on_the_next_time(monkeypatch):
    TrainingOptionFactory.create_batch(3, provider=OrganisationFactory())
    monkeypatch.setattr(scoring, "BATCH", 1)
    batches = scoring._batches(TrainingOption.objects.all())

    scoring._refresh(SUBJECTS[QualityScore.Kind.TRAINING], next(batches))  # and then the machine went away
    scoring.refresh_changed()

    assert QualityScore.objects.filter(kind="training").count() == 3


def test_records_of_a_batch_cost_the_same_for_one_and_many():
    def cost(count):
        GuidanceService.objects.all().delete()
        services = GuidanceServiceFactory.create_batch(count)
        with CaptureQueriesContext(connection) as asked:
            scoring.refresh(*services)
        return len(asked)

    assert cost(1) == cost(12)


def test_score_goes_with_its_record():
    training = TrainingOptionFactory()
    scoring.refresh(training)

    training.delete()

    assert QualityScore.objects.exists() is False
    assert Organisation.objects.exists() is True
