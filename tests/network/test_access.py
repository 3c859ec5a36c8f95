"""Which roles open which areas, from which day to which."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from network.access import (
    READ_ALREADY,
    administrator_required,
    coordinator_required,
    counsellor_required,
    people_seen_by,
)
from network.context import OpenAreas, portal
from network.models.people import Role
from opinovi.models import User
from tests.factories import AffiliationFactory, UserFactory

GUARDS = {
    "desk": counsellor_required,
    "office": coordinator_required,
    "administrator": administrator_required,
}
OPEN = {
    Role.COUNSELLOR: {"desk"},
    Role.COORDINATOR: {"office"},
    Role.ADMINISTRATOR: {"office", "administrator"},
}

pytestmark = pytest.mark.django_db


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def opens(area, user):
    try:
        GUARDS[area](lambda request: HttpResponse())(request_of(user))
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_its_own_areas(role):
    user = AffiliationFactory(role=role).user

    assert {area for area in GUARDS if opens(area, user)} == OPEN[role]


def test_a19_guard_knows_each_of_many_readers_at_once():
    """A19: nothing of one reader's rights stays in what all threads share."""
    met = Barrier(8)

    @counsellor_required
    def desk(request):
        return HttpResponse()

    def enter(role):
        request = request_of(UserFactory.build())
        setattr(request, READ_ALREADY, frozenset({role}))
        met.wait(timeout=10)
        try:
            return desk(request).status_code
        except PermissionDenied:
            return 403

    roles = [Role.COUNSELLOR, Role.COORDINATOR] * 4
    with ThreadPoolExecutor(len(roles)) as threads:
        answers = list(threads.map(enter, roles))

    assert answers == [200, 403] * 4


def test_an_account_without_a_role_opens_nothing():
    user = UserFactory()

    assert not any(opens(area, user) for area in GUARDS)


def test_a_superuser_has_no_role_by_that():
    user = User.objects.create_superuser("ylin@example.fi", "x", name="Ylin")

    assert not any(opens(area, user) for area in GUARDS)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(0, None, True), (0, 0, True), (-10, 0, True), (-10, -1, False), (1, None, False)],
)
def test_a_role_gives_rights_from_its_first_day_to_its_last(since, until, expected):
    today = timezone.localdate()
    user = AffiliationFactory(
        since=today + timedelta(days=since),
        until=None if until is None else today + timedelta(days=until),
    ).user

    assert opens("desk", user) is expected


def test_guard_and_page_share_one_query(django_assert_num_queries):
    request = request_of(AffiliationFactory(role=Role.COORDINATOR).user)

    with django_assert_num_queries(1):
        coordinator_required(lambda request: HttpResponse())(request)
        areas = portal(request)["portal"]
        assert (areas.desk, areas.office, areas.administrator) == (False, True, False)


def test_a_stranger_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        found = portal(request_of(AnonymousUser()))
        assert found["portal"] == OpenAreas()
        assert found["form_owner"] == ""


def test_administrator_sees_everybody_and_coordinator_the_own_organisation():
    coordinator = AffiliationFactory(role=Role.COORDINATOR)
    administrator = AffiliationFactory(role=Role.ADMINISTRATOR)
    colleague = AffiliationFactory(organisation=coordinator.organisation)
    former = AffiliationFactory(
        organisation=coordinator.organisation, until=timezone.localdate() - timedelta(days=1)
    )
    stranger = AffiliationFactory()

    everybody = {each.user for each in (coordinator, administrator, colleague, former, stranger)}
    assert set(people_seen_by(administrator.user)) == everybody
    assert set(people_seen_by(coordinator.user)) == {coordinator.user, colleague.user, former.user}
    assert set(people_seen_by(colleague.user)) == set()
