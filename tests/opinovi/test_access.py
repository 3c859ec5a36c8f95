import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import RequestFactory
from django.urls import resolve

from opinovi.actions import record_access, record_accesses
from opinovi.models import AccessEvent, User
from tests.factories import UserFactory

READ, CHANGE = AccessEvent.Action.READ, AccessEvent.Action.CHANGE


def request_of(user, address="/admin/"):
    request = RequestFactory().get(f"{address}?q=secret")
    request.user = user
    request.resolver_match = resolve(address)
    return request


@pytest.mark.django_db
def test_access_says_who_read_what_on_which_page_and_why():
    reader, person = UserFactory(), UserFactory()

    record_access(request_of(reader), person, action=READ, reason="called back")

    event = AccessEvent.objects.about(person).get()
    assert (event.user, event.action, event.page, event.reason) == (
        reader,
        "read",
        "admin:index",
        "called back",
    )


@pytest.mark.django_db
def test_access_by_a_private_link_has_no_reader():
    person = UserFactory()

    record_access(request_of(AnonymousUser()), person, action=CHANGE)

    assert AccessEvent.objects.about(person).get().user is None


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_accesses_of_a_list_cost_one_query(count, django_assert_num_queries):
    reader, people = UserFactory(), UserFactory.create_batch(count)
    record_access(request_of(reader), reader, action=READ)  # the content type is known from here on

    with django_assert_num_queries(1):
        record_accesses(request_of(reader), people, action=READ)

    assert [AccessEvent.objects.about(person).count() for person in people] == [1] * count


@pytest.mark.django_db
def test_access_is_not_mixed_up_with_another_persons():
    reader, person, other = UserFactory(), UserFactory(), UserFactory()

    record_access(request_of(reader), other, action=READ)

    assert not AccessEvent.objects.about(person).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE opinovi_accessevent SET reason = 'another'", "DELETE FROM opinovi_accessevent"],
)
def test_access_cannot_be_changed_or_removed(statement):
    person = UserFactory()
    record_access(request_of(UserFactory()), person, action=READ)

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute(statement)

    assert AccessEvent.objects.count() == 1


@pytest.mark.django_db
def test_reader_who_left_a_trace_cannot_be_deleted():
    reader = UserFactory()
    record_access(request_of(reader), UserFactory(), action=READ)

    with pytest.raises(IntegrityError):
        User.objects.filter(pk=reader.pk).delete()
